using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Parsing;

/// <summary>
/// NG3004, NG1032, NG1121, NG1142: layers on a class without [Network] or [Block], a budget, a stream or [InferenceOnly] on one without
/// [Network]. The generator never looks at such a class, hence an analyzer.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LayersWithoutNetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(
        DiagnosticDescriptors.LayersWithoutNetwork, DiagnosticDescriptors.BudgetWithoutNetwork,
        DiagnosticDescriptors.StreamWithoutNetwork, DiagnosticDescriptors.InferenceOnlyWithoutNetwork);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (Symbols.HasAttribute(type, Symbols.NetworkAttribute))
            return;
        Report(DiagnosticDescriptors.BudgetWithoutNetwork, Symbols.FindAttribute(type, Symbols.BudgetAttribute));
        Report(DiagnosticDescriptors.StreamWithoutNetwork, Symbols.FindAttribute(type, Symbols.StreamAttribute));
        Report(DiagnosticDescriptors.InferenceOnlyWithoutNetwork, Symbols.FindAttribute(type, Symbols.InferenceOnlyAttribute));
        AttributeData? layer = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is INamedTypeSymbol attributeClass
            && (Symbols.DerivesFrom(attributeClass, Symbols.LayerAttribute) || Symbols.DerivesFrom(attributeClass, Symbols.LossAttribute)));
        // Of a class to which a part can be added the generator says it, with NG2028.
        if (!Symbols.HasAttribute(type, Symbols.BlockAttribute) && !ForgottenNetwork.CanBeExtended(type, context.CancellationToken))
            Report(DiagnosticDescriptors.LayersWithoutNetwork, layer);

        void Report(DiagnosticDescriptor descriptor, AttributeData? attribute)
        {
            if (attribute is not null)
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(descriptor, Symbols.PlaceOf(attribute, type, context.CancellationToken), type.Name));
            }
        }
    }
}
