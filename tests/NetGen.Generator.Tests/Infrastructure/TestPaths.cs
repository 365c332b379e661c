using System.Runtime.CompilerServices;

namespace NetGen.Generator.Tests.Infrastructure;

/// <summary>Folders of the source tree.</summary>
internal static class TestPaths
{
    public static string Project { get; } = FindProject();

    public static string Fixtures => Path.Combine(Project, "Fixtures");

    public static string Repository => Path.GetFullPath(Path.Combine(Project, "..", ".."));

    private static string FindProject([CallerFilePath] string thisFile = "")
    {
        // With deterministic paths the file's own path means nothing at run time: look upwards from the binaries then.
        string? folder = Path.GetDirectoryName(Path.GetDirectoryName(thisFile));
        if (folder is not null && Directory.Exists(Path.Combine(folder, "Fixtures")))
            return folder;
        for (folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "NetGen.Generator.Tests.csproj")))
                return folder;
        }
        throw new DirectoryNotFoundException("The folder of NetGen.Generator.Tests is not above " + AppContext.BaseDirectory);
    }
}
