using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Where the numbers of a table's rows lie.</summary>
/// <param name="Features">Numbers of a row.</param>
/// <param name="AreLanes">
/// 16 rows lie side by side, as the weight of a product does that has the rows for its output features: the numbers of a row are 16
/// elements apart. Otherwise a row is a run, up to a multiple of 16.
/// </param>
internal sealed record TableForm(int Features, bool AreLanes)
{
    /// <summary>Elements of 16 rows where they lie side by side.</summary>
    public int BlockLength => Features * Layout.Block;

    /// <summary>The address of a row's first number.</summary>
    /// <param name="row">An expression that may be written twice.</param>
    public string Row(string table, string row) => AreLanes
        ? $"{table} + ({row} >> 4) * {Literals.Int(BlockLength)}L + ({row} & 15)"
        : $"{table} + {row} * {Literals.Int(Layout.RoundUp(Features))}L";
}
