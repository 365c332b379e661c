using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Normalisation within single samples. The mean comes first; squares are summed around it, so that a large mean costs no digits, and the
/// same pass finds by how much rounding has moved the mean. All sums are those of one vector's lanes, combined once at the end.
/// </summary>
internal sealed class NormKernels(NormGeometry g, Layout layout, Layout statistics)
{
    /// <param name="activation">Applied to the result, in registers.</param>
    public Kernel Forward(string name, string summary, Layout output, Activation? activation)
    {
        string fused = activation is null ? "" : $" {activation} fused.";
        return new Kernel(name, summary, $"Statistics over {g.Words}: {Literals.Int(g.SetSize)} values. {layout}; output {output}.{fused}",
            [
                Floats("input"), .. If(g.HasWeight, Floats("weight")), .. If(g.HasWeight && g.HasBias, Floats("bias")),
                Floats("statistics"),
                Floats("output"), CountOf(layout),
            ], (writer, isa, names) =>
        {
            using (EachSample(writer, ("input", layout), ("statistics", statistics), ("output", output)))
                NormWriter.For(g, layout, writer, isa).Forward(output, activation, names);
        });
    }

    /// <summary>dx = r (g − mean(g) − x̂ · mean(g x̂)) with g = dy · weight; without a mean its term is left out.</summary>
    public Kernel InputGradient(string name, string summary, Layout gradient, Layout output)
    {
        string formula = $"dx = r (g − {(g.Centred ? "mean(g) − " : "")}x̂ · mean(g x̂)), g = dy{(g.HasWeight ? " · weight" : "")}.";
        return new Kernel(name, summary, $"{formula} Output gradient {gradient}; input {layout}; output {output}.",
            [
                Floats("outputGradient"), Floats("input"), Floats("statistics"), .. If(g.HasWeight, Floats("weight")),
                .. If(g.ScratchLength(layout.Kind) > 0, Floats("scratch")), Floats("output"), CountOf(layout),
            ], (writer, isa, _) =>
        {
            using (EachSample(writer, ("outputGradient", gradient), ("input", layout), ("statistics", statistics), ("output", output)))
                NormWriter.For(g, layout, writer, isa).InputGradient(gradient, output);
        });
    }

    /// <summary>Σ dy x̂ and Σ dy over the samples and over what shares a weight, divided by weights.</summary>
    public Kernel ParameterGradient(string name, string summary, Layout gradient)
    {
        string over = g.Affine == NormAffine.Channel && !g.Shape.IsVector ? "samples and pixels"
            : g.Affine is NormAffine.Plane or NormAffine.Row ? "samples and channels" : "samples";
        return new Kernel(name, summary, $"Σ dy x̂{(g.HasBias ? " and Σ dy" : "")} over {over}. "
            + $"Output gradient {gradient}; input {layout}.",
            [
                Floats("outputGradient"), Floats("input"), Floats("statistics"), Floats("weightGradient"),
                .. If(g.HasBias, Floats("biasGradient")),
                CountOf(layout), .. Share,
            ], (writer, isa, _) => NormWriter.For(g, layout, writer, isa).ParameterGradient(gradient));
    }

    private SourceWriter.Scope EachSample(SourceWriter writer, params (string Pointer, Layout Layout)[] operands)
    {
        string advance = string.Join(", ", operands.Select(o => $"{o.Pointer} += {Literals.Int(o.Layout.SampleStride)}"));
        return writer.Block($"for (int n = 0; n < {CountOf(layout).Name}; n++, {advance})");
    }
}
