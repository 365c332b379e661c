using System.IO.Compression;
using System.Text;

namespace NetGen.Samples.Language;

/// <summary>What the program brings with it.</summary>
internal static class Resources
{
    public static Stream Open(string name)
        => typeof(Resources).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program lacks {name}.");

    /// <summary>40,000 lines of Shakespeare's plays.</summary>
    public static string ReadText()
    {
        using Stream file = Open("shakespeare.txt.gz");
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.ASCII);
        return text.ReadToEnd();
    }
}
