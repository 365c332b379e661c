namespace NetGen;

/// <summary>
/// The sum along one or several dimensions of a sample, PyTorch's <c>sum</c>.
/// </summary>
/// <remarks>
/// The dimensions are left out of the result, or kept with one element each where <see cref="KeepDim"/> is true: (channels, height, width)
/// becomes (channels, height) without the last. Where all dimensions of a sample go, a vector of one element is left, where PyTorch's
/// result has the batch alone.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SumAttribute : LayerAttribute
{
    /// <summary>The sum along one dimension.</summary>
    /// <param name="dim">
    /// The dimension; 0 is the batch, which stays, 1 the channels or features, and negative ones count from the end.
    /// </param>
    /// <param name="keepDim">The result has the dimension still, with one element.</param>
    public SumAttribute(int dim, bool keepDim = false)
        : this([dim], keepDim)
    {
    }

    /// <summary>The sum along several dimensions: <c>[Sum([2, 3])]</c> for each channel of an image.</summary>
    /// <param name="dim">The dimensions, each once.</param>
    /// <param name="keepDim">The result has the dimensions still, with one element each.</param>
    public SumAttribute(int[] dim, bool keepDim = false)
    {
        Dim = dim;
        KeepDim = keepDim;
    }

    /// <summary>The dimensions; 0 is the batch, 1 the first of a sample, −1 the last.</summary>
    public int[] Dim { get; }

    /// <summary>The result has the dimensions still, with one element each; false where nothing is said.</summary>
    public bool KeepDim { get; set; }
}
