namespace NetGen.CompilerServices;

/// <content>Steps that cost the rows of a table that have a gradient, and not the table.</content>
public sealed unsafe partial class OptimizerState : IDisposable
{
    /// <summary>A gradient of zero stays zero where gradients are clipped.</summary>
    internal bool KeepsZeros => float.IsFinite(_scale);

    /// <summary>
    /// The table at a place of the buffer whose other rows the step leaves as they are, as plain SGD does: what remembers gradients, or
    /// shrinks weights, changes every row. Null where there is none.
    /// </summary>
    private TablePlan? FindTable(ReadOnlySpan<TablePlan> tables, nint start)
    {
        foreach (TablePlan table in tables)
        {
            if (table.Offset == start)
                return _rule == UpdateRule.Sgd && KeepsZeros && LeavesZeros(_ranges[RangeOf(start)].Group) ? table : null;
        }
        return null;
    }

    private bool LeavesZeros(int group) => Rests(group) || _groups[group].Sgd.Penalty == 0;

    /// <summary>The step for the rows that a pass has touched, from a place in the table to another.</summary>
    private void UpdateRows(float* parameters, float* gradients, TablePlan table, uint pass, nint first, nint end)
    {
        ReadOnlySpan<uint> touched = table.Of(gradients, pass);
        for (int row = TablePlan.Next(touched, (int)(first / table.Stride), table.Rows); row < table.Rows;
            row = TablePlan.Next(touched, row + 1, table.Rows))
        {
            nint from = Math.Max(first, (nint)row * table.Stride), to = Math.Min(end, ((nint)row + 1) * table.Stride);
            if (from >= to)
                break;
            UpdateRange(parameters, gradients, (nint)table.Offset + from, to - from);
        }
    }
}
