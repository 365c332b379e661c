using NetGen.Generator.Specs;

namespace NetGen.Generator.Tests.Architecture;

/// <summary>The namespaces of the generator have an order, and each knows only those before it: no two of them know each other.</summary>
public class NamespaceTests
{
    private const string Root = "NetGen.Generator";

    /// <summary>From the bottom up; docs/architecture.md says what stands in each.</summary>
    private static readonly string[] s_order =
    [
        "Registration", "Text", "Specs", "Shapes", "Diagnostics", "Functions", "Functions.Activations", "Ir", "Passes", "Reading",
        "Layers", "Layers.Losses", "Inference", "Lowering", "Cpu.Layouts", "Cpu.Kernels", "Cpu", "Cpu.Ops", "Cpu.Plans", "Cpu.Drivers",
        "Cuda.Kernels", "Cuda", "Cuda.Ops", "Cuda.Plans",
        "Surface", "Emit", "Parsing", "",
    ];

    [Fact]
    public void EachKnowsOnlyThoseBeforeIt()
    {
        var wrong = new List<string>();
        foreach (((string from, string to), SortedSet<string> types) in AssemblyEdges.Of(typeof(NetworkSpec).Assembly))
        {
            if (!from.StartsWith(Root, StringComparison.Ordinal) || !to.StartsWith(Root, StringComparison.Ordinal))
                continue;
            string upper = Name(from), lower = Name(to);
            Assert.True(s_order.Contains(upper) && s_order.Contains(lower), $"'{upper}' or '{lower}' has no place in the order.");
            if (Array.IndexOf(s_order, lower) > Array.IndexOf(s_order, upper))
                wrong.Add($"{upper} knows {lower}: {string.Join(", ", types)}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>The test sees what it is meant to see: edges of signatures, of bodies, and of bodies of lambdas.</summary>
    [Fact]
    public void EdgesAreFound()
    {
        IReadOnlyDictionary<(string From, string To), SortedSet<string>> edges = AssemblyEdges.Of(typeof(NetworkSpec).Assembly);
        Assert.Contains("Layer → LayerSpec", edges[(Root + ".Layers", Root + ".Specs")]);
        Assert.Contains("NetworkParser → ShapeInference", edges[(Root + ".Parsing", Root + ".Inference")]);
        Assert.Contains("NetworkGenerator → NetworkEmitter", edges[(Root, Root + ".Emit")]);
    }

    private static string Name(string space) => space.Length == Root.Length ? "" : space[(Root.Length + 1)..];
}
