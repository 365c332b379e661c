using System.ComponentModel;
using System.Runtime.CompilerServices;
using NetGen.Cuda;

namespace NetGen.CompilerServices;

/// <summary>
/// A network's kernels for NVIDIA GPUs: the generated class has their text, the sizes of memory, and the launches of a pass in order.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CudaKernels : DeviceKernels
{
    // GPUs that the kernels were loaded to; of the process, so that each network is compiled once by the driver.
    private readonly ConditionalWeakTable<CudaContext, LoadedKernels> _loaded = [];

    /// <summary>The network's name, for messages.</summary>
    public abstract string Network { get; }

    /// <summary>PTX of all kernels, in UTF-8.</summary>
    public abstract ReadOnlySpan<byte> Module { get; }

    /// <summary>The kernels' names, by their numbers.</summary>
    public abstract ReadOnlySpan<string> Names { get; }

    /// <summary>
    /// The numbers of the kernels that each of <see cref="DeviceKernels.Precisions"/> has by the same names, in a module of its own.
    /// </summary>
    public virtual ReadOnlySpan<int> PrecisionKernels => default;

    /// <summary>PTX of these kernels in a precision, in UTF-8; empty where there are none.</summary>
    /// <param name="precision">One of <see cref="DeviceKernels.Precisions"/>.</param>
    public virtual ReadOnlySpan<byte> ModuleIn(Precision precision) => default;

    /// <summary>Threads of a block of each kernel.</summary>
    public abstract ReadOnlySpan<int> Threads { get; }

    /// <summary>Where each of the network's parameters begins on the GPU, in floats, in the order of the network's own list.</summary>
    public abstract ReadOnlySpan<long> ParameterPlaces { get; }

    /// <summary>Floats of the parameters on the GPU.</summary>
    public abstract long ParameterLength { get; }

    /// <summary>Floats of a sample's activations, inputs and outputs among them.</summary>
    public abstract long SampleLength { get; }

    /// <summary>Numbers of a sample's largest value; kernels count those of all samples in 32 bits.</summary>
    public abstract long LargestLength { get; }

    /// <summary>Where each input begins among the activations, in floats for one sample.</summary>
    public abstract ReadOnlySpan<long> InputPlaces { get; }

    /// <summary>Where each output begins among the activations, in floats for one sample.</summary>
    public abstract ReadOnlySpan<long> OutputPlaces { get; }

    /// <summary>The ports that say how many positions samples have, in the order of the network's lengths.</summary>
    public abstract ReadOnlySpan<string> Axes { get; }

    /// <summary>Puts tables to their places behind the parameters. Does nothing by default.</summary>
    /// <param name="tables">Takes them.</param>
    public virtual void SetTables(CudaTables tables)
    {
    }

    /// <summary>Puts the launches into a stream that derive from the parameters what inference reads. Does nothing by default.</summary>
    /// <param name="gpu">Takes them.</param>
    public virtual void RecordPreparation(CudaRecorder gpu)
    {
    }

    /// <summary>Puts the launches of inference into a stream.</summary>
    /// <param name="gpu">Takes them.</param>
    public abstract void RecordForward(CudaRecorder gpu);

    /// <summary>
    /// Refuses batches for which a value, working memory or a grid of blocks is larger than kernels count. What fits the most samples fits
    /// fewer.
    /// </summary>
    /// <param name="kernels">What is launched.</param>
    /// <param name="samples">The most samples.</param>
    /// <param name="axes">How many lengths the network has.</param>
    /// <param name="parameter">What the caller calls the number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is too large.</exception>
    internal void CheckBatch(LaunchedKernels kernels, int samples, int axes, string parameter)
    {
        if (LargestLength * samples > int.MaxValue)
            throw TooLarge($"the largest value of a sample has {LargestLength:N0} numbers, and kernels count up to 2³¹ of them: at most "
                + $"{int.MaxValue / LargestLength:N0} samples");
        try
        {
            RecordAll(new CudaRecorder(kernels, axes, samples));
        }
        catch (OverflowException)
        {
            throw TooLarge("kernels count up to 2³¹ of what they work on");
        }
        catch (CudaGridException exception)
        {
            throw TooLarge(exception.Message);
        }

        ArgumentOutOfRangeException TooLarge(string reason) => new(parameter, samples,
            $"This is too large a batch of {Network} for a GPU: {reason}.");
    }

    /// <summary>All launches that there may be.</summary>
    private protected virtual void RecordAll(CudaRecorder gpu)
    {
        RecordPreparation(gpu);
        RecordForward(gpu);
    }

    internal override DeviceSession CreateSession(
        Device device, Precision precision, INetwork network, AlignedBuffer parameters, int maxBatch)
        => new CudaSession(Load(device), precision, network, parameters, maxBatch);

    private protected LoadedKernels Load(Device device)
    {
        CudaContext context = device.Open();
        lock (_loaded)
        {
            if (!_loaded.TryGetValue(context, out LoadedKernels? loaded))
            {
                loaded = new LoadedKernels(context, this);
                _loaded.Add(context, loaded);
            }
            return loaded;
        }
    }
}
