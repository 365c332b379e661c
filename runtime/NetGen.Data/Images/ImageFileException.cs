using System.Globalization;

namespace NetGen.Data;

/// <summary>A file with images is damaged, or of a kind that is not read.</summary>
public sealed class ImageFileException : IOException
{
    /// <summary>An error in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where in the file the damage was seen, in bytes from its beginning.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="innerException">What led to it, if anything did.</param>
    public ImageFileException(string path, long offset, string problem, Exception? innerException = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"{path}: at byte {offset}: {problem}"), innerException)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where in the file the damage was seen, in bytes from its beginning.</summary>
    public long Offset { get; }
}
