namespace NetGen;

/// <summary>
/// One element of a dimension, which the result does not have any more, PyTorch's <c>select</c>: <c>[Select(-1, -1)]</c> is
/// <c>x[..., -1]</c>, the last step of a sequence as a vector of channels. Of a vector it leaves a vector of one element.
/// </summary>
/// <param name="dim">The dimension; 0 is the batch, of which nothing can be selected, and negative ones count from the end.</param>
/// <param name="index">Which of its elements, from 0; negative ones count from the end.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SelectAttribute(int dim, int index) : LayerAttribute
{
    /// <summary>The dimension; 0 is the batch, 1 the first of a sample, −1 the last.</summary>
    public int Dim { get; } = dim;

    /// <summary>Which of its elements.</summary>
    public int Index { get; } = index;
}
