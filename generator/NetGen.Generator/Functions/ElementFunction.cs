using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions;

/// <summary>A function that the emitted code has as a method of its own. NaN passes through all of them.</summary>
/// <param name="define">From the parameters to the result.</param>
internal sealed class ElementFunction(string name, string[] parameters, string description, string? remarks,
    Func<ElementCode, ElementValue[], ElementValue> define)
{
    private ElementProgram? _program;

    public ElementFunction(string name, string description, Func<ElementCode, ElementValue, ElementValue> define)
        : this(name, description, null, define)
    {
    }

    public ElementFunction(string name, string description, string? remarks, Func<ElementCode, ElementValue, ElementValue> define)
        : this(name, ["x"], description, remarks, (code, x) => define(code, x[0]))
    {
    }

    /// <summary>Unique among all functions.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<string> Parameters { get; } = parameters;

    /// <summary>What it computes, and how well.</summary>
    public string Description { get; } = description;

    /// <summary>How it does.</summary>
    public string? Remarks { get; } = remarks;

    /// <summary>Its steps and its one result.</summary>
    public ElementProgram Program => _program ??= Record();

    /// <summary>A call of it.</summary>
    public ElementValue Of(params ElementValue[] arguments)
        => new(new ElementTerm.Call(this, arguments.Select(a => a.Term).ToEquatableArray()));

    public override string ToString() => Name;

    private ElementProgram Record()
    {
        var code = new ElementCode();
        ElementValue result = define(code, Parameters.Select(ElementValue.Named).ToArray());
        return code.Returning(result.Term);
    }
}
