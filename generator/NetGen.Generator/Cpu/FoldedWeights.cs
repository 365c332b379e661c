using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Cpu.Ops;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>Weights and bias with a batch normalisation folded in, among the prepared weights of inference.</summary>
internal static class FoldedWeights
{
    /// <summary>Lists what makes them, and gives their place.</summary>
    /// <param name="weight">Packed in blocks of 16 outputs, outputs innermost.</param>
    public static long Prepare(PreparedWeights prepared, Node node, BatchNormTensors normalization,
        ParameterInfo weight, ParameterInfo? bias)
    {
        int stride = normalization.Stride;
        long scale = prepared.Reserve(node, PreparedForm.Normalization, 2L * stride);
        long weights = prepared.Reserve(node, PreparedForm.Folded, Layout.RoundUp(weight.Packed.Length));
        long biases = prepared.Reserve(node, PreparedForm.FoldedBias, stride);
        prepared.Add(node, normalization.PrepareScale(new PreparedArgument(scale)));
        prepared.Add(node, new RuntimeCall("BatchNormalization.Fold",
            KernelSelection.Parameter(weight), BatchNormTensors.OrNull(bias), new PreparedArgument(scale), new NumberArgument(stride),
            new NumberArgument(weight.Packed.Dimensions.First(d => d.Block == Layout.Block).OuterStride) { IsLong = true },
            new PreparedArgument(weights), new PreparedArgument(biases)));
        return weights;
    }

    /// <summary>Lists what scales weights that have their outputs in the rows of their squares, and makes the bias.</summary>
    public static void PrepareRows(PreparedWeights prepared, Node node, BatchNormTensors normalization,
        ParameterInfo weight, ParameterInfo? bias, int taps)
    {
        (long scale, long biases) = Reserve(prepared, node, normalization);
        long weights = prepared.Reserve(node, PreparedForm.Folded, weight.Packed.Length);
        prepared.Add(node, new RuntimeCall("BatchNormalization.FoldRows",
            KernelSelection.Parameter(weight), BatchNormTensors.OrNull(bias), new PreparedArgument(scale),
            new NumberArgument(normalization.Stride),
            new NumberArgument(taps),
            new NumberArgument(weight.Packed.Length) { IsLong = true }, new PreparedArgument(weights), new PreparedArgument(biases)));
    }

    /// <summary>Lists what scales transposed copies of weights where they lie, and makes the bias.</summary>
    /// <param name="copies">Where each copy begins, and its floats from one block of 16 outputs to the next.</param>
    public static void PrepareInPlace(PreparedWeights prepared, Node node,
        BatchNormTensors normalization, ParameterInfo? bias, IEnumerable<(long Offset, long BlockStride)> copies)
    {
        (long scale, long biases) = Reserve(prepared, node, normalization);
        foreach ((long offset, long blockStride) in copies)
        {
            prepared.Add(node, new RuntimeCall("BatchNormalization.Fold",
                new PreparedArgument(offset), BatchNormTensors.OrNull(bias), new PreparedArgument(scale),
                new NumberArgument(normalization.Stride),
                new NumberArgument(blockStride) { IsLong = true }, new PreparedArgument(offset), new PreparedArgument(biases)));
        }
    }

    /// <summary>As <see cref="PrepareInPlace"/>, for the copies of many phases.</summary>
    /// <param name="offset">Where the first copy begins.</param>
    /// <param name="inputs">Rows of a tap's squares, all blocks together.</param>
    /// <param name="rows">The phases of the rows; likewise <paramref name="columns"/>.</param>
    public static void PreparePhases(PreparedWeights prepared, Node node, BatchNormTensors normalization,
        ParameterInfo? bias, long offset, int inputs,
        PhasesArgument rows, PhasesArgument columns)
    {
        (long scale, long biases) = Reserve(prepared, node, normalization);
        prepared.Add(node, new RuntimeCall("BatchNormalization.FoldPhases",
            new PreparedArgument(offset), BatchNormTensors.OrNull(bias), new PreparedArgument(scale),
            new NumberArgument(normalization.Stride),
            new NumberArgument(inputs),
            rows, columns, new PreparedArgument(biases)));
    }

    private static (long Scale, long Biases) Reserve(PreparedWeights prepared, Node node, BatchNormTensors normalization)
    {
        long scale = prepared.Reserve(node, PreparedForm.Normalization, 2L * normalization.Stride);
        prepared.Add(node, normalization.PrepareScale(new PreparedArgument(scale)));
        return (scale, prepared.Reserve(node, PreparedForm.FoldedBias, normalization.Stride));
    }
}
