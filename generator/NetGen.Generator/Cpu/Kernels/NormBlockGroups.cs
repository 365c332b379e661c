using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Several channels are a set: each pass sums channel by channel, and what follows from the sums of a group's channels is written back to
/// all of them before the next pass.
/// </summary>
internal sealed class NormBlockGroups(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormBlockPlanes(norm, input, writer, isa)
{
    private string Inverses => Norm.Centred ? $"statistics + {Int(StatisticsStride)}" : "statistics";

    private string Offsets => $"statistics + {Int(2 * StatisticsStride)}";

    private string Products => $"scratch + {Int(Padded)}";

    protected override void EmitForward(Layout output, Activation? activation, KernelNames names)
    {
        if (Norm.Centred)
            EmitMeans();
        EmitSquares();
        using (EachChannelVector())
        {
            LoadStatistics(SetStatistics);
            EmitResult(output, activation, names);
        }
    }

    private void EmitMeans()
    {
        Line("// Sums of the channels, and means of the groups from them.");
        using (EachChannelVector())
        {
            Line($"{Isa.Type} sum = {Isa.Zero};");
            SumElements(["sum"], () => Line($"sum += {Isa.Load("x + i")};"), X);
            Line(Isa.Store("sum", "statistics + channel"));
        }
        Combine([("sum", "statistics")], () => Line($"sum /= {SetSize};"), [("sum", "statistics")]);
    }

    private void EmitSquares()
    {
        Line(Norm.Centred ? "// Squares around the mean, and what its rounding has left." : "// Squares.");
        using (EachChannelVector())
        {
            if (Norm.Centred)
                Line($"{Isa.Type} mean = {Isa.Load("statistics + channel")}, rest = {Isa.Zero};");
            Line($"{Isa.Type} square = {Isa.Zero};");
            SumElements(Norm.Centred ? ["rest", "square"] : ["square"], AddSquare, X);
            Line(Isa.Store("square", $"{Inverses} + channel"));
            if (Norm.Centred)
                Line(Isa.Store("rest", $"{Offsets} + channel"));
        }
        if (!Norm.Centred)
        {
            Combine([("square", Inverses)], () => Line($"float inverse = 1f / MathF.Sqrt(square / {SetSize} + {Eps});"),
                [("inverse", Inverses)]);
            return;
        }
        Combine([("square", Inverses), ("rest", Offsets)], () =>
        {
            Line($"rest /= {SetSize};");
            Line($"float inverse = 1f / MathF.Sqrt(Math.Max(square / {SetSize} - rest * rest, 0f) + {Eps}), offset = -rest * inverse;");
        }, [("inverse", Inverses), ("offset", Offsets)]);
    }

    public override void InputGradient(Layout gradient, Layout output)
    {
        Line("// Sums of the channels, and means of the groups from them.");
        using (EachChannelVector())
        {
            LoadStatistics(SetStatistics);
            EmitGradientSums(gradient);
            if (Norm.Centred)
                Line(Isa.Store("sum", "scratch + channel"));
            Line(Isa.Store("product", $"{Products} + channel"));
        }
        List<(string, string)> sums = Norm.Centred ? [("sum", "scratch"), ("product", Products)] : [("product", Products)];
        Combine(sums, () =>
        {
            if (Norm.Centred)
                Line($"sum /= {SetSize};");
            Line($"product /= {SetSize};");
        }, sums);
        using (EachChannelVector())
        {
            LoadStatistics(SetStatistics);
            DeclareFactors(withBias: false);
            Line($"{Isa.Type} {(Norm.Centred ? $"sum = {Isa.Load("scratch + channel")}, " : "")}product "
                + $"= {Isa.Load(Products + " + channel")};");
            StoreInputGradient(gradient, output);
        }
    }

    /// <summary>
    /// Sums runs of channels to groups and writes what follows from the sums back to every channel; unused lanes get zero.
    /// </summary>
    private void Combine(IReadOnlyList<(string Name, string Run)> sums, Action derive, IReadOnlyList<(string Name, string Run)> results)
    {
        int size = Norm.GroupChannels;
        bool isOne = Norm.Groups == 1;
        string first = isOne ? "0" : $"group * {Int(size)}", end = isOne ? Int(size) : $"(group + 1) * {Int(size)}";
        using (Writer.Block(isOne ? "" : $"for (int group = 0; group < {Int(Norm.Groups)}; group++)"))
        {
            Line($"float {string.Join(", ", sums.Select(s => $"{s.Name} = 0f"))};");
            using (Writer.Block($"for (int channel = {first}; channel < {end}; channel++)"))
            {
                foreach ((string name, string run) in sums)
                    Line($"{name} += ({run})[channel];");
            }
            derive();
            foreach ((string name, string run) in results)
                Line($"new Span<float>({run}{(isOne ? "" : $" + {first}")}, {Int(size)}).Fill({name});");
        }
        if (Padded == Norm.Channels)
            return;
        foreach ((_, string run) in results)
            Line($"new Span<float>({run} + {Int(Norm.Channels)}, {Int(Padded - Norm.Channels)}).Clear();");
    }
}
