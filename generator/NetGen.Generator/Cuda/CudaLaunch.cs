using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda;

/// <summary>A count that grows with the samples of a call.</summary>
/// <param name="Constant">What there is in any case.</param>
/// <param name="PerSample">What each sample adds.</param>
internal readonly record struct CudaCount(long Constant, long PerSample)
{
    public static CudaCount Of(long constant) => new(constant, 0);

    public static CudaCount OfSamples(long perSample) => new(0, perSample);

    public long For(int samples) => Constant + PerSample * samples;

    /// <summary>How many groups of a size it takes to hold so many.</summary>
    public long Groups(int samples, int size) => (For(samples) + size - 1) / size;
}

/// <summary>Blocks along one axis of a grid: as many as hold a count.</summary>
/// <param name="Count">What is divided among blocks.</param>
/// <param name="PerBlock">How much of it a block takes.</param>
internal readonly record struct CudaExtent(CudaCount Count, int PerBlock)
{
    public static CudaExtent One { get; } = new(CudaCount.Of(1), 1);
}

/// <summary>What a kernel is given.</summary>
internal abstract record CudaArgument
{
    /// <summary>Where a value of the graph lies.</summary>
    internal sealed record OfValue(Value Value) : CudaArgument;

    /// <summary>Where a tensor of the network lies, or a part of it.</summary>
    /// <param name="Offset">Numbers in front of the part.</param>
    internal sealed record OfParameter(ParameterInfo Parameter, long Offset = 0) : CudaArgument;

    /// <summary>Where numbers lie that follow from parameters, or from nothing.</summary>
    /// <param name="Offset">Numbers in front of what is meant.</param>
    internal sealed record OfConstant(CudaConstant Constant, long Offset = 0) : CudaArgument;

    /// <summary>How many positions each sample has, as ints.</summary>
    /// <param name="Axis">The input that brings them.</param>
    internal sealed record OfLengths(string Axis) : CudaArgument;

    /// <summary>A number of the call.</summary>
    internal sealed record OfCount(CudaCount Count) : CudaArgument;

    /// <summary>How many groups of a size hold a number of the call.</summary>
    internal sealed record OfGroups(CudaCount Count, int Size) : CudaArgument;

    /// <summary>Where the gradient of a tensor goes, or of a part of it.</summary>
    /// <param name="Turn">How many layers give a gradient of it before.</param>
    /// <param name="Offset">Numbers in front of the part.</param>
    internal sealed record OfGradient(ParameterInfo Parameter, int Turn, long Offset = 0) : CudaArgument;

    /// <summary>Working memory of a launch and those of its node behind it.</summary>
    internal sealed record OfScratch : CudaArgument;

    /// <summary>Where the loss of each sample goes, in doubles.</summary>
    /// <param name="Loss">Which of the losses.</param>
    internal sealed record OfLosses(int Loss) : CudaArgument;

    /// <summary>Where the number lies by which the gradient of a loss is multiplied.</summary>
    /// <param name="Loss">Which of the losses.</param>
    internal sealed record OfScale(int Loss) : CudaArgument;

    /// <summary>Where the seed and the step's number lie, from which random numbers are drawn: four ints.</summary>
    internal sealed record OfRandom : CudaArgument;
}

/// <summary>A kernel in the order of a pass, with what it is given and how many blocks it has.</summary>
/// <param name="Node">What it computes, or a part of it.</param>
/// <param name="Columns">Blocks along x.</param>
/// <param name="Rows">Blocks along y.</param>
internal sealed record CudaLaunch(
    Node Node, CudaKernel Kernel, CudaExtent Columns, CudaExtent Rows, IReadOnlyList<CudaArgument> Arguments)
{
    /// <summary>Blocks along z.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>As many times more blocks along z.</summary>
    public CudaExtent Splits { get; init; } = CudaExtent.One;

    /// <summary>Which target of the network's losses must be given; null where it is launched in any case.</summary>
    public int? Target { get; init; }
}
