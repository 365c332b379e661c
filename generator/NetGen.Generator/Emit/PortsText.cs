using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The object that tells those who know only that it is a network what it reads, gives and is compared with.</summary>
internal static class PortsText
{
    public static void Write(NetworkFacts network, SourceWriter writer)
    {
        writer.Line("// What a batch has to bring, and what comes back, for those who know only that this is a network.");
        writer.Line($"internal static readonly {RuntimeTypes.NetworkPorts} Ports = new {RuntimeTypes.NetworkPorts}(");
        using (writer.Indent())
        {
            writer.Line($"[{string.Join(", ", BatchInputs.Of(network).Select(input => input.Text))}],");
            writer.Line($"[{string.Join(", ", network.Outputs.Select(BatchInputs.Port))}],");
            writer.Line($"[{string.Join(", ", Targets(network))}]);");
        }
    }

    /// <summary>
    /// The parameters of <c>Step</c> behind the inputs; where a loss takes several forms, each has what it is in all of them.
    /// </summary>
    public static IEnumerable<IReadOnlyList<SurfaceTargetParameter>> TargetSlots(NetworkFacts network) => network.Losses.SelectMany(loss =>
        Enumerable.Range(0, loss.Targets.Max(target => (int?)target.Parameters.Count) ?? 0).Select(i =>
            loss.Targets.Where(target => i < target.Parameters.Count).Select(target => target.Parameters[i]).ToArray()));

    private static IEnumerable<string> Targets(NetworkFacts network) => TargetSlots(network).Select(forms =>
    {
        string Of(string type) => forms.FirstOrDefault(parameter => parameter.Type == type)?.PerSample ?? "0";
        return $"new global::NetGen.NetworkTarget({Literals.String(forms[0].Name)}, {Literals.String(forms[0].Output.Port.Name)}, "
            + $"{Of("int")}, {Of("float")})"
            + (forms[0].Output.Axis is { } axis ? $" {{ Lengths = {Literals.String(axis.Lengths)} }}" : "");
    });
}
