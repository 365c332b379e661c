using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.BilinearLayer))]

namespace NetGen.Generator.Layers;

/// <summary>y = x₁ᵀ A x₂ + b, where x₂ is the output of an earlier layer: a linear layer of all products x₁[i] · x₂[j].</summary>
internal sealed class BilinearLayer() : Layer<BilinearSpec>("NetGen.BilinearAttribute")
{
    public override OutputKind Gives(LayerSpec spec) => OutputKind.Scores;

    protected override string TypeName(BilinearSpec spec) => "Bilinear";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new BilinearSpec(
        name,
        arguments.OptionalInt("in1Features"),
        arguments.OptionalInt("in2Features"),
        arguments.Int("outFeatures"),
        arguments.Bool("bias", true),
        arguments.OptionalValueName("from", SecondInput.Form));

    protected override IReadOnlyList<NamedInput> Reads(BilinearSpec spec) => [SecondInput.Named(spec.From)];

    protected override IReadOnlyList<TensorShape> Infer(BilinearSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        int first = context.RequireVector(inputs[0], spec.In1Features is null ? null : "in1Features").Features;
        int second = SecondInput.RequireVector(inputs[1], context);
        CheckFeatures("in1Features", "first input feature", spec.In1Features, first, context.Source, context.FlattenedFrom, context);
        CheckFeatures("in2Features", "second input feature", spec.In2Features, second, $"'{spec.From}'", TensorShape.Unknown, context);
        int outFeatures = context.RequireAtLeastOne(spec.OutFeatures, "outFeatures", "number of output features");
        return [TensorShape.Vector(outFeatures)];
    }

    protected override BigInteger CountParameters(BilinearSpec spec, InferredLayer layer)
    {
        BigInteger products = layer.Input.IsVector && Second(layer).IsVector
            ? (BigInteger)layer.Input.Features * Second(layer).Features : 0;
        return (products + (spec.Bias ? 1 : 0)) * spec.OutFeatures;
    }

    /// <summary>PyTorch draws weight and bias from ±1/√in1 and so counts the first input's features alone.</summary>
    protected override IReadOnlyList<LayerParameter> Parameters(BilinearSpec spec, InferredLayer layer)
    {
        int first = layer.Input.Features;
        var weight = new LayerParameter("weight", [spec.OutFeatures, first, Second(layer).Features], ParameterRole.Weight, first,
            spec.OutFeatures);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutFeatures], ParameterRole.Bias, first, spec.OutFeatures)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((BilinearSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    /// <summary>Every product of two features once, and their sums for each output.</summary>
    protected override long MultiplyAdds(BilinearSpec spec, InferredLayer layer)
        => (long)layer.Input.Features * Second(layer).Features * (1L + layer.Output.Features);

    protected override string Title(BilinearSpec spec, InferredLayer layer)
        => $"Bilinear({Invariant.Text(layer.Input.Features)}, {Invariant.Text(Second(layer).Features)}, "
            + $"{Invariant.Text(spec.OutFeatures)}, from {spec.From}{(spec.Bias ? "" : ", no bias")})";

    protected override IReadOnlyList<Value> Lower(BilinearSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        int features = checked(layer.Input.Features * Second(layer).Features);
        Value products = builder.AddInner(layer, new OuterProductOp(), "Products", "Products", TensorShape.Vector(features),
            [inputs[0], inputs[1]]);
        return [builder.Add(layer, new LinearOp(features, layer.Output.Features), [products], "weight", "bias")];
    }

    private static TensorShape Second(InferredLayer layer) => layer.Inputs[1].Shape;

    /// <summary>Reports NG1001 unless as many features come as are declared, or nothing is.</summary>
    /// <param name="source">What gives them.</param>
    /// <param name="flattenedFrom">The feature map that was flattened to them; unknown if none was.</param>
    private static void CheckFeatures(
        string argument, string noun, int? declared, int features, string source, TensorShape flattenedFrom, LayerContext context)
    {
        if (declared is not int expected || context.RequireAtLeastOne(expected, argument, $"number of {noun}s") == 0 || features == 0
            || expected == features)
            return;
        string product = flattenedFrom.IsUnknown ? "" : " = " + flattenedFrom.Product;
        string[] message = [context.DisplayName, MessageText.Count(expected, noun), source, MessageText.Number(features) + product];
        context.Problems.Add(new Problem(DiagnosticDescriptors.FeatureMismatch, context.Path, argument, null, message.ToEquatableArray())
        {
            Fix = new ProblemFix(FixProperties.Value, LayerContext.FeatureCount(features, flattenedFrom)),
        });
    }
}
