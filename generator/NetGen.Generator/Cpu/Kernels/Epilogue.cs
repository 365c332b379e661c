using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Element-wise expressions on vectors that epilogues share.</summary>
internal static class Epilogue
{
    /// <summary>
    /// The activation, if there is one, is applied to accumulators in registers. The others run over the row just stored, while it is
    /// in L1, where lanes that do not stay zero are cleared too.
    /// </summary>
    public static bool IsInRegister(Activation? activation) => activation is null or { IsCheap: true, KeepsZero: true };

    /// <summary>Maximum that gives the second operand when either is NaN, so that a NaN in the network stays visible.</summary>
    public static string Maximum(VectorIsa isa, string bound, string value) => isa.Lanes switch
    {
        16 => $"Avx512F.Max({bound}, {value})",
        8 => $"Avx.Max({bound}, {value})",
        _ => $"Vector128.Max({bound}, {value})",
    };

    /// <summary>Minimum that gives the second operand when either is NaN.</summary>
    public static string Minimum(VectorIsa isa, string bound, string value) => isa.Lanes switch
    {
        16 => $"Avx512F.Min({bound}, {value})",
        8 => $"Avx.Min({bound}, {value})",
        _ => $"Vector128.Min({bound}, {value})",
    };

    /// <summary>
    /// The value, but zero where the mask, a comparison, has its bits set: one instruction after the comparison on every instruction set.
    /// </summary>
    public static string ZeroWhere(VectorIsa isa, string mask, string value) => isa.Lanes switch
    {
        16 => $"Vector512.ConditionalSelect({mask}, {isa.Zero}, {value})",
        _ => $"{isa.Static}.AndNot({value}, {mask})",
    };
}
