using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>What a batch brings for one of the spans that a network's calls take before the targets.</summary>
/// <param name="Name">The input's name, or that of the span of lengths.</param>
/// <param name="Getter">The method by which a batch gives it.</param>
/// <param name="Text">The port that says so, in C#.</param>
internal sealed record BatchInput(string Name, string Getter, string Text);

/// <summary>What batches bring for the inputs of a network: their values, and the lengths of samples that have such.</summary>
internal static class BatchInputs
{
    public static IReadOnlyList<BatchInput> Of(NetworkFacts network)
    {
        var inputs = new List<BatchInput>();
        foreach (SurfacePort port in network.Inputs)
        {
            inputs.Add(new BatchInput(port.Port.Name, SurfaceTexts.Getter(port), Port(port)));
            foreach ((_, SurfaceAxis axis) in network.Lengths.Where(given => given.Input == port))
            {
                inputs.Add(new BatchInput(axis.Lengths, "GetIntInput",
                    $"new global::NetGen.NetworkPort({Literals.String(axis.Lengths)}) {{ ElementType = typeof(int) }}"));
            }
        }
        return inputs;
    }

    /// <summary>The object that tells what a port is.</summary>
    public static string Port(SurfacePort port)
    {
        IEnumerable<string> shape = port.Shape.Dimensions.Select(extent => ", " + Literals.Int(extent));
        string[] options =
        [
            .. SurfaceTexts.If(port.Shape.IsInts, $"ElementType = typeof({port.Element})"),
            .. SurfaceTexts.If(port.Axis is not null, $"Lengths = {Literals.String(port.Axis?.Lengths ?? "")}"),
            .. SurfaceTexts.If(port.Port.IndexLimit is not null, $"Rows = {Literals.Int(port.Port.IndexLimit ?? 0)}"),
        ];
        return $"new global::NetGen.NetworkPort({Literals.String(port.Port.Name)}{string.Concat(shape)})"
            + (options.Length > 0 ? $" {{ {string.Join(", ", options)} }}" : "");
    }
}
