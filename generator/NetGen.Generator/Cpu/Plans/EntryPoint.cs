using NetGen.Generator.Cpu.Kernels;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>A method of the kernels' class that a session or trainer calls; there is one in the class of each instruction set.</summary>
/// <param name="Name">Without the suffix of the instruction set.</param>
internal sealed record EntryPoint(string Name, IReadOnlyList<KernelParameter> Parameters)
{
    /// <summary>The type of its address.</summary>
    public string PointerType => $"delegate*<{string.Concat(Parameters.Select(parameter => parameter.TypeName + ", "))}void>";

    /// <summary>A call through the kernel table of a session or trainer.</summary>
    /// <param name="argument">The expression for a parameter.</param>
    public string Call(Func<KernelParameter, string> argument) => $"_kernels.{Name}({string.Join(", ", Parameters.Select(argument))})";
}
