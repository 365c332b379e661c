using NetGen.Generator.Cpu.Layouts;
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
            using (writer.Block($"for (int n = 0; n < samples; n++, output += {Literals.Int(input.SampleStride)}, "
                + $"target += {Literals.Int(size)}, outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                AngleSums.Emit(writer, isa, size, ("output", "x"), ("target", "t"), "target", "1e-12");
                EmitLoss(writer, margin);
                EmitGradient(writer, isa, size);
                RowKernels.EmitClear(writer, size, Layout.RoundUp(size), "outputGradient");
            }
        });
    }

    /// <summary>Features that fill vectors.</summary>
    private static int Whole(VectorIsa isa, int size) => size / isa.Lanes * isa.Lanes;

    /// <summary>Stores the loss, and declares its derivative by the cosine.</summary>
    private static void EmitLoss(SourceWriter writer, double margin)
    {
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
    }

    private static void EmitGradient(SourceWriter writer, VectorIsa isa, int size)
    {
        int whole = Whole(isa, size);
        writer.Line("float ofTarget = (float)(slope * scale / norms), ofOutput = (float)(-slope * scale * cosine / squares);");
        if (whole > 0)
        {
            string sum = $"({isa.Load("target + i")} * targetFactor + {isa.Load("output + i")} * outputFactor)";
            writer.Line($"{isa.Type} targetFactor = {isa.Broadcast("ofTarget")}, outputFactor = {isa.Broadcast("ofOutput")};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store(sum, "outputGradient + i"));
        }
        if (whole == size)
            return;
        writer.Line($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(size)}; i++)");
        using (writer.Indent())
            writer.Line("outputGradient[i] = target[i] * ofTarget + output[i] * ofOutput;");
    }

    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
