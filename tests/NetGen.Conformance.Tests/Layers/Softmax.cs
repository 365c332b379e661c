using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Softmax over the features of a vector.</summary>
internal sealed record Softmax : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["softmax"];

    public override string Stem => "softmax";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Softmax();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "Softmax";

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[] p = SoftmaxFunction.Values(x.Values, out double logarithmOfSum);
        var y = new Estimate(p, new double[p.Length]);
        double meanError = SoftmaxFunction.MeanError(p, x.Errors);
        for (int i = 0; i < p.Length; i++)
            y.Errors[i] = p[i] * (x.Errors[i] + meanError + 4 * Estimate.Unit * (1 + Math.Abs(x.Values[i] - logarithmOfSum)));
        return y;
    }

    /// <summary>dx = y (dy − Σ y dy).</summary>
    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var sum = new Accumulator(1);
        for (int i = 0; i < y.Length; i++)
            sum.Add(0, y.Values[i], y.Errors[i], dy.Values[i], dy.Errors[i]);
        Estimate mean = sum.ToEstimate();
        var dx = new Estimate(y.Length);
        for (int i = 0; i < y.Length; i++)
        {
            double difference = dy.Values[i] - mean.Values[0];
            dx.Values[i] = y.Values[i] * difference;
            dx.Errors[i] = Estimate.Hypotenuse(Math.Abs(difference) * y.Errors[i],
                y.Values[i] * Estimate.Hypotenuse(dy.Errors[i], mean.Errors[0]))
                + 2 * Estimate.Unit * (Math.Abs(dx.Values[i]) + y.Values[i] * Math.Abs(mean.Values[0]));
        }
        return dx;
    }

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? Gen.Constant("softmax") : null;
}
