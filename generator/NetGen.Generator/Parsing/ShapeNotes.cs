using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Inference;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>
/// NG4001: what each layer makes of what, which editors show when the pointer is on it. For those who have asked for it: a note at every
/// layer is too much for the others, and costs nothing where nobody asks.
/// </summary>
internal static class ShapeNotes
{
    public static void Add(InferredNetwork network, SourceMap map, Compilation compilation, SyntaxTree tree, List<Diagnostic> diagnostics,
        CancellationToken cancellationToken)
    {
        if (!IsAskedFor(compilation, tree, cancellationToken))
            return;
        foreach (InferredLayer layer in network.Layers)
            Add(layer);

        void Add(InferredLayer layer)
        {
            NetworkFigures.Row[] rows = [.. NetworkFigures.Below(layer)];
            string figures = MessageText.Count(rows.Sum(row => row.Parameters), "parameter");
            if (rows.Sum(row => row.MultiplyAdds) is > 0 and var multiplyAdds)
                figures += ", " + MessageText.Count(multiplyAdds, "multiply-add");
            diagnostics.Add(map.ToDiagnostic(new Problem(DiagnosticDescriptors.LayerShapes, layer.Path, null, null,
                new[] { layer.Path, layer.Input.ToString(), layer.Output.ToString(), figures }.ToEquatableArray())));
            foreach (InferredLayer member in layer.Members)
                Add(member);
        }
    }

    /// <summary>By .editorconfig, or by the options of the compilation.</summary>
    private static bool IsAskedFor(Compilation compilation, SyntaxTree tree, CancellationToken cancellationToken)
    {
        string id = DiagnosticDescriptors.LayerShapes.Id;
        CompilationOptions options = compilation.Options;
        return (options.SyntaxTreeOptionsProvider?.TryGetDiagnosticValue(tree, id, cancellationToken, out ReportDiagnostic ofTree) == true
                && IsShown(ofTree))
            || (options.SyntaxTreeOptionsProvider?.TryGetGlobalDiagnosticValue(id, cancellationToken, out ReportDiagnostic ofAll) == true
                && IsShown(ofAll))
            || (options.SpecificDiagnosticOptions.TryGetValue(id, out ReportDiagnostic specific) && IsShown(specific));

        static bool IsShown(ReportDiagnostic value) => value is not (ReportDiagnostic.Default or ReportDiagnostic.Suppress);
    }
}
