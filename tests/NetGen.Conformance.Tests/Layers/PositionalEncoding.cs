using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Sines and cosines of the position, added.</summary>
internal sealed record PositionalEncoding : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["sinusoids"];

    public override string Stem => "positionalencoding";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new PositionalEncoding();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "PositionalEncoding";

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        int features = run.Node.Inputs[0].Shape.Width;
        var y = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            int position = i / features, feature = i % features;
            double angle = position / Math.Pow(10000, 2.0 * (feature / 2) / features);
            double value = feature % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
            y.Values[i] = x.Values[i] + value;
            y.Errors[i] = x.Errors[i] + Estimate.Unit * (Math.Abs(y.Values[i]) + Math.Abs(value));
        }
        return y;
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) => dy;

    public static IReadOnlyList<string> Rows =>
        ["in:5x12 sinusoids", "in:20x33 linear:17 sinusoids linear:3 mse", "in:40x32 sinusoids linear:16 mean:1 ce"];

    public static int Frequency => 1;

    public static Gen<string>? Draw(Place place) => null;
}
