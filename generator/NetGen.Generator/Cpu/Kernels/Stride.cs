using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A distance in memory: a number, or the parameter that holds it where layers of different sizes share the code.</summary>
internal readonly record struct Stride(long Constant, string? Name = null)
{
    public static implicit operator Stride(long constant) => new(constant);

    /// <summary>Where a tile's vector begins in what lies in blocks of 16 lanes: in the first block, or some blocks further.</summary>
    /// <param name="parameter">Holds the distance of the second block where layers share the tile, which then has two vectors at most; null
    /// where it is written down.</param>
    public static Stride OfVector(VectorIsa isa, int vector, long blockStride, string? parameter = null)
    {
        int block = vector * isa.Lanes / Layout.Block, lane = vector * isa.Lanes % Layout.Block;
        return parameter is not null && block > 0 ? new Stride(0, parameter) : block * blockStride + lane;
    }

    /// <summary>A pointer, this much and <paramref name="offset"/> further.</summary>
    public string AddTo(string pointer, long offset = 0)
        => Name is null ? Literals.Plus(pointer, Constant + offset) : Literals.Plus($"{pointer} + {Name}", offset);
}
