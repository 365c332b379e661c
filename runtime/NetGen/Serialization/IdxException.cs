namespace NetGen;

/// <summary>An IDX file is damaged, or does not hold what was asked of it.</summary>
public sealed class IdxException : IOException
{
    /// <summary>An error in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="innerException">What led to it, if anything did.</param>
    public IdxException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException)
    {
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }
}
