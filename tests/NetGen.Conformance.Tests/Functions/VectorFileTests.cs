using System.Runtime.CompilerServices;

namespace NetGen.Conformance.Tests.Functions;

/// <summary>
/// The runtime's vectors for functions of the user's are what the generator's functions come to. To write them anew:
/// <c>NETGEN_BLESS=1 dotnet test … --filter VectorFile</c>.
/// </summary>
public sealed class VectorFileTests
{
    [Fact]
    public void Vectors_of_the_runtime_are_rendered_from_the_functions_of_the_generator()
    {
        foreach ((string name, string text) in VectorFile.All)
        {
            string file = Path.Combine(Folder(), name);
            if (Environment.GetEnvironmentVariable("NETGEN_BLESS") == "1")
                File.WriteAllText(file, text);
            else
                Assert.True(File.ReadAllText(file) == text, $"{name} is out of date: run this test again with NETGEN_BLESS=1.");
        }
    }

    private static string Folder([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "runtime", "NetGen", "CompilerServices"));
}
