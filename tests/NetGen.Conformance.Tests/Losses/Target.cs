using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>What the loss compares with; what fits the network's loss.</summary>
internal sealed class Target
{
    /// <summary>Class indices, or 1 and −1 for pairs of vectors.</summary>
    public int[] Labels { get; init; } = [];

    /// <summary>Values; the output's gradient, for a network without loss.</summary>
    public float[] Values { get; init; } = [];

    /// <summary>How many labels there are of the first samples.</summary>
    public static int LabelsOf(Stack stack, Comparison comparison, int count) => comparison.Loss is { IsOfPositions: true }
        ? stack.Elements(stack.Outputs.Single(port => port.Name == comparison.Output.Name), count) / comparison.Output.Shape.Width : count;

    /// <summary>The targets of <c>golden/make_golden.py</c>.</summary>
    public static Target For(Stack stack, int seed, int count) => All(stack, seed, count)[0];

    /// <summary>One for each of <see cref="Stack.Comparisons"/>.</summary>
    public static IReadOnlyList<Target> All(Stack stack, int seed, int count) => [.. stack.Comparisons.Select((comparison, i) =>
        For(stack, comparison, unchecked(seed + 7919 * i), count))];

    private static Target For(Stack stack, Comparison comparison, int seed, int count)
    {
        Shape output = comparison.Output.Shape;
        Port port = stack.Outputs.Single(output => output.Name == comparison.Output.Name);
        // Position by position, where each has targets of its own.
        if (comparison.Loss is { } loss && (loss.IsOfPositions || port.Axis is not null))
        {
            var position = new Shape(output.Dimensions.Skip(1));
            return loss.Target(seed, stack.Elements(port, count) / position.Size, position);
        }
        return comparison.Loss?.Target(seed, count, output) ?? new Target
        {
            Values = Numbers.Uniform(seed, stack.Elements(port, count)),
        };
    }
}
