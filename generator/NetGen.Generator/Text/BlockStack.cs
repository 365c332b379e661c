namespace NetGen.Generator.Text;

/// <summary>Nested blocks that close together.</summary>
internal sealed class BlockStack(SourceWriter writer) : IDisposable
{
    private readonly Stack<SourceWriter.Scope> _open = new();

    /// <summary>Opens a block inside those that are open.</summary>
    public BlockStack Open(string header = "")
    {
        _open.Push(writer.Block(header));
        return this;
    }

    public void Dispose()
    {
        while (_open.Count > 0)
            _open.Pop().Dispose();
    }
}
