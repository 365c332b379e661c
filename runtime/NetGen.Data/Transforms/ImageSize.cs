using System.Globalization;

namespace NetGen.Data;

/// <summary>Height and width; a single number is both.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="size">Rows and columns.</param>
    public static implicit operator ImageSize(int size) => new(size, size);

    /// <summary>From <c>(height, width)</c>.</summary>
    /// <param name="size">Height and width.</param>
    public static implicit operator ImageSize((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>As <c>28</c> for a square, else <c>(28, 32)</c>.</summary>
    public override string ToString() =>
        Height == Width
            ? Height.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"({Height}, {Width})");

    internal void ThrowIfInvalid(string parameter)
    {
        if (Height < 1 || Width < 1)
            throw new ArgumentOutOfRangeException(parameter, $"Expected a size of at least 1 × 1, got {Height} × {Width}.");
    }
}
