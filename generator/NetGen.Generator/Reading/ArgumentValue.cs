using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Text;

namespace NetGen.Generator.Reading;

/// <summary>
/// The value of an attribute's argument: the compiler's, or one computed with the values that a use of a block gives to its constants.
/// </summary>
internal readonly struct ArgumentValue
{
    private readonly TypedConstant _declared;
    private readonly Optional<object?> _computed;

    public ArgumentValue(TypedConstant declared)
    {
        _declared = declared;
        Values = declared.Kind == TypedConstantKind.Array && !declared.IsNull
            ? declared.Values.Select(value => new ArgumentValue(value)).ToArray() : [];
    }

    private ArgumentValue(TypedConstant declared, Optional<object?> computed, IReadOnlyList<ArgumentValue> values)
    {
        _declared = declared;
        _computed = computed;
        Values = values;
    }

    public TypedConstantKind Kind => _declared.Kind;

    public bool IsNull => _computed.HasValue ? _computed.Value is null : _declared.IsNull;

    /// <summary>Of what is no list.</summary>
    public object? Value => _computed.HasValue ? _computed.Value : _declared.Value;

    /// <summary>The type as the compiler knows it, which other values of constants do not change.</summary>
    public ITypeSymbol? Type => _declared.Type;

    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<ArgumentValue> Values { get; }

    /// <summary>The value for a message, e.g. <c>the text "x"</c> or <c>a list of 3</c>.</summary>
    public string InWords
    {
        get
        {
            if (IsNull)
                return "null";
            if (Kind == TypedConstantKind.Array)
                return $"a list of {MessageText.Number(Values.Count)}";
            string type = Type?.ToDisplayString() ?? "unknown";
            return Value switch
            {
                _ when Kind != TypedConstantKind.Primitive => "a " + type,
                string text => $"the text \"{text}\"",
                bool flag => flag ? "true" : "false",
                IFormattable number => $"the value {number.ToString(null, CultureInfo.InvariantCulture)} of type {type}",
                _ => "a " + type,
            };
        }
    }

    public ArgumentValue Computed(object? value) => new(_declared, new Optional<object?>(value), Values);

    public ArgumentValue WithValues(IReadOnlyList<ArgumentValue> values) => new(_declared, default, values);
}
