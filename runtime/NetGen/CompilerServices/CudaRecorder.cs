using System.ComponentModel;
using NetGen.Cuda;

namespace NetGen.CompilerServices;

/// <summary>Takes the launches of a pass for a number of samples, with the addresses of what kernels read and write.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CudaRecorder
{
    private readonly LaunchedKernels _kernels;
    private readonly CudaStream? _stream;
    private readonly ulong _parameters, _values;
    private readonly ulong[] _lengths;
    private readonly CudaTrainingMemory? _training;
    private readonly uint _targets;

    internal CudaRecorder(LaunchedKernels kernels, CudaStream stream, ulong parameters, ulong values, ulong[] lengths, int samples,
        CudaTrainingMemory? training = null, uint targets = 0)
    {
        (_kernels, _stream, _parameters, _values, _lengths, Samples) = (kernels, stream, parameters, values, lengths, samples);
        (_training, _targets) = (training, targets);
    }

    /// <summary>Takes launches to see whether there can be such, and starts none.</summary>
    internal CudaRecorder(LaunchedKernels kernels, int axes, int samples)
        => (_kernels, _lengths, Samples, _training, _targets)
            = (kernels, new ulong[axes], samples, new CudaTrainingMemory(0, 0, 0, 0, 0, 0, 0), uint.MaxValue);

    /// <summary>Number of samples.</summary>
    public int Samples { get; }

    /// <summary>The address of a parameter.</summary>
    /// <param name="place">Where it begins, in floats.</param>
    public ulong Parameter(long place) => _parameters + sizeof(float) * (ulong)place;

    /// <summary>The address of an activation of the first sample; those of the others follow.</summary>
    /// <param name="place">Where it begins for one sample, in floats.</param>
    public ulong Value(long place) => _values + sizeof(float) * (ulong)(place * Samples);

    /// <summary>The address of how many positions each sample has, as ints.</summary>
    /// <param name="axis">Which of the network's lengths.</param>
    public ulong Lengths(int axis) => _lengths[axis];

    /// <summary>The address of a parameter's gradient. Only of training.</summary>
    /// <param name="place">Where it begins, in floats.</param>
    public ulong Gradient(long place) => Training.Gradients + sizeof(float) * (ulong)place;

    /// <summary>The address of what is there once for a batch. Only of training.</summary>
    /// <param name="place">Where it begins, in floats.</param>
    public ulong Batch(long place) => Training.Batch + sizeof(float) * (ulong)place;

    /// <summary>The address of working memory. Only of training.</summary>
    /// <param name="place">Where it begins, in floats.</param>
    public ulong Scratch(long place) => Training.Scratch + sizeof(float) * (ulong)place;

    /// <summary>The address of each sample's loss, in double. Only of training.</summary>
    /// <param name="loss">Which of the losses.</param>
    public ulong LossesOf(int loss) => Training.Losses + (ulong)loss * Training.LossStride;

    /// <summary>
    /// The address of one float: the factor of a loss over what the sum of its samples' losses is divided by. Only of training.
    /// </summary>
    /// <param name="loss">Which of the losses.</param>
    public ulong ScaleOf(int loss) => Training.Scales + sizeof(float) * (ulong)loss;

    /// <summary>
    /// The address of what dropout draws from, four times 32 bits: the seed's lower and upper half, the number of the pass, 0. Only of
    /// training.
    /// </summary>
    public ulong Random => Training.Random;

    /// <summary>Whether the caller gives a target; a loss that takes several forms has one for each. Only of training.</summary>
    /// <param name="target">Which of them.</param>
    public bool HasTarget(int target) => (_targets >> target & 1) != 0;

    private CudaTrainingMemory Training => _training ?? throw new InvalidOperationException("This pass is none of training.");

    /// <summary>Blocks that hold a count.</summary>
    /// <param name="count">What is divided among blocks.</param>
    /// <param name="perBlock">How much of it a block takes.</param>
    /// <exception cref="OverflowException">They are more than a grid has.</exception>
    public static int Blocks(long count, int perBlock) => checked((int)((count + perBlock - 1) / perBlock));

    /// <summary>A number that a kernel is given, of 32 bits.</summary>
    /// <param name="count">The number.</param>
    /// <exception cref="OverflowException">It is larger than kernels count.</exception>
    public static ulong Count(long count) => checked((uint)(int)count);

    /// <summary>Starts a kernel behind those before it.</summary>
    /// <param name="kernel">Its number.</param>
    /// <param name="columns">Blocks along x.</param>
    /// <param name="rows">Blocks along y.</param>
    /// <param name="layers">Blocks along z.</param>
    /// <param name="arguments">What it is given.</param>
    public void Launch(int kernel, int columns, int rows, int layers, ReadOnlySpan<ulong> arguments)
    {
        if (rows > MostRows || layers > MostRows)
            throw new CudaGridException($"'{_kernels.Functions[kernel].Name}' has {rows:N0} rows of blocks in {layers:N0} layers then, and "
                + $"a grid has at most {MostRows:N0} of either");
        _stream?.Launch(_kernels.Functions[kernel], new CudaShape(columns, rows, layers, _kernels.Threads[kernel]), arguments);
    }

    // Blocks along y, and along z; along x there are 2³¹.
    private const int MostRows = 65535;
}

/// <summary>A grid that no GPU has.</summary>
internal sealed class CudaGridException(string message) : Exception(message);
