using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
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
/// <remarks>
/// A block that is used without a name has names of its own, which it knows its layers by, but its layers are called what they would be
/// called if they were written in its place: there the numbers go on. <see cref="Meaning"/> leads from the ones to the others.
/// </remarks>
internal sealed class LayerNames
{
    private readonly Action<Diagnostic> _report;
    private readonly Dictionary<string, int> _countByStem = new(StringComparer.Ordinal);
    private readonly Scope _scope;

    /// <summary>The names of the block around; null for the outermost.</summary>
    private readonly LayerNames? _outer;

    /// <summary>From names as they are known here to those that the layers have: others where a block is used without a name.</summary>
    private readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);

    /// <summary>Where these are the names of a block used without a name: those beside it, and its use.</summary>
    private readonly LayerNames? _around;
    private readonly string _use = "";
    private readonly Location? _place;

    /// <param name="className">The network, whose name its members cannot have; null in a block.</param>
    /// <param name="outer">The names around the block; null for the outermost.</param>
    /// <param name="hasStream">The network has a stream.</param>
    public LayerNames(string? className, LayerNames? outer, Action<Diagnostic> report, bool hasStream = false)
    {
        _scope = new Scope(className, hasStream);
        _outer = outer;
        _report = report;
    }

    private LayerNames(LayerNames around, string use, Location place)
    {
        _scope = around._scope;
        _report = around._report;
        _around = _outer = around;
        _use = use;
        _place = place;
    }

    /// <summary>The names of a block that is used without a name of its own: its layers stand beside those of this scope.</summary>
    /// <param name="typeName">Its use, e.g. <c>Sequential&lt;Stem&gt;</c>.</param>
    public LayerNames Beside(string typeName, AttributeSyntaxMap syntax) => new(this, typeName, syntax.Locate("Name"));

    /// <summary>What an earlier layer that is known here by a name, or by a path that begins with one, is called.</summary>
    public ValueMeaning Meaning(string path)
    {
        (string name, string behind) = Split(path);
        for (LayerNames? names = this; names is not null; names = names._outer)
        {
            if (!names._meanings.TryGetValue(name, out string? meaning))
                continue;
            // A block between may have a layer that is called the same as the other is where its block is used.
            bool isHidden = false;
            for (LayerNames between = this; between != names && meaning != name; between = between._outer!)
                isHidden |= between._meanings.ContainsValue(meaning);
            return new ValueMeaning(meaning + behind, isHidden);
        }
        return new ValueMeaning(path, IsHidden: false);
    }

    /// <summary>The same of the layers of this scope alone.</summary>
    public string MeaningHere(string path)
    {
        (string name, string behind) = Split(path);
        return _meanings.TryGetValue(name, out string? meaning) ? meaning + behind : path;
    }

    /// <summary>They are those of a block that is used without a name.</summary>
    public bool AreBeside => _around is not null;

    /// <param name="typeName">E.g. <c>MaxPool2d</c>.</param>
    /// <param name="explicitName">The user's name; null if there is none.</param>
    public LayerName Choose(string typeName, string? explicitName, AttributeSyntaxMap syntax)
    {
        string kind = Kind(typeName), stem = kind.ToLowerInvariant(), number = Invariant.Text(Count(stem));
        string name = explicitName ?? stem + number;
        string property = explicitName is null ? kind + number : Identifiers.ToPascalCase(explicitName);

        if (!IsValid(name, property))
        {
            string valid = new([.. name.Select(c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_')]);
            _report(Diagnostic.Create(DiagnosticDescriptors.InvalidLayerName, syntax.Locate("Name"),
                FixOf(IsValid(valid, Identifiers.ToPascalCase(valid)) ? valid : null), name));
            return Substitute(stem, name);
        }
        if (!TryTake(name, property, $"{typeName} \"{name}\"", syntax.Locate("Name")))
            return Substitute(stem, name);
        // The only output's size has this name whatever the inputs are called, and so the other way round.
        if ((typeName == "Input" && property == "Output") || (typeName == "Output" && property == "Input"))
        {
            _report(Diagnostic.Create(
                DiagnosticDescriptors.ReservedName, syntax.Locate("Name"), $"The name \"{name}\"", property + "Size"));
            return Substitute(stem, name);
        }
        // What tells of one of several inputs or outputs is called after it.
        if (typeName is "Input" or "Output")
            Reserve($"{typeName} \"{name}\"", property + "Size", property + "Shape");
        foreach (LayerNames names in Levels())
            names._meanings[explicitName ?? stem + Invariant.Text(names._countByStem[stem])] = name;
        return new LayerName(name, property);
    }

    /// <summary>
    /// For a use of blocks without a name: what it is called in the table of layers, such as <c>_residual1</c>. Its value has no name.
    /// </summary>
    public LayerName ChooseHidden(string typeName)
    {
        string stem = Kind(typeName).ToLowerInvariant(), name;
        int number = Count(stem);
        while (_scope.Names.ContainsKey(name = $"_{stem}{Invariant.Text(number)}"))
            number++;
        _scope.Names.Add(name, new Owner($"{typeName} without a name", this));
        return new LayerName(name, name);
    }

    /// <summary>
    /// A block's segment, e.g. <c>branch1</c>, which stands beside these names where the layer that uses the block has none.
    /// </summary>
    /// <returns>False if the name is taken, which has been reported.</returns>
    public bool TakeSegment(string segment, string typeName, AttributeSyntaxMap syntax)
    {
        if (!IsValid(segment, Identifiers.ToPascalCase(segment)))
        {
            // A number, which is a name in a list only.
            _report(Diagnostic.Create(DiagnosticDescriptors.InvalidLayerName, syntax.Locate("Name"), segment));
            return false;
        }
        if (!TryTake(segment, Identifiers.ToPascalCase(segment), $"the {segment} of {typeName}", syntax.Locate("Name")))
            return false;
        foreach (LayerNames names in Levels())
            names._meanings[segment] = segment;
        return true;
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

    /// <summary>These names, and those beside which a use without a name puts them.</summary>
    private IEnumerable<LayerNames> Levels()
    {
        for (LayerNames? names = this; names is not null; names = names._around)
            yield return names;
    }

    /// <summary>Counts a layer at all levels.</summary>
    /// <returns>Its number in the scope that it stands in.</returns>
    private int Count(string stem)
    {
        int count = 0;
        foreach (LayerNames names in Levels())
        {
            names._countByStem.TryGetValue(stem, out count);
            names._countByStem[stem] = ++count;
        }
        return count;
    }

    /// <summary>A path's first name and what is behind it.</summary>
    private static (string Name, string Behind) Split(string path)
        => path.IndexOf('.') is int dot and >= 0 ? (path.Substring(0, dot), path.Substring(dot)) : (path, "");

    private static bool IsValid(string name, string property)
        => SyntaxFacts.IsValidIdentifier(property) && name.All(c => c == '_' || SyntaxFacts.IsIdentifierPartCharacter(c));

    /// <summary>Takes a name and its property, or reports who has them.</summary>
    private bool TryTake(string name, string property, string owner, Location location)
    {
        string? reserved = GeneratedMembers.ReservedBy(property, inBlock: _scope.ClassName is null, _scope.HasStream)
            ?? (property == _scope.ClassName ? $"{property}.{property}" : null);
        if (reserved is not null)
        {
            // Where the block's own scope would allow it, the use without a name is to blame.
            if (GeneratedMembers.ReservedBy(property, inBlock: true) is null)
                location = Levels().Select(names => names._place).LastOrDefault(place => place is not null) ?? location;
            _report(Diagnostic.Create(DiagnosticDescriptors.ReservedName, location, $"The layer name \"{name}\"", reserved));
            return false;
        }
        bool isProperty = _scope.Properties.TryGetValue(property, out Owner? other);
        if (isProperty || _scope.Names.TryGetValue(name, out other))
        {
            string what = isProperty ? $"the property '{property}'" : $"the name \"{name}\" in files";
            // Where the layer's own block is not to blame, its use without a name is: the outermost that brings it beside the other.
            string use = "";
            for (LayerNames names = this; names._around is not null && names != other!.Names; names = names._around)
                (location, use) = (names._place!, $"where {names._use} has no name ");
            string whose = other!.Names == this || other.Names._around is null ? other.Text : $"{other.Text} in {other.Names._use}";
            int number = 2;
            while (_scope.Names.ContainsKey(name + Invariant.Text(number))
                || _scope.Properties.ContainsKey(property + Invariant.Text(number)))
                number++;
            // A name of the user's, in quotes, is one that can be written otherwise.
            bool isWritten = use.Length == 0 && owner.EndsWith($" \"{name}\"", StringComparison.Ordinal);
            _report(Diagnostic.Create(DiagnosticDescriptors.DuplicateLayerName, location,
                FixOf(isWritten ? name + Invariant.Text(number) : null), name, use + what, whose));
            return false;
        }
        var taken = new Owner(owner, this);
        _scope.Properties.Add(property, taken);
        _scope.Names.Add(name, taken);
        return true;
    }

    private static ImmutableDictionary<string, string?> FixOf(string? name) => name is null ? ImmutableDictionary<string, string?>.Empty
        : ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Value, $"\"{name}\"");

    /// <summary>Takes properties that are no layers', where they are free.</summary>
    private void Reserve(string owner, params string[] properties)
    {
        foreach (string property in properties.Where(property => !_scope.Properties.ContainsKey(property)))
            _scope.Properties.Add(property, new Owner(owner, this));
    }

    /// <summary>
    /// A name that no user can write, for a layer whose own is in error: it keeps paths apart. Who reads the layer by the name that it
    /// should have had finds it, unless another has it, so that one mistake is one error.
    /// </summary>
    private LayerName Substitute(string stem, string? wanted = null)
    {
        string name = $"{stem}{ValueNames.SubstituteMark}{Invariant.Text(++_scope.Substitutes)}";
        if (wanted is not null && !_meanings.ContainsKey(wanted))
        {
            foreach (LayerNames names in Levels())
                names._meanings[wanted] = name;
        }
        return new LayerName(name, name);
    }

    /// <summary>Who has a name.</summary>
    private sealed record Owner(string Text, LayerNames Names);

    /// <summary>What names beside each other share.</summary>
    private sealed class Scope(string? className, bool hasStream)
    {
        public string? ClassName => className;

        public bool HasStream => hasStream;

        public Dictionary<string, Owner> Properties { get; } = new(StringComparer.Ordinal);

        /// <summary>By the name in files: those of two properties may be one.</summary>
        public Dictionary<string, Owner> Names { get; } = new(StringComparer.Ordinal);

        public int Substitutes { get; set; }
    }
}
