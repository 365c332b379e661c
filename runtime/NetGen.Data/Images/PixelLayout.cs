namespace NetGen.Data;

/// <summary>How the values of an image lie in memory.</summary>
public enum PixelLayout
{
    /// <summary>Pixel by pixel, the channels of a pixel side by side (H, W, C): what image files hold.</summary>
    Interleaved,

    /// <summary>Channel by channel (C, H, W): what CIFAR's files hold, and what networks take.</summary>
    Planar,
}
