namespace NetGen.Generator.Tests.Infrastructure;

/// <summary>The graphs that <c>NetGenPrintGraph</c> writes down.</summary>
internal static class PrintedGraph
{
    /// <param name="pass">The graph is that behind it.</param>
    /// <param name="layers">Attributes of the network.</param>
    /// <param name="what"><c>Inference</c>, <c>Training</c>, and so on.</param>
    public static string After(string pass, string layers, string what)
    {
        GenerationResult result =
            GeneratorHarness.Run($"[{layers}] public partial class Net;", new BuildProperties(("NetGenPrintGraph", "true")));
        Assert.Empty(result.NetGenDiagnostics);
        string text = result.Sources.Single(source => source.HintName.EndsWith(".Graph.g.cs", StringComparison.Ordinal)).Source;
        return text.Split("// " + what + ", after ").Single(graph => graph.StartsWith(pass, StringComparison.Ordinal));
    }
}
