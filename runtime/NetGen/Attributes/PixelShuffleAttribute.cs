namespace NetGen;

/// <summary>
/// Channels become pixels, PyTorch's <c>PixelShuffle</c>: an image (C · r², H, W) becomes (C, H · r, W · r), where r² channels give the
/// r × r pixels at each place (Shi et al., arXiv:1609.05158).
/// </summary>
/// <param name="upscaleFactor">r, 1 or more; the channels are a multiple of r².</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PixelShuffleAttribute(int upscaleFactor) : LayerAttribute
{
    /// <summary>By what rows and columns are multiplied.</summary>
    public int UpscaleFactor { get; } = upscaleFactor;
}
