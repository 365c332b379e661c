using System.Globalization;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Two numbers, one for the height and one for the width, as kernels, strides and paddings have.</summary>
internal readonly record struct Pair(int Height, int Width)
{
    public static Pair Both(int value) => new(value, value);

    public bool IsSquare => Height == Width;

    public int Area => Height * Width;

    /// <summary>As words have it: <c>3</c> or <c>3x5</c>.</summary>
    public string Word => IsSquare ? Height.ToString(CultureInfo.InvariantCulture) : FormattableString.Invariant($"{Height}x{Width}");

    public override string ToString() =>
        IsSquare ? Height.ToString(CultureInfo.InvariantCulture) : FormattableString.Invariant($"({Height}, {Width})");
}
