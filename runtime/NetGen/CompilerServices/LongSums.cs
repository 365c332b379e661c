using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>
/// Sums of many terms whose registers take a block of them at a time: the blocks are added up in double precision, in memory behind them.
/// Called once for each block of about a thousand terms, so it costs nothing that could be measured; the sums are the same on every
/// machine.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class LongSums
{
    /// <summary>Floats of memory for each sum: one for its block, and two for its total.</summary>
    public const int Factor = 3;

    /// <summary>Floats from one row of a packed tensor to the next.</summary>
    public const int RowStride = 16;

    /// <summary>Adds a block to the totals.</summary>
    /// <param name="block">The sums of the block, <paramref name="count"/> floats, and behind them room for as many doubles.</param>
    /// <param name="count">Number of sums, a multiple of 4.</param>
    /// <param name="hasTotals">Whether there are totals from an earlier block; otherwise this is the first.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(float* block, int count, bool hasTotals) => AddRun(block, (double*)(block + count), count, hasTotals);

    /// <summary>Adds a block to the totals, where its sums are rows of a tensor.</summary>
    /// <param name="sums">The first row of the block; the next is <see cref="RowStride"/> floats further on.</param>
    /// <param name="totals">The totals, one row behind the other.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="lanes">Sums of a row, a multiple of 4 and at most <see cref="RowStride"/>.</param>
    /// <param name="hasTotals">Whether there are totals from an earlier block; otherwise this is the first.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddRows(float* sums, double* totals, int rows, int lanes, bool hasTotals)
    {
        for (int row = 0; row < rows; row++, sums += RowStride, totals += lanes)
            AddRun(sums, totals, lanes, hasTotals);
    }

    /// <summary>Adds the last block to the totals, and puts these, rounded once, in its place.</summary>
    /// <param name="sums">The first row of the block; the next is <see cref="RowStride"/> floats further on.</param>
    /// <param name="totals">The totals, one row behind the other.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="lanes">Sums of a row, a multiple of 4 and at most <see cref="RowStride"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FinishRows(float* sums, double* totals, int rows, int lanes)
    {
        for (int row = 0; row < rows; row++, sums += RowStride, totals += lanes)
            FinishRun(sums, totals, lanes);
    }

    /// <summary>Adds the last block to the totals, and puts these, rounded once, in its place.</summary>
    /// <param name="block">The sums of the last block, and behind them the totals of those before.</param>
    /// <param name="count">Number of sums, a multiple of 4.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finish(float* block, int count) => FinishRun(block, (double*)(block + count), count);

    private static void AddRun(float* sums, double* totals, int count, bool hasTotals)
    {
        for (int i = 0; i < count; i += Vector128<float>.Count)
        {
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(Vector128.Load(sums + i));
            if (hasTotals)
            {
                lower += Vector128.Load(totals + i);
                upper += Vector128.Load(totals + i + 2);
            }
            lower.Store(totals + i);
            upper.Store(totals + i + 2);
        }
    }

    private static void FinishRun(float* sums, double* totals, int count)
    {
        for (int i = 0; i < count; i += Vector128<float>.Count)
        {
            (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(Vector128.Load(sums + i));
            Vector128.Narrow(lower + Vector128.Load(totals + i), upper + Vector128.Load(totals + i + 2)).Store(sums + i);
        }
    }
}
