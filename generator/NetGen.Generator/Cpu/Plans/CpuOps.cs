using System.Collections.Concurrent;
using System.Reflection;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>What the processor makes of each kind of op: for <c>LinearOp</c> the class <c>LinearCpu</c> of <c>Cpu/Ops</c>.</summary>
internal static class CpuOps
{
    private static readonly ConcurrentDictionary<Type, ConstructorInfo?> ByOp = new();

    /// <summary>
    /// Gives every node of a graph that has none yet what the processor makes of it, for its life: whatever op the fusions give it.
    /// </summary>
    public static void Bind(Graph graph)
    {
        foreach (Node node in graph.Nodes)
            node.Target ??= Create(node);
    }

    private static CpuOp Create(Node node) => (CpuOp?)ByOp.GetOrAdd(node.Op.GetType(), Find)?.Invoke([node])
        ?? throw new NotSupportedException($"The processor has nothing for {node.Op.GetType().Name}.");

    /// <summary>The constructor of the class whose name says that it is for the op.</summary>
    public static ConstructorInfo? Find(Type op)
    {
        const string Suffix = "Op";
        string stem = op.Name.Substring(0, op.Name.Length - Suffix.Length);
        return typeof(CpuOp).Assembly.GetType($"{typeof(CpuOp).Namespace}.Ops.{stem}Cpu")?.GetConstructor([typeof(Node)]);
    }
}
