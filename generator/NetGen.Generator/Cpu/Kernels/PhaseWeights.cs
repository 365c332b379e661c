using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Where the weights of a phase begin: a stride of the packed weights for each tap, or a transposed copy for each phase.</summary>
internal abstract record PhaseWeights
{
    /// <summary>Floats from those of the first phase, as C# code has it, from the variables <c>row</c> and <c>column</c>.</summary>
    public abstract string Offset { get; }

    /// <summary>The weights are read where they lie, from the phase's last tap back.</summary>
    public sealed record InPlace(long RowStride, long ColumnStride) : PhaseWeights
    {
        public override string Offset => $"row.LastTap * {Literals.Int(RowStride)} + column.LastTap * {Literals.Int(ColumnStride)}";
    }

    /// <param name="KernelWidth">Taps of a row of all phases.</param>
    /// <param name="TapLength">Floats of a tap's weights.</param>
    public sealed record Transposed(int KernelWidth, long TapLength) : PhaseWeights
    {
        public override string Offset => $"Packing.PhaseStart(row, column, {Literals.Int(KernelWidth)}) * {Literals.Int(TapLength)}";
    }
}
