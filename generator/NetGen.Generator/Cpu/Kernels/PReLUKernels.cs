using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>x above zero and slope · x below, with slopes that are parameters.</summary>
internal static class PReLUKernels
{
    public static Kernel Forward(string name, string summary, bool perChannel, Layout input, Layout output)
        => new(name, summary, Elementwise.Describe([("input", input)], output),
            [Floats("input"), Floats("weight"), Floats("output"), CountOf(output)], (writer, isa, names) =>
            EachElement(writer, isa, perChannel, [("input", "x", input), ("output", "y", output)], slope =>
            {
                var code = new VectorCode(isa, names);
                writer.Line($"{isa.Type} v = {isa.Load("x + i")};");
                writer.Line(isa.Store(code.Text(PReLUFunction.Apply(ElementValue.Named("v"), ElementValue.Named(slope))), "y + i"));
            }));

    public static Kernel InputGradient(string name, string summary, bool perChannel, Layout gradient, Layout input, Layout output)
        => new(name, summary, Elementwise.Describe([("outputGradient", gradient), ("input", input)], output),
            [Floats("outputGradient"), Floats("input"), Floats("weight"), Floats("output"), CountOf(output)], (writer, isa, names) =>
        {
            (string, string, Layout)[] operands = [("outputGradient", "dy", gradient), ("input", "x", input), ("output", "dx", output)];
            EachElement(writer, isa, perChannel, operands, slope =>
            {
                var code = new VectorCode(isa, names);
                writer.Line($"{isa.Type} gradient = {isa.Load("dy + i")};");
                ElementValue dx = PReLUFunction.Derivative(ElementValue.Named("gradient"), code.Load("x + i"), ElementValue.Named(slope));
                writer.Line(isa.Store(code.Text(dx), "dx + i"));
            });
        });

    /// <summary>
    /// Σ x dy where x is not above zero: a sum for each channel, or one that a single worker computes, so that it has the same bits at
    /// every thread count.
    /// </summary>
    public static Kernel WeightGradient(string name, string summary, bool perChannel, Layout gradient, Layout input)
    {
        string layouts = Elementwise.Describe([("outputGradient", gradient)], input);
        KernelParameter[] parameters = [Floats("outputGradient"), Floats("input"), Floats("weightGradient"), CountOf(input), .. Share];
        return new Kernel(name, summary, $"Σ x dy where x ≤ 0. {layouts}", parameters, (writer, isa, names) =>
        {
            bool samples = input.Kind == LayoutKind.Samples;
            int vectors = Layout.RoundUp(input.Channels) / isa.Lanes;
            writer.Line(TaskShare.Loop(!perChannel ? 1 : samples ? input.Channels : vectors, "task"));
            using (writer.Block())
            {
                var total = new LongSum(writer, isa, "sum");
                total.Declare();
                if (input.Kind == LayoutKind.Rows)
                    SumRows(writer, isa, total, perChannel, gradient, input, Add);
                else
                    SumPlanes(writer, isa, total, perChannel, gradient, input, Add);
                if (perChannel && !samples)
                    total.End();
                writer.Line(!perChannel ? $"*weightGradient = (float){total.OfLanes("sum")};"
                    : samples ? $"weightGradient[task] = (float){total.OfLanes("sum")};"
                    : isa.Store("sum", $"weightGradient + task * {Literals.Int(isa.Lanes)}"));
            }

            void Add()
            {
                var code = new VectorCode(isa, names);
                writer.Line($"{isa.Type} v = {isa.Load("x + i")};");
                writer.Line($"sum += {code.Text(PReLUFunction.SlopeDerivative(code.Load("dy + i"), ElementValue.Named("v")))};");
            }
        });
    }

    /// <summary>A sample is a row, or a vector of it.</summary>
    private static void SumRows(
        SourceWriter writer, VectorIsa isa, LongSum total, bool perChannel, Layout gradient, Layout input, Action add)
    {
        string pointers = $"float* dy = outputGradient + {Sample(gradient)}, x = input + {Sample(input)};";
        if (!perChannel)
        {
            int padded = Layout.RoundUp(input.Channels);
            total.EachPixel(Elementwise.CountName(input), 1, padded, isa.Lanes, sample: null, () => writer.Line(pointers), add);
            return;
        }
        writer.Line($"int i = task * {Literals.Int(isa.Lanes)};");
        total.EachSample(Elementwise.CountName(input), () =>
        {
            writer.Line(pointers);
            add();
        });
    }

    /// <summary>Sample lanes: a plane is a channel. Channel lanes: a vector is a part of a plane, or all of it.</summary>
    private static void SumPlanes(
        SourceWriter writer, VectorIsa isa, LongSum total, bool perChannel, Layout gradient, Layout input, Action add)
    {
        bool channelLanes = perChannel && input.Kind != LayoutKind.Samples, isPart = channelLanes && isa.Lanes < Layout.Block;
        string parts = Literals.Int(Layout.Block / isa.Lanes);
        string plane = !perChannel ? "plane" : isPart ? $"task / {parts}" : "task";
        string part = isPart ? $" + task % {parts} * {Literals.Int(isa.Lanes)}" : "";
        int step = channelLanes ? Layout.Block : isa.Lanes;
        string planes = $"for (int plane = 0; plane < {Literals.Int(input.Planes)}; plane++)";
        using (perChannel ? default(SourceWriter.Scope?) : writer.Block(planes))
        {
            total.EachPixel(Elementwise.CountName(input), input.Height, input.Width * Layout.Block, step, sample: null, () =>
            {
                (string, string, Layout)[] operands = [("dy", "outputGradient", gradient), ("x", "input", input)];
                foreach ((string pointer, string tensor, Layout layout) in operands)
                {
                    string row = $"{plane} * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)}";
                    writer.Line($"float* {pointer} = {tensor} + {Sample(layout)} + {row} + {Literals.Int(layout.Origin)}{part};");
                }
            }, add);
        }
    }

    private static string Sample(Layout layout) => $"n * (long){Literals.Int(layout.SampleStride)}";

    /// <summary>
    /// A loop over all elements but the halo; the body reads and writes at i behind the operands' short names, and takes the slopes'
    /// vector.
    /// </summary>
    private static void EachElement(
        SourceWriter writer, VectorIsa isa, bool perChannel, (string Pointer, string Name, Layout Layout)[] operands, Action<string> body)
    {
        Layout layout = operands[operands.Length - 1].Layout;
        if (!perChannel)
            writer.Line($"{isa.Type} slope = {isa.Broadcast("*weight")};");
        string advance = string.Join(", ", operands.Select(o => $"{o.Pointer} += {Literals.Int(o.Layout.SampleStride)}"));
        using (writer.Block($"for (int n = 0; n < {Elementwise.CountName(layout)}; n++, {advance})"))
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
                    EmitRow(writer, isa, operands, layout, () => body(slope));
            }
        }
    }

    private static void EmitRow(
        SourceWriter writer, VectorIsa isa, (string Pointer, string Name, Layout Layout)[] operands, Layout layout, Action body)
    {
        foreach ((string pointer, string name, Layout l) in operands)
        {
            string row = $"plane * {Literals.Int(l.PlaneStride)} + row * {Literals.Int(l.RowStride)}";
            writer.Line($"float* {name} = {pointer} + {row} + {Literals.Int(l.Origin)};");
        }
        using (writer.Block($"for (int i = 0; i < {Literals.Int(layout.Width * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
            body();
    }
}
