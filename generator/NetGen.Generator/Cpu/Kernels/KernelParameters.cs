using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The words in which parameter lists are written, for <c>using static</c>.</summary>
internal static class KernelParameters
{
    /// <summary>The number of samples of a call.</summary>
    public static readonly KernelParameter Samples = new(ParameterType.Int, "samples", ParameterSource.Samples);

    /// <summary>The number of blocks of 16 samples of a call.</summary>
    public static readonly KernelParameter Blocks = new(ParameterType.Int, "blocks", ParameterSource.Blocks);

    /// <summary>The number of the thread that runs the method.</summary>
    public static readonly KernelParameter Worker = new(ParameterType.Int, "worker", ParameterSource.Worker);

    /// <summary>How many threads run it.</summary>
    public static readonly KernelParameter Workers = new(ParameterType.Int, "workers", ParameterSource.Workers);

    /// <summary>Which worker runs a kernel whose work is divided, and how many there are.</summary>
    public static readonly IReadOnlyList<KernelParameter> Share = [Worker, Workers];

    /// <summary>The threads that wait for one another.</summary>
    public static readonly KernelParameter Pool = new(ParameterType.WorkerPool, "pool");

    /// <summary>The number of the pass that computes gradients of parameters.</summary>
    public static readonly KernelParameter Pass = new(ParameterType.UInt, "pass");

    public static KernelParameter Floats(string name) => new(ParameterType.Floats, name);

    public static KernelParameter Doubles(string name) => new(ParameterType.Doubles, name);

    public static KernelParameter Ints(string name) => new(ParameterType.Ints, name);

    /// <summary>A pointer to the elements of a value.</summary>
    public static KernelParameter Elements(string name, ElementType type) => new(PointerTo(type), name);

    /// <summary>The type of a pointer to elements.</summary>
    public static ParameterType PointerTo(ElementType type) => type == ElementType.Int ? ParameterType.Ints : ParameterType.Floats;

    /// <summary>The type of a pointer to the elements of weights.</summary>
    public static ParameterType PointerTo(WeightFormat format)
        => format == WeightFormat.BFloat16 ? ParameterType.BFloats : ParameterType.Floats;

    /// <summary>A pointer to the elements of weights.</summary>
    public static KernelParameter Weights(string name, WeightFormat format) => new(PointerTo(format), name);

    /// <summary>Declares two variables that point into operands, in one statement where they are of one type.</summary>
    public static string DeclarePair(
        (ParameterType Type, string Name, string Value) first, (ParameterType Type, string Name, string Value) second)
    {
        string between = second.Type == first.Type ? "," : $"; {KernelParameter.NameOf(second.Type)}";
        return $"{KernelParameter.NameOf(first.Type)} {first.Name} = {first.Value}{between} {second.Name} = {second.Value};";
    }

    public static KernelParameter Longs(string name) => new(ParameterType.Longs, name);

    public static KernelParameter Float(string name) => new(ParameterType.Float, name);

    public static KernelParameter Int(string name) => new(ParameterType.Int, name);

    public static KernelParameter UInt(string name) => new(ParameterType.UInt, name);

    public static KernelParameter Long(string name) => new(ParameterType.Long, name);

    public static KernelParameter ULong(string name) => new(ParameterType.ULong, name);

    public static KernelParameter NativeInt(string name) => new(ParameterType.NativeInt, name);

    public static KernelParameter Bool(string name) => new(ParameterType.Bool, name);

    /// <summary>
    /// What counts the samples of a call whose result has this layout: samples, or blocks of 16 where those lie side by side.
    /// </summary>
    public static KernelParameter CountOf(Layout layout) => layout.Kind == LayoutKind.Samples ? Blocks : Samples;

    /// <summary>Parameters that a kernel has under a condition.</summary>
    public static IEnumerable<KernelParameter> If(bool condition, params KernelParameter[] parameters) => condition ? parameters : [];

    /// <summary>The list as a method declares it.</summary>
    public static string Declaration(this IEnumerable<KernelParameter> parameters) => string.Join(", ", parameters);
}
