namespace NetGen;

/// <summary>
/// Interpolates images (C, H, W) or sequences (C, L) to another size, PyTorch's <c>Upsample</c>: to <see cref="Size"/>, or by
/// <see cref="ScaleFactor"/>, floor(H · factor) rows and floor(W · factor) columns. One of the two must be given.
/// </summary>
/// <remarks>
/// "nearest" takes the input at floor(i / factor); "linear" (sequences) and "bilinear" (images) interpolate at (i + ½) / factor − ½, or
/// with
/// <see cref="AlignCorners"/> at i · (H − 1) / (height − 1).
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UpsampleAttribute : LayerAttribute
{
    /// <summary>Interpolation by <see cref="ScaleFactor"/>: <c>[Upsample(ScaleFactor = 2)]</c>.</summary>
    public UpsampleAttribute()
    {
    }

    /// <summary>Interpolation to a square, or to a length.</summary>
    /// <param name="size">Height and width of the output.</param>
    public UpsampleAttribute(int size) => Size = size;

    /// <summary>Interpolation to a rectangle: <c>[Upsample([20, 30])]</c>.</summary>
    /// <param name="size">Height and width of the output.</param>
    public UpsampleAttribute(int[] size) => Size = size;

    /// <summary>Size of the output: one number, or <c>new[] { height, width }</c>.</summary>
    public object? Size { get; set; }

    /// <summary>What height and width are multiplied by, rounded down: one number, or <c>new[] { 2.0, 1.5 }</c>.</summary>
    public object? ScaleFactor { get; set; }

    /// <summary><c>"nearest"</c>, the default, <c>"linear"</c> for sequences or <c>"bilinear"</c> for images.</summary>
    public string Mode { get; set; } = "nearest";

    /// <summary>
    /// Whether the corner pixels of input and output lie on one another; false by default. Only for linear and bilinear interpolation.
    /// </summary>
    public bool AlignCorners { get; set; }
}
