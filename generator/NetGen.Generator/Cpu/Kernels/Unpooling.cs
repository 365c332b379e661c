using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Values to where the maxima of a pool came from, and their gradients back from there. The place of a maximum is found again by comparing
/// the pool's input with its output, as the pool's own gradient does.
/// </summary>
internal static class Unpooling
{
    public static Kernel Forward(string name, string summary, PoolWindows pool, Layout values, Layout input, Layout pooled, Layout output)
    {
        // The window writes each pixel once, so nothing that is there must be kept.
        bool disjoint = pool.IsDisjoint;
        (string, Layout)[] operands = [("values", values), ("input", input), ("pooled", pooled)];
        return Create(name, summary, pool, operands, output, pooled,
            writer => PoolWindowText.EmitClear(writer, pool, output),
            (writer, isa, part) =>
            {
                writer.Line($"float* y = output + {pool.At(output)}{part};");
                writer.Line($"{isa.Type} value = {isa.Load($"values + {PoolWindowText.AtPooled(values)}{part}")};");
            },
            "y", output,
            (writer, isa, y, isLeft)
                => writer.Line(isa.Store(disjoint && !isLeft ? "(value & hit)" : $"{isa.Static}.ConditionalSelect(hit, "
                + $"value, {isa.Load(y)})", y)),
            (_, _, _) => { });
    }

    public static Kernel Gradient(string name, string summary, PoolWindows pool,
        Layout gradient, Layout input, Layout pooled, Layout output)
    {
        (string, Layout)[] operands = [("outputGradient", gradient), ("input", input), ("pooled", pooled)];
        return Create(name, summary, pool, operands, output, pooled,
            _ => { },
            (writer, isa, part) =>
            {
                writer.Line($"float* dy = outputGradient + {pool.At(gradient)}{part};");
                writer.Line($"{isa.Type} sum = {isa.Zero};");
            },
            "dy", gradient,
            (writer, isa, dy, _) => writer.Line($"sum += {isa.Load(dy)} & hit;"),
            (writer, isa, part) => writer.Line(isa.Store("sum", $"output + {PoolWindowText.AtPooled(output)}{part}")));
    }

    /// <param name="emitPlane">At the start of each plane.</param>
    /// <param name="emitWindow">At the start of each window.</param>
    /// <param name="emitHit">At each element of the window: see <see cref="PoolWindowText.EmitPlaces"/>.</param>
    /// <param name="pointer">The variable that points to the window's start in the value of <paramref name="pointed"/>'s layout.</param>
    /// <param name="emitEnd">At the end of each window.</param>
    private static Kernel Create(string name, string summary, PoolWindows pool,
        (string Name, Layout Layout)[] operands, Layout output, Layout pooled,
        Action<SourceWriter> emitPlane, Action<SourceWriter, VectorIsa, string> emitWindow, string pointer, Layout pointed,
        Action<SourceWriter, VectorIsa, string, bool> emitHit, Action<SourceWriter, VectorIsa, string> emitEnd)
    {
        string count = Elementwise.CountName(output);
        KernelParameter[] parameters = [.. operands.Select(o => Floats(o.Name)), Floats("output"), CountOf(output)];
        Layout input = operands[1].Layout;
        return new Kernel(name, summary, Elementwise.Describe(operands, output), parameters, (writer, isa, _) =>
        {
            string advance = string.Join(", ", operands.Append(("output", output))
                .Select(o => $"{o.Item1} += {Literals.Int(o.Item2.SampleStride)}"));
            using (writer.Block($"for (int n = 0; n < {count}; n++, {advance})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            {
                emitPlane(writer);
                using (writer.Block($"for (int row = 0; row < {Literals.Int(pooled.Height)}; row++)"))
                {
                    PoolWindowText.EmitClip(writer, pool, rows: true);
                    using (writer.Block($"for (int column = 0; column < {Literals.Int(pooled.Width)}; column++)"))
                    {
                        PoolWindowText.EmitClip(writer, pool, rows: false);
                        bool whole = isa.Lanes == Layout.Block;
                        string part = whole ? "" : " + part";
                        SourceWriter.Scope? parts = whole
                            ? null : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
                        writer.Line($"float* x = input + {pool.At(input)}{part};");
                        emitWindow(writer, isa, part);
                        writer.Line($"{isa.Type} largest = {isa.Load($"pooled + {PoolWindowText.AtPooled(pooled)}{part}")};");
                        PoolWindowText.EmitPlaces(writer, isa, pool, input, pointer, pointed,
                            (address, isLeft) => emitHit(writer, isa, address, isLeft));
                        emitEnd(writer, isa, part);
                        parts?.Dispose();
                    }
                }
            }
        });
    }
}
