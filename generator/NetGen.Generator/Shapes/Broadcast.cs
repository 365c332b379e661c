using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Shapes;

/// <summary>
/// PyTorch's broadcasting of two values of one rank: each dimension is equal, or one of the two is 1 there. A dimension of 0 is unknown.
/// </summary>
internal static class Broadcast
{
    /// <summary>The common shape; null if there is none.</summary>
    public static TensorShape? Of(TensorShape first, TensorShape second)
    {
        if (first.IsUnknown || second.IsUnknown)
            return TensorShape.Unknown;
        if (first.Rank != second.Rank || first.Axis != second.Axis)
            return null;
        var dimensions = new int[first.Rank];
        for (int i = 0; i < dimensions.Length; i++)
        {
            int a = first.Dimensions[i], b = second.Dimensions[i];
            if (a != b && a > 1 && b > 1)
                return null;
            // Beside an unknown dimension another than 1 is the result's, and 1 tells nothing.
            dimensions[i] = a == 1 || (b > 1 && a == 0) ? b : a;
        }
        return new TensorShape(dimensions.ToEquatableArray()) { Axis = first.Axis };
    }

    /// <summary>A length in words.</summary>
    private static string Length(TensorShape shape)
        => shape.Axis is { } axis ? $"what each sample brings for '{axis}'" : "fixed";

    /// <summary>Why two shapes have none in common.</summary>
    public static string Reason(TensorShape first, TensorShape second)
    {
        if (first.Rank != second.Rank)
            return $"they have {MessageText.Count(first.Rank, "dimension")} and {MessageText.Number(second.Rank)} besides the batch";
        if (first.Axis != second.Axis)
            return $"the length of one is {Length(first)}, of the other {Length(second)}";
        int i = Enumerable.Range(0, first.Rank).First(k => first.Dimensions[k] != second.Dimensions[k]
            && first.Dimensions[k] > 1 && second.Dimensions[k] > 1);
        return $"dimension {MessageText.Number(i + 1)} is {MessageText.Number(first.Dimensions[i])} and "
            + $"{MessageText.Number(second.Dimensions[i])}, and only equal ones, or a 1, fit";
    }
}
