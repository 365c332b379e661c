using System.Globalization;

namespace NetGen.Generator.Specs;

/// <summary>Two numbers, one for the height and one for the width, as kernels, strides and paddings have.</summary>
internal readonly record struct Pair(int Height, int Width)
{
    public static Pair Both(int value) => new(value, value);

    public int Area => Height * Width;

    /// <summary>E.g. <c>3</c> or <c>(15, 16)</c>, in the invariant culture.</summary>
    public override string ToString() => Height == Width
        ? Height.ToString(CultureInfo.InvariantCulture)
        : FormattableString.Invariant($"({Height}, {Width})");
}
