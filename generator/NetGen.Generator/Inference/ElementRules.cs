using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>
/// Whether what reads a value takes its elements, floats or ints, and lengths that are known at run time only. The one place where that is
/// asked: layers see shapes as they take them.
/// </summary>
internal static class ElementRules
{
    /// <summary>The shapes that a layer is given. Elements that it does not take are reported, and are then as it takes them.</summary>
    public static TensorShape[] Check(Layer layer, LayerSpec spec, IReadOnlyList<InferredInput> inputs, LayerContext context)
    {
        var taken = new TensorShape[inputs.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            TensorShape given = inputs[i].Shape;
            ElementType? wanted = layer.Takes(spec, i) switch
            {
                ElementsTaken.Floats => ElementType.Float,
                ElementsTaken.Ints => ElementType.Int,
                _ => null,
            };
            taken[i] = wanted is { } elements ? given with { Elements = elements } : given;
            if (taken[i] != given && !given.IsUnknown)
                Report(layer, spec, i, given, context);
            if (given.HasLengths && !layer.TakesLengths(spec, i))
            {
                taken[i] = taken[i] with { Axis = null };
                ReportLength(layer, spec, i, given, context);
            }
        }
        return taken;
    }

    /// <summary>What the caller is given is floats.</summary>
    /// <param name="source">What gives it.</param>
    public static InferredPort CheckOutput(InferredPort output, string source, ICollection<Problem> problems)
    {
        if (!output.Shape.IsInts)
            return output;
        if (!output.Shape.IsUnknown)
        {
            problems.Add(new Problem(DiagnosticDescriptors.TakesFloats, ProblemPlace.Network, null, null,
                new[] { "The network's output", source, output.Shape.InWords }.ToEquatableArray()));
        }
        return output with { Shape = output.Shape with { Elements = ElementType.Float } };
    }

    private static void Report(Layer layer, LayerSpec spec, int input, TensorShape given, LayerContext context)
    {
        (string source, string? argument, int? element) = Origin(layer, spec, input, context);
        if (given.IsInts)
        {
            context.ReportElement(DiagnosticDescriptors.TakesFloats, argument, element, context.DisplayName, source, given.InWords);
            return;
        }
        string dimensions = string.Join(", ", given.Dimensions.Select(dimension => dimension == 0 ? "…" : Invariant.Text(dimension)));
        context.ReportElement(DiagnosticDescriptors.TakesInts, argument, element, context.DisplayName, source, given.InWords,
            $"\"tokens\", {dimensions}");
    }

    private static void ReportLength(Layer layer, LayerSpec spec, int input, TensorShape given, LayerContext context)
    {
        (string source, string? argument, int? element) = Origin(layer, spec, input, context);
        context.ReportElement(DiagnosticDescriptors.NeedsFixedLength, argument, element, context.DisplayName, source, given.InWords,
            given.Axis!, MessageText.Number(given.Dimensions[0]));
    }

    /// <summary>What gives a layer one of its inputs, and the argument that says so.</summary>
    private static (string Source, string? Argument, int? Element) Origin(Layer layer, LayerSpec spec, int input, LayerContext context)
    {
        int named = input - (layer.ReadsPreceding ? 1 : 0);
        if (named < 0)
            return (context.Source, null, null);
        IReadOnlyList<NamedInput> reads = layer.Reads(spec);
        return named < reads.Count ? ($"'{reads[named].Name}'", reads[named].Argument, reads[named].Element)
            : (spec.Scopes[named - reads.Count].Title, ProblemPlace.TypeArgument(named - reads.Count), null);
    }
}
