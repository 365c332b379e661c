using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>What the loss compares with; what fits the network's loss.</summary>
internal sealed class Target
{
    /// <summary>Class indices, or 1 and −1 for pairs of vectors.</summary>
    public int[] Labels { get; init; } = [];

    /// <summary>Values; the output's gradient, for a network without loss.</summary>
    public float[] Values { get; init; } = [];

    /// <summary>The targets of <c>golden/make_golden.py</c>.</summary>
    public static Target For(Stack stack, int seed, int count) =>
        stack.Loss?.Target(seed, count, stack.Output) ?? new Target { Values = Numbers.Uniform(seed, count * stack.Output.Size) };
}
