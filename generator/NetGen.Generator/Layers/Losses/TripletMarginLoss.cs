using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.TripletMarginLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>TripletMarginLoss</c>: max(0, d(anchor, positive) − d(anchor, negative) + margin).</summary>
internal sealed class TripletMarginLoss() : VectorLoss<TripletMarginLossSpec>("TripletMarginLoss")
{
    public override IReadOnlyList<string> OutputArguments => ["anchor", "positive", "negative"];

    public override string Compares(LossSpec spec) => "compares three outputs";

    public override LossSpec Read(LayerArguments arguments) => new TripletMarginLossSpec(
        ReadReduction(arguments), arguments.Double("Margin", 1), arguments.Double("P", 2), arguments.Double("Eps", 1e-6),
        arguments.Bool("Swap", false));

    protected override void Check(TripletMarginLossSpec spec, LossContext context)
    {
        context.Require(IsFinite(spec.Margin), "Margin", "be a finite number", spec.Margin);
        context.Require(spec.P >= 1, "P", "be 1 or more", spec.P);
        context.Require(spec.Eps >= 0 && IsFinite(spec.Eps), "Eps", "be a finite number, 0 or more", spec.Eps);
        base.Check(spec, context);
    }

    protected override IEnumerable<string> Options(TripletMarginLossSpec spec)
    {
        if (spec.Margin != 1)
            yield return $"margin {Number(spec.Margin)}";
        if (spec.P != 2)
            yield return $"p {Number(spec.P)}";
        if (spec.Eps != 1e-6)
            yield return $"eps {Number(spec.Eps)}";
        if (spec.Swap)
            yield return "swap";
    }

    protected override LossOp CreateOp(TripletMarginLossSpec spec, IReadOnlyList<TensorShape> outputs) => new TripletMarginLossOp(spec);
}
