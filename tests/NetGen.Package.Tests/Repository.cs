using System.Reflection;

namespace NetGen.Package.Tests;

/// <summary>Where things are that were built with these tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The program of samples/01-MnistConvNet.</summary>
    public static string MnistConvNet { get; } =
        Path.Combine(Root, "samples", "01-MnistConvNet", "bin", Metadata("Configuration"), "net10.0", "mnist-convnet.dll");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
