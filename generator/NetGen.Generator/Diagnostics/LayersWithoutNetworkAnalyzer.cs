using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Parsing;

namespace NetGen.Generator.Diagnostics;

/// <summary>
/// NG3004: layers on a class without [Network] or [Block]. The generator never looks at such a class, hence an analyzer.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LayersWithoutNetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(DiagnosticDescriptors.LayersWithoutNetwork);

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
        AttributeData? layer = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is INamedTypeSymbol attributeClass
            && (Symbols.DerivesFrom(attributeClass, Symbols.LayerAttribute) || Symbols.DerivesFrom(attributeClass, Symbols.LossAttribute)));
        if (layer is null || Symbols.HasAttribute(type, Symbols.NetworkAttribute) || Symbols.HasAttribute(type, Symbols.BlockAttribute))
            return;
        Location location = layer.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation() ?? type.Locations[0];
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.LayersWithoutNetwork, location, type.Name));
    }
}
