namespace NetGen.Data;

/// <summary>A sample could not be read or transformed. The message names it; the inner exception tells why.</summary>
public sealed class DataLoaderException : IOException
{
    internal DataLoaderException(int index, string source, Exception inner)
        : base(FormattableString.Invariant($"Sample {index}{(inner.Message.StartsWith(source, StringComparison.Ordinal) ? "" : $", {source}")}: {inner.Message}"), inner)
    {
        Index = index;
    }

    /// <summary>The sample's number in the loader's set.</summary>
    public int Index { get; }
}
