using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Channels become pixels, <c>shuffle:2</c>.</summary>
internal sealed record PixelShuffle(int UpscaleFactor) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["shuffle"];

    public static int Frequency => 2;

    public override string Stem => "pixelshuffle";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(UpscaleFactor)];

    public static Layer Read(Word word, Shape input) => new PixelShuffle(word.Number(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(UpscaleFactor);
        return "PixelShuffle";
    }

    public override Shape Infer(Shape input) =>
        new(input.Channels / UpscaleFactor / UpscaleFactor, input.Height * UpscaleFactor, input.Width * UpscaleFactor);

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        int r = UpscaleFactor;
        return [(at[0] * r + at[1] % r) * r + at[2] % r, at[1] / r, at[2] / r];
    }

    /// <summary>Channels around the lanes of registers on both sides, a factor of 1, one pixel.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:4x1x1 shuffle:2 tanh", "in:3x5x6 conv:20,k3,p1 shuffle:2 relu conv:7,k3,p1 mse", "in:9x3x4 tanh shuffle:3 conv:2,k1",
        "in:17x3x2 conv:68,k1 shuffle:2 conv:16,k3,p1 mse", "in:64x3x3 tanh shuffle:2 relu",
        "in:5x4x4 shuffle:1 conv:144,k1 shuffle:3 mse", "in:1x6x6 conv:8,k3 relu shuffle:2 sigmoid flatten linear:3 ce",
    ];

    public static Gen<string>? Draw(Place place)
    {
        if (!place.Shape.IsImage || place.Shape.Height * place.Shape.Width > 150)
            return null;
        int[] factors = [.. new[] { 2, 3 }.Where(r => place.Shape.Channels % (r * r) == 0)];
        return factors.Length > 0
            ? from factor in Gen.Elements(factors) select FormattableString.Invariant($"shuffle:{factor}")
            : from channels in Gen.Choose(1, 9) select FormattableString.Invariant($"conv:{4 * channels},k1 shuffle:2");
    }
}

/// <summary>Pixels become channels, <c>unshuffle:2</c>.</summary>
internal sealed record PixelUnshuffle(int DownscaleFactor) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["unshuffle"];

    public static int Frequency => 2;

    public override string Stem => "pixelunshuffle";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(DownscaleFactor)];

    public static Layer Read(Word word, Shape input) => new PixelUnshuffle(word.Number(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(DownscaleFactor);
        return "PixelUnshuffle";
    }

    public override Shape Infer(Shape input) =>
        new(input.Channels * DownscaleFactor * DownscaleFactor, input.Height / DownscaleFactor, input.Width / DownscaleFactor);

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        int r = DownscaleFactor;
        return [at[0] / r / r, at[1] * r + at[0] / r % r, at[2] * r + at[0] % r];
    }

    /// <summary>Channels around the lanes of registers on both sides, there and back.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1x2x2 unshuffle:2 tanh", "in:5x6x4 conv:17,k3,p1 unshuffle:2 conv:4,k3,p1 mse", "in:4x8x8 tanh unshuffle:4 shuffle:2 relu",
        "in:16x4x6 conv:16,k3,p1 unshuffle:2 shuffle:2 tanh mse", "in:1x8x8 unshuffle:2 conv:6,k3 flatten linear:3 ce",
    ];

    public static Gen<string>? Draw(Place place)
    {
        if (!place.Shape.IsImage || place.Shape.Channels > 20)
            return null;
        int[] factors = [.. new[] { 2, 3 }.Where(r => place.Shape.Height % r == 0 && place.Shape.Width % r == 0)];
        return factors.Length == 0 ? null : from factor in Gen.Elements(factors) select FormattableString.Invariant($"unshuffle:{factor}");
    }
}
