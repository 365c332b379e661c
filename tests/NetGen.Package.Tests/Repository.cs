using System.Reflection;

namespace NetGen.Package.Tests;

/// <summary>Where things are that were built with these tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The program of samples/01-MnistConvNet.</summary>
    public static string MnistConvNet { get; } =
        Path.Combine(Root, "samples", "01-MnistConvNet", "bin", Metadata("Configuration"), "net10.0", "mnist-convnet.dll");

    /// <summary>The program of samples/04-Cifar10.</summary>
    public static string Cifar10 { get; } = Sample("04-Cifar10", "cifar10");

    /// <summary>The program of samples/05-Filters.</summary>
    public static string Filters { get; } = Sample("05-Filters", "filters");

    /// <summary>The program of a sample.</summary>
    public static string Sample(string folder, string program) =>
        Path.Combine(Root, "samples", folder, "bin", Metadata("Configuration"), "net10.0", program + ".dll");

    /// <summary>The first C# of a page.</summary>
    public static string FirstSnippet(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");
        const string Fence = "```csharp\n";
        int start = text.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
