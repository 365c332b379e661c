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
    public static Target For(Stack stack, int seed, int count) => All(stack, seed, count)[0];

    /// <summary>One for each of <see cref="Stack.Comparisons"/>.</summary>
    public static IReadOnlyList<Target> All(Stack stack, int seed, int count) => [.. stack.Comparisons.Select((comparison, i) =>
        For(comparison, unchecked(seed + 7919 * i), count))];

    private static Target For(Comparison comparison, int seed, int count)
    {
        Shape output = comparison.Output.Shape;
        return comparison.Loss?.Target(seed, count, output) ?? new Target { Values = Numbers.Uniform(seed, count * output.Size) };
    }
}
