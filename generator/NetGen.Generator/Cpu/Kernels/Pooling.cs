using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Windows over planes of 16 lanes, channels or samples alike. Where no window leaves the image the taps are written out;
/// otherwise the range of taps is clipped to the image, so that padding is never read.
/// </summary>
internal static class Pooling
{
    /// <summary>Windows with more taps than this are loops.</summary>
    private const int MaxUnrolledTaps = 16;

    public static Kernel Forward(string name, string summary, PoolWindows pool, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        string describe = Elementwise.Describe([("input", input)], output);
        return new Kernel(name, summary, describe, [Floats("input"), Floats("output"), CountOf(output)], (writer, isa, names) => Emit(writer, isa, names, part: false))
        {
            Part = output.Kind == LayoutKind.Samples ? null
                : new Kernel(name + "Part", summary, describe + " One sample, divided among workers.", [Floats("input"), Floats("output"), .. Share], (writer, isa, names) => Emit(writer, isa, names, part: true)),
        };

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names, bool part)
        {
            var operands = new[] { ("input", input), ("output", output) };
            if (pool.IsGlobal && pool.Kernel.Area > MaxUnrolledTaps)
            {
                EmitGlobal(writer, isa, names, pool, input, output, part ? null : count, operands);
                return;
            }
            EmitWindows(writer, isa, pool, input, output, part ? null : count, operands, () =>
            {
                string init = pool.IsMax ? isa.Broadcast("float.NegativeInfinity") : isa.Zero;
                if (IsUnrolled(pool))
                {
                    var taps = Taps(pool, input).ToList();
                    writer.Line($"{isa.Type} result = {isa.Load(Literals.Plus("x", taps[0]))};");
                    foreach (long tap in taps.Skip(1))
                        writer.Line(Accumulate(names, pool, "result", isa.Load(Literals.Plus("x", tap))));
                }
                else
                {
                    writer.Line($"{isa.Type} result = {init};");
                    LongSum? total = !pool.IsMax && pool.Kernel.Area > LongSum.MaxTerms ? new LongSum(writer, isa, "result") : null;
                    total?.DeclareTotals();
                    total?.DeclareCount();
                    using (writer.Block("for (int tapRow = firstTapRow; tapRow < endTapRow; tapRow++)"))
                    using (writer.Block("for (int tap = firstTap; tap < endTap; tap++)"))
                    {
                        writer.Line(Accumulate(names, pool, "result", isa.Load($"x + {TapOffset(pool, input)}")));
                        total?.EndRound(1);
                    }
                    total?.EndBlock();
                    total?.End();
                }
                writer.Line(isa.Store(pool.IsMax ? "result" : $"(result * {isa.Broadcast(Scale(pool))})", "y"));
            });
        }
    }

    public static Kernel Gradient(string name, string summary, PoolWindows pool, Layout gradient, Layout? input, Layout? pooled, Layout output,
        (Activation Kind, Layout Layout)? mask)
    {
        // The window writes each input once, so nothing is accumulated.
        bool disjoint = pool.Rows.IsDisjoint && pool.Columns.IsDisjoint;
        bool covers = pool.Rows.Covers && pool.Columns.Covers;
        string count = Elementwise.CountName(output);
        var operands = new List<(string Name, Layout Layout)> { ("outputGradient", gradient) };
        if (pool.IsMax)
        {
            operands.Add(("input", input!));
            operands.Add(("pooled", pooled!));
        }
        else if (mask is not null)
        {
            operands.Add(("saved", mask.Value.Layout));
        }
        KernelParameter[] parameters = [.. operands.Select(o => Floats(o.Name)), Floats("output"), CountOf(output)];
        string fused = mask is null ? "" : $" Derivative of {mask.Value.Kind} fused.";
        return new Kernel(name, summary, Elementwise.Describe(operands, output) + fused, parameters, (writer, isa, names) =>
        {
            // Windows are visited by output pixel: the pool's input is what is written here.
            var strides = operands.Append(("output", output)).ToList();
            using (writer.Block($"for (int n = 0; n < {count}; n++, {string.Join(", ", strides.Select(o => $"{o.Item1} += {Literals.Int(o.Item2.SampleStride)}"))})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            {
                if (!covers)
                {
                    writer.Line("// Windows overlap or leave gaps: start from zero.");
                    using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
                        writer.Line($"new Span<float>(output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)} + {Literals.Int(output.Origin)}, {Literals.Int(output.Width * Layout.Block)}).Clear();");
                }
                using (writer.Block($"for (int row = 0; row < {Literals.Int(gradient.Height)}; row++)"))
                {
                    EmitClip(writer, pool, rows: true);
                    using (writer.Block($"for (int column = 0; column < {Literals.Int(gradient.Width)}; column++)"))
                    {
                        EmitClip(writer, pool, rows: false);
                        string part = isa.Lanes == Layout.Block ? "" : " + part";
                        var scope = isa.Lanes == Layout.Block ? default(SourceWriter.Scope?) : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
                        writer.Line($"float* dx = output + {At(output, pool)}{part};");
                        writer.Line($"{isa.Type} gradient = {isa.Load($"outputGradient + {AtPooled(gradient)}{part}")};");
                        if (pool.IsMax)
                        {
                            writer.Line($"float* x = input + {At(input!, pool)}{part};");
                            writer.Line($"{isa.Type} largest = {isa.Load($"pooled + {AtPooled(pooled!)}{part}")};");
                            if (mask is { } m)
                                writer.Line($"gradient = {m.Kind.ApplyDerivative(isa, names, "gradient", "largest")};");
                            EmitPlaces(writer, isa, pool, input!, "dx", output, (dx, isLeft) =>
                                writer.Line(isa.Store(disjoint && !isLeft ? "(gradient & hit)" : $"({isa.Load(dx)} + (gradient & hit))", dx)));
                        }
                        else
                        {
                            if (mask is not null && disjoint)
                                writer.Line($"float* s = saved + {At(mask.Value.Layout, pool)}{part};");
                            writer.Line($"gradient *= {isa.Broadcast(Scale(pool))};");
                            EmitTaps((offsetS, offsetDx) =>
                            {
                                if (!disjoint)
                                    writer.Line(isa.Store($"({isa.Load(offsetDx)} + gradient)", offsetDx));
                                else if (mask is { } m)
                                    writer.Line(isa.Store($"({m.Kind.ApplyDerivative(isa, names, "gradient", isa.Load(offsetS))})", offsetDx));
                                else
                                    writer.Line(isa.Store("gradient", offsetDx));
                            });
                        }
                        scope?.Dispose();
                    }
                }
                if (mask is { } late && !pool.IsMax && !disjoint)
                {
                    writer.Line($"// Derivative of {late.Kind}, once all windows have added their part.");
                    using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(output.Width * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
                    {
                        writer.Line($"float* dx = output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)} + {Literals.Int(output.Origin)} + i;");
                        writer.Line($"float* s = saved + plane * {Literals.Int(late.Layout.PlaneStride)} + row * {Literals.Int(late.Layout.RowStride)} + {Literals.Int(late.Layout.Origin)} + i;");
                        writer.Line($"{isa.Type} gradient = {isa.Load("dx")}, value = {isa.Load("s")};");
                        writer.Line(isa.Store($"({late.Kind.ApplyDerivative(isa, names, "gradient", "value")})", "dx"));
                    }
                }
            }

            void EmitTaps(Action<string, string> emitTap) => Pooling.EmitTaps(writer, pool, "s", mask?.Layout ?? output, "dx", output, emitTap);
        });
    }

    /// <summary>
    /// Writes what finds the place of a window's maximum again, as PyTorch has it: the first of equal maxima, and of NaNs the last. Declares
    /// <c>open</c>, the lanes whose place has not been found; a NaN equals nothing, so that after all taps these are the lanes that have one.
    /// </summary>
    /// <param name="input">Layout of the pool's input, whose window begins at the variable <c>x</c>; its maximum is <c>largest</c>.</param>
    /// <param name="pointer">The variable that points to the same window in a value of layout <paramref name="pointed"/>.</param>
    /// <param name="emitHit">Writes what happens at an element, in the lanes that <c>hit</c> selects: takes its address, and whether the lanes are those that were left.</param>
    public static void EmitPlaces(SourceWriter writer, VectorIsa isa, PoolWindows pool, Layout input, string pointer, Layout pointed, Action<string, bool> emitHit)
    {
        writer.Line("// The first of equal maxima, as in PyTorch.");
        writer.Line($"{isa.Type} open = {isa.Static}<float>.AllBitsSet;");
        EmitTaps(writer, pool, "x", input, pointer, pointed, (x, address) =>
        {
            writer.Line($"{isa.Type} hit = {isa.Static}.Equals({isa.Load(x)}, largest) & open;");
            emitHit(address, false);
            writer.Line($"open = {isa.Static}.AndNot(open, hit);");
        });
        using (writer.Block($"if (open.AsInt32() != {isa.Static}<int>.Zero)"))
        {
            bool unrolled = IsUnrolled(pool);
            writer.Line("// The last of NaNs.");
            using (writer.Block($"for (int tapRow = {(unrolled ? Literals.Int(pool.Kernel.Height - 1) : "endTapRow - 1")}; tapRow >= {(unrolled ? "0" : "firstTapRow")}; tapRow--)"))
            using (writer.Block($"for (int tap = {(unrolled ? Literals.Int(pool.Kernel.Width - 1) : "endTap - 1")}; tap >= {(unrolled ? "0" : "firstTap")}; tap--)"))
            {
                writer.Line($"{isa.Type} v = {isa.Load($"x + {TapOffset(pool, input)}")}, hit = {isa.Static}.AndNot(open, {isa.Static}.Equals(v, v));");
                emitHit($"{pointer} + {TapOffset(pool, pointed)}", true);
                writer.Line($"open = {isa.Static}.AndNot(open, hit);");
            }
        }
    }

    /// <summary>Writes the elements of a window, each in a scope of its own or in loops: takes their addresses in two values of the pool's input's shape.</summary>
    private static void EmitTaps(SourceWriter writer, PoolWindows pool, string first, Layout firstLayout, string second, Layout secondLayout, Action<string, string> emitTap)
    {
        if (IsUnrolled(pool))
        {
            foreach ((long offset, long secondOffset) in Taps(pool, firstLayout).Zip(Taps(pool, secondLayout), (a, b) => (a, b)))
            {
                using (writer.Block())
                    emitTap(Literals.Plus(first, offset), Literals.Plus(second, secondOffset));
            }
            return;
        }
        using (writer.Block("for (int tapRow = firstTapRow; tapRow < endTapRow; tapRow++)"))
        using (writer.Block("for (int tap = firstTap; tap < endTap; tap++)"))
            emitTap($"{first} + {TapOffset(pool, firstLayout)}", $"{second} + {TapOffset(pool, secondLayout)}");
    }

    /// <summary>The first element of the window (row, column) in a value of the pool's input's shape.</summary>
    public static string At(Layout layout, PoolWindows pool)
        => Literals.Plus($"plane * {Literals.Int(layout.PlaneStride)}{pool.Rows.Offset("row", layout.RowStride)}{pool.Columns.Offset("column", Layout.Block)}", layout.Origin);

    /// <summary>The window (row, column) in a value of the pool's output's shape.</summary>
    public static string AtPooled(Layout layout)
        => Literals.Plus($"plane * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)} + column * 16", layout.Origin);

    /// <summary>One window that is the whole plane: four accumulators, so that additions do not wait for one another.</summary>
    /// <param name="count">Variable with the number of samples; null for a worker's share of one.</param>
    private static void EmitGlobal(SourceWriter writer, VectorIsa isa, KernelNames names, PoolWindows pool, Layout input, Layout output, string? count,
        IReadOnlyList<(string Name, Layout Layout)> operands)
    {
        const int Accumulators = 4;
        int parts = Layout.Block / isa.Lanes, pixels = Math.Max(1, Accumulators / parts);
        int sums = parts * pixels;
        // Rows without a halo between them are one run.
        int rows = input.HasHalo ? input.Height : 1, run = input.HasHalo ? input.Width : input.Height * input.Width;
        string init = pool.IsMax ? isa.Broadcast("float.NegativeInfinity") : isa.Zero;
        using (count is null ? (SourceWriter.Scope?)null : writer.Block($"for (int n = 0; n < {count}; n++, {Advance(operands)})"))
        using (writer.Block(count is null ? TaskShare.Loop(output.Planes, "plane") : $"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
        {
            writer.Line("// The window is the whole plane; several accumulators, so that none waits for the last addition.");
            writer.Line($"{isa.Type} {string.Join(", ", Enumerable.Range(0, sums).Select(i => $"result{Literals.Int(i)} = {init}"))};");
            writer.Line($"float* x = input + plane * {Literals.Int(input.PlaneStride)} + {Literals.Int(input.Origin)};");
            int steps = run / pixels;
            LongSum? total = !pool.IsMax && (long)rows * (steps + 1) > LongSum.MaxTerms
                ? new LongSum(writer, isa, Enumerable.Range(0, sums).Select(i => "result" + Literals.Int(i)).ToArray()) : null;
            total?.DeclareTotals();
            total?.DeclareCount();
            string loop = $"for (int step = 0; step < {Literals.Int(steps)}; step++, x += {Literals.Int(pixels * Layout.Block)})";
            if (rows > 1)
            {
                int skip = input.RowStride - steps * pixels * Layout.Block;
                using (writer.Block($"for (int row = 0; row < {Literals.Int(rows)}; row++, x += {Literals.Int(skip)})"))
                    EmitRun();
            }
            else
            {
                EmitRun();
            }
            total?.EndBlock();
            total?.End();
            for (int distance = pixels / 2; distance >= 1; distance /= 2)
            {
                for (int i = 0; i < distance * parts; i++)
                    writer.Line(Accumulate(names, pool, $"result{Literals.Int(i)}", $"result{Literals.Int(i + distance * parts)}"));
            }
            writer.Line($"float* y = output + plane * {Literals.Int(output.PlaneStride)} + {Literals.Int(output.Origin)};");
            for (int part = 0; part < parts; part++)
            {
                string result = $"result{Literals.Int(part)}";
                writer.Line(isa.Store(pool.IsMax ? result : $"({result} * {isa.Broadcast(Scale(pool))})", Literals.Plus("y", part * isa.Lanes)));
            }

            void EmitRun()
            {
                if (steps > 0)
                {
                    using (writer.Block(loop))
                    {
                        EmitPixels(pixels);
                        total?.EndRound(1);
                    }
                }
                // What is left of the row.
                EmitPixels(run % pixels);
            }
        }

        void EmitPixels(int number)
        {
            for (int i = 0; i < number * parts; i++)
                writer.Line(Accumulate(names, pool, $"result{Literals.Int(i)}", isa.Load(Literals.Plus("x", i * isa.Lanes))));
        }
    }

    /// <param name="count">Variable with the number of samples; null for a worker's share of one.</param>
    private static void EmitWindows(SourceWriter writer, VectorIsa isa, PoolWindows pool, Layout input, Layout output, string? count,
        IReadOnlyList<(string Name, Layout Layout)> operands, Action emitWindow)
    {
        bool part = count is null;
        using (part ? (SourceWriter.Scope?)null : writer.Block($"for (int n = 0; n < {count}; n++, {Advance(operands)})"))
        using (part ? (SourceWriter.Scope?)null : writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
        using (writer.Block(part ? TaskShare.Loop(output.Planes * output.Height, "task") : $"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
        {
            if (part)
                writer.Line($"int plane = task / {Literals.Int(output.Height)}, row = task % {Literals.Int(output.Height)};");
            EmitClip(writer, pool, rows: true);
            writer.Line($"float* x = {Literals.Plus($"input + plane * {Literals.Int(input.PlaneStride)}{pool.Rows.Offset("row", input.RowStride)}", input.Origin - pool.Columns.Padding * Layout.Block)};");
            writer.Line($"float* y = {Literals.Plus($"output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)}", output.Origin)};");
            if (isa.Lanes == Layout.Block)
            {
                string step = pool.Columns.Stride == 0 ? "" : $", x += {Literals.Int(pool.Columns.Stride * Layout.Block)}";
                using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++{step}, y += 16)"))
                {
                    EmitClip(writer, pool, rows: false);
                    emitWindow();
                }
            }
            else
            {
                using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, x += {Literals.Int((pool.Columns.Stride - 1) * Layout.Block)})"))
                {
                    EmitClip(writer, pool, rows: false);
                    writer.Line($"// {Literals.Int(isa.Lanes)} of the 16 lanes at a time.");
                    using (writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)}, x += {Literals.Int(isa.Lanes)}, y += {Literals.Int(isa.Lanes)})"))
                        emitWindow();
                }
            }
        }
    }

    /// <summary>First and end tap inside the image, and the taps that count for the average; nothing where all taps are written out.</summary>
    public static void EmitClip(SourceWriter writer, PoolWindows pool, bool rows)
    {
        if (IsUnrolled(pool))
            return;
        string position = rows ? "row" : "column", tap = rows ? "TapRow" : "Tap";
        PoolAxis axis = rows ? pool.Rows : pool.Columns;
        (string first, string end) = axis.Range(position);
        writer.Line($"{(axis.IsInterior ? "const " : "")}int first{tap} = {first}, end{tap} = {end};");
        if (!pool.IsMax && pool.Divisor is null && !IsInterior(pool))
            writer.Line($"{(axis.IsInterior ? "const " : "")}int counted{tap}s = {axis.Counted(position, pool.CountIncludePad, $"end{tap} - first{tap}")};");
    }

    /// <summary>The element of the window at (tapRow, tap), from the window's start.</summary>
    public static string TapOffset(PoolWindows pool, Layout layout)
        => $"tapRow * {Literals.Int((long)pool.Rows.Dilation * layout.RowStride)} + tap * {Literals.Int((long)pool.Columns.Dilation * Layout.Block)}";

    /// <summary>The offsets of all elements of a window.</summary>
    public static IEnumerable<long> Taps(PoolWindows pool, Layout layout)
    {
        for (int row = 0; row < pool.Kernel.Height; row++)
        {
            for (int column = 0; column < pool.Kernel.Width; column++)
                yield return (long)row * pool.Rows.Dilation * layout.RowStride + (long)column * pool.Columns.Dilation * Layout.Block;
        }
    }

    private static string Accumulate(KernelNames names, PoolWindows pool, string result, string element)
        => pool.IsMax ? $"{result} = {names.Math(LargerFunction.OfTwo)}({result}, {element});" : $"{result} += {element};";

    private static string Advance(IReadOnlyList<(string Name, Layout Layout)> operands)
        => string.Join(", ", operands.Select(o => $"{o.Name} += {Literals.Int(o.Layout.SampleStride)}"));

    /// <summary>What the sum over a window is multiplied with.</summary>
    private static string Scale(PoolWindows pool)
        => pool.Divisor is int divisor ? $"1f / {Literals.Int(divisor)}"
            : IsInterior(pool) ? $"1f / {Literals.Int(pool.Kernel.Area)}"
            : "1f / (countedTapRows * countedTaps)";

    public static bool IsUnrolled(PoolWindows pool) => IsInterior(pool) && pool.Kernel.Area <= MaxUnrolledTaps;

    private static bool IsInterior(PoolWindows pool) => pool.Rows.IsInterior && pool.Columns.IsInterior;
}
