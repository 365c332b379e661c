namespace NetGen;

/// <summary>
/// Merges dimensions <see cref="StartDim"/> to <see cref="EndDim"/> into one, PyTorch's <c>Flatten</c>: by default an image
/// (channels, height, width) becomes a vector of channels · height · width features.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class FlattenAttribute : LayerAttribute
{
    /// <summary>Merges all dimensions of a sample.</summary>
    public FlattenAttribute()
    {
    }

    /// <summary>Merges some dimensions: <c>[Flatten(2)]</c> makes (channels, height · width) of an image.</summary>
    /// <param name="startDim">The first to merge; 0 is the batch, which cannot be merged, and negative ones count from the end.</param>
    /// <param name="endDim">The last to merge.</param>
    public FlattenAttribute(int startDim, int endDim = -1)
    {
        StartDim = startDim;
        EndDim = endDim;
    }

    /// <summary>The first dimension to merge; 0 is the batch, 1, the default, the first of a sample, and −1 the last.</summary>
    public int StartDim { get; set; } = 1;

    /// <summary>The last dimension to merge; −1, the default, is the last of all.</summary>
    public int EndDim { get; set; } = -1;
}
