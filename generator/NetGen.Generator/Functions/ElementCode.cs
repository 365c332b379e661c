using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions;

/// <summary>Writes down a function that needs more than one expression: names what it computes, as it is to be read in the code.</summary>
internal sealed class ElementCode
{
    private readonly List<ElementStatement> _statements = [];

    public ElementProgram Returning(params ElementTerm[] results) => new(_statements.ToEquatableArray(), results.ToEquatableArray());

    public void Comment(string text) => _statements.Add(new ElementStatement.Comment(text));

    /// <summary>Names a value.</summary>
    public ElementValue Let(string name, ElementValue value) => new(Declare(name, value.Term));

    /// <inheritdoc cref="Let(string, ElementValue)"/>
    public ElementMask Let(string name, ElementMask value) => new(Declare(name, value.Term));

    /// <inheritdoc cref="Let(string, ElementValue)"/>
    public ElementBits Let(string name, ElementBits value) => new(Declare(name, value.Term, isBits: true));

    /// <summary>Names a value in the declaration of the one before, a number too.</summary>
    public ElementValue And(string name, ElementValue value) => new(Declare(name, value.Term, continues: true));

    /// <summary>Gives a variable or a parameter another value.</summary>
    public void Set(ElementValue variable, ElementValue value)
        => _statements.Add(new ElementStatement.Assignment(((ElementTerm.Variable)variable.Term).Name, value.Term));

    /// <summary>A polynomial by Horner's scheme, in a variable of its own.</summary>
    /// <param name="coefficients">From the highest power to the constant.</param>
    public ElementValue Polynomial(string name, ElementValue x, params string[] coefficients)
    {
        ElementValue highest = ElementValue.Decimal(coefficients[0]), next = ElementValue.Decimal(coefficients[1]);
        ElementValue p = Let(name, ElementValue.MultiplyAdd(x, highest, next));
        foreach (string coefficient in coefficients.Skip(2))
            Set(p, ElementValue.MultiplyAdd(p, x, ElementValue.Decimal(coefficient)));
        return p;
    }

    private ElementTerm.Variable Declare(string name, ElementTerm value, bool isBits = false, bool continues = false)
    {
        _statements.Add(new ElementStatement.Definition(name, value, isBits, continues));
        return new ElementTerm.Variable(name);
    }
}
