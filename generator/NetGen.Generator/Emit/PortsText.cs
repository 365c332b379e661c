using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Specs;
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
        IReadOnlyList<string> properties =
        [
            .. SurfaceTexts.If(forms[0].Output.Axis is not null, $"Lengths = {Literals.String(forms[0].Output.Axis?.Lengths ?? "")}"),
            .. forms.Where(parameter => parameter.Target is ClassTarget).Take(1).SelectMany(Classes),
        ];
        return $"new global::NetGen.NetworkTarget({Literals.String(forms[0].Name)}, {Literals.String(forms[0].Output.Port.Name)}, "
            + $"{Of("int")}, {Of("float")})" + (properties.Count > 0 ? $" {{ {string.Join(", ", properties)} }}" : "");
    });

    /// <summary>Which class indices there are, so that a loop finds a wrong one before it begins.</summary>
    private static IEnumerable<string> Classes(SurfaceTargetParameter parameter)
    {
        var labels = (ClassTarget)parameter.Target;
        yield return $"Classes = {(labels.Classes is { } ofPosition ? Literals.Int(ofPosition) : parameter.Output.Size)}";
        if (labels.IgnoreIndex != CrossEntropyLossSpec.DefaultIgnoreIndex)
            yield return $"IgnoreIndex = {Literals.Int(labels.IgnoreIndex)}";
    }
}
