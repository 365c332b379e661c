using System.ComponentModel;
using NetGen.Cuda;

namespace NetGen.CompilerServices;

/// <summary>Takes the launches of a pass for a number of samples, with the addresses of what kernels read and write.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CudaRecorder
{
    private readonly LoadedKernels _kernels;
    private readonly CudaStream _stream;
    private readonly ulong _parameters, _values;
    private readonly ulong[] _lengths;

    internal CudaRecorder(LoadedKernels kernels, CudaStream stream, ulong parameters, ulong values, ulong[] lengths, int samples)
        => (_kernels, _stream, _parameters, _values, _lengths, Samples) = (kernels, stream, parameters, values, lengths, samples);

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
        => _stream.Launch(_kernels.Functions[kernel], new CudaShape(columns, rows, layers, _kernels.Threads[kernel]), arguments);
}
