using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Rotary positions; with <paramref name="Factor"/> above 1 stretched as LLaMA 3.1 does.</summary>
internal sealed record Rotary(int Heads, double Base, bool Interleaved, double Factor, int Length) : UnaryOperation, ILayer
{
    private const double UsualBase = 10000;
    private const int UsualLength = 8192;

    public double LowFrequencyFactor => 1;

    public double HighFrequencyFactor => 4;

    public static IReadOnlyList<string> Kinds => ["rotary"];

    public override string Stem => "rotary";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        FormattableString.Invariant($"heads{Heads}"), Base == UsualBase ? "" : FormattableString.Invariant($"base{Base}"),
        Interleaved ? "interleaved" : "", Factor == 1 ? "" : FormattableString.Invariant($"factor{Factor}"),
        Length == UsualLength ? "" : FormattableString.Invariant($"length{Length}"),
    ];

    public static Layer Read(Word word, Shape input) => new Rotary((int)(word.Real("heads") ?? 1), word.Real("base") ?? UsualBase,
        word.Has("interleaved"), word.Real("factor") ?? 1, (int)(word.Real("length") ?? UsualLength));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (Heads != 1)
            attribute.Property("Heads", AttributeWriter.Code(Heads));
        if (Base != UsualBase)
            attribute.Property("Base", AttributeWriter.Code(Base));
        attribute.Property("Interleaved", Interleaved, false);
        if (Factor != 1)
            attribute.Property("Factor", AttributeWriter.Code(Factor));
        if (Length != UsualLength)
            attribute.Property("OriginalLength", AttributeWriter.Code(Length));
        return "Rotary";
    }

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample) => Turn(run, x, 1);

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) => Turn(run, dy, -1);

    private Estimate Turn(LayerRun run, Estimate x, int direction)
    {
        Shape shape = run.Node.Inputs[0].Shape;
        int features = shape.Width, size = features / Heads, pairs = size / 2;
        var y = new Estimate(x.Length);
        for (int position = 0; position < shape.Channels; position++)
        {
            for (int head = 0; head < Heads; head++)
            {
                for (int i = 0; i < pairs; i++)
                {
                    int start = position * features + head * size, a = start + (Interleaved ? 2 * i : i),
                        b = start + (Interleaved ? 2 * i + 1 : pairs + i);
                    (double sine, double cosine) = Math.SinCos(position * FrequencyOf(i, pairs));
                    Set(a, x, a, cosine, b, -direction * sine);
                    Set(b, x, b, cosine, a, direction * sine);
                }
            }
        }
        return y;

        void Set(int to, Estimate from, int first, double ofFirst, int second, double ofSecond)
        {
            double u = from.Values[first] * ofFirst, v = from.Values[second] * ofSecond;
            y.Values[to] = u + v;
            y.Errors[to] = Estimate.Hypotenuse(from.Errors[first] * ofFirst, from.Errors[second] * ofSecond)
                + 2 * Estimate.Unit * (Math.Abs(u) + Math.Abs(v));
        }
    }

    private double FrequencyOf(int pair, int pairs)
    {
        double frequency = Math.Pow(Base, -(double)pair / pairs), wave = 2 * Math.PI / frequency;
        if (Factor == 1 || wave < Length / HighFrequencyFactor)
            return frequency;
        double smooth = Math.Max(0, (Length / wave - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor));
        return (1 - smooth) * frequency / Factor + smooth * frequency;
    }

    public static IReadOnlyList<string> Rows =>
    [
        "in:5x12 linear:32 rotary:heads1 linear:3 mse", "in:9x12 linear:32 rotary:heads4,interleaved linear:3 mse", "in:9x12 rotary:heads3",
        "in:17x64 linear:64 rotary:heads2 linear:3 mse", "in:40x8 linear:96 rotary:heads3,base500 linear:5 mse",
        "in:33x6 linear:64 rotary:heads1,factor8,length16 linear:3 mse", "in:12x6 linear:30 rotary:heads3,interleaved,factor4,length64 mse",
    ];

    public static int Frequency => 1;

    public static Gen<string>? Draw(Place place) => null;
}
