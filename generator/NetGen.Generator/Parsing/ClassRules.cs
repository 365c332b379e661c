using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Parsing;

/// <summary>The rules for the class itself: can NetGen add a part to it, and does it leave room for the generated members?</summary>
internal sealed class ClassRules(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Action<Diagnostic> report)
{
    /// <summary>The members of the user's that a stub has to leave out.</summary>
    public List<string> CollidingMembers { get; } = new();

    /// <summary>Adding a part to the class compiles, so that a stub can be written where the network is in error.</summary>
    public bool CanBeExtended { get; private set; } = true;

    /// <summary>A part can declare the generated constructors.</summary>
    public bool CanHaveConstructors { get; private set; } = true;

    /// <summary>Reports everything that is wrong with the class.</summary>
    /// <param name="layerProperties">Names of the properties that the layers will have.</param>
    public void Check(IEnumerable<string> layerProperties)
    {
        CheckPartial();
        CheckGeneric();
        CheckKind();
        CheckName();
        CheckMembers(new HashSet<string>(GeneratedMembers.All.Concat(layerProperties.SelectMany(property => new[] { property, GeneratedMembers.TypeOf(property) })), StringComparer.Ordinal));
        CheckConstructors();
        if (Symbols.HasAttribute(type, Symbols.BlockAttribute))
            Report(DiagnosticDescriptors.NetworkAndBlock, declaration.Identifier, type.Name);
    }

    private void CheckPartial()
    {
        if (!IsPartial(declaration))
        {
            Report(DiagnosticDescriptors.NotPartial, declaration.Identifier, type.Name);
            CanBeExtended = false;
        }
        for (SyntaxNode? outer = declaration.Parent; outer is TypeDeclarationSyntax containing; outer = outer.Parent)
        {
            if (IsPartial(containing))
                continue;
            Report(DiagnosticDescriptors.ContainingTypeNotPartial, containing.Identifier, containing.Identifier.ValueText, type.Name);
            CanBeExtended = false;
        }
    }

    private void CheckGeneric()
    {
        for (INamedTypeSymbol? generic = type; generic is not null; generic = generic.ContainingType)
        {
            if (generic.TypeParameters.IsEmpty)
                continue;
            Report(DiagnosticDescriptors.Generic, declaration.Identifier, generic.Name);
            return;
        }
    }

    private void CheckKind()
    {
        if (type.IsRecord)
            Unsupported("it is a record, which compares and copies its fields: make it a class", canBeExtended: true);
        if (type.IsStatic)
            Unsupported("it is static, and every instance has its own parameters", canBeExtended: false);
        else if (type.IsAbstract)
            Unsupported("it is abstract, and Load must create an instance", canBeExtended: true);
        if (IsFileLocal())
            Unsupported("it is local to its file, and the generated part stands in another", canBeExtended: false);
        if (declaration.ParameterList is not null)
        {
            Unsupported("it has a primary constructor, which the generated constructors would have to call", canBeExtended: true);
            CanHaveConstructors = false;
        }

        void Unsupported(string reason, bool canBeExtended)
        {
            Report(DiagnosticDescriptors.UnsupportedClass, declaration.Identifier, type.Name, reason);
            CanBeExtended &= canBeExtended;
        }
    }

    /// <summary>A type declared inside a file-local one cannot be reopened in another file either.</summary>
    private bool IsFileLocal()
    {
        for (INamedTypeSymbol? outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsFileLocal)
                return true;
        }
        return false;
    }

    /// <summary>C# forbids members with the name of their class.</summary>
    private void CheckName()
    {
        if (!GeneratedMembers.Contains(type.Name))
            return;
        Report(DiagnosticDescriptors.ReservedName, declaration.Identifier, $"The class name '{type.Name}'", type.Name);
        CanBeExtended = false;
    }

    private void CheckMembers(HashSet<string> generated)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member.IsImplicitlyDeclared || !generated.Contains(member.Name) || IsDistinctOverload(member))
                continue;
            CollidingMembers.Add(member.Name);
            report(Diagnostic.Create(DiagnosticDescriptors.MemberCollision, member.Locations[0], type.Name, member.Name));
        }
    }

    private static bool IsDistinctOverload(ISymbol member)
    {
        if (member is not IMethodSymbol method || !GeneratedMembers.MethodParameters.TryGetValue(method.Name, out string[]? parameters))
            return false;
        return method.Arity > 0 || !method.Parameters.Select(parameter => ParameterType(parameter.Type)).SequenceEqual(parameters);
    }

    private static string ParameterType(ITypeSymbol parameterType)
        => parameterType.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString();

    /// <summary>An instance made by a constructor that does not end in the generated one would have no parameters.</summary>
    private void CheckConstructors()
    {
        if (declaration.ParameterList is not null)
            return;
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.IsImplicitlyDeclared || constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not ConstructorDeclarationSyntax syntax)
                continue;
            string[] parameters = constructor.Parameters.Select(parameter => ParameterType(parameter.Type)).ToArray();
            if (parameters.SequenceEqual(new[] { "ulong" }) || parameters.SequenceEqual(new[] { "ulong", "NetGen.Initialization" }))
            {
                Report(DiagnosticDescriptors.MemberCollision, syntax.Identifier, type.Name, $"{type.Name}({string.Join(", ", parameters)})");
                CanHaveConstructors = false;
            }
            else if (!syntax.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer))
                Report(DiagnosticDescriptors.ConstructorSkipsParameters, syntax.Identifier, type.Name);
        }
    }

    private static bool IsPartial(TypeDeclarationSyntax syntax) => syntax.Modifiers.Any(SyntaxKind.PartialKeyword);

    private void Report(DiagnosticDescriptor descriptor, SyntaxToken token, params object[] arguments)
        => report(Diagnostic.Create(descriptor, token.GetLocation(), arguments));
}
