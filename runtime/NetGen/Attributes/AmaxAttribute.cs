namespace NetGen;

/// <summary>
/// The largest element along one or several dimensions of a sample, PyTorch's <c>amax</c>. Elements that are equally large share the
/// gradient evenly.
/// </summary>
/// <remarks>
/// The dimensions are left out of the result, or kept with one element each where <see cref="KeepDim"/> is true: (channels, height, width)
/// becomes (channels, height) without the last. Where all dimensions of a sample go, a vector of one element is left, where PyTorch's
/// result has the batch alone.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AmaxAttribute : LayerAttribute
{
    /// <summary>The largest element along one dimension.</summary>
    /// <param name="dim">
    /// The dimension; 0 is the batch, which stays, 1 the channels or features, and negative ones count from the end.
    /// </param>
    /// <param name="keepDim">The result has the dimension still, with one element.</param>
    public AmaxAttribute(int dim, bool keepDim = false)
        : this([dim], keepDim)
    {
    }

    /// <summary>The largest element along several dimensions: <c>[Amax([2, 3])]</c> for each channel of an image.</summary>
    /// <param name="dim">The dimensions, each once.</param>
    /// <param name="keepDim">The result has the dimensions still, with one element each.</param>
    public AmaxAttribute(int[] dim, bool keepDim = false)
    {
        Dim = dim;
        KeepDim = keepDim;
    }

    /// <summary>The dimensions; 0 is the batch, 1 the first of a sample, −1 the last.</summary>
    public int[] Dim { get; }

    /// <summary>The result has the dimensions still, with one element each; false where nothing is said.</summary>
    public bool KeepDim { get; set; }
}
