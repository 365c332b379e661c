using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>KLDivLoss</c>: t (log t − x) for log-probabilities x; where t is 0, its first part is 0.</summary>
internal sealed class KLDivLoss() : ElementwiseLoss<KLDivLossSpec>("KLDivLoss")
{
    protected override string Meaning => "the probabilities of the wanted distribution, or their logarithms where LogTarget says so";

    public override LossSpec Read(LayerArguments arguments) => new KLDivLossSpec(
        arguments.Choice("Reduction", "mean", "sum", "batchmean") switch { "sum" => LossReduction.Sum, "batchmean" => LossReduction.BatchMean, _ => LossReduction.Mean },
        arguments.Bool("LogTarget", fallback: false));

    protected override IEnumerable<string> Options(KLDivLossSpec spec) => spec.LogTarget ? ["log target"] : [];

    protected override ElementLoss Element(KLDivLossSpec spec) => spec.LogTarget
        ? new("eᵗ (t − x)", "−eᵗ", (writer, isa, names) =>
        {
            writer.Line("// eᵗ for targets of either sign.");
            writer.Line($"{isa.Type} root = {names.Math(VectorFunction.Exp)}({isa.Broadcast("0.5f")} * t), p = root * root;");
            writer.Line($"{isa.Type} loss = p * (t - x), slope = -p;");
        })
        : new("t (log t − x), t log t being 0 at 0", "−t", (writer, isa, names) =>
        {
            writer.Line($"{isa.Type} own = {isa.Static}.ConditionalSelect({isa.Static}.Equals(t, {isa.Zero}), {isa.Zero}, t * {names.Math(VectorFunction.Log)}(t));");
            writer.Line($"{isa.Type} loss = own - t * x, slope = -t;");
        });
}
