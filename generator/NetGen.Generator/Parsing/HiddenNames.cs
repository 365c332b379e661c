using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Parsing;

/// <summary>
/// Finds names in the user's part of a class that mean something outside of it, and that a generated member would hide: a class
/// <c>Head</c> in the arguments of a layer called "head", whose property is <c>Head</c>. C# looks such names up in the class first, from
/// its attributes too. What is reported is what no longer compiles with the generated members, so that whoever means these is let alone.
/// </summary>
internal sealed class HiddenNames(INamedTypeSymbol type, HashSet<string> generated, Compilation compilation, Action<Diagnostic> report,
    CancellationToken cancellationToken)
{
    /// <summary>Reports the names that generated members hide.</summary>
    /// <param name="surface">The source of the generated members, asked for only where a name is in question: compiling with it takes
    /// time.</param>
    /// <returns>The members that hide something.</returns>
    public IReadOnlyList<string> Check(Func<string> surface)
    {
        var suspects = new List<(SimpleNameSyntax Name, ISymbol Meaning)>();
        foreach (SyntaxReference part in type.DeclaringSyntaxReferences)
        {
            SyntaxNode declaration = part.GetSyntax(cancellationToken);
            SemanticModel model = compilation.GetSemanticModel(declaration.SyntaxTree);
            foreach (SimpleNameSyntax name in declaration.DescendantNodes(node => node is not BaseListSyntax || node.Parent != declaration)
                .OfType<SimpleNameSyntax>())
            {
                if (generated.Contains(name.Identifier.ValueText) && IsLookedUp(name) && MeaningOf(model, name) is { } meaning
                    && IsFromOutside(meaning))
                    suspects.Add((name, meaning));
            }
        }
        if (suspects.Count == 0)
            return [];

        Compilation extended = compilation.AddSyntaxTrees(
            CSharpSyntaxTree.ParseText(surface(), (CSharpParseOptions)suspects[0].Name.SyntaxTree.Options,
            cancellationToken: cancellationToken));
        var hiding = new List<string>();
        foreach ((SimpleNameSyntax name, ISymbol meaning) in suspects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SemanticModel model = extended.GetSemanticModel(name.SyntaxTree);
            if (MeaningOf(model, name) is { } other && other.ToDisplayString() == meaning.ToDisplayString())
                continue;
            SyntaxNode unit = name.AncestorsAndSelf().First(IsUnit);
            HashSet<(string, int)> before = ErrorsIn(compilation.GetSemanticModel(name.SyntaxTree), unit);
            if (ErrorsIn(model, unit).IsSubsetOf(before))
                continue;
            Report(name, meaning);
            hiding.Add(name.Identifier.ValueText);
        }
        return hiding;
    }

    /// <summary>The name is looked up in the scopes around it: it stands behind no dot, and names no argument or property.</summary>
    private static bool IsLookedUp(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name,
        QualifiedNameSyntax qualified => qualified.Left == name,
        AliasQualifiedNameSyntax or MemberBindingExpressionSyntax or NameEqualsSyntax or NameColonSyntax => false,
        _ => true,
    };

    private ISymbol? MeaningOf(SemanticModel model, SimpleNameSyntax name)
    {
        SymbolInfo info = model.GetSymbolInfo(name, cancellationToken);
        return info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
    }

    /// <summary>Neither a member of the class, or of one nested in it, nor a local name.</summary>
    private bool IsFromOutside(ISymbol meaning)
    {
        if (meaning is not (INamespaceOrTypeSymbol or IFieldSymbol or IPropertySymbol or IEventSymbol
            or IMethodSymbol { MethodKind: MethodKind.Ordinary }) or ITypeParameterSymbol)
            return false;
        for (INamedTypeSymbol? around = meaning.ContainingType; around is not null; around = around.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(around, type))
                return false;
        }
        return true;
    }

    /// <summary>What an error about a name in it may be reported on.</summary>
    private static bool IsUnit(SyntaxNode node)
        => node is AttributeSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or MemberDeclarationSyntax
        || (node is StatementSyntax and not BlockSyntax);

    private HashSet<(string Id, int Start)> ErrorsIn(SemanticModel model, SyntaxNode unit) => new(model
        .GetDiagnostics(unit.Span, cancellationToken)
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceSpan.IntersectsWith(unit.Span))
        .Select(diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan.Start)));

    private void Report(SimpleNameSyntax name, ISymbol meaning)
    {
        string text = name.Identifier.ValueText;
        // Instance members of a base class are reached by base, all else by a full name.
        bool isInherited = meaning is not INamespaceOrTypeSymbol && !meaning.IsStatic;
        string full = isInherited
            ? "base." + name : meaning is INamespaceOrTypeSymbol ? meaning.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)
            : $"{meaning.ContainingType?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{name}";
        if (meaning is INamespaceSymbol && !full.StartsWith("global::", StringComparison.Ordinal))
            full = "global::" + full;
        string kind = meaning switch
        {
            INamespaceSymbol => "a namespace",
            INamedTypeSymbol { TypeKind: TypeKind.Enum } => "an enum",
            INamedTypeSymbol { TypeKind: TypeKind.Interface } => "an interface",
            INamedTypeSymbol { TypeKind: TypeKind.Struct } => "a struct",
            INamedTypeSymbol { TypeKind: TypeKind.Delegate } => "a delegate",
            INamedTypeSymbol => "a class",
            _ => $"a member of '{meaning.ContainingType?.Name}'",
        };
        bool isOfLayer = !GeneratedMembers.All.Contains(text);
        string remedy = $"{(isOfLayer ? "give the layer another Name, or " : "")}write '{full}'";
        report(Diagnostic.Create(DiagnosticDescriptors.HiddenName, name.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Value, full), text, kind, type.Name, remedy));
    }
}
