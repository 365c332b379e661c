using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>y = x Wᵀ + b of a vector, or of each position of a sequence.</summary>
internal sealed record Linear(int OutFeatures, bool Bias) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["linear"];

    public static int Frequency => 24;

    public override string Stem => "linear";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(OutFeatures), Bias ? "" : "nobias"];

    public static Layer Read(Word word, Shape input) => new Linear(word.Number(0), !word.Has("nobias"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(Features(inputs[0]));
        attribute.Argument(OutFeatures);
        DeclareBias(attribute, Bias);
        return "Linear";
    }

    /// <summary>A bias that there is not, behind all sizes as an argument or as a property.</summary>
    public static void DeclareBias(AttributeWriter attribute, bool bias)
    {
        if (!bias && attribute.WritesInput && attribute.AsArguments)
            attribute.Argument("false");
        else
            attribute.Property("Bias", bias, true);
    }

    private static int Features(Shape shape) => shape.Dimensions[shape.Rank - 1];

    public override Shape Infer(Shape input) => new([.. input.Dimensions.Take(input.Rank - 1), OutFeatures]);

    public override IEnumerable<ParameterInfo> Tensors(Shape input)
    {
        yield return ParameterInfo.Weight(Features(input), OutFeatures, Features(input));
        if (Bias)
            yield return ParameterInfo.Bias(Features(input), OutFeatures);
    }

    public override long Work(Shape input) => (long)OutFeatures * input.Size;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[] weight = run.Tensor("weight");
        double[]? bias = run.TensorOrNull("bias");
        int features = weight.Length / OutFeatures, positions = x.Length / features;
        var sums = new Accumulator(positions * OutFeatures);
        for (int p = 0; p < positions; p++)
        {
            for (int o = 0; o < OutFeatures; o++)
            {
                int to = p * OutFeatures + o;
                if (bias is not null)
                    sums.Add(to, bias[o], 0, 1, 0);
                for (int i = 0; i < features; i++)
                    sums.Add(to, x.Values[p * features + i], x.Errors[p * features + i], weight[o * features + i], 0);
            }
        }
        return sums.ToEstimate();
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        double[] weight = run.Tensor("weight");
        int features = weight.Length / OutFeatures, positions = x.Length / features;
        Accumulator dWeight = run.Gradient("weight"), dx = new(x.Length);
        Accumulator? dBias = run.GradientOrNull("bias");
        for (int p = 0; p < positions; p++)
        {
            for (int o = 0; o < OutFeatures; o++)
            {
                int from = p * OutFeatures + o;
                dBias?.Add(o, dy.Values[from], dy.Errors[from], 1, 0);
                for (int i = 0; i < features; i++)
                {
                    int at = p * features + i;
                    dx.Add(at, dy.Values[from], dy.Errors[from], weight[o * features + i], 0);
                    dWeight.Add(o * features + i, dy.Values[from], dy.Errors[from], x.Values[at], x.Errors[at]);
                }
            }
        }
        return dx.ToEstimate();
    }

    public static Gen<string>? Draw(Place place) => !place.Shape.IsVector ? null :
        from features in Place.Channels
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select FormattableString.Invariant($"linear:{features}{bias}");
}
