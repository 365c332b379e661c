namespace NetGen.CompilerServices;

/// <content>Tables whose rows are looked up: which rows of their gradients may be other than zero.</content>
public abstract unsafe partial class TrainerCore
{
    // The pass in progress, and those so far to the gradients that the caller sees, and to the second buffer.
    private uint _pass, _ownPasses, _furtherPasses;
    private long _gradientsVersion;

    // Before gradients of parameters are computed.
    private void BeginTables()
    {
        if (_plan.Tables.Length == 0)
            return;
        SeeCallersGradients();
        _pass = _passGradients == _gradients ? ++_ownPasses : ++_furtherPasses;
    }

    // What was added from the second buffer is in the caller's as well.
    private void AddTables()
    {
        foreach (TablePlan table in _plan.Tables)
        {
            Span<uint> sums = table.Of(_gradients.Pointer, _ownPasses);
            ReadOnlySpan<uint> added = table.Of(_passGradients.Pointer, _pass);
            for (int i = 0; i < sums.Length; i++)
                sums[i] |= added[i];
        }
    }

    // The caller may have written gradients, anywhere.
    private void SeeCallersGradients()
    {
        if (_gradients.Version == _gradientsVersion)
            return;
        _gradientsVersion = _gradients.Version;
        TouchTables();
    }

    private void TouchTables()
    {
        foreach (TablePlan table in _plan.Tables)
            table.TouchAll(_gradients.Pointer, _ownPasses);
    }
}
