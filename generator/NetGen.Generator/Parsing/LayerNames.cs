using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>How a layer is called.</summary>
/// <param name="InFiles">The user's name, or kind and running number in small letters, as in PyTorch: <c>maxpool1</c>.</param>
/// <param name="Property">The same in Pascal case; without a name of the user's in the layer's own casing: <c>MaxPool1</c>.</param>
internal readonly record struct LayerName(string InFiles, string Property);

/// <summary>
/// Gives every layer of one scope its name: the user's, or kind and running number. The number counts all layers of the
/// kind, named ones too, so that naming a layer does not rename those behind it.
/// </summary>
/// <param name="className">The network, whose name its members cannot have; null in a block.</param>
internal sealed class LayerNames(string? className, Action<Diagnostic> report)
{
    private readonly Dictionary<string, int> _countByStem = new(StringComparer.Ordinal);

    /// <summary>From property name to the layer that has it.</summary>
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);

    /// <summary>From name in files to the layer that has it: those of two properties may be one.</summary>
    private readonly Dictionary<string, string> _ownersInFiles = new(StringComparer.Ordinal);
    private int _substitutes;

    /// <param name="typeName">E.g. <c>MaxPool2d</c>.</param>
    /// <param name="explicitName">The user's name; null if there is none.</param>
    public LayerName Choose(string typeName, string? explicitName, AttributeSyntaxMap syntax)
    {
        string kind = Kind(typeName), stem = kind.ToLowerInvariant();
        _countByStem.TryGetValue(stem, out int count);
        _countByStem[stem] = ++count;
        string number = count.ToString(CultureInfo.InvariantCulture);
        string name = explicitName ?? stem + number;
        string property = explicitName is null ? kind + number : Identifiers.ToPascalCase(explicitName);

        if (!IsValid(name, property))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.InvalidLayerName, syntax.Locate("Name"), name));
            return Substitute(stem);
        }
        if (GeneratedMembers.ReservedBy(property, inBlock: className is null) is string member)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.ReservedName, syntax.Locate("Name"), $"The layer name \"{name}\"", member));
            return Substitute(stem);
        }
        // The only output's size has this name whatever the inputs are called, and so the other way round.
        if ((typeName == "Input" && property == "Output") || (typeName == "Output" && property == "Input"))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.ReservedName, syntax.Locate("Name"), $"The name \"{name}\"", property + "Size"));
            return Substitute(stem);
        }
        if (property == className)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.ReservedName, syntax.Locate("Name"), $"The layer name \"{name}\"",
                $"{className}.{property}"));
            return Substitute(stem);
        }
        string? isProperty = Owner(_owners, property), isName = Owner(_ownersInFiles, name);
        if ((isProperty ?? isName) is { } owner)
        {
            string what = isProperty is null ? $"the name \"{name}\" in files" : $"the property '{property}'";
            report(Diagnostic.Create(DiagnosticDescriptors.DuplicateLayerName, syntax.Locate("Name"), name, what, owner));
            return Substitute(stem);
        }
        _owners.Add(property, $"{typeName} \"{name}\"");
        // What tells of one of several inputs or outputs is called after it.
        if (typeName is "Input" or "Output")
        {
            foreach (string constant in new[] { property + "Size", property + "Shape" }.Where(own => !_owners.ContainsKey(own)))
                _owners.Add(constant, $"{typeName} \"{name}\"");
        }
        _ownersInFiles.Add(name, $"{typeName} \"{name}\"");
        return new LayerName(name, property);
    }

    /// <summary>For an attribute that does not resolve, of which it is not even known whether it is a layer.</summary>
    public LayerName Unresolved() => Substitute("unresolved");

    /// <summary><c>Conv2d</c> → <c>Conv</c>, <c>MaxPool2d</c> → <c>MaxPool</c>, <c>Residual&lt;T&gt;</c> → <c>Residual</c>.</summary>
    private static string Kind(string typeName)
    {
        int generic = typeName.IndexOf('<');
        string name = generic < 0 ? typeName : typeName.Substring(0, generic);
        if (name.EndsWith("1d", StringComparison.Ordinal) || name.EndsWith("2d", StringComparison.Ordinal))
            name = name.Substring(0, name.Length - 2);
        return name;
    }

    private static bool IsValid(string name, string property)
        => SyntaxFacts.IsValidIdentifier(property) && name.All(c => c == '_' || SyntaxFacts.IsIdentifierPartCharacter(c));

    /// <summary>A name that no user can write, for a layer whose own is in error: it keeps paths apart.</summary>
    private LayerName Substitute(string stem)
    {
        string name = $"{stem}?{(++_substitutes).ToString(CultureInfo.InvariantCulture)}";
        return new LayerName(name, name);
    }

    private static string? Owner(Dictionary<string, string> owners, string name)
        => owners.TryGetValue(name, out string? owner) ? owner : null;
}
