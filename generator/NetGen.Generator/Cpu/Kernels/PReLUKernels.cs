using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>x above zero and slope · x below, with slopes that are parameters.</summary>
internal static class PReLUKernels
{
    public static Kernel Forward(string name, string summary, bool perChannel, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("input", input)], output), [Floats("input"), Floats("weight"), Floats("output"), CountOf(output)], (writer, isa, _) =>
            EachElement(writer, isa, perChannel, [("input", "x", input), ("output", "y", output)], count, slope =>
            {
                writer.Line($"{isa.Type} v = {isa.Load("x + i")};");
                writer.Line(isa.Store($"{isa.Static}.ConditionalSelect({isa.Static}.GreaterThan(v, {isa.Zero}), v, v * {slope})", "y + i"));
            }));
    }

    public static Kernel InputGradient(string name, string summary, bool perChannel, Layout gradient, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("outputGradient", gradient), ("input", input)], output), [Floats("outputGradient"), Floats("input"), Floats("weight"), Floats("output"), CountOf(output)], (writer, isa, _) =>
            EachElement(writer, isa, perChannel, [("outputGradient", "dy", gradient), ("input", "x", input), ("output", "dx", output)], count, slope =>
            {
                writer.Line($"{isa.Type} gradient = {isa.Load("dy + i")};");
                writer.Line(isa.Store($"{isa.Static}.ConditionalSelect({isa.Static}.GreaterThan({isa.Load("x + i")}, {isa.Zero}), gradient, gradient * {slope})", "dx + i"));
            }));
    }

    /// <summary>Σ x dy where x is not above zero: a sum for each channel, or one that a single worker computes, so that it has the same bits at every thread count.</summary>
    public static Kernel WeightGradient(string name, string summary, bool perChannel, Layout gradient, Layout input)
    {
        string count = Elementwise.CountName(input);
        return new Kernel(name, summary, $"Σ x dy where x ≤ 0. {Elementwise.Describe([("outputGradient", gradient)], input)}", [Floats("outputGradient"), Floats("input"), Floats("weightGradient"), CountOf(input), .. Share], (writer, isa, _) =>
        {
            bool rows = input.Kind == LayoutKind.Rows, samples = input.Kind == LayoutKind.Samples;
            int padded = Layout.RoundUp(input.Channels), vectors = padded / isa.Lanes;
            string Sample(Layout l) => $"n * (long){Literals.Int(l.SampleStride)}";
            writer.Line(TaskShare.Loop(!perChannel ? 1 : samples ? input.Channels : vectors, "task"));
            using (writer.Block())
            {
                var total = new LongSum(writer, isa, "sum");
                total.Declare();
                if (rows)
                {
                    // A sample is a row, or a vector of it.
                    if (perChannel)
                        writer.Line($"int i = task * {Literals.Int(isa.Lanes)};");
                    string pointers = $"float* dy = outputGradient + {Sample(gradient)}, x = input + {Sample(input)};";
                    if (perChannel)
                    {
                        total.EachSample(count, () =>
                        {
                            writer.Line(pointers);
                            Add();
                        });
                    }
                    else
                    {
                        total.EachPixel(count, 1, padded, isa.Lanes, sample: null, () => writer.Line(pointers), Add);
                    }
                }
                else
                {
                    // Sample lanes: a plane is a channel. Channel lanes: a vector is a part of a plane, or all of it.
                    string plane = !perChannel ? "plane" : samples || isa.Lanes == Layout.Block ? "task" : $"task / {Literals.Int(Layout.Block / isa.Lanes)}";
                    string part = perChannel && !samples && isa.Lanes < Layout.Block ? $" + task % {Literals.Int(Layout.Block / isa.Lanes)} * {Literals.Int(isa.Lanes)}" : "";
                    var planes = perChannel ? default(SourceWriter.Scope?) : writer.Block($"for (int plane = 0; plane < {Literals.Int(input.Planes)}; plane++)");
                    total.EachPixel(count, input.Height, input.Width * Layout.Block, perChannel && !samples ? Layout.Block : isa.Lanes, sample: null, () =>
                    {
                        foreach ((string pointer, string tensor, Layout l) in new[] { ("dy", "outputGradient", gradient), ("x", "input", input) })
                            writer.Line($"float* {pointer} = {tensor} + {Sample(l)} + {plane} * {Literals.Int(l.PlaneStride)} + row * {Literals.Int(l.RowStride)} + {Literals.Int(l.Origin)}{part};");
                    }, Add);
                    planes?.Dispose();
                }
                if (perChannel && !samples)
                    total.End();
                writer.Line(!perChannel ? $"*weightGradient = (float){total.OfLanes("sum")};"
                    : samples ? $"weightGradient[task] = (float){total.OfLanes("sum")};"
                    : isa.Store("sum", $"weightGradient + task * {Literals.Int(isa.Lanes)}"));
            }

            void Add()
            {
                writer.Line($"{isa.Type} v = {isa.Load("x + i")};");
                writer.Line($"sum += {isa.Static}.ConditionalSelect({isa.Static}.GreaterThan(v, {isa.Zero}), {isa.Zero}, v * {isa.Load("dy + i")});");
            }
        });
    }

    /// <summary>A loop over all elements but the halo; the body reads and writes at i behind the operands' short names, and takes the slopes' vector.</summary>
    private static void EachElement(SourceWriter writer, VectorIsa isa, bool perChannel, (string Pointer, string Name, Layout Layout)[] operands, string count, Action<string> body)
    {
        Layout layout = operands[operands.Length - 1].Layout;
        if (!perChannel)
            writer.Line($"{isa.Type} slope = {isa.Broadcast("*weight")};");
        using (writer.Block($"for (int n = 0; n < {count}; n++, {string.Join(", ", operands.Select(o => $"{o.Pointer} += {Literals.Int(o.Layout.SampleStride)}"))})"))
        {
            if (layout.Kind == LayoutKind.Rows)
            {
                writer.Line($"float* {string.Join(", ", operands.Select(o => $"{o.Name} = {o.Pointer}"))};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(layout.Size)}; i += {Literals.Int(isa.Lanes)})"))
                    body(perChannel ? isa.Load("weight + i") : "slope");
                return;
            }
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(layout.Planes)}; plane++)"))
            {
                string slope = "slope";
                if (perChannel && layout.Kind == LayoutKind.Samples)
                    writer.Line($"{isa.Type} slope = {isa.Broadcast("weight[plane]")};");
                else if (perChannel)
                    slope = isa.Load(isa.Lanes == Layout.Block ? "weight + plane * 16" : "weight + plane * 16 + (i & 15)");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(layout.Height)}; row++)"))
                {
                    foreach ((string pointer, string name, Layout l) in operands)
                        writer.Line($"float* {name} = {pointer} + plane * {Literals.Int(l.PlaneStride)} + row * {Literals.Int(l.RowStride)} + {Literals.Int(l.Origin)};");
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(layout.Width * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
                        body(slope);
                }
            }
        }
    }
}
