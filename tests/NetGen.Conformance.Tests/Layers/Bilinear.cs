using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>All products of two vectors, times a weight [out, in1, in2].</summary>
/// <param name="From">The layer that gives the second vector.</param>
internal sealed record Bilinear(int OutFeatures, bool Bias, string From) : JoinOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["bil"];

    public override string Stem => "bilinear";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(OutFeatures), From, Bias ? "" : "nobias"];

    public override IReadOnlyList<string> Reads => [From];

    public static Layer Read(Word word, Shape input) => new Bilinear(word.Number(0), !word.Has("nobias"), word.Option(1));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
        {
            attribute.Argument(inputs[0].Features);
            attribute.Argument(inputs[1].Features);
        }
        attribute.Argument(OutFeatures);
        Linear.DeclareBias(attribute, Bias);
        attribute.Property("From", $"\"{From}\"");
        return "Bilinear";
    }

    public override Shape InferJoined(IReadOnlyList<Shape> inputs) => inputs.All(input => input.IsVector)
        ? new Shape(OutFeatures)
        : throw new FormatException($"it takes vectors, not {inputs[0]} and {inputs[1]}.");

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs)
    {
        int fanIn = inputs[0].Features * inputs[1].Features;
        yield return ParameterInfo.Weight(fanIn, OutFeatures, inputs[0].Features, inputs[1].Features);
        if (Bias)
            yield return ParameterInfo.Bias(fanIn, OutFeatures);
    }

    public override long Work(IReadOnlyList<Shape> inputs) => (long)OutFeatures * inputs[0].Size * inputs[1].Size;

    protected override Estimate Forward(LayerRun run, Estimate[] inputs)
    {
        double[] weight = run.Tensor("weight");
        double[]? bias = run.TensorOrNull("bias");
        Estimate products = Products(inputs[0], inputs[1]);
        var sums = new Accumulator(OutFeatures);
        for (int o = 0; o < OutFeatures; o++)
        {
            if (bias is not null)
                sums.Add(o, bias[o], 0, 1, 0);
            for (int k = 0; k < products.Length; k++)
                sums.Add(o, products.Values[k], products.Errors[k], weight[o * products.Length + k], 0);
        }
        return sums.ToEstimate();
    }

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy)
    {
        double[] weight = run.Tensor("weight");
        Accumulator dWeight = run.Gradient("weight");
        Accumulator? dBias = run.GradientOrNull("bias");
        Estimate first = inputs[0], second = inputs[1], products = Products(first, second);
        var dProducts = new Accumulator(products.Length);
        for (int o = 0; o < OutFeatures; o++)
        {
            dBias?.Add(o, dy.Values[o], dy.Errors[o], 1, 0);
            for (int k = 0; k < products.Length; k++)
            {
                dProducts.Add(k, dy.Values[o], dy.Errors[o], weight[o * products.Length + k], 0);
                dWeight.Add(o * products.Length + k, dy.Values[o], dy.Errors[o], products.Values[k], products.Errors[k]);
            }
        }
        Estimate dz = dProducts.ToEstimate();
        Accumulator dFirst = new(first.Length), dSecond = new(second.Length);
        for (int i = 0; i < first.Length; i++)
        {
            for (int j = 0; j < second.Length; j++)
            {
                int k = i * second.Length + j;
                dFirst.Add(i, dz.Values[k], dz.Errors[k], second.Values[j], second.Errors[j]);
                dSecond.Add(j, dz.Values[k], dz.Errors[k], first.Values[i], first.Errors[i]);
            }
        }
        return [dFirst.ToEstimate(), dSecond.ToEstimate()];
    }

    /// <summary>All products of the two inputs, row by row.</summary>
    private static Estimate Products(Estimate first, Estimate second)
    {
        var products = new Estimate(first.Length * second.Length);
        for (int i = 0; i < first.Length; i++)
        {
            for (int j = 0; j < second.Length; j++)
            {
                int k = i * second.Length + j;
                double error = Estimate.Hypotenuse(first.Values[i] * second.Errors[j], first.Errors[i] * second.Values[j]);
                products.Values[k] = first.Values[i] * second.Values[j];
                products.Errors[k] = Estimate.Hypotenuse(error, Estimate.Unit * Math.Abs(products.Values[k]));
            }
        }
        return products;
    }

    /// <summary>
    /// Rows of products that are shorter and longer than registers, the same vector twice, one that several layers name, names inside and
    /// around blocks.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1 linear@a:1 tanh linear:1 bil:1,a", "in:5 linear@a:5 relu linear:1 bil:16,a ce",
        "in:5 linear@a:1 relu linear:40 bil:5,a mse", "in:16 linear@a:16 tanh linear:16 bil:17,a",
        "in:40 linear@a:17 relu linear:5 bil:40,a", "in:17 linear@a:5 gelu linear:17 bil:1,a,nobias mse",
        "in:5 linear@a:40 relu linear:17 bil:16,a relu linear:3 ce", "in:3 linear@a:16 relu linear:40 bil:5,a",
        "in:5 identity@a bil:4,a", "in:17 identity@a linear:3 bil:4,a sigmoid mse", "in:20 relu@a bil:3,a tanh bil:5,a bil:17,a",
        "in:7 linear@a:40 bn relu linear:5 bil:17,a bn relu linear:3 ce",
        "in:6 linear@a:17 relu@b linear:9 bil:5,a tanh bil:16,b bil:4,bilinear1 ce",
        "in:9 seq[@e linear@a:6 relu linear:17 tanh ] linear:5 bil:5,e.a relu bil:40,e",
        "in:9 linear@a:6 tanh seq[ linear:6 res[ linear:6 relu bil:6,a ] linear@a:5 bil:3,a ] bil:7,a",
        "in:5 linear@a:16 relu linear:16 res[ tanh bil:16,a ] bil:3,residual1 mse",
        // Feature maps before: flattened in blocks of channels, in PyTorch's order, and alive across the loops over samples.
        "in:3x6x6 conv:16,k3,p1 relu max:k2 flatten@f linear:5 relu bil:17,f", "in:3x4x4 conv:16,k3 relu flatten@f bil:3,f ce",
        "in:2x3x3 flatten@f linear:20 bil:5,f", "in:16x1x1 flatten@f linear:3 relu bil:5,f",
        "in:3x5x5 conv:5,k3 relu seq[@m aavg:1 flatten@f ] linear:45 unflatten:1,5x3x3 conv:4,k3 flatten bil:6,m.f mse",
    ];

    public static int Frequency => 30;

    /// <summary>With any vector that has a name.</summary>
    public static Gen<string>? Draw(Place place)
    {
        string[] names = [.. place.Named.Where(value => value.Shape.IsVector).Select(value => value.Name)];
        return names.Length == 0 || !place.Shape.IsVector ? null :
            from features in Place.Channels
            from name in Gen.Elements(names)
            from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
            select FormattableString.Invariant($"bil:{features},{name}{bias}");
    }
}
