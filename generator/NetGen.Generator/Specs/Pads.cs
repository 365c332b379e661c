using NetGen.Generator.Text;

namespace NetGen.Generator.Specs;

/// <summary>Columns and rows added on the four sides of an image, in PyTorch's order.</summary>
internal readonly record struct Pads(int Left, int Right, int Top, int Bottom)
{
    public static Pads All(int value) => new(value, value, value, value);

    public bool AreNone => this == default;

    /// <summary>E.g. <c>2</c> or <c>(1, 2, 0, 1)</c>.</summary>
    public override string ToString() => Left == Right && Left == Top && Left == Bottom
        ? Invariant.Text(Left)
        : $"({Invariant.Text(Left)}, {Invariant.Text(Right)}, {Invariant.Text(Top)}, {Invariant.Text(Bottom)})";
}

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
