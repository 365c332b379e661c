using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda;

/// <summary>Numbers beside the parameters that are the same for all samples.</summary>
/// <param name="Length">How many.</param>
internal abstract record CudaConstant(long Length)
{
    /// <summary>
    /// What launches make of parameters, each time that these have changed (<see cref="CudaSelection.Preparations"/>).
    /// </summary>
    /// <param name="Of">The node that it is for; another of the same tensors has it too.</param>
    /// <param name="What">What it is, for whoever reads it.</param>
    internal sealed record Prepared(Node Of, string What, long Length) : CudaConstant(Length);

    /// <summary>What a pass of training computes of the whole batch; it is there for this trainer alone.</summary>
    /// <param name="Of">The node of the forward pass that it is of.</param>
    /// <param name="What">What it is, for whoever reads it.</param>
    internal sealed record OfBatch(Node Of, string What, long Length) : CudaConstant(Length);

    /// <summary>Sines and cosines of <c>PositionTable.Rotary</c>, which the runtime computes once.</summary>
    /// <param name="Positions">Rows.</param>
    /// <param name="Pairs">Pairs of features of a head.</param>
    internal sealed record RotaryTable(int Positions, int Pairs, double Base, RotaryScaling Scaling)
        : CudaConstant(2L * Positions * Pairs);

    /// <summary>Numbers that the declaration has, such as weights of classes.</summary>
    internal sealed record Numbers(EquatableArray<float> Values) : CudaConstant(Values.Count);

    /// <summary>Those of <c>PositionTable.Sinusoids</c>.</summary>
    internal sealed record SinusoidTable(int Positions, int Features) : CudaConstant((long)Positions * Features);
}
