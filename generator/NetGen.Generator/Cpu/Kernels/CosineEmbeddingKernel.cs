using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The cosine of the angle between output and target, and its slope.</summary>
internal static class CosineEmbeddingKernel
{
    public static Kernel Create(string title, double margin, Layout input, Layout gradient)
    {
        int size = input.Channels;
        return new Kernel("CosineEmbeddingLoss", $"{title} over vectors of {Literals.Int(size)}: 1 − cos for the label 1, "
            + $"max(0, cos − {Number(margin)}) for −1; cos = x·t / √((x·x + ε)(t·t + ε)), ε = 10⁻¹².",
            "gradient = scale · dloss/dcos · (t / √((x·x + ε)(t·t + ε)) − cos · x / (x·x + ε)).",
            [
                Floats("output"), LossParameters.Target, LossParameters.Labels, Floats("outputGradient"), LossParameters.Losses,
                LossParameters.Scale, Samples,
            ], (writer, isa, _) =>
        {
            int whole = size / isa.Lanes * isa.Lanes;
            using (writer.Block($"for (int n = 0; n < samples; n++, output += {Literals.Int(input.SampleStride)}, "
                + $"target += {Literals.Int(size)}, outputGradient += {Literals.Int(gradient.SampleStride)})"))
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
                    (string, string)[] totals =
                        [("products", "productLanes"), ("squares", "squareLanes"), ("targetSquares", "targetLanes")];
                    foreach ((string total, string lanes) in totals)
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
                    writer.Line($"double excess = cosine - {Literals.Float((float)margin)};");
                    writer.Line("losses[n] = Math.Max(0, excess);");
                    writer.Line("slope = excess < 0 ? 0 : 1;");
                }
                writer.Line("float ofTarget = (float)(slope * scale / norms), ofOutput = (float)(-slope * scale * cosine / squares);");
                if (whole > 0)
                {
                    writer.Line($"{isa.Type} targetFactor = {isa.Broadcast("ofTarget")}, outputFactor = {isa.Broadcast("ofOutput")};");
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
                        writer.Line(isa.Store($"({isa.Load("target + i")} * targetFactor + {isa.Load("output + i")} * outputFactor)",
                            "outputGradient + i"));
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
