using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Writes the methods of one instruction set that call the kernels of inference in order.</summary>
internal sealed class InferenceDrivers(SourceWriter writer, KernelNames names, NetworkPlan plan, NetworkCalls calls, string suffix)
{
    private const string PerSample = "one sample's channels in the lanes", SideBySide = "16 samples side by side";

    private readonly IReadOnlyList<KernelParameter> _parameters =
        [Floats("parameters"), Floats("prepared"), Floats("scratch"), .. plan.Entries.Forward.Parameters.Skip(2)];

    public void Emit()
    {
        EmitBlocks();
        EmitForward("ForwardChannels", PerSample, plan.Inference, calls.Inference);
        if (plan.LanesInference is not null)
            EmitForward("ForwardLanes", SideBySide, plan.LanesInference, calls.LanesInference!);
        if (plan.Entries.ForwardTogether is { Parameters: var together })
            EmitTogether(together);
    }

    /// <summary>All samples, as many at a time as the arena has room for.</summary>
    private void EmitBlocks()
    {
        writer.Line("/// <summary>Inference of <paramref name=\"count\"/> samples, in blocks of up to <paramref "
            + "name=\"capacity\"/>.</summary>");
        using (writer.UncheckedMethod($"internal static void Forward{suffix}({plan.Entries.Forward.Parameters.Declaration()})"))
        {
            writer.Line("float* scratch = arena;");
            if (plan.InferencePrepared.ScratchLength > 0)
                writer.Line($"arena += {Literals.Int(plan.InferencePrepared.ScratchLength)};");
            using (writer.Block("while (count > 0)"))
            {
                writer.Line("int block = Math.Min(capacity, count);");
                if (plan.LanesInference is not null)
                    EmitLanes();
                else
                    writer.Line($"ForwardChannels{suffix}(parameters, prepared, scratch, arena, capacity, {Pointers()}, block);");
                foreach (CallerPort port in plan.Inputs.Concat(plan.Outputs))
                    writer.Line($"{port.Pointer} += {Further(port, "block")};");
                foreach (LengthAxis axis in plan.Axes)
                    writer.Line($"{axis.Pointer} += block;");
                writer.Line("count -= block;");
            }
        }
    }

    /// <summary>The caller's pointers, or those of some samples further on, and which outputs are asked for.</summary>
    private string Pointers(string further = "")
    {
        IEnumerable<string> pointers = plan.Inputs.Concat(plan.Outputs).Select(port =>
            further.Length == 0 ? port.Pointer : $"{port.Pointer} + {Further(port, further)}");
        IEnumerable<string> starts = plan.Axes.Select(axis => further.Length == 0 ? axis.Pointer : $"{axis.Pointer} + {further}");
        return string.Join(", ", [.. pointers, .. starts, .. plan.Needs.Alone.Count > 0 ? new[] { EntryPoints.Wanted.Name } : []]);
    }

    /// <summary>Elements of some samples of a port.</summary>
    private string Further(CallerPort port, string samples)
    {
        if (plan.Axes.FirstOrDefault(axis => axis.Name == port.Shape.Axis) is not { } axis)
            return $"{samples} * {Literals.Int(port.Shape.Size)}";
        string positions = $"{axis.Pointer}[{samples}] - {axis.Pointer}[0]";
        int each = port.Shape.OfPosition.Size;
        return each == 1 ? positions : $"({positions}) * {Literals.Int(each)}";
    }

    private void EmitLanes()
    {
        MemoryPlan channels = plan.Inference.Memory;
        string arena = $"arena + {Literals.Int(channels.PerSampleLength)} + {Literals.Int(channels.PerRowLength)}L * capacity";
        writer.Line("// Whole groups of 16 samples, and what nearly fills one, go side by side; the others one by one with channel lanes.");
        writer.Line("int lanes = block / 16 * 16;");
        writer.Line($"if (block - lanes >= {Literals.Int(plan.MinLaneSamples)})");
        using (writer.Indent())
            writer.Line("lanes = block;");
        writer.Line("if (lanes > 0)");
        using (writer.Indent())
            writer.Line($"ForwardLanes{suffix}(parameters, prepared, scratch, {arena}, capacity, {Pointers()}, lanes);");
        writer.Line("if (block > lanes)");
        using (writer.Indent())
            writer.Line($"ForwardChannels{suffix}(parameters, prepared, scratch, arena, capacity, {Pointers("lanes")}, block - lanes);");
    }

    private void EmitForward(string name, string how, PlannedGraph planned, CallArguments arguments)
    {
        writer.Line();
        writer.Line($"/// <summary>Forward pass, {how}.</summary>");
        var sections = new DriverSections(name, suffix, _parameters);
        using (writer.UncheckedMethod($"private static void {name}{suffix}({_parameters.Declaration()})"))
            OrchestratorOf(arguments, sections).Emit(planned.Calls, "count");
        sections.Emit(writer);
    }

    private void EmitTogether(IReadOnlyList<KernelParameter> parameters)
    {
        writer.Line();
        writer.Line("/// <summary>Forward pass of one sample by all workers together: each has its share of every layer, and all have "
            + "finished one before the next begins.</summary>");
        var sections = new DriverSections("ForwardTogether", suffix, parameters);
        using (writer.UncheckedMethod($"internal static void ForwardTogether{suffix}({parameters.Declaration()})"))
            OrchestratorOf(calls.Inference, sections).EmitTogether(plan.Inference.Calls);
        sections.Emit(writer);
    }

    private Orchestrator OrchestratorOf(CallArguments arguments, DriverSections sections)
        => new(writer, new DriverContext(names, arguments, HasFirst: false, sections) { Axes = plan.Axes });
}
