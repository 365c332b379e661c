using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>An input or an output of the network, as the methods of the kernels know it.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Pointer">
/// The parameter that points at the caller's samples, e.g. <c>input</c>, or <c>imageInput</c> where there are several.
/// </param>
internal sealed record CallerPort(string Name, string Pointer, TensorShape Shape)
{
    /// <summary>Ints of it are below this number, and 0 or more: the rows of the smallest table that they are looked up in.</summary>
    public int? IndexLimit { get; init; }

    /// <summary>The parameter that points at the caller's gradients.</summary>
    public string Gradient => Pointer + "Gradient";

    /// <summary>The pointer in names of methods, e.g. <c>Input</c>.</summary>
    public string Stem => char.ToUpperInvariant(Pointer[0]) + Pointer.Substring(1);

    /// <param name="kind">What the only one is called, and what the names of several end with.</param>
    public static IReadOnlyList<CallerPort> Of(IReadOnlyList<InferredPort> ports, string kind)
        => [.. ports.Select(port => new CallerPort(port.Name, PointerOf(port.Name, kind, ports.Count), port.Shape))];

    public static IEnumerable<KernelParameter> Pointers(IEnumerable<CallerPort> ports)
        => ports.Select(port => KernelParameters.Elements(port.Pointer, port.Shape.Elements));

    /// <summary>Those of ints have no gradients.</summary>
    public static IEnumerable<KernelParameter> Gradients(IEnumerable<CallerPort> ports)
        => ports.Where(port => !port.Shape.IsInts).Select(port => KernelParameters.Floats(port.Gradient));

    private static string PointerOf(string name, string kind, int count)
        => count == 1 ? kind : Naming.Camel(name) + char.ToUpperInvariant(kind[0]) + kind.Substring(1);
}
