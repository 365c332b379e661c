using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>
/// The second vector of a layer that takes two: the first is what precedes the layer, and <c>From</c> names the layer that gives the
/// second.
/// </summary>
internal static class SecondInput
{
    /// <summary>What the argument may be, for a message.</summary>
    public const string Form = "the name of a layer, such as \"fc1\"";

    /// <param name="from">The name as declared; null where none is.</param>
    public static NamedInput Named(string? from) => new("from", from, DiagnosticDescriptors.SecondInputMissing)
    {
        Missing = "none is named: write From = \"…\"",
        Choices = Choices,
    };

    /// <summary>Reports NG1076 if what was found under the name is known not to be a vector.</summary>
    /// <returns>The features of the second input; 0 where they are unknown.</returns>
    public static int RequireVector(TensorShape second, LayerContext context)
    {
        if (second.IsVector)
            return second.Features;
        if (!second.IsUnknown)
        {
            context.Report(DiagnosticDescriptors.SecondInputMissing, "from", context.DisplayName,
                $"'{context.Named[0]!.Name}' gives {second.InWords}, and both must be vectors: name a Flatten behind it");
        }
        return 0;
    }

    private static string Choices(KnownLayers known)
    {
        string[] vectors = known.All.Where(layer => layer.Output.IsVector).Select(layer => $"'{layer.Path}'").ToArray();
        return vectors.Length == 0 ? "; no layer in front of it gives a vector" : $"; vectors come from {MessageText.List(vectors)}";
    }
}
