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
        TensorShape input = InferInput(spec.InputShape, problems);
        var known = new KnownLayers(isWhole: true) { Input = input };
        var stack = new StackInference(problems, scope: "", isInBlock: false, "the network's input", known, cancellationToken);
        EquatableArray<InferredLayer> layers = stack.Infer(spec.Layers, new InferredInput(ValueRef.Input, input));
        TensorShape output = stack.Output.Shape;

        if (spec.Loss is { } loss)
        {
            Loss kind = LossRegistry.For(loss);
            kind.Check(loss, new LossContext(kind.TypeName, known.ImageIsGuess ? TensorShape.Unknown : output, stack.Source, problems));
        }
        var network = new InferredNetwork(spec, input, output, layers);
        LayerRules.Check(layers, problems);
        LayerRules.CheckBeforeLoss(network, problems);
        CheckParameterCount(layers, problems);
        // The tensors of a layer in error would be guesses.
        if (!problems.Exists(problem => problem.IsError))
            InitializerRules.Check(spec.Initializers, layers, problems);
        return new InferenceResult(network, problems.ToImmutableArray());
    }

    /// <summary>The problems of a block by itself: those that it has whatever its input is.</summary>
    public static ImmutableArray<Problem> CheckBlock(EquatableArray<LayerSpec> body, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        var stack = new StackInference(problems, scope: "", isInBlock: false, "the block's input", new KnownLayers(isWhole: false),
            cancellationToken);
        LayerRules.Check(stack.Infer(body, new InferredInput(ValueRef.Input, TensorShape.Unknown)), problems);
        return problems.ToImmutableArray();
    }

    private static TensorShape InferInput(EquatableArray<int> dimensions, List<Problem> problems)
    {
        if (dimensions.Count is < 1 or > 3)
        {
            string given = dimensions.Count == 0 ? "none is" : $"{MessageText.Number(dimensions.Count)} are";
            problems.Add(
                new Problem(DiagnosticDescriptors.UnsupportedInputRank, ProblemPlace.Network, null, null,
                new[] { given }.ToEquatableArray()));
            return TensorShape.Unknown;
        }
        var known = new int[dimensions.Count];
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = Math.Max(0, dimensions[i]);
            if (dimensions[i] < 1)
            {
                problems.Add(new Problem(DiagnosticDescriptors.SizeBelowOne, ProblemPlace.Network, "inputShape", i,
                    new[] { "Network", DimensionName(i, known.Length), MessageText.Number(dimensions[i]) }.ToEquatableArray()));
            }
        }
        var shape = new TensorShape(known.ToEquatableArray());
        if (LayerContext.ElementCount(shape) > int.MaxValue)
        {
            problems.Add(new Problem(DiagnosticDescriptors.TooLarge, ProblemPlace.Network, null, null, new[]
            {
                "The network's input for one sample is too large", shape.Product,
                MessageText.Number(LayerContext.ElementCount(shape)) + " values",
                MessageText.Number(int.MaxValue),
            }.ToEquatableArray()));
            return new TensorShape(known.Select(_ => 0).ToEquatableArray());
        }
        return shape;
    }

    private static string DimensionName(int index, int rank)
        => rank == 1 ? "number of input features" : index == 0 ? "number of input channels" : rank == 2 ? "input length"
            : index == 1 ? "input height" : "input width";

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
