namespace NetGen.Generator.Functions;

/// <summary>
/// An integer of 32 bits of an element function, most often those of a number: 1 of the sign, 8 of the exponent plus 127, 23 of the
/// fraction.
/// </summary>
internal readonly record struct ElementBits(ElementTerm Term)
{
    /// <summary>ElementBits of the fraction: where the exponent begins.</summary>
    public const int Fraction = 23;

    public static implicit operator ElementBits(int value) => new(new ElementTerm.Integer(value));

    public static ElementBits operator +(ElementBits a, ElementBits b) => new(ElementTerm.Of(ElementOperator.AddBits, a.Term, b.Term));

    public static ElementBits operator -(ElementBits a, ElementBits b) => new(ElementTerm.Of(ElementOperator.SubtractBits, a.Term, b.Term));

    public static ElementBits operator <<(ElementBits a, int count)
        => new(ElementTerm.Of(ElementOperator.ShiftLeft, a.Term, new ElementTerm.Integer(count)));

    public static ElementBits operator >>(ElementBits a, int count)
        => new(ElementTerm.Of(ElementOperator.ShiftRight, a.Term, new ElementTerm.Integer(count)));

    /// <inheritdoc cref="ElementOperator.BitsOf"/>
    public static ElementBits Of(ElementValue x) => new(ElementTerm.Of(ElementOperator.BitsOf, x.Term));

    /// <inheritdoc cref="ElementOperator.NumberOf"/>
    public ElementValue AsNumber() => new(ElementTerm.Of(ElementOperator.NumberOf, Term));

    /// <inheritdoc cref="ElementOperator.Convert"/>
    public ElementValue ToNumber() => new(ElementTerm.Of(ElementOperator.Convert, Term));
}
