using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Takes tables that kernels for GPUs read, on their way there.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class CudaTables
{
    private readonly float* _target;

    internal CudaTables(float* target) => _target = target;

    /// <summary>Puts a table to its place.</summary>
    /// <param name="place">Where it begins, in floats, among the parameters and what is behind them.</param>
    /// <param name="table">The table.</param>
    public void Set(long place, PositionTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        new ReadOnlySpan<float>(table.Values, table.Length).CopyTo(new Span<float>(_target + place, table.Length));
        GC.KeepAlive(table);
    }

    /// <summary>Puts numbers to their place.</summary>
    /// <param name="place">Where they begin, in floats, among the parameters and what is behind them.</param>
    /// <param name="numbers">The numbers.</param>
    public void Set(long place, ReadOnlySpan<float> numbers) => numbers.CopyTo(new Span<float>(_target + place, numbers.Length));
}
