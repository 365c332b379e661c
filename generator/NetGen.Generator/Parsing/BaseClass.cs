using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Parsing;

/// <summary>What a network derives from, where that is not object, as far as the generated part has to get on with it.</summary>
internal sealed class BaseClass
{
    private readonly INamedTypeSymbol _type;
    private readonly Compilation _compilation;
    private readonly IReadOnlyList<IMethodSymbol> _constructors;

    public BaseClass(INamedTypeSymbol type, Compilation compilation)
    {
        _type = type;
        _compilation = compilation;
        _constructors = type.BaseType is { TypeKind: TypeKind.Class } direct
            ? direct.InstanceConstructors.Where(IsAccessible).OrderBy(constructor => constructor.Parameters.Length).ToList()
            : [];
    }

    /// <summary>How a generated member stands to one of a base class with its name.</summary>
    public enum Relation
    {
        /// <summary>There is none, or they are methods with different parameters.</summary>
        None,

        /// <summary>The generated member hides it, and must say so.</summary>
        Hidden,

        /// <summary>It is virtual or abstract, and the generated member is what it asks for.</summary>
        Overridden,

        /// <summary>It is abstract, and the generated member is not what it asks for.</summary>
        Impossible,
    }

    /// <summary>The base class that is a network itself; null if there is none.</summary>
    public INamedTypeSymbol? Network => Ancestors.FirstOrDefault(ancestor => Symbols.HasAttribute(ancestor, Symbols.NetworkAttribute));

    /// <summary>
    /// A constructor that says nothing about the base class compiles. Where the base class itself does not, that is the compiler's to say.
    /// </summary>
    public bool HasParameterlessConstructor
        => _type.BaseType is not { TypeKind: TypeKind.Class } || _constructors.Any(constructor => constructor.Parameters.IsEmpty)
        || _constructors.Count(constructor => constructor.Parameters.All(parameter => parameter.IsOptional || parameter.IsParams)) == 1;

    /// <summary>A constructor of a stub, which never runs, can call one of the base class.</summary>
    public bool CanBeCalled => HasParameterlessConstructor || Callable is not null;

    /// <summary>The call, e.g. <c> : base(default(int))</c>; empty where none is needed.</summary>
    public string Call => HasParameterlessConstructor || Callable is not { } constructor ? ""
        : $" : base({string.Join(", ", constructor.Parameters.Select(parameter => $"default({FullName(parameter.Type)})"))})";

    private static string FullName(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private IMethodSymbol? Callable
        => _constructors.FirstOrDefault(constructor
            => constructor.Parameters.All(parameter => parameter.RefKind is RefKind.None or RefKind.In
            && parameter.Type.TypeKind is not (TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Error)));

    private IEnumerable<INamedTypeSymbol> Ancestors
    {
        get
        {
            INamedTypeSymbol? ancestor = _type.BaseType;
            for (; ancestor is { SpecialType: not SpecialType.System_Object }; ancestor = ancestor.BaseType)
                yield return ancestor;
        }
    }

    /// <summary>How the generated member stands to what the base classes have.</summary>
    /// <param name="member">The inherited member that decides: the nearest, but an abstract one that is left before all others.</param>
    public Relation RelationTo(string name, out ISymbol? member)
    {
        member = null;
        var result = Relation.None;
        foreach (ISymbol inherited in Ancestors.SelectMany(ancestor => ancestor.GetMembers(name)).Where(IsAccessible))
        {
            Relation relation = RelationTo(inherited, name);
            if (relation == Relation.None)
                continue;
            if (member is null || relation == Relation.Impossible)
            {
                // An abstract member that a nearer class has implemented is none any more.
                if (member is not null && IsImplemented(inherited))
                    continue;
                member = inherited;
                result = relation;
            }
        }
        return result;
    }

    private Relation RelationTo(ISymbol inherited, string name)
    {
        bool isMethod = GeneratedMembers.MethodParameters.TryGetValue(name, out string[]? parameters);
        if (isMethod && inherited is IMethodSymbol method
            && (method.Arity > 0 || !method.Parameters.Select(parameter => Text(parameter.Type)).SequenceEqual(parameters!)
                || method.Parameters.Any(parameter => parameter.RefKind != RefKind.None)))
            return Relation.None;
        if (!isMethod && inherited is INamedTypeSymbol { Arity: > 0 })
            return Relation.None;
        if (CanBeOverridden(inherited, name))
            return Relation.Overridden;
        return inherited.IsAbstract && inherited is not INamedTypeSymbol ? Relation.Impossible : Relation.Hidden;
    }

    private static bool CanBeOverridden(ISymbol inherited, string name)
    {
        if (inherited.IsStatic || inherited.IsSealed || inherited.DeclaredAccessibility != Accessibility.Public
            || !(inherited.IsVirtual || inherited.IsAbstract || inherited.IsOverride)
            || !GeneratedMembers.OverridableTypes.TryGetValue(name, out string[]? types))
            return false;
        return inherited switch
        {
            IMethodSymbol method => types.Contains(Text(method.ReturnType)) && TakesNoMoreNulls(method, name),
            IPropertySymbol property
                => property.SetMethod is null && property.GetMethod is not null && !property.IsIndexer && property.RefKind == RefKind.None
                && types.Contains(Text(property.Type)),
            _ => false,
        };
    }

    /// <summary>
    /// Where the inherited method takes null, the generated one must take it too: it does for options only, which come last.
    /// </summary>
    private static bool TakesNoMoreNulls(IMethodSymbol method, string name)
    {
        bool hasOptions = name is "CreateSession" or "CreateTrainer";
        return method.Parameters.All(parameter => parameter.NullableAnnotation != NullableAnnotation.Annotated
            || (hasOptions && parameter.Ordinal == method.Parameters.Length - 1));
    }

    private bool IsImplemented(ISymbol inherited)
        => Ancestors.TakeWhile(ancestor => !SymbolEqualityComparer.Default.Equals(ancestor, inherited.ContainingType))
            .SelectMany(ancestor => ancestor.GetMembers(inherited.Name))
            .Any(nearer => nearer.IsOverride && !nearer.IsAbstract);

    private bool IsAccessible(ISymbol symbol) => _compilation.IsSymbolAccessibleWithin(symbol, _type);

    private static string Text(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString();
}
