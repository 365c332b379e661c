using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>A partial class with layers that is neither network nor block: most probably [Network] was forgotten.</summary>
/// <param name="Attribute">Its first layer or loss.</param>
internal sealed record ForgottenNetwork(INamedTypeSymbol Type, TypeDeclarationSyntax Declaration, AttributeSyntax Attribute)
{
    /// <summary>
    /// The syntax alone allows it. Where all is as it should be, no class comes past here: what is asked of each changed file is cheap.
    /// </summary>
    public static bool MayBe(SyntaxNode node)
    {
        if (node is not ClassDeclarationSyntax { AttributeLists.Count: > 0 } declaration || !IsPartial(declaration))
            return false;
        bool hasLayer = false;
        foreach (AttributeListSyntax list in declaration.AttributeLists)
        {
            foreach (AttributeSyntax attribute in list.Attributes)
            {
                string? name = LayerSpelling.SimpleName(attribute)?.Identifier.ValueText;
                if (name is "Network" or "NetworkAttribute" or "Block" or "BlockAttribute")
                    return false;
                hasLayer |= name is not null && LayerSpelling.IsKnown(name);
            }
        }
        return hasLayer;
    }

    /// <returns>Null if the class is none, or another of its declarations has its first layer.</returns>
    public static ForgottenNetwork? Find(GeneratorSyntaxContext context, CancellationToken cancellationToken)
    {
        var declaration = (TypeDeclarationSyntax)context.Node;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, cancellationToken) is not { } type
            || Symbols.HasAttribute(type, Symbols.NetworkAttribute) || Symbols.HasAttribute(type, Symbols.BlockAttribute)
            || !CanBeExtended(type, cancellationToken))
            return null;
        AttributeData? first = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { } attributeClass
            && (Symbols.DerivesFrom(attributeClass, Symbols.LayerAttribute) || Symbols.DerivesFrom(attributeClass, Symbols.LossAttribute)));
        return first?.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is AttributeSyntax syntax
            && syntax.Parent?.Parent == declaration ? new ForgottenNetwork(type, declaration, syntax) : null;
    }

    /// <summary>A part can be added to the class, so that NG2028 says what is missing; otherwise NG3004 does.</summary>
    public static bool CanBeExtended(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type is not { TypeKind: TypeKind.Class, IsStatic: false, IsRecord: false })
            return false;
        for (INamedTypeSymbol? one = type; one is not null; one = one.ContainingType)
        {
            if (one.IsFileLocal || !one.DeclaringSyntaxReferences.Any(reference
                => reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax part && IsPartial(part)))
                return false;
        }
        return true;
    }

    public Diagnostic ToDiagnostic(ReadStack stack)
    {
        // The features of a vector are said by a Linear that is given both numbers.
        string? shape = stack.Layers.Count > 0 && stack.Layers[0] is LinearSpec { InFeatures: int features }
            ? $"Network({Invariant.Text(features)})" : null;
        ImmutableDictionary<string, string?> fix = ImmutableDictionary<string, string?>.Empty;
        if (shape is not null)
            fix = fix.Add(FixProperties.InsertBefore, shape);
        return Diagnostic.Create(DiagnosticDescriptors.NetworkMissing, Attribute.GetLocation(), fix, Type.Name,
            $"[{shape ?? "Network(…)"}]");
    }

    private static bool IsPartial(TypeDeclarationSyntax declaration) => declaration.Modifiers.Any(SyntaxKind.PartialKeyword);
}
