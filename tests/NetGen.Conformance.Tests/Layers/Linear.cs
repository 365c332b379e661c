using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>y = x Wᵀ + b.</summary>
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
            attribute.Argument(inputs[0].Features);
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

    public override Shape Infer(Shape input) => new(OutFeatures);

    public override IEnumerable<ParameterInfo> Tensors(Shape input)
    {
        yield return ParameterInfo.Weight(input.Features, OutFeatures, input.Features);
        if (Bias)
            yield return ParameterInfo.Bias(input.Features, OutFeatures);
    }

    public override long Work(Shape input) => (long)OutFeatures * input.Size;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[] weight = run.Tensor("weight");
        double[]? bias = run.TensorOrNull("bias");
        var sums = new Accumulator(OutFeatures);
        for (int o = 0; o < OutFeatures; o++)
        {
            if (bias is not null)
                sums.Add(o, bias[o], 0, 1, 0);
            for (int i = 0; i < x.Length; i++)
                sums.Add(o, x.Values[i], x.Errors[i], weight[o * x.Length + i], 0);
        }
        return sums.ToEstimate();
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        double[] weight = run.Tensor("weight");
        Accumulator dWeight = run.Gradient("weight"), dx = new(x.Length);
        Accumulator? dBias = run.GradientOrNull("bias");
        for (int o = 0; o < OutFeatures; o++)
        {
            dBias?.Add(o, dy.Values[o], dy.Errors[o], 1, 0);
            for (int i = 0; i < x.Length; i++)
            {
                dx.Add(i, dy.Values[o], dy.Errors[o], weight[o * x.Length + i], 0);
                dWeight.Add(o * x.Length + i, dy.Values[o], dy.Errors[o], x.Values[i], x.Errors[i]);
            }
        }
        return dx.ToEstimate();
    }

    public static Gen<string>? Draw(Place place) => !place.Shape.IsVector ? null :
        from features in Place.Channels
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select FormattableString.Invariant($"linear:{features}{bias}");
}
