using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Emit;
using NetGen.Generator.Inference;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Snapshots;

/// <summary>Whole generated files of two small networks, so that a change of how the emitted code reads is seen in review.</summary>
public class WholeFileTests
{
    private static InferredNetwork Infer(int[] input, params LayerSpec[] layers)
        => ShapeInference.Infer(new NetworkSpec("Snapshots", EquatableArray<ContainingTypeSpec>.Empty, "Net", "public sealed", input.ToEquatableArray(), layers.ToEquatableArray(),
            new LossSpec[] { CrossEntropyLossSpec.Default }.ToEquatableArray(), new TargetSpec(HasMultiplyAddEstimate: true))).Network;

    [Fact]
    public void Linear()
        => Verifier.Verify(NetworkEmitter.Emit(Infer([4], new LinearSpec("fc", 4, 3, Bias: true))).Where(file => !file.HintName.Contains("Vector128") && !file.HintName.Contains("Avx512")));

    [Fact]
    public void Convolution()
        => Verifier.Verify(NetworkEmitter.Emit(Infer([1, 6, 6],
            new Conv2dSpec("conv1", 1, 16, Pair.Both(3), Pair.Both(1), Pair.Both(1), Bias: true),
            new ActivationSpec("relu1", Activation.ReLU),
            new MaxPool2dSpec("maxpool1", Pair.Both(2), Pair.Both(2), Pair.Both(0), CeilMode: false),
            new FlattenSpec("flatten1"),
            new LinearSpec("linear1", 144, 4, Bias: true))).Where(file => file.HintName.Contains("Avx512")));

    /// <summary>The kernels of a function of the user's: loops with calls that the JIT inlines, and what clears padding.</summary>
    [Fact]
    public void UserFunction()
    {
        string file = NetworkEmitter.Emit(Infer([20, 4, 4],
            new Conv2dSpec("conv1", 20, 20, Pair.Both(1), Pair.Both(1), Pair.Both(0), Bias: true),
            new ActivationSpec("activation1", new UserActivation("global::App.QuickGELU", "QuickGELU")),
            new FlattenSpec("flatten1"))).Single(file => file.HintName.Contains("Avx512")).Source;
        IEnumerable<MethodDeclarationSyntax> methods = CSharpSyntaxTree.ParseText(file).GetRoot().DescendantNodes()
            .OfType<MethodDeclarationSyntax>().Where(method => method.ToString().Contains("ElementFunction<") || method.Identifier.Text == "ChainRule_Avx512");
        Verifier.Verify([("Kernels", string.Concat(methods.Select(method => method.ToFullString())))]);
    }

    [Fact]
    public void GraphsArePrintedAfterEachPass()
    {
        InferredNetwork network = Infer([4], new LinearSpec("fc", 4, 3, Bias: true), new ActivationSpec("relu1", Activation.ReLU));
        Assert.DoesNotContain(NetworkEmitter.Emit(network), file => file.HintName.Contains("Graph"));
        string text = NetworkEmitter.Emit(network, new EmitOptions(PrintGraph: true)).Single(file => file.HintName.EndsWith(".Graph.g.cs", StringComparison.Ordinal)).Source;
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("//", line));
        foreach (string pass in new[] { "NetworkLowering", "Differentiate", "FuseEpilogues", "ChooseLayout" })
            Assert.Contains("Training, after " + pass, text);
        Assert.Contains("FcForward(networkInput (4)", text);
        Assert.Contains("+ ReLU", text);
    }
}
