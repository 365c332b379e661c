using NetGen.Generator.Cpu.Layouts;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The rows of a table that gradients go to.</summary>
/// <param name="Count">Rows of the table.</param>
/// <param name="PerSample">Numbers of rows of a sample.</param>
/// <param name="MayBeNone">A number may be negative, and then no row's.</param>
/// <param name="AreKnown">The trainer knows which rows a pass has touched; otherwise all are cleared.</param>
internal sealed record TableRows(int Count, int PerSample, bool MayBeNone, bool AreKnown)
{
    /// <summary>Floats in whose place a set of rows lies, a bit for each, in whole cache lines.</summary>
    public static int SetLength(int rows) => Layout.RoundUp((rows + 31) / 32);
}
