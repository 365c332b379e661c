using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

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
    private int _substitutes;

    /// <param name="typeName">E.g. <c>MaxPool2d</c>.</param>
    /// <param name="explicitName">The user's name; null if there is none.</param>
    public string Choose(string typeName, string? explicitName, AttributeSyntaxMap syntax)
    {
        string stem = Stem(typeName);
        _countByStem.TryGetValue(stem, out int count);
        _countByStem[stem] = ++count;
        string name = explicitName ?? stem + count.ToString(CultureInfo.InvariantCulture);
        string property = Identifiers.ToPascalCase(name);

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
        if (property == className)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.ReservedName, syntax.Locate("Name"), $"The layer name \"{name}\"",
                $"{className}.{property}"));
            return Substitute(stem);
        }
        if (_owners.TryGetValue(property, out string? owner))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.DuplicateLayerName, syntax.Locate("Name"), name, property, owner));
            return Substitute(stem);
        }
        _owners.Add(property, $"{typeName} \"{name}\"");
        return name;
    }

    /// <summary>For an attribute that does not resolve, of which it is not even known whether it is a layer.</summary>
    public string Unresolved() => Substitute("unresolved");

    /// <summary><c>Conv2d</c> → <c>conv</c>, <c>MaxPool2d</c> → <c>maxpool</c>, <c>Residual&lt;T&gt;</c> → <c>residual</c>.</summary>
    internal static string Stem(string typeName)
    {
        int generic = typeName.IndexOf('<');
        string name = generic < 0 ? typeName : typeName.Substring(0, generic);
        if (name.EndsWith("1d", StringComparison.Ordinal) || name.EndsWith("2d", StringComparison.Ordinal))
            name = name.Substring(0, name.Length - 2);
        return name.ToLowerInvariant();
    }

    private static bool IsValid(string name, string property)
        => SyntaxFacts.IsValidIdentifier(property) && name.All(c => c == '_' || SyntaxFacts.IsIdentifierPartCharacter(c));

    /// <summary>A name that no user can write, for a layer whose own is in error: it keeps paths apart.</summary>
    private string Substitute(string stem) => $"{stem}?{(++_substitutes).ToString(CultureInfo.InvariantCulture)}";
}
