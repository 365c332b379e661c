using System.ComponentModel;
using NetGen.Cuda;

namespace NetGen.CompilerServices;

/// <summary>
/// A network's kernels for training on NVIDIA GPUs. <see cref="CudaKernels.RecordForward"/> is the forward pass of training, and a sample's
/// activations have the gradients among them, the caller's too, and what losses compare with.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CudaTrainingKernels : CudaKernels
{
    /// <summary>
    /// Floats of the parameters' gradients on the GPU: each begins where its parameter does, and behind them all are those that further
    /// layers give which use the same parameters. Zero where no kernel writes.
    /// </summary>
    public abstract long GradientLength { get; }

    /// <summary>Floats that are there once, whatever the number of samples, such as a batch's statistics; zero at first.</summary>
    public abstract long BatchLength { get; }

    /// <summary>Floats of working memory of a pass; no fewer for more samples.</summary>
    /// <param name="samples">The pass's number of samples.</param>
    public abstract long ScratchLength(int samples);

    /// <summary>Where each output's gradient begins among the activations, in floats for one sample.</summary>
    public abstract ReadOnlySpan<long> OutputGradientPlaces { get; }

    /// <summary>Where each input's gradient begins among the activations, in floats for one sample; −1 for one that has none.</summary>
    public abstract ReadOnlySpan<long> InputGradientPlaces { get; }

    /// <summary>What losses compare with, in the order of the trainer's ports.</summary>
    public abstract ReadOnlySpan<CudaTarget> Targets { get; }

    /// <summary>How many losses the network has.</summary>
    public abstract int Losses { get; }

    /// <summary>The forward pass writes to tables, of which it scales down the rows that it looks up. False by default.</summary>
    public virtual bool ForwardScalesTables => false;

    /// <summary>
    /// Puts the launches of the losses into a stream, behind the forward pass: each sample's loss, and the gradients of the outputs. Only
    /// for networks with a loss.
    /// </summary>
    /// <param name="gpu">Takes them.</param>
    /// <exception cref="NotSupportedException">The network has no loss.</exception>
    public virtual void RecordLoss(CudaRecorder gpu) => throw new NotSupportedException("This network has no loss.");

    /// <summary>Puts the launches of the backward pass into a stream: from the outputs' gradients to those of parameters.</summary>
    /// <param name="gpu">Takes them.</param>
    public abstract void RecordBackward(CudaRecorder gpu);

    /// <summary>
    /// Puts the launches into a stream that only the inputs' gradients need, behind the backward pass. Does nothing by default.
    /// </summary>
    /// <param name="gpu">Takes them.</param>
    public virtual void RecordInputGradients(CudaRecorder gpu)
    {
    }

    private protected override void RecordAll(CudaRecorder gpu)
    {
        // Working memory is counted as values are.
        _ = checked((int)ScratchLength(gpu.Samples));
        base.RecordAll(gpu);
        if (Losses > 0)
            RecordLoss(gpu);
        RecordBackward(gpu);
        RecordInputGradients(gpu);
    }

    internal override DeviceTrainer CreateTrainer(Device device, Precision precision, INetwork network, AlignedBuffer parameters,
        AlignedBuffer gradients, OptimizerState state, int batchSize)
        => new CudaTrainer(Load(device), this, precision, network, parameters, gradients, state, batchSize);
}

/// <summary>What a loss compares with, on the GPU.</summary>
/// <param name="Place">Where it begins among the activations, in floats for one sample.</param>
/// <param name="Size">Numbers of 4 bytes of a sample, with room for all positions.</param>
/// <param name="Axis">Which of the network's lengths says how many positions it has; −1 where it has as many as may be.</param>
/// <param name="PerPosition">Numbers of a position.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct CudaTarget(long Place, int Size, int Axis, int PerPosition);
