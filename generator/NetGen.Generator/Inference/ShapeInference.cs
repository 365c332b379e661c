using System.Collections.Immutable;
using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>The network with its shapes, and every problem that was found.</summary>
/// <param name="Network">Complete and checked if there are no errors; otherwise its shapes may be unknown in part.</param>
internal sealed record InferenceResult(InferredNetwork Network, ImmutableArray<Problem> Problems)
{
    public bool HasErrors => Problems.Any(problem => problem.IsError);
}

/// <summary>
/// Follows the shape of one sample through the network. A pure function of the specification: places are paths and
/// argument names, which the source map turns into locations. It goes on after every problem with what is still known.
/// </summary>
internal static class ShapeInference
{
    public static InferenceResult Infer(NetworkSpec spec, CancellationToken cancellationToken = default)
    {
        var problems = new List<Problem>();
        bool declaresInputs = spec.InputShape.Count == 0 && spec.Layers.Count > 0
            && spec.Layers[0] is InputSpec or UnreadableSpec { Declared: InputSpec };
        TensorShape input = declaresInputs ? TensorShape.Unknown
            : InputShape.Check(spec.InputShape, ProblemPlace.Network, "inputShape", "Network", problems);
        var known = new KnownLayers(isWhole: true) { Input = input };
        var stack = new StackInference(problems, scope: "", isInBlock: false, "the network's input", known, cancellationToken);
        EquatableArray<InferredLayer> layers = stack.Infer(spec.Layers, new InferredInput(ValueRef.Input, input));

        var inputs = new List<InferredPort>();
        if (!declaresInputs)
            inputs.Add(new InferredPort(InferredPort.Input, ValueRef.Input, input));
        inputs.AddRange(layers.Where(layer => layer.Spec is InputSpec).Select(Port));
        List<InferredPort> outputs = layers.Where(layer => layer.Spec is OutputSpec).Select(Port).ToList();
        if (outputs.Count == 0)
        {
            var output = new InferredPort(InferredPort.Output, stack.Output.Value, stack.Output.Shape);
            outputs.Add(ElementRules.CheckOutput(output, stack.Source, problems));
        }
        var network = new InferredNetwork(spec, inputs.ToEquatableArray(), outputs.ToEquatableArray(), layers);

        LossRules.Check(network, stack.Source, known.ImageIsGuess, problems);
        LayerRules.Check(layers, problems);
        LayerRules.CheckBeforeLoss(network, problems);
        LayerRules.CheckInputOrder(network, problems);
        CheckParameterCount(layers, problems);
        // The tensors of a layer in error would be guesses.
        if (!problems.Exists(problem => problem.IsError))
            InitializerRules.Check(spec.Initializers, layers, problems);
        return new InferenceResult(network, problems.ToImmutableArray());
    }

    private static InferredPort Port(InferredLayer layer) => new(layer.Spec.Name, layer.Value, layer.Output);

    /// <summary>The problems of a block by itself: those that it has whatever its input is.</summary>
    public static ImmutableArray<Problem> CheckBlock(EquatableArray<LayerSpec> body, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        var stack = new StackInference(problems, scope: "", isInBlock: false, "the block's input", new KnownLayers(isWhole: false),
            cancellationToken);
        LayerRules.Check(stack.Infer(body, new InferredInput(ValueRef.Input, TensorShape.Unknown)), problems);
        return problems.ToImmutableArray();
    }

    /// <summary>Parameters lie in one buffer with 32-bit offsets.</summary>
    private static void CheckParameterCount(EquatableArray<InferredLayer> layers, List<Problem> problems)
    {
        BigInteger total = BigInteger.Zero;
        Visit(layers);

        // The first layer that passes the limit is reported, and no further one.
        bool Visit(IEnumerable<InferredLayer> stack)
        {
            foreach (InferredLayer layer in stack)
            {
                BigInteger own = BigInteger.Max(0, LayerRegistry.CountParameters(layer));
                total += own;
                if (total > int.MaxValue)
                {
                    problems.Add(new Problem(DiagnosticDescriptors.TooLarge, layer.Path, null, null, new[]
                    {
                        $"With {LayerRegistry.For(layer.Spec).TypeName(layer.Spec)} '{layer.Path}' the network has too many parameters",
                        $"{MessageText.Number(total - own)} + {MessageText.Number(own)}", MessageText.Number(total),
                        MessageText.Number(int.MaxValue),
                    }.ToEquatableArray()));
                    return false;
                }
                if (!Visit(layer.Members))
                    return false;
            }
            return true;
        }
    }
}
