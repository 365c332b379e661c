using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Sums, means, extremes and variances along dimensions, and those of their gradients that need to know more than the output's. What pads
/// channels or features is not read.
/// </summary>
internal static class ReductionKernels
{
    /// <param name="correction">By how much the divisor of a variance is smaller than the number of elements.</param>
    public static Kernel Forward(string name, string summary, ReduceFunction function, int correction, Layout input, Layout output)
        => Create(name, summary, [("x", input)], output, (writer, isa, names) =>
        {
            var loops = new ReducedLoops(writer, isa, output, ("x", input));
            long count = Elements(input) / Elements(output);
            loops.EachKept(() =>
            {
                if (function is ReduceFunction.Amax or ReduceFunction.Amin)
                    EmitExtreme(writer, isa, names, loops, function);
                else
                    EmitSum(loops, isa, writer);
                if (function is ReduceFunction.Mean or ReduceFunction.Var)
                    writer.Line($"{isa.Type} mean = result / {isa.Broadcast(Literals.Float(count))};");
                if (function == ReduceFunction.Var)
                    EmitSquares(loops, isa, writer, count - correction);
                loops.Store(function switch { ReduceFunction.Mean => "mean", ReduceFunction.Var => "variance", _ => "result" },
                    "output", output);
            });
        });

    /// <summary>dx = dy · 2 (x − mean) / (n − correction).</summary>
    public static Kernel VarianceGradient(string name, string summary, int correction, Layout gradient, Layout saved, Layout output)
        => Create(name, summary, [("outputGradient", gradient), ("x", saved)], output, (writer, isa, _) =>
        {
            var loops = new ReducedLoops(writer, isa, gradient, ("x", saved), ("output", output));
            long count = Elements(saved) / Elements(gradient);
            loops.EachKept(() =>
            {
                EmitSum(loops, isa, writer);
                string share = isa.Broadcast(Literals.Float((float)(2.0 / (count - correction))));
                writer.Line($"{isa.Type} mean = result / {isa.Broadcast(Literals.Float(count))};");
                writer.Line($"{isa.Type} slope = {loops.Load("outputGradient", gradient)} * {share};");
                loops.EachReduced((at, _) => writer.Line(isa.Store($"(({isa.Load(at("x"))} - mean) * slope)", at("output"))));
            });
        });

    /// <summary>dx = dy / number of equals where x is the extreme, 0 elsewhere.</summary>
    public static Kernel ExtremeGradient(string name, string summary, Layout gradient, Layout saved, Layout extreme, Layout output)
        => Create(name, summary, [("outputGradient", gradient), ("x", saved), ("y", extreme)], output, (writer, isa, names) =>
        {
            var loops = new ReducedLoops(writer, isa, gradient, ("x", saved), ("output", output));
            var code = new VectorCode(isa, names);
            ElementValue y = ElementValue.Named("extreme");
            loops.EachKept(() =>
            {
                writer.Line($"{isa.Type} extreme = {loops.Load("y", extreme)}, gradient = {loops.Load("outputGradient", gradient)};");
                loops.Sum(["equals"], (at, mask) =>
                {
                    ElementValue one = ElementValue.ZeroUnless(ElementValue.Equal(code.Load(at("x")), y), 1f);
                    writer.Line($"equalsPart += {loops.Masked(code.Text(one), mask, isa.Zero)};");
                });
                loops.EachReduced((at, _) =>
                {
                    ElementValue share = ElementValue.ZeroUnless(
                        ElementValue.Equal(code.Load(at("x")), y), ElementValue.Named("gradient"));
                    writer.Line(isa.Store($"({code.Text(share)} / equals)", at("output")));
                });
            });
        });

    /// <summary>The mean's sum, <c>result</c>.</summary>
    private static void EmitSum(ReducedLoops loops, VectorIsa isa, SourceWriter writer) => loops.Sum(["result"],
        (at, mask) => writer.Line($"resultPart += {loops.Masked(isa.Load(at("x")), mask, isa.Zero)};"));

    /// <summary>The sum of squared differences from the mean, as <c>variance</c>.</summary>
    private static void EmitSquares(ReducedLoops loops, VectorIsa isa, SourceWriter writer, long divisor)
    {
        loops.Sum(["squares"], (at, mask) =>
        {
            writer.Line($"{isa.Type} difference = {loops.Masked($"{isa.Load(at("x"))} - mean", mask, isa.Zero)};");
            writer.Line($"squaresPart = {isa.MultiplyAdd("difference", "difference", "squaresPart")};");
        });
        writer.Line($"{isa.Type} variance = squares / {isa.Broadcast(Literals.Float(divisor))};");
    }

    /// <summary>The largest or smallest, <c>result</c>; NaN where one is NaN, as in PyTorch.</summary>
    private static void EmitExtreme(SourceWriter writer, VectorIsa isa, KernelNames names, ReducedLoops loops, ReduceFunction function)
    {
        bool isLargest = function == ReduceFunction.Amax;
        float first = isLargest ? float.NegativeInfinity : float.PositiveInfinity;
        loops.Extreme("result", first, isLargest ? "MathF.Max" : "MathF.Min", (at, mask) =>
        {
            writer.Line($"{isa.Type} element = {loops.Masked(isa.Load(at("x")), mask, isa.Broadcast(Literals.Float(first)))};");
            ElementValue next = BinaryFunctions.Apply(isLargest ? BinaryFunction.Maximum : BinaryFunction.Minimum,
                ElementValue.Named("element"), ElementValue.Named("result"));
            writer.Line($"result = {new VectorCode(isa, names).Text(next)};");
        });
    }

    private static long Elements(Layout layout) => (long)layout.Channels * layout.Height * layout.Width;

    /// <summary>A loop over samples, or over 16 side by side; what pads the output is zero.</summary>
    public static Kernel Create(string name, string summary, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        Action<SourceWriter, VectorIsa, KernelNames> emitSample)
        => new(name, summary, Elementwise.Describe(inputs, output),
            [.. inputs.Select(input => Floats(input.Name)), Floats("output"), CountOf(output)], (writer, isa, names) =>
        {
            string advance = Elementwise.Advance([.. inputs, ("output", output)]);
            using (writer.Block($"for (int n = 0; n < {Elementwise.CountName(output)}; n++, {advance})"))
            {
                emitSample(writer, isa, names);
                Elementwise.EmitClearPadding(writer, output);
            }
        });
}
