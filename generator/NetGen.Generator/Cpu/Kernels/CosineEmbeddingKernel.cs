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

    /// <summary>The same of two outputs, with gradients for both.</summary>
    /// <param name="input">Of both outputs, and of their gradients.</param>
    public static Kernel CreateOfTwo(string title, double margin, Layout input)
    {
        int size = input.Channels;
        return new Kernel("CosineEmbeddingLossOfTwo", $"{title} over pairs of vectors of {Literals.Int(size)}: 1 − cos for the label 1, "
            + $"max(0, cos − {Number(margin)}) for −1; cos = x·t / √((x·x + ε)(t·t + ε)), ε = 10⁻¹².",
            "gradient of x = scale · dloss/dcos · (t / √((x·x + ε)(t·t + ε)) − cos · x / (x·x + ε)); that of t likewise.",
            [
                Floats("output"), Floats("target"), LossParameters.Labels, Floats("outputGradient"), Floats("targetGradient"),
                LossParameters.Losses, LossParameters.Scale, Samples,
            ], (writer, isa, _) =>
        {
            string step = Literals.Int(input.SampleStride);
            using (writer.Block($"for (int n = 0; n < samples; n++, output += {step}, target += {step}, outputGradient += {step}, "
                + $"targetGradient += {step})"))
            {
                AngleSums.Emit(writer, isa, size, ("output", "x"), ("target", "t"), "target", "1e-12");
                EmitLoss(writer, margin);
                using (writer.Block())
                    EmitGradient(writer, isa, size);
                RowKernels.EmitClear(writer, size, Layout.RoundUp(size), "outputGradient");
                using (writer.Block())
                    EmitGradient(writer, isa, size, of: "target", other: "output", squares: "targetSquares");
                RowKernels.EmitClear(writer, size, Layout.RoundUp(size), "targetGradient");
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

    /// <param name="of">The pointer to the vector that the gradient is of.</param>
    /// <param name="other">The pointer to the other vector.</param>
    /// <param name="squares">The sum of the vector's squares.</param>
    private static void EmitGradient(SourceWriter writer, VectorIsa isa, int size, string of = "output", string other = "target",
        string squares = "squares")
    {
        int whole = Whole(isa, size);
        string own = Name(of), ofOther = Name(other);
        writer.Line($"float {ofOther} = (float)(slope * scale / norms), {own} = (float)(-slope * scale * cosine / {squares});");
        if (whole > 0)
        {
            string sum = $"({isa.Load(other + " + i")} * {other}Factor + {isa.Load(of + " + i")} * {of}Factor)";
            writer.Line($"{isa.Type} {other}Factor = {isa.Broadcast(ofOther)}, {of}Factor = {isa.Broadcast(own)};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store(sum, of + "Gradient + i"));
        }
        if (whole == size)
            return;
        writer.Line($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(size)}; i++)");
        using (writer.Indent())
            writer.Line($"{of}Gradient[i] = {other}[i] * {ofOther} + {of}[i] * {own};");

        static string Name(string pointer) => "of" + char.ToUpperInvariant(pointer[0]) + pointer.Substring(1);
    }

    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
