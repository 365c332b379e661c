using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Parsing;

/// <summary>
/// NG2073: a call of a trainer's Step or Backward with targets, where the network has no loss. The compiler says that there is no such
/// overload, which does not tell why.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StepWithoutLossAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(DiagnosticDescriptors.StepWithoutLoss);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.InvocationExpression);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        if (context.Node is not InvocationExpressionSyntax
            {
                ArgumentList.Arguments.Count: >= 2,
                Expression: MemberAccessExpressionSyntax { Name: { Identifier.ValueText: "Step" or "Backward" } name } access,
            } call
            || context.SemanticModel.GetSymbolInfo(call, context.CancellationToken).Symbol is not null
            || context.SemanticModel.GetTypeInfo(access.Expression, context.CancellationToken).Type
                is not INamedTypeSymbol { Name: "Trainer", ContainingType: { } network }
            || !Symbols.HasAttribute(network, Symbols.NetworkAttribute) || HasLoss(network))
            return;
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.StepWithoutLoss, name.GetLocation(), network.Name,
            name.Identifier.ValueText));
    }

    /// <summary>Or what may be one, misspelt.</summary>
    private static bool HasLoss(INamedTypeSymbol network) => network.GetAttributes().Any(attribute => attribute.AttributeClass is { } one
        && (one.TypeKind == TypeKind.Error || Symbols.DerivesFrom(one, Symbols.LossAttribute)
            || Symbols.HasAttribute(network, Symbols.InferenceOnlyAttribute)));
}
