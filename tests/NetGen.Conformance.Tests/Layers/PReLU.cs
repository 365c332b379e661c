using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>One learned slope below zero, or one for each channel.</summary>
/// <param name="Init">What the slopes are before training.</param>
internal sealed record PReLU(int Parameters, float Init) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["prelu"];

    public override string Stem => "prelu";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Parameters)];

    public static Layer Read(Word word, Shape input) => new PReLU(word.Options.Count > 0 ? word.Number(0) : 1, 0.25f);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (Parameters > 1 || attribute.AsArguments)
            attribute.Argument(Parameters);
        return "PReLU";
    }

    public override Shape Infer(Shape input) => input;

    public override IEnumerable<ParameterInfo> Tensors(Shape input) => [ParameterInfo.Weight(1, Parameters)];

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[] weight = run.Tensor("weight");
        var y = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double slope = weight.Length == 1 ? weight[0] : weight[i / run.Input.Plane], steepest = Math.Max(1, Math.Abs(slope));
            y.Values[i] = x.Values[i] > 0 ? x.Values[i] : slope * x.Values[i];
            double met = Math.Abs(x.Values[i]) < Estimate.Tolerance * x.Errors[i] ? steepest : x.Values[i] > 0 ? 1 : Math.Abs(slope);
            y.Errors[i] = met * x.Errors[i] + Estimate.Unit * Math.Abs(y.Values[i]);
        }
        return y;
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        double[] weight = run.Tensor("weight");
        Accumulator dWeight = run.Gradient("weight");
        var dx = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            int w = weight.Length == 1 ? 0 : i / run.Input.Plane;
            double slope = x.Values[i] > 0 ? 1 : weight[w];
            dx.Values[i] = slope * dy.Values[i];
            dx.Errors[i] = Math.Abs(slope) * dy.Errors[i] + Estimate.Unit * Math.Abs(dx.Values[i]);
            if (Math.Abs(x.Values[i]) < Estimate.Tolerance * x.Errors[i])
                dx.Errors[i] += Math.Abs((1 - weight[w]) * dy.Values[i]);
            double error = x.Values[i] < Estimate.Tolerance * x.Errors[i] ? x.Errors[i] : 0;
            dWeight.Add(w, dy.Values[i], dy.Errors[i], Math.Min(x.Values[i], 0), error);
        }
        return dx;
    }

    public static Gen<string>? Draw(Place place) => Gen.Elements<string>(Drawn(place.Shape));

    /// <summary>The words that random networks draw.</summary>
    public static IReadOnlyList<string> Drawn(Shape x) => ["prelu", FormattableString.Invariant($"prelu:{x.Channels}")];
}
