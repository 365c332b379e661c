using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.ContrastiveLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// The loss of CLIP (Radford et al., 2021): the products of all pairs that a batch's first and second vectors make are scores, and those of
/// one sample belong together. Cross-entropy of each row of scores and of each column, the mean of both.
/// </summary>
internal sealed class ContrastiveLoss() : VectorLoss<ContrastiveLossSpec>("ContrastiveLoss")
{
    public override IReadOnlyList<string> OutputArguments => ["first", "second"];

    public override string Compares(LossSpec spec) => "compares two outputs";

    public override LossSpec Read(LayerArguments arguments)
        => new ContrastiveLossSpec(ReadReduction(arguments), arguments.Double("Temperature", 1));

    protected override void Check(ContrastiveLossSpec spec, LossContext context)
    {
        // Its inverse is a float, by which similarities are multiplied.
        context.Require(spec.Temperature > 0 && IsFinite(spec.Temperature) && IsFinite((float)(1 / spec.Temperature)),
            "Temperature", "be a finite number above 0", spec.Temperature);
        base.Check(spec, context);
    }

    protected override IEnumerable<string> Options(ContrastiveLossSpec spec)
        => spec.Temperature == 1 ? [] : [$"temperature {Number(spec.Temperature)}"];

    protected override LossOp CreateOp(ContrastiveLossSpec spec, IReadOnlyList<TensorShape> outputs) => new ContrastiveLossOp(spec);
}
