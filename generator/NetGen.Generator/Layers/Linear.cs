using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.LinearLayer))]

namespace NetGen.Generator.Layers;

internal sealed class LinearLayer() : UnaryLayer<LinearSpec>("NetGen.LinearAttribute")
{
    public override OutputKind Gives(LayerSpec spec) => OutputKind.Scores;

    public override bool IsLinear(LayerSpec spec) => true;

    public override (int? In, int Out)? Matrix(LayerSpec spec)
        => spec is LinearSpec linear ? (linear.InFeatures, linear.OutFeatures) : null;

    public override bool HasCommonMatrix => true;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(LinearSpec spec) => "Linear";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new LinearSpec(
        name,
        arguments.OptionalInt("inFeatures"),
        arguments.Int("outFeatures"),
        arguments.Bool("bias", true));

    protected override TensorShape Infer(LinearSpec spec, TensorShape input, LayerContext context)
    {
        bool isOpen = input.IsUnknown && !context.Known.IsWhole;
        if (!input.IsSequence)
            input = context.RequireVector(input, spec.InFeatures is null ? null : "inFeatures");
        if (spec.InFeatures is int expected
            && context.RequireAtLeastOne(expected, "inFeatures", "number of input features") != 0
            && input.Width != 0 && expected != input.Width)
            ReportFeatures(expected, input, context);
        int features = context.RequireAtLeastOne(spec.OutFeatures, "outFeatures", "number of output features");
        // Of a block by itself nobody knows whether it is given vectors or sequences.
        return isOpen ? TensorShape.Unknown : context.RequireCountable(input.WithLast(features));
    }

    /// <summary>Reports NG1001.</summary>
    private static void ReportFeatures(int expected, TensorShape input, LayerContext context)
    {
        string wanted = MessageText.Count(expected, "input feature"),
            given = input.IsVector ? MessageText.Number(input.Width) : LayerContext.FeaturesOfPositions(input);
        if (!input.IsVector && LayerContext.ElementCount(input) == expected)
        {
            context.ReportFixable(DiagnosticDescriptors.FeatureMismatch, "inFeatures", LayerContext.FlattenFix, context.DisplayName, wanted,
                context.Source, $"{given}; all of them are {input.Product}: put Flatten in front of it");
            return;
        }
        if (!context.FlattenedFrom.IsUnknown)
            given += " = " + context.FlattenedFrom.Product;
        context.Report(DiagnosticDescriptors.FeatureMismatch, "inFeatures", context.DisplayName, wanted, context.Source, given);
    }

    protected override BigInteger CountParameters(LinearSpec spec, TensorShape input)
    {
        int inFeatures = spec.InFeatures ?? (input.IsVector || input.IsSequence ? input.Width : 0);
        return ((BigInteger)inFeatures + (spec.Bias ? 1 : 0)) * spec.OutFeatures;
    }

    protected override IReadOnlyList<LayerParameter> Parameters(LinearSpec spec, TensorShape input)
    {
        var weight = new LayerParameter("weight", [spec.OutFeatures, input.Width], ParameterRole.Weight, input.Width,
            spec.OutFeatures)
        {
            Start = spec.Gain == 1 ? null : new WeightStart(IsXavier: false, spec.Gain),
        };
        return spec.Bias
            ? [weight, new LayerParameter("bias", [spec.OutFeatures], ParameterRole.Bias, input.Width, spec.OutFeatures)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((LinearSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    protected override long MultiplyAdds(LinearSpec spec, TensorShape input, TensorShape output) => (long)output.Size * input.Width;

    protected override string Title(LinearSpec spec, TensorShape input)
        => $"Linear({Invariant.Text(input.Width)}, {Invariant.Text(spec.OutFeatures)}{(spec.Bias ? "" : ", no bias")})";

    protected override Value Lower(LinearSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new LinearOp(layer.Input.Width, spec.OutFeatures), [input], "weight", "bias");
}
