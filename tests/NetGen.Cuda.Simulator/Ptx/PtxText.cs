namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>A module's text by lines, for messages.</summary>
internal sealed class PtxText(string text)
{
    private readonly string[] _lines = text.Split('\n');

    public string Whole => text;

    public string Line(int number) => _lines[number - 1].TrimEnd('\r');

    public PtxException Error(int line, string reason) => new(line, Line(line), reason);
}
