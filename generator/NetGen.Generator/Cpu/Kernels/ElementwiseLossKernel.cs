using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The kernel of the losses that compare element with element: output and gradient are rows, the target is the caller's memory.</summary>
internal static class ElementwiseLossKernel
{
    /// <param name="shape">The network's output; an image's factors may differ by channel.</param>
    public static Kernel Create(string name, string title, ElementLoss element, TensorShape shape, Layout input, Layout gradient)
    {
        int size = input.Channels;
        return new Kernel(name, $"{title} over {Literals.Int(size)} values: loss = {element.Formula}; gradient = {element.SlopeFormula} · scale.",
            "Values are in the caller's order. The losses of a sample are summed in double precision.",
            [Floats("output"), LossParameters.Target, Floats("outputGradient"), LossParameters.Losses, LossParameters.Scale, Samples], (writer, isa, names) =>
        {
            // Where factors differ by channel, a channel is a run with a factor of its own.
            bool byChannel = shape.HasChannels && element.Factors.Any(f => f.Values.Count > 1);
            int runs = byChannel ? shape.Channels : 1, length = size / runs;
            int whole = length / isa.Lanes * isa.Lanes, rest = length - whole;

            writer.Line($"{isa.Type} factor = {isa.Broadcast("scale")};");
            foreach ((string factor, EquatableArray<float> values) in element.Factors)
            {
                if (values.Count == 1)
                    writer.Line($"{isa.Type} {factor} = {isa.Broadcast(Literals.Float(values[0]))};");
                else
                    writer.Line($"ReadOnlySpan<float> {factor}Table = {Table(values, byChannel)};");
            }
            if (rest > 0)
            {
                writer.Line("// The caller's memory ends with the last value: what does not fill a vector goes through these.");
                writer.Line($"float* lastTargets = stackalloc float[{Literals.Int(isa.Lanes)}];");
                writer.Line($"{isa.Static}<float> present = {Present(isa, rest)};");
                writer.Line($"{isa.Zero}.Store(lastTargets);");
                if (byChannel)
                    writer.Line($"float* lastOutputs = stackalloc float[{Literals.Int(isa.Lanes)}], lastGradients = stackalloc float[{Literals.Int(isa.Lanes)}];");
            }
            string advance = $"output += {Literals.Int(input.SampleStride)}, target += {Literals.Int(size)}, outputGradient += {Literals.Int(gradient.SampleStride)}";
            using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
            {
                writer.Line($"{isa.Static}<double> sum = {isa.Static}<double>.Zero;");
                if (element.Refused is not null)
                    writer.Line($"{isa.Type} refused = {isa.Zero};");
                if (byChannel)
                {
                    using (writer.Block($"for (int channel = 0; channel < {Literals.Int(runs)}; channel++)"))
                    {
                        foreach ((string factor, EquatableArray<float> values) in element.Factors.Where(f => f.Values.Count > 1))
                            writer.Line($"{isa.Type} {factor} = {isa.Broadcast($"{factor}Table[channel]")};");
                        writer.Line($"float* x0 = output + channel * {Literals.Int(length)}, t0 = target + channel * {Literals.Int(length)}, dx0 = outputGradient + channel * {Literals.Int(length)};");
                        EmitRun("x0", "t0", "dx0");
                    }
                }
                else
                {
                    EmitRun("output", "target", "outputGradient");
                }
                int written = byChannel ? size : whole + (rest > 0 ? isa.Lanes : 0), padded = Layout.RoundUp(size);
                if (written < padded)
                    writer.Line($"new Span<float>(outputGradient + {Literals.Int(written)}, {Literals.Int(padded - written)}).Clear();");
                string total = $"{isa.Static}.Sum(sum)";
                writer.Line(element.Refused is null ? $"losses[n] = {total};"
                    : $"losses[n] = {isa.Static}.EqualsAll(refused.AsInt32(), {isa.Static}<int>.Zero) ? {total} : double.NegativeInfinity;");
            }

            void EmitRun(string x, string t, string dx)
            {
                if (whole > 0)
                {
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
                    {
                        writer.Line($"{isa.Type} x = {isa.Load($"{x} + i")}, t = {isa.Load($"{t} + i")};");
                        EmitFactors("i");
                        if (element.Refused is { } refused)
                            writer.Line($"refused |= {refused(isa)};");
                        element.Emit(writer, isa, names);
                        EmitSum();
                        writer.Line(isa.Store("(slope * factor)", $"{dx} + i"));
                    }
                }
                if (rest == 0)
                    return;
                using (writer.Block())
                {
                    writer.Line($"new ReadOnlySpan<float>({t} + {Literals.Int(whole)}, {Literals.Int(rest)}).CopyTo(new Span<float>(lastTargets, {Literals.Int(rest)}));");
                    if (byChannel)
                        writer.Line($"new ReadOnlySpan<float>({x} + {Literals.Int(whole)}, {Literals.Int(rest)}).CopyTo(new Span<float>(lastOutputs, {Literals.Int(rest)}));");
                    writer.Line($"{isa.Type} x = {(byChannel ? isa.Load("lastOutputs") : isa.Load(Literals.Plus(x, whole)))}, t = {isa.Load("lastTargets")};");
                    EmitFactors(Literals.Int(whole));
                    if (element.Refused is { } refused)
                        writer.Line($"refused |= {refused(isa)} & present;");
                    element.Emit(writer, isa, names);
                    writer.Line("loss &= present;");
                    writer.Line("slope &= present;");
                    EmitSum();
                    if (byChannel)
                    {
                        writer.Line(isa.Store("(slope * factor)", "lastGradients"));
                        writer.Line($"new ReadOnlySpan<float>(lastGradients, {Literals.Int(rest)}).CopyTo(new Span<float>({dx} + {Literals.Int(whole)}, {Literals.Int(rest)}));");
                    }
                    else
                    {
                        writer.Line(isa.Store("(slope * factor)", Literals.Plus(dx, whole)));
                    }
                }
            }

            void EmitFactors(string index)
            {
                if (byChannel)
                    return;
                foreach ((string factor, EquatableArray<float> values) in element.Factors.Where(f => f.Values.Count > 1))
                    writer.Line($"{isa.Type} {factor} = {isa.Static}.Create({factor}Table.Slice({index}, {Literals.Int(isa.Lanes)}));");
            }

            void EmitSum()
            {
                writer.Line($"({isa.Static}<double> lower, {isa.Static}<double> upper) = {isa.Static}.Widen(loss);");
                writer.Line("sum += lower + upper;");
            }
        });
    }

    /// <summary>A constant array, filled up with zeros to whole vectors of any width.</summary>
    public static string Table(EquatableArray<float> values, bool exact = false)
    {
        IEnumerable<float> padded = exact ? values : values.Concat(Enumerable.Repeat(0f, Layout.RoundUp(values.Count) - values.Count));
        return $"new float[] {{ {string.Join(", ", padded.Select(Literals.Float))} }}";
    }

    /// <summary>All bits set in the first lanes.</summary>
    private static string Present(VectorIsa isa, int count)
        => $"{isa.Static}.Create({string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => lane < count ? "-1" : "0"))}).AsSingle()";
}
