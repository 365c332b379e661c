namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The type of a parameter of an emitted method. A plural is a pointer to that many.</summary>
internal enum ParameterType
{
    Floats,

    /// <summary>Upper halves of floats, which lie among the floats of the parameters.</summary>
    BFloats,
    Doubles,
    Ints,

    /// <summary>A counter of batches, which lies among the floats of the parameters.</summary>
    Longs,
    Float,
    Int,
    UInt,
    Long,
    ULong,

    /// <summary>A distance in memory that is added to pointers.</summary>
    NativeInt,
    Bool,

    /// <summary>The threads that run a method together, for the barriers between its kernels.</summary>
    WorkerPool,
}

/// <summary>Where a call takes the value of a parameter from.</summary>
internal enum ParameterSource
{
    /// <summary>From the call's own arguments.</summary>
    Call,

    /// <summary>The number of samples that the loop around the call covers.</summary>
    Samples,

    /// <summary>The same in blocks of 16 samples.</summary>
    Blocks,

    /// <summary>The number of the thread that runs the method.</summary>
    Worker,

    /// <summary>How many threads there are.</summary>
    Workers,
}

/// <summary>A parameter of an emitted method: of a kernel, or of a method that calls kernels.</summary>
/// <param name="Name">As the body writes it.</param>
internal sealed record KernelParameter(ParameterType Type, string Name, ParameterSource Source = ParameterSource.Call)
{
    /// <summary>The parameter as a C# method declares it.</summary>
    public override string ToString() => $"{TypeName} {Name}";

    /// <summary>The type in C#.</summary>
    public string TypeName => NameOf(Type);

    /// <summary>A type in C#.</summary>
    public static string NameOf(ParameterType type) => type switch
    {
        ParameterType.Floats => "float*",
        ParameterType.BFloats => "ushort*",
        ParameterType.Doubles => "double*",
        ParameterType.Ints => "int*",
        ParameterType.Longs => "long*",
        ParameterType.Float => "float",
        ParameterType.Int => "int",
        ParameterType.UInt => "uint",
        ParameterType.Long => "long",
        ParameterType.ULong => "ulong",
        ParameterType.NativeInt => "nint",
        ParameterType.Bool => "bool",
        _ => "WorkerPool",
    };
}
