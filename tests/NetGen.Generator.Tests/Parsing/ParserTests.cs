using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Text;
using NetGen.Generator.Parsing;
using NetGen.Generator.Specs;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Parsing;

/// <summary>What is read from attributes, seen in the specification that the pipeline caches.</summary>
public class ParserTests
{
    [Fact]
    public void ReadsEveryArgument()
    {
        NetworkSpec spec = Read("""
            [Network(3, 32, 30)]
            [Conv2d(3, 8, 5), Conv2d(3, 8, 5, 2, 1), Conv2d(8, 5), Conv2d(8, [5, 3])]
            [Conv2d(3, 8, [5, 3], [2, 1], padding: [1, 0]), Conv2d(8, 5, Stride = new[] { 2, 1 }, Padding = 2, Bias = false)]
            [MaxPool2d(3), MaxPool2d(3, 2, 1), MaxPool2d([3, 2], Stride = 1, Padding = 1, CeilMode = true)]
            [AvgPool2d(3), AvgPool2d([3, 2], Stride = new[] { 2, 1 }, CountIncludePad = false)]
            [ReLU, Sigmoid, Tanh, GELU, GELU("none"), GELU(Approximate = "tanh")]
            [LeakyReLU, LeakyReLU(0.2), ELU, ELU(Alpha = 0.5), SELU, SiLU, Exp, Mish, Hardswish, Hardsigmoid, ReLU6, Hardtanh, Hardtanh(-2, MaxVal = 3), Softplus, Softplus(2, 10)]
            [LayerNorm, LayerNorm(30), LayerNorm([32, 30], 1e-3, bias: false), RMSNorm, RMSNorm(30, ElementwiseAffine = false), GroupNorm(2), GroupNorm(2, 4, Affine = false)]
            [InstanceNorm2d, InstanceNorm2d(4, Affine = true), InstanceNorm1d(4, 0.5), PReLU, PReLU(4, 0.5), LogSoftmax, AlphaDropout, AlphaDropout(0.25)]
            [Dropout, Dropout(0.25), Dropout2d, Dropout2d(1), Flatten, Softmax, Residual<Body>]
            [Linear(4), Linear(4, 5), Linear(4, 5, false), Linear(4, Bias = false)]
            [MSELoss]
            public sealed partial class Net;

            [Block, Linear(7, Name = "fc"), ReLU]
            class Body;
            """);

        var one = Pair.Both(1);
        var none = Pair.Both(0);
        LayerSpec[] expected =
        [
            new Conv2dSpec("conv1", 3, 8, Pair.Both(5), one, none, true),
            new Conv2dSpec("conv2", 3, 8, Pair.Both(5), Pair.Both(2), one, true),
            new Conv2dSpec("conv3", null, 8, Pair.Both(5), one, none, true),
            new Conv2dSpec("conv4", null, 8, new Pair(5, 3), one, none, true),
            new Conv2dSpec("conv5", 3, 8, new Pair(5, 3), new Pair(2, 1), new Pair(1, 0), true),
            new Conv2dSpec("conv6", null, 8, Pair.Both(5), new Pair(2, 1), Pair.Both(2), false),
            new MaxPool2dSpec("maxpool1", Pair.Both(3), Pair.Both(3), none, false),
            new MaxPool2dSpec("maxpool2", Pair.Both(3), Pair.Both(2), one, false),
            new MaxPool2dSpec("maxpool3", new Pair(3, 2), one, one, true),
            new AvgPool2dSpec("avgpool1", Pair.Both(3), Pair.Both(3), none, false, true),
            new AvgPool2dSpec("avgpool2", new Pair(3, 2), new Pair(2, 1), none, false, false),
            new ActivationSpec("relu1", Activation.ReLU),
            new ActivationSpec("sigmoid1", Activation.Sigmoid),
            new ActivationSpec("tanh1", Activation.Tanh),
            new ActivationSpec("gelu1", Activation.GELU),
            new ActivationSpec("gelu2", Activation.GELU),
            new ActivationSpec("gelu3", Activation.GELUTanh),
            new ActivationSpec("leakyrelu1", new LeakyReLUActivation(0.01f)),
            new ActivationSpec("leakyrelu2", new LeakyReLUActivation(0.2f)),
            new ActivationSpec("elu1", new ELUActivation(1)),
            new ActivationSpec("elu2", new ELUActivation(0.5f)),
            new ActivationSpec("selu1", new SELUActivation()),
            new ActivationSpec("silu1", new SiLUActivation()),
            new ActivationSpec("exp1", new ExpActivation()),
            new ActivationSpec("mish1", new MishActivation()),
            new ActivationSpec("hardswish1", new HardswishActivation()),
            new ActivationSpec("hardsigmoid1", new HardsigmoidActivation()),
            new ActivationSpec("relu61", new HardtanhActivation(0, 6, IsReLU6: true)),
            new ActivationSpec("hardtanh1", new HardtanhActivation(-1, 1, IsReLU6: false)),
            new ActivationSpec("hardtanh2", new HardtanhActivation(-2, 3, IsReLU6: false)),
            new ActivationSpec("softplus1", new SoftplusActivation(1, 20)),
            new ActivationSpec("softplus2", new SoftplusActivation(2, 10)),
            new LayerNormSpec("layernorm1", false, null, 1e-5f, true, true),
            new LayerNormSpec("layernorm2", false, new[] { 30 }.ToEquatableArray(), 1e-5f, true, true),
            new LayerNormSpec("layernorm3", false, new[] { 32, 30 }.ToEquatableArray(), 1e-3f, true, false),
            new LayerNormSpec("rmsnorm1", true, null, 1.1920929e-7f, true, false),
            new LayerNormSpec("rmsnorm2", true, new[] { 30 }.ToEquatableArray(), 1.1920929e-7f, false, false),
            new GroupNormSpec("groupnorm1", 2, null, 1e-5f, true),
            new GroupNormSpec("groupnorm2", 2, 4, 1e-5f, false),
            new InstanceNormSpec("instancenorm1", 2, null, 1e-5f, false, false),
            new InstanceNormSpec("instancenorm2", 2, 4, 1e-5f, true, false),
            new InstanceNormSpec("instancenorm3", 1, 4, 0.5f, false, false),
            new PReLUSpec("prelu1", 1, 0.25f),
            new PReLUSpec("prelu2", 4, 0.5f),
            new LogSoftmaxSpec("logsoftmax1"),
            new AlphaDropoutSpec("alphadropout1", 0.5f),
            new AlphaDropoutSpec("alphadropout2", 0.25f),
            new DropoutSpec("dropout1", 0.5f, false),
            new DropoutSpec("dropout2", 0.25f, false),
            new DropoutSpec("dropout3", 0.5f, true),
            new DropoutSpec("dropout4", 1f, true),
            new FlattenSpec("flatten1"),
            new SoftmaxSpec("softmax1"),
            SampleSpecs.Residual("residual1", "Body", new LinearSpec("fc", null, 7, true),
                new ActivationSpec("relu1", Activation.ReLU) { PropertyName = "ReLU1" }),
            new LinearSpec("linear1", null, 4, true),
            new LinearSpec("linear2", 4, 5, true),
            new LinearSpec("linear3", 4, 5, false),
            new LinearSpec("linear4", null, 4, false),
        ];
        // How properties are called has a test of its own.
        Assert.Equal(expected, spec.Layers.Select(layer => layer with { PropertyName = Identifiers.ToPascalCase(layer.Name) }));
        Assert.Equal(new MSELossSpec(LossReduction.Mean), Assert.Single(spec.Losses));
        Assert.Equal(new[] { 3, 32, 30 }.ToEquatableArray(), spec.InputShape);
        Assert.Equal("public sealed", spec.Modifiers);
        Assert.True(spec.Target.HasMultiplyAddEstimate);
    }

    [Fact]
    public void NamedLayersCount()
    {
        NetworkSpec spec = Read("""
            [Network(4)]
            [Linear(4, Name = "input"), ReLU, Linear(4), ReLU(Name = "last_activation"), ReLU, Linear(4, Name = null)]
            partial class Net;
            """);
        Assert.Equal(["input", "relu1", "linear2", "last_activation", "relu3", "linear3"], spec.Layers.Select(layer => layer.Name));
        Assert.Equal("LastActivation", spec.Layers[3].PropertyName);
    }

    /// <summary>Files have PyTorch's small letters, properties the layer's own casing; what the user writes is in Pascal case.</summary>
    [Fact]
    public void PropertiesKeepTheCasingOfTheLayer()
    {
        NetworkSpec spec = Read("""
            [Network(16, 8, 8)]
            [ConvTranspose2d(16, 1), BatchNorm2d, PReLU, MaxPool2d(2), MaxPool2d(2, Name = "second_pool"), MaxPool2d(1)]
            [LayerNorm, RMSNorm, AlphaDropout, BatchNorm2d(Name = "batchnorm7")]
            partial class Net;
            """);
        Assert.Equal(
            [
                "convtranspose1", "batchnorm1", "prelu1", "maxpool1", "second_pool", "maxpool3", "layernorm1", "rmsnorm1", "alphadropout1",
                "batchnorm7",
            ],
            spec.Layers.Select(layer => layer.Name));
        Assert.Equal(
            [
                "ConvTranspose1", "BatchNorm1", "PReLU1", "MaxPool1", "SecondPool", "MaxPool3", "LayerNorm1", "RMSNorm1", "AlphaDropout1",
                "Batchnorm7",
            ],
            spec.Layers.Select(layer => layer.PropertyName));
    }

    /// <summary>Another source generator may write the attribute, and this one does not see it.</summary>
    [Fact]
    public void AttributesThatDoNotResolveAreNoLayers()
    {
        GenerationResult result = GeneratorHarness.Run("""
            [FromAnotherGenerator]
            [Network(4)]
            [Linear(4, 3), Residual<Body>, CrossEntropyLoss]
            partial class Net;

            [Block, FromAnotherGenerator(1), Linear(3)]
            class Body;
            """);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.All(result.CompilerDiagnostics, diagnostic => Assert.Equal("CS0246", diagnostic.Id));
        NetworkSource source = ReadSource(result.Compilation.RemoveSyntaxTrees(result.Compilation.SyntaxTrees.Skip(2)));
        Assert.Equal(["linear1", "residual1"], source.Network!.Layers.Select(layer => layer.Name));
        Assert.Equal(["linear1"], source.Network.Layers[1].Members.Select(layer => layer.Name));
    }

    [Fact]
    public void DescribesTheClass()
    {
        NetworkSpec spec = Read("""
            namespace A.@namespace
            {
                public static partial class Outer
                {
                    private protected interface INothing;
                    protected internal partial record struct Middle
                    {
                        [Network(4), ReLU]
                        partial class @event;
                    }
                }
            }
            """);
        Assert.Equal("A.@namespace", spec.Namespace);
        Assert.Equal(["partial class Outer", "partial record struct Middle"], spec.ContainingTypes.Select(type => type.Declaration));
        Assert.Equal("@event", spec.Name);
        Assert.Equal("private", spec.Modifiers);
        Assert.Equal("A.namespace.Outer.Middle.event", spec.HintName);
    }

    [Theory]
    [InlineData("fc1", "Fc1")]
    [InlineData("down_proj", "DownProj")]
    [InlineData("_a__b_", "AB")]
    [InlineData("Conv2d", "Conv2d")]
    [InlineData("__", "")]
    [InlineData("ijk", "Ijk")]
    public void PascalCase(string name, string expected) => Assert.Equal(expected, Identifiers.ToPascalCase(name));

    private static NetworkSpec Read(string source)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(source);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        NetworkSource value = ReadSource(compilation);
        // Shapes are not what is tested here: a stub holds the same specification.
        return value.Network ?? value.Stub!.Network;
    }

    private static NetworkSource ReadSource(CSharpCompilation compilation)
    {
        GeneratorRunResult result =
            GeneratorHarness.CreateDriver(compilation, trackSteps: true).RunGenerators(compilation).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return (NetworkSource)result.TrackedSteps[TrackingNames.Source].Single().Outputs.Single().Value;
    }
}
