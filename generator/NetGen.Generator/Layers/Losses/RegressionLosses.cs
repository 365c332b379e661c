using NetGen.Generator.Functions;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.MSELoss))]
[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.L1Loss))]
[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.HuberLoss))]
[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.SmoothL1Loss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>MSELoss</c>: (output − target)².</summary>
internal sealed class MSELoss() : ElementwiseLoss<MSELossSpec>("MSELoss")
{
    public override LossSpec Read(LayerArguments arguments) => new MSELossSpec(ReadReduction(arguments));

    protected override ElementLoss Element(MSELossSpec spec) => new("(output − target)²", "2 (output − target)", (code, x, t) =>
    {
        ElementValue difference = code.Let("difference", x - t);
        return (code.And("loss", difference * difference), code.And("slope", difference + difference));
    });
}

/// <summary>PyTorch's <c>L1Loss</c>: |output − target|, whose derivative at zero is zero.</summary>
internal sealed class L1Loss() : ElementwiseLoss<L1LossSpec>("L1Loss")
{
    public override LossSpec Read(LayerArguments arguments) => new L1LossSpec(ReadReduction(arguments));

    protected override ElementLoss Element(L1LossSpec spec) => Absolute;

    public static ElementLoss Absolute { get; } = new("|output − target|", "sign(output − target)", (code, x, t) =>
    {
        ElementValue difference = code.Let("difference", x - t), loss = code.And("loss", Abs(difference));
        ElementValue below = code.Let("below", Select(difference < Zero, -1, difference));
        return (loss, code.Let("slope", Select(difference > Zero, 1, below)));
    });
}

/// <summary>PyTorch's <c>HuberLoss</c>: ½d² up to delta, delta (|d| − ½delta) beyond.</summary>
internal sealed class HuberLoss() : ElementwiseLoss<HuberLossSpec>("HuberLoss")
{
    public override LossSpec Read(LayerArguments arguments) => new HuberLossSpec(ReadReduction(arguments), arguments.Double("Delta", 1));

    protected override void Check(HuberLossSpec spec, LossContext context)
        => context.Require(spec.Delta > 0 && IsFinite(spec.Delta), "Delta", "be above 0", spec.Delta);

    protected override IEnumerable<string> Options(HuberLossSpec spec) => spec.Delta == 1 ? [] : [$"delta {Number(spec.Delta)}"];

    protected override ElementLoss Element(HuberLossSpec spec) => Quadratic(spec.Delta, 1,
        $"½d² for |d| ≤ {Number(spec.Delta)}, else {Number(spec.Delta)} (|d| − {Number(spec.Delta / 2)}), d = output − target",
        $"d within ±{Number(spec.Delta)}");

    /// <summary>scale · c (|d| − ½c) with c = min(|d|, bound): half a square up to the bound, and a straight line beyond.</summary>
    public static ElementLoss Quadratic(double bound, double scale, string formula, string slope) => new(formula, slope, (code, x, t) =>
    {
        ElementValue limit = (float)bound;
        ElementValue difference = code.Let("difference", x - t), magnitude = code.And("magnitude", Abs(difference));
        ElementValue inner = code.And("inner", Min(limit, magnitude));
        ElementValue loss = code.Let("loss", Scaled(inner * (magnitude - 0.5f * inner)));
        return (loss, code.Let("slope", Scaled(Max((float)-bound, Min(limit, difference)))));

        ElementValue Scaled(ElementValue value) => scale == 1 ? value : value * (float)scale;
    });
}

/// <summary>PyTorch's <c>SmoothL1Loss</c>: ½d² / beta up to beta, |d| − ½beta beyond; with beta 0 it is <c>L1Loss</c>.</summary>
internal sealed class SmoothL1Loss() : ElementwiseLoss<SmoothL1LossSpec>("SmoothL1Loss")
{
    public override LossSpec Read(LayerArguments arguments) => new SmoothL1LossSpec(ReadReduction(arguments), arguments.Double("Beta", 1));

    protected override void Check(SmoothL1LossSpec spec, LossContext context)
        => context.Require(spec.Beta >= 0 && IsFinite(spec.Beta), "Beta", "not be negative", spec.Beta);

    protected override IEnumerable<string> Options(SmoothL1LossSpec spec) => spec.Beta == 1 ? [] : [$"beta {Number(spec.Beta)}"];

    protected override ElementLoss Element(SmoothL1LossSpec spec) => spec.Beta == 0 ? L1Loss.Absolute : HuberLoss.Quadratic(
        spec.Beta, 1 / spec.Beta,
        $"½d² / {Number(spec.Beta)} for |d| ≤ {Number(spec.Beta)}, else |d| − {Number(spec.Beta / 2)}, d = output − target",
        $"d / {Number(spec.Beta)} within ±1");
}
