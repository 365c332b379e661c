namespace NetGen;

/// <summary>A <c>safetensors</c> file is damaged, or does not hold what was asked of it.</summary>
public sealed class SafeTensorsException : IOException
{
    /// <summary>An error in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entry">The entry at fault; null where it is the file as a whole.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="innerException">What led to it, if anything did.</param>
    public SafeTensorsException(string path, string? entry, string problem, Exception? innerException = null)
        : base(entry == null ? $"{path}: {problem}" : $"{path}: entry {FileText.Quote(entry)}: {problem}", innerException)
    {
        Path = path;
        Entry = entry;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The entry at fault; null where it is the file as a whole, or several entries.</summary>
    public string? Entry { get; }
}
