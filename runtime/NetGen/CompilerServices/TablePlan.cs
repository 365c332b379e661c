using System.ComponentModel;
using System.Numerics;

namespace NetGen.CompilerServices;

/// <summary>
/// A table whose rows are looked up, where one layer gives its gradient: it is zero but for the rows that a set has, so that neither
/// clearing it nor a step by it need cost the whole table.
/// </summary>
/// <remarks>
/// Of two sets of rows one is that of the last pass and the other that of the one before, in turns, so that a pass may read the one while
/// it writes the other.
/// </remarks>
/// <param name="Offset">Floats in front of the table, in the parameters and in their gradients.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Stride">Floats from one row to the next.</param>
/// <param name="Touched">Floats in front of the sets, in the gradients.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct TablePlan(long Offset, int Rows, int Stride, long Touched)
{
    // In whole cache lines.
    private int Words => (Rows + 511) / 512 * 16;

    /// <summary>The rows that a pass has touched.</summary>
    /// <param name="gradients">The buffer that it has put its gradients to.</param>
    /// <param name="pass">The number of the pass.</param>
    internal unsafe Span<uint> Of(float* gradients, uint pass) => new((uint*)(gradients + Touched) + pass % 2 * Words, Words);

    /// <summary>Any row may be other than zero.</summary>
    internal unsafe void TouchAll(float* gradients, uint pass)
    {
        Span<uint> touched = Of(gradients, pass);
        touched[..(Rows / 32)].Fill(uint.MaxValue);
        if (Rows % 32 > 0)
            touched[Rows / 32] = (1u << (Rows % 32)) - 1;
    }

    /// <summary>The next of the rows in a set, from a row on; the number of rows where there is none.</summary>
    internal static int Next(ReadOnlySpan<uint> touched, int row, int rows)
    {
        while (row < rows)
        {
            uint bits = touched[row / 32] >> (row % 32);
            if (bits != 0)
                return row + BitOperations.TrailingZeroCount(bits);
            row = (row / 32 + 1) * 32;
        }
        return rows;
    }
}
