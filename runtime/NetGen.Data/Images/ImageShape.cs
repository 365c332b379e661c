using System.Globalization;

namespace NetGen.Data;

/// <summary>The extents of one image, in the order of PyTorch's tensors.</summary>
/// <param name="Channels">Values of each pixel.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values of one image.</summary>
    public int Length => checked(Channels * Height * Width);

    /// <summary>As <c>3 × 32 × 32</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels} × {Height} × {Width}");

    /// <summary>Refuses extents that no image has.</summary>
    internal void ThrowIfInvalid(string parameter)
    {
        if (Channels < 1 || Height < 1 || Width < 1 || (Int128)Channels * Height * Width > Array.MaxLength)
            throw new ArgumentException($"Expected an image of at least 1 × 1 × 1 and at most {Array.MaxLength} values, got {this}.",
                parameter);
    }
}
