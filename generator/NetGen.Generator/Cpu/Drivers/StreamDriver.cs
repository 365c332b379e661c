using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Writes the methods of one instruction set that call the kernels of a stream's steps in order.</summary>
internal sealed class StreamDriver(
    SourceWriter writer, KernelNames names, NetworkPlan plan, StreamPlan stream, CallArguments arguments, string suffix)
{
    private const string Steps = "StreamSteps";

    private readonly EntryPoint _entry = plan.Entries.Stream!;

    public void Emit()
    {
        KernelParameter[] parameters = [.. _entry.Parameters.Take(2), Floats("scratch"), .. _entry.Parameters.Skip(2)];
        writer.Line();
        writer.Line("/// <summary><paramref name=\"count\"/> steps of a stream, up to <paramref name=\"capacity\"/> of them "
            + "at a time.</summary>");
        using (writer.UncheckedMethod($"internal static void {_entry.Name}{suffix}({_entry.Parameters.Declaration()})"))
        {
            writer.Line("float* scratch = arena;");
            if (plan.InferencePrepared.ScratchLength > 0)
                writer.Line($"arena += {Literals.Int(plan.InferencePrepared.ScratchLength)};");
            using (writer.Block("while (count > 0)"))
            {
                writer.Line("int block = Math.Min(capacity, count);");
                string given = string.Join(", ", parameters.Select(parameter => parameter.Name == "count" ? "block" : parameter.Name));
                writer.Line($"{Steps}{suffix}({given});");
                foreach (CallerPort port in stream.Inputs.Concat(stream.Outputs))
                    writer.Line($"{port.Pointer} += block * {Literals.Int(port.Shape.Size)};");
                writer.Line($"{EntryPoints.Position.Name} += block;");
                writer.Line("count -= block;");
            }
        }

        writer.Line();
        writer.Line("/// <summary>Steps whose values are in the arena together: each layer takes them all before the next "
            + "begins.</summary>");
        var sections = new DriverSections(Steps, suffix, parameters);
        using (writer.UncheckedMethod($"private static void {Steps}{suffix}({parameters.Declaration()})"))
            new Orchestrator(writer, new DriverContext(names, arguments, HasFirst: false, sections)).Emit(stream.Planned.Calls, "count");
        sections.Emit(writer);
    }
}
