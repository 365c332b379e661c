namespace NetGen.Generator.Functions;

/// <summary>Whether something holds for an element.</summary>
internal readonly record struct ElementMask(ElementTerm Term)
{
    public static ElementMask operator &(ElementMask a, ElementMask b) => Of(ElementOperator.And, a.Term, b.Term);

    public static ElementMask operator |(ElementMask a, ElementMask b) => Of(ElementOperator.Or, a.Term, b.Term);

    public static ElementMask operator ~(ElementMask a) => Of(ElementOperator.Not, a.Term);

    /// <inheritdoc cref="ElementValue.Named"/>
    public static ElementMask Named(string name) => new(new ElementTerm.Variable(name));

    private static ElementMask Of(ElementOperator operation, params ElementTerm[] operands) => new(ElementTerm.Of(operation, operands));
}
