namespace NetGen.Conformance.Tests.Model;

/// <summary>Columns and rows on the four sides of an image, in PyTorch's order.</summary>
internal readonly record struct Sides(int Left, int Right, int Top, int Bottom)
{
    public static Sides All(int value) => new(value, value, value, value);

    public override string ToString() => this == All(Left)
        ? FormattableString.Invariant($"{Left}")
        : FormattableString.Invariant($"({Left}, {Right}, {Top}, {Bottom})");
}
