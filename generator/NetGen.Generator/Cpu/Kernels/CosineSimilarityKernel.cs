using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The cosine of the angle between two vectors, and its gradient by one of them. Both take three sums over the features and none of what
/// pads them: behind the caller's samples, that is whatever was in the memory before.
/// </summary>
internal static class CosineSimilarityKernel
{
    /// <summary>cos = x · y / (max(‖x‖, ε) max(‖y‖, ε)).</summary>
    public static Kernel Forward(string name, string summary, float eps, Layout first, Layout second, Layout output)
    {
        (string Name, Layout Layout)[] inputs = [("x", first), ("y", second)];
        return Create(name, summary, "cos = x·y / (max(‖x‖, ε) max(‖y‖, ε)).", inputs, output, (writer, isa) =>
        {
            AngleSums.Emit(writer, isa, first.Channels, ("x", "a"), ("y", "b"), "other", "0");
            EmitNorms(writer, eps);
            writer.Line("output[0] = (float)(products / (norm * otherNorm));");
        });
    }

    /// <summary>dx = dcos (y / (‖x‖ ‖y‖) − cos x / ‖x‖²); the second term is missing where ‖x‖ counts as ε, a constant.</summary>
    /// <param name="own">The vector whose gradient it is.</param>
    public static Kernel Gradient(string name, string summary, float eps, Layout gradient, Layout own, Layout other, Layout output)
    {
        (string Name, Layout Layout)[] inputs = [("outputGradient", gradient), ("x", own), ("y", other)];
        string formula = "dx = dcos (y / (max(‖x‖, ε) max(‖y‖, ε)) − cos x / ‖x‖²), without the last term where ‖x‖ is below ε.";
        return Create(name, summary, formula, inputs, output, (writer, isa) =>
        {
            AngleSums.Emit(writer, isa, own.Channels, ("x", "a"), ("y", "b"), "other", "0");
            EmitNorms(writer, eps);
            writer.Line("double slope = outputGradient[0] / (norm * otherNorm);");
            writer.Line($"double turn = squares < {Literals.Double((double)eps * eps)} ? 0 : slope * products / squares;");
            writer.Line($"{isa.Type} ofOther = {isa.Broadcast("(float)slope")}, ofOwn = {isa.Broadcast("(float)turn")};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(output.Size)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store($"({isa.Load("y + i")} * ofOther - {isa.Load("x + i")} * ofOwn)", "output + i"));
        });
    }

    /// <summary>Declares the norms, as what they count.</summary>
    private static void EmitNorms(SourceWriter writer, float eps)
    {
        string least = Literals.Double(eps);
        writer.Line($"double norm = Math.Max(Math.Sqrt(squares), {least}), otherNorm = Math.Max(Math.Sqrt(otherSquares), {least});");
    }

    /// <param name="emitSample">Writes one sample's result, whatever it leaves in what pads it.</param>
    private static Kernel Create(string name, string summary, string formula, IReadOnlyList<(string Name, Layout Layout)> inputs,
        Layout output, Action<SourceWriter, VectorIsa> emitSample)
        => new(name, summary, $"{formula} {Elementwise.Describe(inputs, output)}",
            [.. inputs.Select(input => Floats(input.Name)), Floats("output"), Samples], (writer, isa, _) =>
        {
            string advance = string.Join(", ", inputs.Append(("output", output))
                .Select(value => $"{value.Item1} += {Literals.Int(value.Item2.SampleStride)}"));
            using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
            {
                emitSample(writer, isa);
                Elementwise.EmitClearPadding(writer, output);
            }
        });
}
