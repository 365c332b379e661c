using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Vectors along a dimension divided by their norms, and the gradient.</summary>
internal static class NormalizeKernels
{
    /// <summary>Where norms would lie: the layout of a value with extent 1 along a dimension.</summary>
    /// <param name="rank">Dimensions of a sample of the value.</param>
    /// <param name="axis">One of them, from 0.</param>
    public static Layout Norms(Layout layout, int rank, int axis) => axis == 0 ? layout with { Channels = 1 }
        : axis == rank - 1 ? layout with { Width = 1 } : layout with { Height = 1 };

    /// <summary>y = x / max(‖x‖, ε).</summary>
    public static Kernel Forward(string name, string summary, float eps, Layout input, Layout norms, Layout output)
        => ReductionKernels.Create(name, summary, [("x", input)], output, (writer, isa, _) =>
        {
            var loops = new ReducedLoops(writer, isa, norms, ("x", input), ("output", output));
            loops.EachKept(() =>
            {
                loops.Sum(["squares"], (at, mask) =>
                {
                    writer.Line($"{isa.Type} element = {loops.Masked(isa.Load(at("x")), mask, isa.Zero)};");
                    writer.Line($"squaresPart = {isa.MultiplyAdd("element", "element", "squaresPart")};");
                });
                writer.Line($"{isa.Type} norm = {isa.Static}.Max({isa.Static}.Sqrt(squares), {isa.Broadcast(Literals.Float(eps))});");
                loops.EachReduced((at, _) => writer.Line(isa.Store($"({isa.Load(at("x"))} / norm)", at("output"))));
            });
        });

    /// <summary>dx = (dy − y (y · dy)) / ‖x‖ with y = x / ‖x‖, and dy / ε where the norm is below ε.</summary>
    public static Kernel Gradient(string name, string summary, float eps, Layout gradient, Layout saved, Layout norms, Layout output)
        => ReductionKernels.Create(name, summary, [("outputGradient", gradient), ("x", saved)], output, (writer, isa, _) =>
        {
            var loops = new ReducedLoops(writer, isa, norms, ("x", saved), ("outputGradient", gradient), ("output", output));
            loops.EachKept(() =>
            {
                loops.Sum(["squares", "products"], (at, mask) =>
                {
                    writer.Line($"{isa.Type} element = {loops.Masked(isa.Load(at("x")), mask, isa.Zero)};");
                    string slope = loops.Masked(isa.Load(at("outputGradient")), mask, isa.Zero);
                    writer.Line($"squaresPart = {isa.MultiplyAdd("element", "element", "squaresPart")};");
                    writer.Line($"productsPart = {isa.MultiplyAdd("element", slope, "productsPart")};");
                });
                string least = isa.Broadcast(Literals.Float(eps)), number = isa.Static;
                writer.Line($"{isa.Type} norm = {number}.Sqrt(squares), divisor = {number}.Max(norm, {least});");
                // Step by step, since the third power of a small norm is too small for a float.
                writer.Line($"{isa.Type} turn = {number}.ConditionalSelect({number}.LessThan(norm, {least}), {isa.Zero}, "
                    + "products / divisor / divisor / divisor);");
                loops.EachReduced((at, _) => writer.Line(isa.Store(
                    $"({isa.Load(at("outputGradient"))} / divisor - {isa.Load(at("x"))} * turn)", at("output"))));
            });
        });
}
