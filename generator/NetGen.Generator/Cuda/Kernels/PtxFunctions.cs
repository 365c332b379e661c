using NetGen.Generator.Functions;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>What kernels of several families compute alike.</summary>
internal static class PtxFunctions
{
    private const int Warp = 32;

    /// <summary>e to a power, with the processor's bits.</summary>
    public static PtxFloat Exp(this PtxWriter writer, PtxFloat x)
        => new PtxCode(writer).With("x", x).Float(Exponential.Exp.Of(ElementValue.Named("x")), "power");

    /// <summary>The natural logarithm, with the processor's bits.</summary>
    public static PtxFloat Log(this PtxWriter writer, PtxFloat x)
        => new PtxCode(writer).With("x", x).Float(NaturalLogarithm.Log.Of(ElementValue.Named("x")), "logarithm");

    /// <summary>
    /// Puts together what the lanes of a warp have, in halves, so that all of them have all: an order that nothing changes.
    /// </summary>
    /// <param name="variable">A lane's part, and then the whole.</param>
    /// <param name="other">What the register of another lane's part is called.</param>
    public static void CombineWarp(
        this PtxWriter writer, PtxFloat variable, Func<PtxFloat, PtxFloat, PtxFloat> combine, string other = "other")
    {
        for (int distance = Warp / 2; distance > 0; distance /= 2)
            writer.Set(variable, combine(variable, writer.Shuffle("bfly", variable, distance, other)));
    }
}
