using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>What session and trainer have in common.</summary>
internal static class SurfaceTexts
{
    public static readonly SurfaceParameter Input = new(RuntimeTypes.ReadOnlySpan("float"), "input");

    public static readonly SurfaceParameter Output = new(RuntimeTypes.Span, "output");

    /// <summary>What a core gives each thread: a type of the core's.</summary>
    public static readonly SurfaceParameter Share = new("in Share", "share");

    /// <param name="most">The property that says how many samples there may be.</param>
    public static string AboutInput(NetworkFacts network, string most) => Doc.Param("input",
        $"n samples of {Literals.Int(network.Input.Size)} values, each {network.Input} in row-major order; n from 1 to <see "
            + $"cref=\"{most}\"/>.");

    /// <summary>The call of a core's constructor.</summary>
    /// <param name="figures">The network's figures, as assignments.</param>
    /// <param name="arguments">Those behind it.</param>
    public static string BaseCall(IReadOnlyList<string> figures, string arguments) => $$"""

            : base(
                new()
                {
                    {{string.Join(",\n            ", figures)}},
                },
                {{arguments}})
        """;

    /// <summary>The widths that kernels are written for, where those are not all.</summary>
    public static IEnumerable<string> Widths(NetworkPlan plan)
    {
        IEnumerable<string> widths = plan.InstructionSets.Select(isa => $"global::NetGen.VectorWidth.Vector{Literals.Int(isa.Bits)}");
        return If(plan.LimitsWidths, $"VectorWidths = new[] {{ {string.Join(", ", widths)} }}");
    }

    /// <summary>A text under a condition.</summary>
    public static IEnumerable<string> If(bool condition, string text) => condition ? [text] : [];

    /// <summary>What the core gives each worker is called as the parameters of the kernels are.</summary>
    public static string OfShare(KernelParameter parameter)
        => "share." + char.ToUpperInvariant(parameter.Name[0]) + parameter.Name.Substring(1);
}
