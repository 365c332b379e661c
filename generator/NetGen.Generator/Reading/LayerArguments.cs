using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Reading;

/// <summary>
/// The arguments of a layer's attribute by name, whether they stand in the parentheses (<c>stride: 2</c>) or after them
/// (<c>Stride = 2</c>). What cannot be understood is reported at the argument, and reading goes on with a default value.
/// </summary>
internal sealed class LayerArguments
{
    private const string PairForm = "one int or two ints (height, width), such as 3 or new[] { 3, 5 }";

    private readonly AttributeValues _values;
    private readonly AttributeSyntaxMap _syntax;
    private readonly Action<Diagnostic> _report;
    private readonly IReadOnlyList<ITypeSymbol> _blocks;
    private readonly BlockReader _readBlock;
    private readonly Func<string, ValueMeaning> _meaning;
    private bool _hasErrors;

    /// <summary>Reads a block; null if there is none to be read, which has been reported then.</summary>
    /// <param name="block">Number of the attribute's type argument that names the block.</param>
    /// <param name="segment">What it adds to the paths of its layers behind the layer's own name, e.g. <c>shortcut</c>; empty for
    /// nothing.</param>
    public delegate EquatableArray<LayerSpec>? BlockReader(int block, string segment, IReadOnlyList<GivenConstant> constants);

    /// <param name="blocks">The attribute's type arguments, mostly blocks.</param>
    /// <param name="meaning">From a layer's name as the block around has it to what it is called where that is used.</param>
    public LayerArguments(
        AttributeValues values, IReadOnlyList<ITypeSymbol> blocks, AttributeSyntaxMap syntax, Action<Diagnostic> report,
        BlockReader readBlock, Func<string, ValueMeaning> meaning)
    {
        _values = values;
        _blocks = blocks;
        _syntax = syntax;
        _report = report;
        _readBlock = readBlock;
        _meaning = meaning;
    }

    /// <summary>The attribute's name as the user writes it, e.g. <c>Conv2d</c>.</summary>
    public string TypeName => _values.TypeName;

    /// <summary>Some argument does not compile or could not be understood, so that the layer's values cannot be relied on.</summary>
    public bool HasErrors => _hasErrors || _values.HasErrors;

    /// <summary>The layers of its blocks shall stand beside it, without its name in front of theirs.</summary>
    public bool IsNameless => _values.Name is "";

    public int Int(string name) => OptionalInt(name) ?? Missing(name, 0);

    /// <param name="form">What may be given, for the message about anything else.</param>
    public int? OptionalInt(string name, string form = "an int")
        => Find(name) is not ArgumentValue value ? null : Scalar(value) is int number ? number : WrongForm(name, value, form, (int?)null);

    public bool Bool(string name, bool fallback)
        => Find(name) is not ArgumentValue value ? fallback : Scalar(value) is bool flag ? flag
        : WrongForm(name, value, "true or false", fallback);

    public bool? OptionalBool(string name)
        => Find(name) is not ArgumentValue value ? null : Scalar(value) is bool flag ? flag
        : WrongForm(name, value, "true or false", (bool?)null);

    public double Double(string name, double fallback)
        => Find(name) is not ArgumentValue value ? fallback : Scalar(value) is double number ? number
            : WrongForm(name, value, "a number", fallback);

    /// <summary>A number; null where it is left out.</summary>
    public double? OptionalDouble(string name)
        => Find(name) is not ArgumentValue value ? null : Scalar(value) is double number ? number
            : WrongForm(name, value, "a number", (double?)null);

    /// <summary>A list of texts; empty where it is left out.</summary>
    /// <param name="form">What each may be, for the message about anything else.</param>
    public EquatableArray<string> Texts(string name, string form)
    {
        if (Find(name) is not ArgumentValue value)
            return EquatableArray<string>.Empty;
        return value.Kind == TypedConstantKind.Array && value.Values.All(element => Scalar(element) is string { Length: > 0 })
            ? value.Values.Select(element => (string)Scalar(element)!).ToEquatableArray()
            : WrongForm(name, value, form, EquatableArray<string>.Empty);
    }

    /// <summary>A list of numbers, such as <c>[1f, 2.5f]</c>; empty where it is left out.</summary>
    public EquatableArray<float> Numbers(string name)
    {
        if (Find(name) is not ArgumentValue value)
            return EquatableArray<float>.Empty;
        return value.Kind == TypedConstantKind.Array && value.Values.All(element => Scalar(element) is float)
            ? value.Values.Select(element => (float)Scalar(element)!).ToEquatableArray()
            : WrongForm(name, value, "a list of floats, such as [1f, 2.5f]", EquatableArray<float>.Empty);
    }

    /// <summary>A text; null where it is left out.</summary>
    /// <param name="form">What may be given, for the message about anything else.</param>
    public string? OptionalText(string name, string form)
        => Find(name) is not ArgumentValue value ? null : Scalar(value) is string { Length: > 0 } text ? text
            : WrongForm(name, value, form, (string?)null);

    /// <summary>The name of an earlier value; null where it is left out.</summary>
    /// <param name="form">What may be given, for the message about anything else.</param>
    public string? OptionalValueName(string name, string form) => OptionalText(name, form) is { } value ? Meaning(name, value) : null;

    /// <summary>Names of earlier values; empty where they are left out.</summary>
    /// <param name="form">What each may be, for the message about anything else.</param>
    public EquatableArray<string> ValueNames(string name, string form)
        => Texts(name, form).Select(value => Meaning(name, value)).ToEquatableArray();

    /// <summary>One of several texts, the first of which is the default.</summary>
    public string Choice(string name, params string[] choices)
    {
        if (Find(name) is not ArgumentValue value)
            return choices[0];
        return Scalar(value) is string text && choices.Contains(text)
            ? text
            : WrongForm(name, value, string.Join(" or ", choices.Select(choice => $"\"{choice}\"")), choices[0]);
    }

    public Pair Pair(string name) => ReadPair(name, PairForm) ?? Missing(name, Specs.Pair.Both(1));

    /// <param name="form">What may be given, for the message about anything else.</param>
    public Pair Pair(string name, Pair fallback, string form = PairForm) => ReadPair(name, form) ?? fallback;

    /// <summary>One number for all four sides, or left, right, top and bottom.</summary>
    public Pads Pads(string name)
    {
        if (Find(name) is not ArgumentValue value)
            return Missing(name, default(Pads));
        if (Scalar(value) is int all)
            return Specs.Pads.All(all);
        if (value.Kind == TypedConstantKind.Array && value.Values.Count == 4 && value.Values.All(v => Scalar(v) is int))
        {
            int[] sides = value.Values.Select(v => (int)v.Value!).ToArray();
            return new Pads(sides[0], sides[1], sides[2], sides[3]);
        }
        return WrongForm(name, value, "one int or four ints (left, right, top, bottom)", default(Pads));
    }

    /// <summary>One number or a list of them; null where it is left out.</summary>
    public EquatableArray<int>? OptionalInts(string name)
    {
        if (Find(name) is not ArgumentValue value)
            return null;
        if (Scalar(value) is int one)
            return new[] { one }.ToEquatableArray();
        if (value.Kind == TypedConstantKind.Array && value.Values.All(v => Scalar(v) is int))
            return value.Values.Select(v => (int)v.Value!).ToEquatableArray();
        return WrongForm(name, value, "one int or a list of ints", (EquatableArray<int>?)null);
    }

    /// <summary>The argument is the given text, where a text may stand for numbers.</summary>
    public bool IsText(string name, string text) => Find(name) is ArgumentValue value && Scalar(value) is string given && given == text;

    /// <summary>Height and width, either of which null leaves open: <c>7</c>, <c>[7, 5]</c>, <c>[null, 5]</c>.</summary>
    public (int? Height, int? Width) OpenPair(string name)
    {
        if (Find(name) is not ArgumentValue value)
            return (Missing(name, 1), 1);
        if (Scalar(value) is int both)
            return (both, both);
        if (value.Kind == TypedConstantKind.Array && value.Values.Count == 2 && IsOpen(value.Values[0]) && IsOpen(value.Values[1]))
            return ((int?)Scalar(value.Values[0]), (int?)Scalar(value.Values[1]));
        return WrongForm(name, value, "one int, or height and width, each an int or null, such as 7 or [null, 7]", ((int?)1, (int?)1));

        static bool IsOpen(ArgumentValue element) => element.IsNull || Scalar(element) is int;
    }

    /// <summary>A list of ints.</summary>
    public EquatableArray<int> Ints(string name)
    {
        if (Find(name) is not ArgumentValue value)
            return Missing(name, EquatableArray<int>.Empty);
        return value.Kind == TypedConstantKind.Array && value.Values.All(element => Scalar(element) is int)
            ? value.Values.Select(element => (int)element.Value!).ToEquatableArray()
            : WrongForm(name, value, "a list of ints, such as [16, 7, 7]", EquatableArray<int>.Empty);
    }

    /// <summary>One int or two ints (height, width); null where the argument is left out.</summary>
    public Pair? OptionalPair(string name) => ReadPair(name, PairForm);

    /// <summary>One number or two (height, width); null where the argument is left out.</summary>
    public (double Height, double Width)? Factors(string name)
    {
        if (Find(name) is not ArgumentValue value)
            return null;
        if (Number(value) is double both)
            return (both, both);
        if (value.Kind == TypedConstantKind.Array && value.Values.Count == 2 && Number(value.Values[0]) is double height
            && Number(value.Values[1]) is double width)
            return (height, width);
        return WrongForm(name, value, "one number or two (height, width), such as 2 or new[] { 2.0, 1.5 }", ((double, double)?)(1, 1));

        static double? Number(ArgumentValue constant) => Scalar(constant) switch
        {
            int number => number,
            float number => number,
            double number => number,
            _ => null,
        };
    }

    /// <summary>The layer whose parameters it uses; null where it has its own.</summary>
    public string? Shares => _values.Shares is { } owner ? Meaning("shares", owner) : null;

    /// <summary>Number of blocks that the attribute names, as type arguments.</summary>
    public int BlockCount => _blocks.Count;

    /// <summary>Reports what is wrong with an argument beyond its form.</summary>
    public void Report(DiagnosticDescriptor descriptor, string argument, params string[] messageArguments)
    {
        _hasErrors = true;
        _report(Diagnostic.Create(descriptor, _syntax.Locate(argument), messageArguments.ToArray<object>()));
    }

    /// <summary>The values that the attribute gives to constants of its blocks.</summary>
    // A null in their place is one value, which C# takes for the list.
    public IReadOnlyList<GivenConstant> Constants => _values.Find("constants") is not ArgumentValue values ? []
        : values.IsNull ? [new GivenConstant(values, 0)]
        : values.Values.Select((value, i) => new GivenConstant(value, i)).ToArray();

    /// <summary>A block that the attribute names, with the values that it gives to the block's constants.</summary>
    /// <param name="name">The segment that it adds to the paths of its layers; empty for none.</param>
    /// <param name="block">Number of the type argument.</param>
    /// <param name="constants">The block's own values; null for all that the attribute gives.</param>
    public ScopeSpec Scope(string name, int block = 0, IReadOnlyList<GivenConstant>? constants = null)
    {
        string title = _blocks[block].ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        if (_readBlock(block, name, constants ?? Constants) is EquatableArray<LayerSpec> layers)
            return new ScopeSpec(name, title, layers);
        _hasErrors = true;
        return new ScopeSpec(name, title, EquatableArray<LayerSpec>.Empty);
    }

    /// <summary>
    /// A structure that the attribute names, for generated code to call. One that it cannot name is reported; what the compiler finds
    /// wrong with it is not.
    /// </summary>
    /// <param name="number">Number of the type argument.</param>
    /// <param name="contract">The interface that it implements.</param>
    /// <returns>What generated code calls it, and what the user does.</returns>
    public (string FullName, string Name) Structure(int number, string contract)
    {
        ITypeSymbol type = _blocks[number];
        string name = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        if (type is not INamedTypeSymbol { IsValueType: true, IsUnboundGenericType: false } || TypeReach.IsOpen(type)
            || !type.AllInterfaces.Any(implemented => implemented.ToDisplayString() == contract))
        {
            _hasErrors = true;
        }
        else if (TypeReach.Obstacle(type) is { } obstacle)
            Report(DiagnosticDescriptors.UnreachableType, ProblemPlace.TypeArgument(number), TypeName, name, obstacle);
        return (type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), name);
    }

    /// <summary>The type of elements that the attribute's type argument names, which is reported unless it is <c>int</c>.</summary>
    public ElementType IntElements()
    {
        if (_blocks[0].TypeKind == TypeKind.Error)
            _hasErrors = true;
        else if (_blocks[0].SpecialType != SpecialType.System_Int32)
            Report(DiagnosticDescriptors.UnknownElements, ProblemPlace.TypeArgument(0), TypeName, _blocks[0].ToDisplayString());
        return ElementType.Int;
    }

    /// <summary>The network that the attribute's type argument names; null where it is none.</summary>
    public NetworkType? Network() => _blocks[0] is INamedTypeSymbol type ? NetworkType.Of(type) : null;

    private string Meaning(string argument, string value)
    {
        ValueMeaning meaning = _meaning(value);
        if (meaning.IsHidden)
            Report(DiagnosticDescriptors.HiddenValue, argument, TypeName, value, meaning.Name);
        return meaning.Name;
    }

    private Pair? ReadPair(string name, string form)
    {
        if (Find(name) is not ArgumentValue value)
            return null;
        if (Scalar(value) is int both)
            return Specs.Pair.Both(both);
        if (value.Kind == TypedConstantKind.Array && value.Values.Count == 2 && Scalar(value.Values[0]) is int height
            && Scalar(value.Values[1]) is int width)
            return new Pair(height, width);
        return WrongForm(name, value, form, (Pair?)Specs.Pair.Both(1));
    }

    /// <summary>The argument's value; null where it is left out, by a null as well.</summary>
    private ArgumentValue? Find(string name) => _values.Find(name) is { IsNull: false } value ? value : null;

    /// <summary>The value of a constant that is neither list nor enum.</summary>
    private static object? Scalar(ArgumentValue constant) => constant.Kind == TypedConstantKind.Primitive ? constant.Value : null;

    /// <summary>A required argument that is not there: only in code that does not compile, or where null is written.</summary>
    private T Missing<T>(string name, T substitute)
    {
        if (_values.Find(name) is { IsNull: true } value)
            return WrongForm(name, value, "a value", substitute);
        _hasErrors = true;
        return substitute;
    }

    private T WrongForm<T>(string name, ArgumentValue value, string expected, T substitute)
    {
        _hasErrors = true;
        ImmutableDictionary<string, string?> fix = ImmutableDictionary<string, string?>.Empty;
        if (Scalar(value) is string text && NearestText(text, expected) is { } near)
            fix = fix.Add(FixProperties.Value, near);
        _report(Diagnostic.Create(DiagnosticDescriptors.WrongArgumentForm, _syntax.Locate(name), fix, TypeName, name, expected,
            value.InWords));
        return substitute;
    }

    /// <summary>The nearest of the texts that the words about what is expected have in quotes, with the quotes.</summary>
    private static string? NearestText(string text, string expected)
    {
        string[] texts = [.. expected.Split('"').Where((_, i) => i % 2 == 1)];
        return EditDistance.Nearest(text.ToLowerInvariant(), texts) is { } near ? $"\"{near}\"" : null;
    }
}
