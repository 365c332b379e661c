namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A call of a method of the runtime that derives something from weights.</summary>
/// <param name="Method">With its class, e.g. <c>Packing.TransposeLinear</c>.</param>
internal sealed record RuntimeCall(string Method, params Argument[] Arguments)
{
    /// <summary>The workers divide its work: it takes the worker's number and how many there are, at the end.</summary>
    public bool IsShared { get; init; } = true;

    /// <summary>It is called for each of so many groups of channels.</summary>
    public int Groups { get; init; } = 1;
}
