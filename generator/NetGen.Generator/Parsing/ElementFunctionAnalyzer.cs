using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Parsing;

/// <summary>
/// NG3040: an activation of the user's whose methods are not marked for inlining. The generator looks at networks and not at what they
/// call, hence an analyzer.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ElementFunctionAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(DiagnosticDescriptors.NotInlined);

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
        INamedTypeSymbol? contract = type.AllInterfaces.FirstOrDefault(known => Symbols.MetadataName(known) == ActivationLayer.Contract);
        if (contract is null)
            return;
        foreach (ISymbol member in contract.GetMembers())
        {
            // What it takes over from elsewhere is looked at there.
            if (type.FindImplementationForInterfaceMember(member) is IMethodSymbol method
                && SymbolEqualityComparer.Default.Equals(method.ContainingType, type)
                && (method.MethodImplementationFlags & MethodImplAttributes.AggressiveInlining) == 0)
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.NotInlined, method.Locations[0],
                    $"{type.Name}.{member.Name}"));
            }
        }
    }
}
