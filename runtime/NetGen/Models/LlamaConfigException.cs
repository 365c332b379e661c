namespace NetGen;

/// <summary>A <c>config.json</c> is none of a LLaMA, or disagrees with what a network was declared with.</summary>
public sealed class LlamaConfigException : IOException
{
    internal LlamaConfigException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException)
    {
        Path = path;
        Mismatches = [];
    }

    internal LlamaConfigException(string path, string network, IReadOnlyList<LlamaConfigMismatch> mismatches)
        : base(Describe(path, network, mismatches))
    {
        Path = path;
        Mismatches = mismatches;
    }

    /// <summary>The file; empty for a configuration that was made in code.</summary>
    public string Path { get; }

    /// <summary>All fields that disagree; empty where the file itself is at fault.</summary>
    public IReadOnlyList<LlamaConfigMismatch> Mismatches { get; }

    private static string Describe(string path, string network, IReadOnlyList<LlamaConfigMismatch> mismatches)
        => $"{(path.Length == 0 ? "The configuration" : path)}: {mismatches.Count} "
            + $"{(mismatches.Count == 1 ? "field disagrees" : "fields disagree")} with the declaration of {network}."
            + string.Concat(mismatches.Select(mismatch => $"{Environment.NewLine}  {mismatch}"));
}

/// <summary>A field of a configuration that a network was declared otherwise in.</summary>
/// <param name="Field">Its name in the file.</param>
/// <param name="InFile">Its value there.</param>
/// <param name="Declared">What the network has instead, and where.</param>
public sealed record LlamaConfigMismatch(string Field, string InFile, string Declared)
{
    /// <summary>Name and both values.</summary>
    public override string ToString() => $"{Field}: {InFile} in the file, {Declared} in the declaration";
}
