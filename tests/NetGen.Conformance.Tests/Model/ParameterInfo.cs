namespace NetGen.Conformance.Tests.Model;

/// <summary>A tensor as files and PyTorch know it: in a layer by its own name, in a network behind the layer's path.</summary>
/// <param name="FanIn">Products in one sum that the weight is in.</param>
internal sealed record ParameterInfo(string Name, int[] Shape, int FanIn, bool IsWeight)
{
    /// <summary>Optimisers work on it, unless its layer is frozen; otherwise it is a buffer.</summary>
    public bool IsLearned { get; init; } = true;

    /// <summary>Its layer is frozen: it has no gradient, and training leaves it as it is.</summary>
    public bool IsFrozen { get; init; }

    public int Length => Shape.Aggregate(1, (a, b) => a * b);

    public static ParameterInfo Weight(int fanIn, params int[] shape) => new("weight", shape, fanIn, true);

    public static ParameterInfo Bias(int fanIn, params int[] shape) => new("bias", shape, fanIn, false);

    /// <summary>
    /// The values that golden files and comparisons use: weights U(±√(3 / fan in)), biases and running means U(±0.25), running variances
    /// 1 + U(±0.25), three batches so far.
    /// </summary>
    public static float[][] Values(IReadOnlyList<ParameterInfo> parameters, int seed) => parameters.Select((p, number) =>
    {
        if (p.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
            return [3];
        float[] values = Numbers.Uniform(unchecked(seed * 1000 + 1 + number), p.Length, p.IsWeight ? MathF.Sqrt(3f / p.FanIn) : 0.25f);
        return p.Name.EndsWith(".running_var", StringComparison.Ordinal) ? Array.ConvertAll(values, v => 1 + v) : values;
    }).ToArray();
}
