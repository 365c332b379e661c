using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// PyTorch's <c>CosineEmbeddingLoss</c>. A network has one output, so the output is the first vector of each pair; the second comes as a target
/// with the pair's label, and nothing flows back to it.
/// </summary>
internal sealed class CosineEmbeddingLoss() : Loss<CosineEmbeddingLossSpec>("CosineEmbeddingLoss")
{
    public override LossSpec Read(LayerArguments arguments) => new CosineEmbeddingLossSpec(ReadReduction(arguments), arguments.Double("Margin", 0));

    protected override void Check(CosineEmbeddingLossSpec spec, LossContext context)
    {
        context.Require(spec.Margin >= -1 && spec.Margin <= 1, "Margin", "lie between −1 and 1", spec.Margin);
        if (!context.Output.IsUnknown && !context.Output.IsVector)
            context.ReportShape("a vector of features");
    }

    protected override IEnumerable<string> Options(CosineEmbeddingLossSpec spec) => spec.Margin == 0 ? [] : [$"margin {Number(spec.Margin)}"];

    protected override IReadOnlyList<LossTarget> Targets(CosineEmbeddingLossSpec spec, TensorShape output) =>
    [
        new LossTarget("Loss",
        [
            TargetParameter.Values(output, "the second vector of each pair"),
            new TargetParameter("int", "labels", "1", "n labels: 1 for a pair that should be alike, −1 for one that should not."),
        ], (writer, samples) =>
        {
            writer.Line($"global::NetGen.CompilerServices.Guard.Length(target.Length, {samples}, OutputSize, \"target\");");
            writer.Line($"global::NetGen.CompilerServices.Guard.PairLabels(labels, {samples}, \"labels\");");
            writer.Line($"double divisor = {(spec.Reduction == LossReduction.Sum ? "1" : samples)};");
        }),
    ];

    protected override LossNode CreateNode(CosineEmbeddingLossSpec spec, TensorShape output) => new CosineEmbeddingLossNode(Title(spec), spec);
}

internal sealed class CosineEmbeddingLossNode(string title, CosineEmbeddingLossSpec spec) : LossNode(title)
{
    public override void SelectKernels(KernelSelection selection)
        => selection.CallLoss("Loss", CreateKernel(Input.Layout, Output!.Layout), this, LossParameters.Target, LossParameters.Labels);

    private Kernel CreateKernel(Layout input, Layout gradient)
    {
        int size = input.Channels;
        return new Kernel("CosineEmbeddingLoss", $"{Title} over vectors of {Literals.Int(size)}: 1 − cos for the label 1, max(0, cos − {Number(spec.Margin)}) for −1; cos = x·t / √((x·x + ε)(t·t + ε)), ε = 10⁻¹².",
            "gradient = scale · dloss/dcos · (t / √((x·x + ε)(t·t + ε)) − cos · x / (x·x + ε)).",
            [Floats("output"), LossParameters.Target, LossParameters.Labels, Floats("outputGradient"), LossParameters.Losses, LossParameters.Scale, Samples], (writer, isa, _) =>
        {
            int whole = size / isa.Lanes * isa.Lanes;
            using (writer.Block($"for (int n = 0; n < samples; n++, output += {Literals.Int(input.SampleStride)}, target += {Literals.Int(size)}, outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                writer.Line("double products = 0, squares = 1e-12, targetSquares = 1e-12;");
                if (whole > 0)
                {
                    var sums = new LongSum(writer, isa, "productLanes", "squareLanes", "targetLanes");
                    bool isCut = LongSum.IsCut(whole, isa.Lanes);
                    writer.Line($"{isa.Type} productLanes = {isa.Zero}, squareLanes = {isa.Zero}, targetLanes = {isa.Zero};");
                    if (isCut)
                        sums.DeclareTotals();
                    sums.EachVector(whole, isa.Lanes, () =>
                    {
                        writer.Line($"{isa.Type} x = {isa.Load("output + i")}, t = {isa.Load("target + i")};");
                        writer.Line($"productLanes = {isa.MultiplyAdd("x", "t", "productLanes")};");
                        writer.Line($"squareLanes = {isa.MultiplyAdd("x", "x", "squareLanes")};");
                        writer.Line($"targetLanes = {isa.MultiplyAdd("t", "t", "targetLanes")};");
                    });
                    foreach ((string total, string lanes) in new[] { ("products", "productLanes"), ("squares", "squareLanes"), ("targetSquares", "targetLanes") })
                        writer.Line($"{total} += {(isCut ? sums.OfLanes(lanes) : $"{isa.Static}.Sum({lanes})")};");
                }
                if (whole < size)
                {
                    using (writer.Block($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(size)}; i++)"))
                    {
                        writer.Line("products += (double)output[i] * target[i];");
                        writer.Line("squares += (double)output[i] * output[i];");
                        writer.Line("targetSquares += (double)target[i] * target[i];");
                    }
                }
                writer.Line("double norms = Math.Sqrt(squares * targetSquares), cosine = products / norms, slope;");
                using (writer.Block("if (labels[n] > 0)"))
                {
                    writer.Line("losses[n] = 1 - cosine;");
                    writer.Line("slope = -1;");
                }
                using (writer.Block("else"))
                {
                    writer.Line($"double excess = cosine - {Literals.Float((float)spec.Margin)};");
                    writer.Line("losses[n] = Math.Max(0, excess);");
                    writer.Line("slope = excess < 0 ? 0 : 1;");
                }
                writer.Line("float ofTarget = (float)(slope * scale / norms), ofOutput = (float)(-slope * scale * cosine / squares);");
                if (whole > 0)
                {
                    writer.Line($"{isa.Type} targetFactor = {isa.Broadcast("ofTarget")}, outputFactor = {isa.Broadcast("ofOutput")};");
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
                        writer.Line(isa.Store($"({isa.Load("target + i")} * targetFactor + {isa.Load("output + i")} * outputFactor)", "outputGradient + i"));
                }
                if (whole < size)
                {
                    writer.Line($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(size)}; i++)");
                    using (writer.Indent())
                        writer.Line("outputGradient[i] = target[i] * ofTarget + output[i] * ofOutput;");
                }
                RowKernels.EmitClear(writer, size, Layout.RoundUp(size), "outputGradient");
            }
        });
    }

    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
