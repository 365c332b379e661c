using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Logarithm of softmax over the features of a vector.</summary>
internal sealed record LogSoftmax : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["logsoftmax"];

    public override string Stem => "logsoftmax";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new LogSoftmax();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "LogSoftmax";

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[] p = SoftmaxFunction.Values(x.Values, out double logarithmOfSum);
        var y = new Estimate(x.Length);
        double meanError = SoftmaxFunction.MeanError(p, x.Errors);
        for (int i = 0; i < p.Length; i++)
        {
            y.Values[i] = x.Values[i] - logarithmOfSum;
            y.Errors[i] = x.Errors[i] + meanError + 4 * Estimate.Unit * (1 + Math.Abs(y.Values[i]));
        }
        return y;
    }

    /// <summary>dx = dy − e^y Σ dy.</summary>
    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var total = new Accumulator(1);
        for (int i = 0; i < y.Length; i++)
            total.Add(0, dy.Values[i], dy.Errors[i], 1, 0);
        Estimate sum = total.ToEstimate();
        var dx = new Estimate(y.Length);
        for (int i = 0; i < y.Length; i++)
        {
            double p = Math.Exp(y.Values[i]);
            dx.Values[i] = dy.Values[i] - p * sum.Values[0];
            dx.Errors[i] = dy.Errors[i] + p * sum.Errors[0]
                + p * Math.Abs(sum.Values[0]) * (y.Errors[i] + 4 * Estimate.Unit * (1 + Math.Abs(y.Values[i])))
                + Estimate.Unit * Math.Abs(dy.Values[i]);
        }
        return dx;
    }

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? Gen.Constant("logsoftmax") : null;
}
