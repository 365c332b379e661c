using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>What stands around a network's class.</summary>
internal static class ContainingScopes
{
    /// <summary>Reopens namespace and types around a network.</summary>
    /// <param name="write">Writes the class.</param>
    public static void Write(SourceWriter writer, NetworkSpec network, Action write)
    {
        var scopes = new Stack<SourceWriter.Scope>();
        if (network.Namespace.Length > 0)
            scopes.Push(writer.Block("namespace " + network.Namespace));
        foreach (ContainingTypeSpec type in network.ContainingTypes)
            scopes.Push(writer.Block(type.Declaration));
        write();
        while (scopes.Count > 0)
            scopes.Pop().Dispose();
    }
}
