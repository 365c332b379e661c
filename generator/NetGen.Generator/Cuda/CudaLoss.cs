using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;

namespace NetGen.Generator.Cuda;

/// <summary>What a loss compares an output with.</summary>
/// <param name="Number">Which of the network's targets, in the order in which the trainer keeps them.</param>
/// <param name="Parameter">As the loss has it.</param>
/// <param name="Value">Where it lies: numbers of a sample, ints or floats, with room for all positions.</param>
/// <param name="PerPosition">Numbers of a position, where samples bring their own lengths; those of a sample otherwise.</param>
internal sealed record CudaTarget(int Number, TargetParameter Parameter, Value Value, int PerPosition);

/// <summary>A loss of the network, as kernels see it.</summary>
/// <param name="Number">Which of the losses.</param>
/// <param name="Targets">All that its forms take, each once.</param>
internal sealed record CudaLoss(int Number, IReadOnlyList<CudaTarget> Targets)
{
    public CudaArgument Losses => new CudaArgument.OfLosses(Number);

    public CudaArgument Scale => new CudaArgument.OfScale(Number);

    /// <summary>The target of a kind.</summary>
    public CudaTarget Target<TParameter>()
        where TParameter : TargetParameter
        => Targets.First(target => target.Parameter is TParameter);
}
