using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Emit;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>
/// The addresses of the kernels of one instruction set, for those who enter them: chosen once, where a session or trainer is made.
/// Sessions and trainers have a table each, so that a program compiled ahead of time which only infers has no code for training.
/// </summary>
/// <param name="Name">Of the type.</param>
internal sealed record KernelTable(string Name, string Summary, IReadOnlyList<EntryPoint> Entries)
{
    public static KernelTable OfSession(NetworkPlan plan, EntryPoints entries)
        => new(KernelFileEmitter.ClassName(plan, "Inference"), "The kernels of inference for one width of vectors.", entries.Inference);

    public static KernelTable OfTrainer(NetworkPlan plan)
        => new(KernelFileEmitter.ClassName(plan, "Training"), "The kernels of training for one width of vectors.",
            plan.TrainingEntries.All);

    public static KernelTable OfStream(NetworkPlan plan, EntryPoints entries)
        => new(KernelFileEmitter.ClassName(plan, "Streaming"), "The kernels of a stream for one width of vectors.", entries.Streaming);

    /// <summary>The type as other namespaces write it.</summary>
    public string FullName => $"global::{KernelFileEmitter.Namespace}.{Name}";

    public void Write(SourceWriter writer, NetworkPlan plan)
    {
        writer.Line($"/// <summary>{Summary}</summary>");
        using (writer.Block($"internal unsafe struct {Name}"))
        {
            foreach (EntryPoint entry in Entries)
            {
                writer.Line($"/// <summary>({string.Join(", ", entry.Parameters.Select(parameter => parameter.Name))})</summary>");
                writer.Line($"internal {entry.PointerType} {entry.Name};");
                writer.Line();
            }
            using (writer.Block($"internal static {Name} For(VectorWidth width)"))
            using (writer.Block("switch (width)"))
            {
                foreach (VectorIsa isa in plan.InstructionSets)
                    WriteCase(writer, plan, isa);
            }
        }
    }

    private void WriteCase(SourceWriter writer, NetworkPlan plan, VectorIsa isa)
    {
        bool isLast = isa == plan.InstructionSets[plan.InstructionSets.Count - 1];
        writer.Line(isLast ? "default:" : $"case VectorWidth.Vector{Literals.Int(isa.Bits)}:");
        using (writer.Indent())
        using (writer.Block($"return new {Name}", closing: "};"))
        {
            foreach (EntryPoint entry in Entries)
                writer.Line($"{entry.Name} = &{KernelFileEmitter.ClassName(plan, isa.Suffix)}.{entry.Name}_{isa.Suffix},");
        }
    }
}
