using Microsoft.CodeAnalysis;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Reading;

/// <summary>
/// The value of an attribute's argument: the compiler's, or one computed with the values that a use of a block gives to its constants.
/// </summary>
internal readonly struct ArgumentValue
{
    private readonly TypedConstant _declared;
    private readonly int? _computed;

    public ArgumentValue(TypedConstant declared)
    {
        _declared = declared;
        Values = declared.Kind == TypedConstantKind.Array && !declared.IsNull
            ? declared.Values.Select(value => new ArgumentValue(value)).ToArray() : [];
    }

    private ArgumentValue(TypedConstant declared, int? computed, IReadOnlyList<ArgumentValue> values)
    {
        _declared = declared;
        _computed = computed;
        Values = values;
    }

    public TypedConstantKind Kind => _declared.Kind;

    public bool IsNull => _declared.IsNull;

    public object? Value => _computed ?? _declared.Value;

    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<ArgumentValue> Values { get; }

    /// <summary>What the compiler knows, for messages.</summary>
    public TypedConstant Declared => _declared;

    public ArgumentValue Computed(int value) => new(_declared, value, Values);

    public ArgumentValue WithValues(IReadOnlyList<ArgumentValue> values) => new(_declared, null, values);
}
