using NetGen.Generator.Emit;
using NetGen.Generator.Layers;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>
/// Windows over planes of 16 lanes, channels or samples alike. Where no window leaves the image the taps are written out;
/// otherwise the range of taps is clipped to the image, so that padding is never read.
/// </summary>
internal static class Pooling
{
    /// <summary>Windows with more taps than this are loops.</summary>
    private const int MaxUnrolledTaps = 16;

    public static Kernel Forward(string name, string summary, PoolNode pool, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("input", input)], output), $"float* input, float* output, int {count}", (writer, isa, names) =>
        {
            EmitWindows(writer, isa, pool, input, output, count, [("input", input), ("output", output)], () =>
            {
                string init = pool.IsMax ? isa.Broadcast("float.NegativeInfinity") : isa.Zero;
                if (IsInterior(pool, input, output) && pool.Kernel.Area <= MaxUnrolledTaps)
                {
                    var taps = Taps(pool, input).ToList();
                    writer.Line($"{isa.Type} result = {isa.Load(Literals.Plus("x", taps[0]))};");
                    foreach (long tap in taps.Skip(1))
                        writer.Line(pool.IsMax ? $"result = {names.Math(VectorFunction.Larger)}(result, {isa.Load(Literals.Plus("x", tap))});" : $"result += {isa.Load(Literals.Plus("x", tap))};");
                }
                else
                {
                    writer.Line($"{isa.Type} result = {init};");
                    using (writer.Block("for (int tapRow = firstTapRow; tapRow < endTapRow; tapRow++)"))
                    using (writer.Block("for (int tap = firstTap; tap < endTap; tap++)"))
                    {
                        string load = isa.Load($"x + tapRow * {Literals.Int(input.RowStride)} + tap * 16");
                        writer.Line(pool.IsMax ? $"result = {names.Math(VectorFunction.Larger)}(result, {load});" : $"result += {load};");
                    }
                }
                writer.Line(isa.Store(pool.IsMax ? "result" : $"(result * {isa.Broadcast(Divisor(pool, input, output))})", "y"));
            });
        });
    }

    public static Kernel Gradient(string name, string summary, PoolNode pool, Layout gradient, Layout? input, Layout? pooled, Layout output,
        (ActivationKind Kind, Layout Layout)? mask)
    {
        // The window writes each input once, so nothing is accumulated.
        bool disjoint = pool.Stride.Height >= pool.Kernel.Height && pool.Stride.Width >= pool.Kernel.Width;
        bool covers = pool.Stride == pool.Kernel && pool.Padding == Pair.Both(0)
            && gradient.Height * pool.Stride.Height == output.Height && gradient.Width * pool.Stride.Width == output.Width;
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
        string parameters = string.Join("", operands.Select(o => $"float* {o.Name}, ")) + $"float* output, int {count}";
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
                    EmitClip(writer, pool, output, gradient, rows: true);
                    using (writer.Block($"for (int column = 0; column < {Literals.Int(gradient.Width)}; column++)"))
                    {
                        EmitClip(writer, pool, output, gradient, rows: false);
                        string part = isa.Lanes == Layout.Block ? "" : " + part";
                        var scope = isa.Lanes == Layout.Block ? default(SourceWriter.Scope?) : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
                        writer.Line($"float* dx = output + {At(output, pool)}{part};");
                        writer.Line($"{isa.Type} gradient = {isa.Load($"outputGradient + {AtPooled(gradient)}{part}")};");
                        if (pool.IsMax)
                        {
                            writer.Line($"float* x = input + {At(input!, pool)}{part};");
                            writer.Line($"{isa.Type} largest = {isa.Load($"pooled + {AtPooled(pooled!)}{part}")};");
                            if (mask is { } m)
                                writer.Line($"gradient = {Epilogue.ApplyDerivative(isa, names, m.Kind, "gradient", "largest")};");
                            writer.Line("// The first of equal maxima receives the gradient, as in PyTorch.");
                            writer.Line($"{isa.Type} open = {isa.Static}<float>.AllBitsSet;");
                            EmitTaps((offsetX, offsetDx) =>
                            {
                                writer.Line($"{isa.Type} hit = {isa.Static}.Equals({isa.Load(offsetX)}, largest) & open;");
                                writer.Line(isa.Store(disjoint ? "(gradient & hit)" : $"({isa.Load(offsetDx)} + (gradient & hit))", offsetDx));
                                writer.Line($"open = {isa.Static}.AndNot(open, hit);");
                            });
                        }
                        else
                        {
                            if (mask is not null && disjoint)
                                writer.Line($"float* s = saved + {At(mask.Value.Layout, pool)}{part};");
                            writer.Line($"gradient *= {isa.Broadcast(Divisor(pool, output, gradient))};");
                            EmitTaps((offsetX, offsetDx) =>
                            {
                                if (!disjoint)
                                    writer.Line(isa.Store($"({isa.Load(offsetDx)} + gradient)", offsetDx));
                                else if (mask is { } m)
                                    writer.Line(isa.Store($"({Epilogue.ApplyDerivative(isa, names, m.Kind, "gradient", isa.Load(offsetX))})", offsetDx));
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
                        writer.Line(isa.Store($"({Epilogue.ApplyDerivative(isa, names, late.Kind, "gradient", "value")})", "dx"));
                    }
                }
            }

            void EmitTaps(Action<string, string> emitTap)
            {
                Layout other = pool.IsMax ? input! : mask?.Layout ?? output;
                string otherName = pool.IsMax ? "x" : "s";
                if (IsInterior(pool, output, gradient) && pool.Kernel.Area <= MaxUnrolledTaps)
                {
                    for (int r = 0; r < pool.Kernel.Height; r++)
                    {
                        for (int c = 0; c < pool.Kernel.Width; c++)
                        {
                            using (writer.Block())
                                emitTap(Literals.Plus(otherName, r * other.RowStride + c * Layout.Block), Literals.Plus("dx", r * output.RowStride + c * Layout.Block));
                        }
                    }
                    return;
                }
                using (writer.Block("for (int tapRow = firstTapRow; tapRow < endTapRow; tapRow++)"))
                using (writer.Block("for (int tap = firstTap; tap < endTap; tap++)"))
                    emitTap($"{otherName} + tapRow * {Literals.Int(other.RowStride)} + tap * 16", $"dx + tapRow * {Literals.Int(output.RowStride)} + tap * 16");
            }
        });

        static string At(Layout layout, PoolNode pool)
            => $"plane * {Literals.Int(layout.PlaneStride)} + (row * {Literals.Int(pool.Stride.Height)} - {Literals.Int(pool.Padding.Height)}) * {Literals.Int(layout.RowStride)} + (column * {Literals.Int(pool.Stride.Width)} - {Literals.Int(pool.Padding.Width)}) * 16 + {Literals.Int(layout.Origin)}";

        static string AtPooled(Layout layout)
            => $"plane * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)} + column * 16 + {Literals.Int(layout.Origin)}";
    }

    private static void EmitWindows(SourceWriter writer, VectorIsa isa, PoolNode pool, Layout input, Layout output, string count,
        IReadOnlyList<(string Name, Layout Layout)> operands, Action emitWindow)
    {
        using (writer.Block($"for (int n = 0; n < {count}; n++, {string.Join(", ", operands.Select(o => $"{o.Name} += {Literals.Int(o.Layout.SampleStride)}"))})"))
        using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
        using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
        {
            EmitClip(writer, pool, input, output, rows: true);
            writer.Line($"float* x = input + plane * {Literals.Int(input.PlaneStride)} + (row * {Literals.Int(pool.Stride.Height)} - {Literals.Int(pool.Padding.Height)}) * {Literals.Int(input.RowStride)} + {Literals.Int(input.Origin - pool.Padding.Width * Layout.Block)};");
            writer.Line($"float* y = output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)} + {Literals.Int(output.Origin)};");
            if (isa.Lanes == Layout.Block)
            {
                using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, x += {Literals.Int(pool.Stride.Width * Layout.Block)}, y += 16)"))
                {
                    EmitClip(writer, pool, input, output, rows: false);
                    emitWindow();
                }
            }
            else
            {
                using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, x += {Literals.Int((pool.Stride.Width - 1) * Layout.Block)})"))
                {
                    EmitClip(writer, pool, input, output, rows: false);
                    writer.Line($"// {Literals.Int(isa.Lanes)} of the 16 lanes at a time.");
                    using (writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)}, x += {Literals.Int(isa.Lanes)}, y += {Literals.Int(isa.Lanes)})"))
                        emitWindow();
                }
            }
        }
    }

    /// <summary>First and end tap inside the image, and the taps that count for the average; nothing where all taps are written out.</summary>
    private static void EmitClip(SourceWriter writer, PoolNode pool, Layout image, Layout pooled, bool rows)
    {
        bool interior = IsInterior(pool, image, pooled);
        if (interior && pool.Kernel.Area <= MaxUnrolledTaps)
            return;
        string position = rows ? "row" : "column", tap = rows ? "TapRow" : "Tap";
        int kernel = rows ? pool.Kernel.Height : pool.Kernel.Width, stride = rows ? pool.Stride.Height : pool.Stride.Width;
        int padding = rows ? pool.Padding.Height : pool.Padding.Width, size = rows ? image.Height : image.Width;
        string start = Literals.Plus($"{position} * {Literals.Int(stride)}", -padding);
        if (interior)
            writer.Line($"const int first{tap} = 0, end{tap} = {Literals.Int(kernel)};");
        else
            writer.Line($"int first{tap} = Math.Max(0, -({start})), end{tap} = Math.Min({Literals.Int(kernel)}, {Literals.Int(size)} - ({start}));");
        if (!pool.IsMax && !interior)
        {
            writer.Line(pool.CountIncludePad
                ? $"int counted{tap}s = Math.Min({Literals.Int(kernel)}, {Literals.Int(size + padding)} - ({start}));"
                : $"int counted{tap}s = end{tap} - first{tap};");
        }
    }

    private static string Divisor(PoolNode pool, Layout input, Layout output)
        => IsInterior(pool, input, output) ? $"1f / {Literals.Int(pool.Kernel.Area)}" : "1f / (countedTapRows * countedTaps)";

    private static IEnumerable<long> Taps(PoolNode pool, Layout input)
    {
        for (int row = 0; row < pool.Kernel.Height; row++)
        {
            for (int column = 0; column < pool.Kernel.Width; column++)
                yield return row * input.RowStride + column * Layout.Block;
        }
    }

    private static bool IsInterior(PoolNode pool, Layout input, Layout output)
        => IsInterior(pool.Kernel.Height, pool.Stride.Height, pool.Padding.Height, input.Height, output.Height)
            && IsInterior(pool.Kernel.Width, pool.Stride.Width, pool.Padding.Width, input.Width, output.Width);

    private static bool IsInterior(int kernel, int stride, int padding, int size, int outputs)
        => padding == 0 && (outputs - 1) * stride + kernel <= size;
}
