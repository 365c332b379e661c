using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Maximum or average over windows.</summary>
internal sealed class PoolForward(string name, string summary, PoolWindows pool, Layout input, Layout output)
{
    /// <summary>Sums of a window that is the whole plane: so many that additions do not wait for one another.</summary>
    private const int Accumulators = 4;

    public Kernel Create()
    {
        string remarks = Elementwise.Describe([("input", input)], output);
        return new Kernel(name, summary, remarks, [Floats("input"), Floats("output"), CountOf(output)],
            (writer, isa, names) => Emit(writer, isa, names, isPart: false))
        {
            Part = output.Kind == LayoutKind.Samples ? null : new Kernel(
                name + "Part", summary, remarks + " One sample, divided among workers.",
                [Floats("input"), Floats("output"), .. Share], (writer, isa, names) => Emit(writer, isa, names, isPart: true)),
        };
    }

    /// <param name="isPart">One worker's share of a sample.</param>
    private void Emit(SourceWriter writer, VectorIsa isa, KernelNames names, bool isPart)
    {
        using var loops = new BlockStack(writer);
        if (!isPart)
        {
            string advance = $"input += {Literals.Int(input.SampleStride)}, output += {Literals.Int(output.SampleStride)}";
            loops.Open($"for (int n = 0; n < {CountOf(output).Name}; n++, {advance})");
        }
        string planes = $"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)";
        if (pool.IsGlobal && pool.Kernel.Area > PoolWindowText.MaxUnrolledTaps)
        {
            loops.Open(isPart ? TaskShare.Loop(output.Planes, "plane") : planes);
            EmitPlane(writer, isa, names);
            return;
        }
        if (isPart)
        {
            string height = Literals.Int(output.Height);
            loops.Open(TaskShare.Loop(output.Planes * output.Height, "task"));
            writer.Line($"int plane = task / {height}, row = task % {height};");
        }
        else
        {
            loops.Open(planes);
            loops.Open($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)");
        }
        EmitRow(writer, isa, names);
    }

    /// <summary>The windows of a row.</summary>
    private void EmitRow(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        PoolWindowText.EmitClip(writer, pool, rows: true);
        string first = $"input + plane * {Literals.Int(input.PlaneStride)}{pool.Rows.Offset("row", input.RowStride)}";
        string result = $"output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)}";
        writer.Line($"float* x = {Literals.Plus(first, input.Origin - pool.Columns.Padding * Layout.Block)};");
        writer.Line($"float* y = {Literals.Plus(result, output.Origin)};");
        string columns = $"for (int column = 0; column < {Literals.Int(output.Width)}; column++";
        if (isa.Lanes == Layout.Block)
        {
            string step = pool.Columns.Stride == 0 ? "" : $", x += {Literals.Int(pool.Columns.Stride * Layout.Block)}";
            using (writer.Block($"{columns}{step}, y += 16)"))
            {
                PoolWindowText.EmitClip(writer, pool, rows: false);
                EmitWindow(writer, isa, names);
            }
            return;
        }
        using (writer.Block($"{columns}, x += {Literals.Int((pool.Columns.Stride - 1) * Layout.Block)})"))
        {
            string lanes = Literals.Int(isa.Lanes);
            PoolWindowText.EmitClip(writer, pool, rows: false);
            writer.Line($"// {lanes} of the 16 lanes at a time.");
            using (writer.Block($"for (int part = 0; part < 16; part += {lanes}, x += {lanes}, y += {lanes})"))
                EmitWindow(writer, isa, names);
        }
    }

    private void EmitWindow(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (pool.IsUnrolled)
        {
            List<long> taps = pool.Taps(input).ToList();
            writer.Line($"{isa.Type} result = {isa.Load(Literals.Plus("x", taps[0]))};");
            foreach (long tap in taps.Skip(1))
                Accumulate(writer, names, "result", isa.Load(Literals.Plus("x", tap)));
        }
        else
        {
            writer.Line($"{isa.Type} result = {Start(isa)};");
            LongSum? total = !pool.IsMax && pool.Kernel.Area > LongSum.MaxTerms ? new LongSum(writer, isa, "result") : null;
            total?.DeclareTotals();
            total?.DeclareCount();
            using (PoolWindowText.OpenTaps(writer))
            {
                Accumulate(writer, names, "result", isa.Load($"x + {pool.TapOffset(input)}"));
                total?.EndRound(1);
            }
            total?.EndBlock();
            total?.End();
        }
        Store(writer, isa, "result", "y");
    }

    /// <summary>One window that is the whole plane.</summary>
    private void EmitPlane(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int parts = Layout.Block / isa.Lanes, pixels = Math.Max(1, Accumulators / parts);
        // Rows without a halo between them are one run.
        int rows = input.HasHalo ? input.Height : 1, run = input.HasHalo ? input.Width : input.Height * input.Width, steps = run / pixels;
        string[] sums = Enumerable.Range(0, parts * pixels).Select(i => "result" + Literals.Int(i)).ToArray();
        writer.Line("// The window is the whole plane; several accumulators, so that none waits for the last addition.");
        writer.Line($"{isa.Type} {string.Join(", ", sums.Select(sum => $"{sum} = {Start(isa)}"))};");
        writer.Line($"float* x = input + plane * {Literals.Int(input.PlaneStride)} + {Literals.Int(input.Origin)};");
        LongSum? total = !pool.IsMax && (long)rows * (steps + 1) > LongSum.MaxTerms ? new LongSum(writer, isa, sums) : null;
        total?.DeclareTotals();
        total?.DeclareCount();
        int skip = input.RowStride - steps * pixels * Layout.Block;
        using (var loop = new BlockStack(writer))
        {
            if (rows > 1)
                loop.Open($"for (int row = 0; row < {Literals.Int(rows)}; row++, x += {Literals.Int(skip)})");
            EmitRun();
        }
        total?.EndBlock();
        total?.End();
        for (int distance = pixels / 2; distance >= 1; distance /= 2)
        {
            for (int i = 0; i < distance * parts; i++)
                Accumulate(writer, names, sums[i], sums[i + distance * parts]);
        }
        writer.Line($"float* y = output + plane * {Literals.Int(output.PlaneStride)} + {Literals.Int(output.Origin)};");
        for (int part = 0; part < parts; part++)
            Store(writer, isa, sums[part], Literals.Plus("y", part * isa.Lanes));

        void EmitRun()
        {
            if (steps > 0)
            {
                using (writer.Block($"for (int step = 0; step < {Literals.Int(steps)}; "
                    + $"step++, x += {Literals.Int(pixels * Layout.Block)})"))
                {
                    EmitPixels(pixels);
                    total?.EndRound(1);
                }
            }
            // What is left of the row.
            EmitPixels(run % pixels);
        }

        void EmitPixels(int number)
        {
            for (int i = 0; i < number * parts; i++)
                Accumulate(writer, names, sums[i], isa.Load(Literals.Plus("x", i * isa.Lanes)));
        }
    }

    private string Start(VectorIsa isa) => pool.IsMax ? isa.Broadcast("float.NegativeInfinity") : isa.Zero;

    private void Accumulate(SourceWriter writer, KernelNames names, string result, string element)
        => writer.Line(pool.IsMax ? $"{result} = {names.Math(LargerFunction.OfTwo)}({result}, {element});" : $"{result} += {element};");

    private void Store(SourceWriter writer, VectorIsa isa, string result, string address)
        => writer.Line(isa.Store(pool.IsMax ? result : $"({result} * {isa.Broadcast(pool.Scale)})", address));
}
