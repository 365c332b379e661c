namespace NetGen.Conformance.Tests.Harness;

/// <summary>A span with marked edges, so that writing outside of it shows; not aligned to vectors.</summary>
internal sealed class GuardedBuffer
{
    private const int Edge = 67;
    private const float Mark = -12345.678f;
    private readonly float[] _memory;
    private readonly int _length;

    public GuardedBuffer(int length)
    {
        _length = length;
        _memory = new float[length + 2 * Edge];
        Array.Fill(_memory, Mark);
    }

    public Span<float> Span => _memory.AsSpan(Edge, _length);

    public Memory<float> Memory => _memory.AsMemory(Edge, _length);

    /// <summary>Whether nothing was written at all.</summary>
    public bool IsUntouched => !_memory.AsSpan().ContainsAnyExcept(Mark);

    public void CheckEdges(string what)
    {
        for (int i = 0; i < Edge; i++)
        {
            Check.That(_memory[i] == Mark, $"{what}: wrote {Edge - i} floats before the span.");
            Check.That(_memory[Edge + _length + i] == Mark, $"{what}: wrote {i} floats after the span.");
        }
    }
}
