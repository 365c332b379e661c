using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Parsing;

/// <summary>The rules for the class itself: can NetGen add a part to it, and does it leave room for the generated members?</summary>
internal sealed class ClassRules(INamedTypeSymbol type, TypeDeclarationSyntax declaration, Compilation compilation,
    Action<Diagnostic> report)
{
    private readonly BaseClass _base = new(type, compilation);

    /// <summary>The members of the user's that a stub has to leave out.</summary>
    public List<string> CollidingMembers { get; } = new();

    /// <summary>Adding a part to the class compiles, so that a stub can be written where the network is in error.</summary>
    public bool CanBeExtended { get; private set; } = true;

    /// <summary>A part can declare the generated constructors.</summary>
    public bool CanHaveConstructors { get; private set; } = true;

    /// <summary>What the generated members have to say where a base class has members of their names.</summary>
    public EquatableArray<InheritedMember> Inherited { get; private set; } = EquatableArray<InheritedMember>.Empty;

    /// <summary>How a constructor of a stub calls that of the base class; empty where C# does it by itself.</summary>
    public string BaseCall => _base.Call;

    /// <summary>Reports everything that is wrong with the class.</summary>
    /// <param name="generated">Names of the members that NetGen generates.</param>
    public void Check(HashSet<string> generated)
    {
        // Of a struct the rest is said when it is a class.
        if (type.IsValueType)
        {
            Unsupported("it is a struct, each copy of which would have its own parameters: make it a class", IsPartial(declaration));
            return;
        }
        CheckPartial();
        CheckGeneric();
        CheckKind();
        CheckName(generated);
        CheckMembers(generated);
        CheckConstructors();
        CheckBase(generated);
        CheckRequiredMembers();
        if (Symbols.HasAttribute(type, Symbols.BlockAttribute))
            Report(DiagnosticDescriptors.NetworkAndBlock, declaration.Identifier, type.Name);
    }

    private void CheckPartial()
    {
        // A part is added all the same: the compiler then says of the class that partial is missing, too, and nothing of the code that uses
        // the members of the network.
        if (!IsPartial(declaration))
            Report(DiagnosticDescriptors.NotPartial, declaration.Identifier, type.Name);
        for (SyntaxNode? outer = declaration.Parent; outer is TypeDeclarationSyntax containing; outer = outer.Parent)
        {
            if (IsPartial(containing))
                continue;
            Report(DiagnosticDescriptors.ContainingTypeNotPartial, containing.Identifier, containing.Identifier.ValueText, type.Name);
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
        if (HasPrimaryConstructor)
        {
            Unsupported("it has a primary constructor, which the generated constructors would have to call", canBeExtended: true);
            CanHaveConstructors = false;
        }

    }

    private void Unsupported(string reason, bool canBeExtended)
    {
        Report(DiagnosticDescriptors.UnsupportedClass, declaration.Identifier, type.Name, reason);
        CanBeExtended &= canBeExtended;
    }

    /// <summary>On whichever part of the class it stands.</summary>
    private bool HasPrimaryConstructor
        => type.DeclaringSyntaxReferences.Any(part => part.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null });

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
    private void CheckName(HashSet<string> generated)
    {
        if (!generated.Contains(type.Name))
            return;
        Report(DiagnosticDescriptors.ReservedName, declaration.Identifier, $"The class name '{type.Name}'", type.Name);
        CanBeExtended = false;
    }

    private void CheckMembers(HashSet<string> generated)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            // An indexer has no name in the source, but one in the class.
            string name = member is IPropertySymbol { IsIndexer: true } ? member.MetadataName : member.Name;
            if (member.IsImplicitlyDeclared || IsDistinctOverload(member))
                continue;
            if (!generated.Contains(name))
            {
                if (!IsGetter(member, generated))
                    continue;
                CollidingMembers.Add(name.Substring(Getter.Length));
            }
            CollidingMembers.Add(name);
            report(Diagnostic.Create(DiagnosticDescriptors.MemberCollision, member.Locations[0], type.Name, name));
        }
    }

    private const string Getter = "get_";

    /// <summary>A method of the user's that has the name which C# gives to the getter of a generated property.</summary>
    private static bool IsGetter(ISymbol member, HashSet<string> generated)
        => member is IMethodSymbol { MethodKind: MethodKind.Ordinary, Parameters.Length: 0 }
            && member.Name.StartsWith(Getter, StringComparison.Ordinal)
            && member.Name.Substring(Getter.Length) is var property
            && generated.Contains(property) && !GeneratedMembers.MethodParameters.ContainsKey(property);

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
        if (HasPrimaryConstructor)
            return;
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.IsImplicitlyDeclared
                || constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not ConstructorDeclarationSyntax syntax)
                continue;
            string[] parameters = constructor.Parameters.Select(parameter => ParameterType(parameter.Type)).ToArray();
            if (parameters.SequenceEqual(new[] { "ulong" }) || parameters.SequenceEqual(new[] { "ulong", "NetGen.Initialization" }))
            {
                Report(DiagnosticDescriptors.MemberCollision, syntax.Identifier, type.Name,
                    $"{type.Name}({string.Join(", ", parameters)})");
                CanHaveConstructors = false;
            }
            else if (!syntax.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer))
                Report(DiagnosticDescriptors.ConstructorSkipsParameters, syntax.Identifier, type.Name);
        }
    }

    private void CheckBase(HashSet<string> generated)
    {
        if (_base.Network is INamedTypeSymbol network)
        {
            Unsupported($"it derives from the network '{network.Name}', all of whose members it would hide: share layers with a block",
                canBeExtended: true);
        }
        else if (!_base.HasParameterlessConstructor)
        {
            Unsupported($"its base class '{type.BaseType!.Name}' has no constructor without parameters, which the generated constructors "
                + "call", canBeExtended: true);
        }
        CanHaveConstructors &= _base.CanBeCalled;

        var inherited = new List<InheritedMember>();
        // In the order of the list, so that equal networks have equal specifications.
        foreach (string name in generated.OrderBy(name => name, StringComparer.Ordinal))
        {
            switch (_base.RelationTo(name, out ISymbol? member))
            {
                case BaseClass.Relation.Hidden:
                    inherited.Add(new InheritedMember(name, "new "));
                    break;
                case BaseClass.Relation.Overridden:
                    inherited.Add(new InheritedMember(name, "override "));
                    break;
                case BaseClass.Relation.Impossible:
                    CollidingMembers.Add(name);
                    Report(DiagnosticDescriptors.MemberCollision, declaration.Identifier, member!.ContainingType.Name, name);
                    break;
            }
        }
        Inherited = inherited.ToEquatableArray();
    }

    /// <summary>Whoever makes an instance must set them, and Load cannot.</summary>
    private void CheckRequiredMembers()
    {
        for (INamedTypeSymbol? level = type; level is not null; level = level.BaseType)
        {
            ISymbol? required = level.GetMembers()
                .FirstOrDefault(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });
            if (required is null)
                continue;
            Unsupported($"its member '{required.Name}' is required, and Load, which makes an instance, could not set it",
                canBeExtended: true);
            return;
        }
    }

    private static bool IsPartial(TypeDeclarationSyntax syntax) => syntax.Modifiers.Any(SyntaxKind.PartialKeyword);

    private void Report(DiagnosticDescriptor descriptor, SyntaxToken token, params object[] arguments)
        => report(Diagnostic.Create(descriptor, token.GetLocation(), arguments));
}
