using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Copies channels of an image to other channels, and adds gradients back.</summary>
internal static class ChannelMaps
{
    public static Kernel Forward(string name, string summary, ChannelMap map, Layout input, Layout output, bool hasBias)
        => Create(name, summary, map, input, output, "input", "output", "output", hasBias, (writer, isa, lanes, source, target) =>
        {
            string value = lanes ? isa.Load(source) : "*(" + source + ")";
            if (hasBias)
                value = lanes ? $"({value} + {isa.Broadcast("bias[to]")})" : value + " + bias[to]";
            writer.Line(lanes ? isa.Store(value, target) : $"*({target}) = {value};");
        });

    /// <summary>Each source channel receives the sum of the gradients of its targets.</summary>
    public static Kernel Gradient(string name, string summary, ChannelMap map, Layout gradient, Layout output)
        => Create(name, summary, map, output, gradient, "output", "outputGradient",
            "output", hasBias: false, (writer, isa, lanes, source, target) =>
            writer.Line(lanes ? isa.Store($"({isa.Load(source)} + {isa.Load(target)})", source) : $"*({source}) += *({target});"));

    private static Kernel Create(string name, string summary, ChannelMap map,
        Layout source, Layout target, string sourceName, string targetName, string result, bool hasBias,
        Action<SourceWriter, VectorIsa, bool, string, string> emit)
    {
        string count = Elementwise.CountName(target);
        bool lanes = target.Kind == LayoutKind.Samples;
        Layout written = result == sourceName ? source : target;
        KernelParameter[] operands = result == sourceName
            ? [Floats(targetName), Floats(sourceName)]
            : [Floats(sourceName), .. If(hasBias, Floats("bias")), Floats(targetName)];
        return new Kernel(name, summary, $"{sourceName} {source}; {targetName} {target}.",
            [.. operands, CountOf(target)], (writer, isa, _) =>
        {
            using (writer.Block($"for (int n = 0; n < {count}; n++, {sourceName} += {Literals.Int(source.SampleStride)}, "
                + $"{targetName} += {Literals.Int(target.SampleStride)})"))
            {
                writer.Line("// Channels that nothing is written to are zero.");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(written.Planes * written.Height)}; row++)"))
                    writer.Line($"new Span<float>({Literals.Plus($"{result} + row * {Literals.Int(written.RowStride)}", written.Origin)}, "
                        + $"{Literals.Int(written.Width * Layout.Block)}).Clear();");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(map.Outer)}; i++)"))
                using (writer.Block($"for (int j = 0; j < {Literals.Int(map.Inner)}; j++)"))
                {
                    writer.Line($"int from = {Index(map.SourceOuter, map.SourceInner)}, to = {Index(map.TargetOuter, map.TargetInner)};");
                    writer.Line($"float* x = {sourceName} + {Channel("from", source)}, y = {targetName} + {Channel("to", target)};");
                    using (writer.Block($"for (int row = 0; row < {Literals.Int(target.Height)}; "
                        + $"row++, x += {Literals.Int(source.RowStride)}, y += {Literals.Int(target.RowStride)})"))
                    using (writer.Block($"for (int k = 0; k < {Literals.Int(target.Width * Layout.Block)}; "
                        + $"k += {Literals.Int(lanes ? isa.Lanes : Layout.Block)})"))
                        emit(writer, isa, lanes, "x + k", "y + k");
                }
            }
        });
    }

    private static string Index(int outer, int inner)
    {
        string first = outer == 1 ? "i" : $"i * {Literals.Int(outer)}";
        return inner == 0 ? first : $"{first} + {(inner == 1 ? "j" : $"j * {Literals.Int(inner)}")}";
    }

    private static string Channel(string channel, Layout layout) => layout.Kind == LayoutKind.Samples
        ? Literals.Plus($"{channel} * {Literals.Int(layout.PlaneStride)}", layout.Origin)
        : Literals.Plus($"({channel} >> 4) * {Literals.Int(layout.PlaneStride)} + ({channel} & 15)", layout.Origin);
}
