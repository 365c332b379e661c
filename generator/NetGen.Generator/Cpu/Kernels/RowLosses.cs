using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Where the kernel of a loss puts that of each row: each is a sample's, or they are one sample's and add up.</summary>
internal readonly struct RowLosses : IDisposable
{
    private readonly SourceWriter _writer;
    private readonly bool _areRows;

    /// <param name="areRows">They are the positions of one sample.</param>
    public RowLosses(SourceWriter writer, bool areRows)
    {
        (_writer, _areRows) = (writer, areRows);
        if (areRows)
            writer.Line("double loss = 0;");
    }

    /// <summary>The statement that takes the loss of row <c>n</c>.</summary>
    public string Take(string value) => _areRows ? $"loss += {value};" : $"losses[n] = {value};";

    /// <summary>Behind all rows.</summary>
    public void Dispose()
    {
        if (_areRows)
            _writer.Line("losses[0] = loss;");
    }
}
