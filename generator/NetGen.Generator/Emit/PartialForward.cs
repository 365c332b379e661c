using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>
/// Of a network with several outputs, the methods of a session that compute one of them alone, where it depends on fewer inputs or layers
/// than all do. They are the same kernels as <c>Forward</c>'s, which is told the outputs that are asked for.
/// </summary>
internal static class PartialForward
{
    private const string Field = "_wanted";

    /// <summary>The outputs that can be had alone; of a network in error, where nobody knows, all of several.</summary>
    private static IEnumerable<int> Outputs(NetworkFacts network) => network.Plan is { } plan ? plan.Needs.Alone
        : network.Outputs.Count > 1 ? Enumerable.Range(0, network.Outputs.Count) : [];

    /// <summary>The declaration of the field that says which outputs a call asks for; empty where all always are.</summary>
    public static string FieldDeclaration(NetworkFacts network) => !Outputs(network).Any() ? "" : $"""


        // The outputs that a call asks for, as bits; all but while one is computed alone.
        private ulong {Field} = ulong.MaxValue;
        """;

    /// <summary>What kernels are given for their parameter.</summary>
    public static string? ArgumentFor(Cpu.Kernels.KernelParameter parameter) => parameter == EntryPoints.Wanted ? Field : null;

    public static IEnumerable<SurfaceMember> Of(NetworkFacts network) => Outputs(network).Select(output => Forward(network, output));

    private static SurfaceMember Forward(NetworkFacts network, int index)
    {
        SurfacePort output = network.Outputs[index];
        IReadOnlyList<SurfacePort> inputs = network.Plan is { } plan
            ? [.. plan.Needs.InputsOf(index).Select(input => network.Inputs[input])] : network.Inputs;
        return SessionSurface.ForwardOf(
            "Forward" + Naming.Pascal(output.Port.Name), $"Computes {output.Words} alone, with the layers that it needs.", inputs, [output],
            [.. SurfaceTexts.If(network.Cuda is not null, "OnProcessor();"), $"{Field} = {Literals.Bits(1UL << index)};",
            "try",
            "{",
            "    RunForward(samples);",
            "}",
            "finally",
            "{",
            $"    {Field} = ulong.MaxValue;",
            "}"]);
    }
}
