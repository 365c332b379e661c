using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What a call gives to one parameter. The records below are all there are; how each is written is the emitter's.</summary>
internal abstract record Argument
{
    /// <summary>The type of the parameters that take it; null for what only methods of the runtime take.</summary>
    public virtual ParameterType? Type => ParameterType.Floats;

    public static implicit operator Argument?(Value? value) => value is null ? null : new ValueArgument(value);
}

/// <summary>The elements of a value, from the first sample of the call on.</summary>
internal sealed record ValueArgument(Value Value) : Argument
{
    public override ParameterType? Type => KernelParameters.PointerTo(Value.Shape.Elements);
}

/// <summary>The elements of a value from the first sample of the batch on, whichever samples the call has.</summary>
internal sealed record BatchArgument(Value Value) : Argument;

/// <summary>How many positions the sample of a call has.</summary>
/// <param name="Axis">The input that brings them.</param>
internal sealed record LengthArgument(string Axis) : Argument
{
    public override ParameterType? Type => ParameterType.Int;
}

/// <summary>
/// Where the positions of each sample begin, from the first sample of the call on: their number from one to the next is a sample's length.
/// </summary>
/// <param name="Axis">The input that brings them.</param>
internal sealed record StartsArgument(string Axis) : Argument
{
    public override ParameterType? Type => ParameterType.Ints;
}

/// <summary>A tensor of a layer, or its gradient.</summary>
/// <param name="Offset">Floats from the start of the parameters, or of the gradients.</param>
internal sealed record ParameterArgument(ParameterInfo Parameter, long Offset, bool IsGradient = false) : Argument
{
    public override ParameterType? Type => Parameter.IsCounter ? ParameterType.Longs
        : KernelParameters.PointerTo(Format);

    /// <summary>How its elements are kept.</summary>
    public WeightFormat Format { get; init; }
}

/// <summary>A tensor of a layer from one of its elements on.</summary>
/// <param name="Start">Floats from the tensor's first element.</param>
internal sealed record ElementArgument(ParameterInfo Parameter, long Start) : Argument;

/// <summary>What has been derived from weights.</summary>
/// <param name="Offset">Where it begins in the buffer.</param>
/// <param name="Run">Floats from there, where it consists of several runs.</param>
internal sealed record PreparedArgument(long Offset, int Run = 0) : Argument;

/// <summary>Working memory of the worker.</summary>
internal sealed record ScratchArgument : Argument;

/// <summary>A buffer of the caller's, in which samples lie without gaps.</summary>
/// <param name="Pointer">The parameter of the generated methods that points at it, e.g. <c>input</c>.</param>
/// <param name="SampleSize">Elements of a sample.</param>
internal sealed record CallerArgument(string Pointer, int SampleSize, ElementType Elements = ElementType.Float) : Argument
{
    /// <summary>A buffer of a port of the network.</summary>
    public static CallerArgument Of(string pointer, TensorShape shape)
        => new(pointer, shape.HasLengths ? shape.OfPosition.Size : shape.Size, shape.Elements);

    public override ParameterType? Type => KernelParameters.PointerTo(Elements);
}

/// <summary>What random numbers are a function of, besides the layer and the element.</summary>
internal enum RandomKey
{
    Seed,
    Step,
    FirstSample,
}

/// <summary>A part of the key of the random numbers.</summary>
internal sealed record RandomArgument(RandomKey Key) : Argument
{
    public override ParameterType? Type => Key == RandomKey.Seed ? ParameterType.ULong : ParameterType.UInt;
}

/// <summary>What the method that calls a loss's kernel is given for it.</summary>
/// <param name="Parameter">One of <see cref="LossParameters"/>.</param>
/// <param name="Each">
/// Elements of each sample, for calls sample by sample; of each position, where samples have lengths of their own.
/// </param>
/// <param name="Axis">The input that brings such lengths; null for none.</param>
internal sealed record LossArgument(KernelParameter Parameter, int Each = 0, string? Axis = null) : Argument
{
    public override ParameterType? Type => Parameter.Type;
}

/// <summary>The number of the pass that computes gradients of parameters.</summary>
internal sealed record PassArgument : Argument
{
    public override ParameterType? Type => ParameterType.UInt;
}

/// <summary>What an op keeps from one step of a stream to the next.</summary>
/// <param name="Offset">Floats from the start of the stream's state.</param>
internal sealed record StateArgument(long Offset) : Argument;

/// <summary>How many steps a stream has taken before those of the call.</summary>
internal sealed record PositionArgument : Argument
{
    public override ParameterType? Type => ParameterType.Long;
}

/// <summary>A pointer to nothing.</summary>
internal sealed record NullArgument : Argument;

/// <summary>A whole number.</summary>
/// <param name="Name">The parameter, where the call names it.</param>
internal sealed record NumberArgument(long Number, string? Name = null) : Argument
{
    /// <summary>It is written as a <c>long</c>.</summary>
    public bool IsLong { get; init; }

    public override ParameterType? Type => IsLong ? ParameterType.Long : ParameterType.Int;
}

/// <summary>A number in double precision.</summary>
internal sealed record RealArgument(double Number) : Argument
{
    public override ParameterType? Type => null;
}

/// <summary>The phases of a stride along one axis.</summary>
internal sealed record PhasesArgument(StridePhases Phases) : Argument
{
    public override ParameterType? Type => null;
}

/// <summary>A pointer that moves on from one group of channels to the next.</summary>
/// <param name="First">Of the first group.</param>
/// <param name="Stride">Floats from one group to the next.</param>
internal sealed record GroupArgument(Argument First, long Stride) : Argument;

/// <summary>An argument of calls that come several times in a row: a place, or a number, that moves on from time to time.</summary>
/// <param name="First">Of the first time.</param>
/// <param name="Step">How far it is to the next time's.</param>
internal sealed record RepeatedArgument(Argument First, long Step) : Argument
{
    public override ParameterType? Type => First.Type;
}
