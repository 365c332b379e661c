namespace NetGen;

/// <summary>
/// Pixels become channels, PyTorch's <c>PixelUnshuffle</c>: an image (C, H · r, W · r) becomes (C · r², H, W). The way back of
/// <see cref="PixelShuffleAttribute"/>.
/// </summary>
/// <param name="downscaleFactor">r, 1 or more; rows and columns are multiples of it.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PixelUnshuffleAttribute(int downscaleFactor) : LayerAttribute
{
    /// <summary>By what rows and columns are divided.</summary>
    public int DownscaleFactor { get; } = downscaleFactor;
}
