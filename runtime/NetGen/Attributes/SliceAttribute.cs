namespace NetGen;

/// <summary>
/// A part of one dimension, as Python's slices take it: <c>[Slice(1, 0, 8)]</c> is <c>x[:, 0:8]</c>, the first 8 channels, and
/// <c>[Slice(-1, -5)]</c> is <c>x[..., -5:]</c>, the last 5 columns.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SliceAttribute : LayerAttribute
{
    /// <summary>The elements from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    /// <param name="dim">The dimension; 0 is the batch, which cannot be cut, and negative ones count from the end.</param>
    /// <param name="start">The first element; negative ones count from the end of the dimension.</param>
    /// <param name="end">
    /// The first element that is left out; negative ones count from the end, and what lies behind the end is the end, as it is where
    /// nothing is said.
    /// </param>
    /// <param name="step">From one element to the next, 1 or more.</param>
    public SliceAttribute(int dim, int start, int end = int.MaxValue, int step = 1)
    {
        Dim = dim;
        Start = start;
        End = end;
        Step = step;
    }

    /// <summary>The dimension; 0 is the batch, 1 the first of a sample, −1 the last.</summary>
    public int Dim { get; }

    /// <summary>The first element.</summary>
    public int Start { get; }

    /// <summary>The first element that is left out.</summary>
    public int End { get; set; }

    /// <summary>From one element to the next.</summary>
    public int Step { get; set; }
}
