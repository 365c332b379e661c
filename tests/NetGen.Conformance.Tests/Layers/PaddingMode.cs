namespace NetGen.Conformance.Tests.Layers;

/// <summary>What a border around an image consists of.</summary>
internal enum PaddingMode
{
    Zeros,

    /// <summary>The image mirrored at its first and last row and column, which are not repeated.</summary>
    Reflect,

    /// <summary>The nearest row and column, repeated.</summary>
    Replicate,

    /// <summary>The image's opposite side.</summary>
    Circular,
}

internal static class PaddingModes
{
    /// <summary>Where a position of the padded image comes from; −1 for a zero of the padding.</summary>
    public static int Source(this PaddingMode mode, int position, int extent)
    {
        if (position >= 0 && position < extent)
            return position;
        return mode switch
        {
            PaddingMode.Reflect => position < 0 ? -position : 2 * (extent - 1) - position,
            PaddingMode.Replicate => position < 0 ? 0 : extent - 1,
            PaddingMode.Circular => position < 0 ? position + extent : position - extent,
            _ => -1,
        };
    }
}
