using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Inference;
using NetGen.Generator.Ir;
using NetGen.Generator.Passes;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>Holds a network against its [Budget].</summary>
internal sealed class BudgetRules
{
    private readonly INamedTypeSymbol _type;
    private readonly Action<Diagnostic> _report;
    private readonly AttributeSyntaxMap? _syntax;
    private readonly Dictionary<string, long> _limits = new(StringComparer.Ordinal);

    /// <summary>Reads the limits and reports those that make no sense.</summary>
    public BudgetRules(INamedTypeSymbol type, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        _type = type;
        _report = report;
        AttributeData? budget = Symbols.FindAttribute(type, Symbols.BudgetAttribute);
        if (budget?.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
            return;
        _syntax = new AttributeSyntaxMap(syntax, budget.AttributeConstructor);
        foreach (KeyValuePair<string, TypedConstant> limit in budget.NamedArguments)
        {
            // What is no number does not compile either, which is the compiler's to report.
            if (limit.Value is not { Kind: TypedConstantKind.Primitive, Value: long most })
                continue;
            if (most < 0)
                report(Diagnostic.Create(DiagnosticDescriptors.NegativeBudget, _syntax.LocateNamed(limit.Key), limit.Key,
                    MessageText.Number(most)));
            else
                _limits[limit.Key] = most;
        }
    }

    /// <summary>Reports every figure above its limit. Figures are known only of a network without errors of shape.</summary>
    public void Check(InferredNetwork network)
    {
        if (_limits.Count == 0)
            return;
        IReadOnlyList<NetworkFigures.Row> rows = NetworkFigures.Of(network);
        Check("MaxParameters", () => (NetworkFigures.Parameters(network), "parameter", "", Largest(row => row.Parameters)));
        Check("MaxMultiplyAdds",
            () => (NetworkFigures.MultiplyAdds(network), "multiply-add", " per sample", Largest(row => row.MultiplyAdds)));
        Check("MaxActivationBytes", () =>
        {
            ActivationMemory.Peak peak = NetworkPlan.ActivationPeak(network);
            return (peak.Bytes, "byte", " of activations", peak.At is null ? "for the input" : $"at {peak.At}");
        });

        string Largest(Func<NetworkFigures.Row, long> figure)
        {
            NetworkFigures.Row row = rows.OrderByDescending(figure).First();
            return $"most in {row.Name}, {MessageText.Number(figure(row))}";
        }
    }

    /// <param name="measure">The figure, what it counts, and where most of it is; asked only where there is a limit.</param>
    private void Check(string limit, Func<(long Figure, string Unit, string Of, string Where)> measure)
    {
        if (!_limits.TryGetValue(limit, out long most))
            return;
        (long figure, string unit, string of, string where) = measure();
        if (figure > most)
        {
            _report(Diagnostic.Create(DiagnosticDescriptors.BudgetExceeded, _syntax!.LocateNamed(limit), _type.Name,
                MessageText.Count(figure, unit) + of, where, MessageText.Number(figure - most), limit, MessageText.Number(most)));
        }
    }
}
