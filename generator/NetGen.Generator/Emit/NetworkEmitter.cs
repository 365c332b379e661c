using NetGen.Generator.Shapes;

namespace NetGen.Generator.Emit;

internal static class NetworkEmitter
{
    public static IReadOnlyList<(string HintName, string Source)> Emit(InferredNetwork network)
    {
        string text = $"partial class {network.Spec.Name} {{ }}";
        foreach (Specs.ContainingTypeSpec type in network.Spec.ContainingTypes.Reverse())
            text = $"{type.Declaration} {{ {text} }}";
        if (network.Spec.Namespace.Length > 0)
            text = $"namespace {network.Spec.Namespace} {{ {text} }}";
        return new[] { (network.Spec.HintName + ".g.cs", text) };
    }
}
