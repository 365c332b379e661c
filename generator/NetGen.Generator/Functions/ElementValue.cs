using System.Globalization;

namespace NetGen.Generator.Functions;

/// <summary>A number of an element function, as C# would write it: <c>x * (1 - y)</c>. Ordinary numbers convert to constants.</summary>
internal readonly record struct ElementValue(ElementTerm Term)
{
    public static ElementValue Zero { get; } = new(new ElementTerm.Zero());

    public static implicit operator ElementValue(float value) => new(new ElementTerm.Constant(value, null));

    public static ElementValue operator +(ElementValue a, ElementValue b) => Of(ElementOperator.Add, a.Term, b.Term);

    public static ElementValue operator -(ElementValue a, ElementValue b) => Of(ElementOperator.Subtract, a.Term, b.Term);

    public static ElementValue operator *(ElementValue a, ElementValue b) => Of(ElementOperator.Multiply, a.Term, b.Term);

    public static ElementValue operator /(ElementValue a, ElementValue b) => Of(ElementOperator.Divide, a.Term, b.Term);

    public static ElementValue operator -(ElementValue a) => Of(ElementOperator.Negate, a.Term);

    public static ElementMask operator <(ElementValue a, ElementValue b) => Compare(ElementOperator.LessThan, a, b);

    public static ElementMask operator <=(ElementValue a, ElementValue b) => Compare(ElementOperator.LessThanOrEqual, a, b);

    public static ElementMask operator >(ElementValue a, ElementValue b) => Compare(ElementOperator.GreaterThan, a, b);

    public static ElementMask operator >=(ElementValue a, ElementValue b) => Compare(ElementOperator.GreaterThanOrEqual, a, b);

    /// <summary>What the surrounding code calls by this name.</summary>
    public static ElementValue Named(string name) => new(new ElementTerm.Variable(name));

    /// <summary>A constant with all the digits of its source, e.g. a coefficient.</summary>
    public static ElementValue Decimal(string digits)
        => new(new ElementTerm.Constant(float.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture), digits));

    public static ElementValue Abs(ElementValue x) => Of(ElementOperator.Absolute, x.Term);

    /// <inheritdoc cref="ElementOperator.MultiplyAdd"/>
    public static ElementValue MultiplyAdd(ElementValue a, ElementValue b, ElementValue c)
        => Of(ElementOperator.MultiplyAdd, a.Term, b.Term, c.Term);

    /// <inheritdoc cref="ElementOperator.Maximum"/>
    public static ElementValue Max(ElementValue bound, ElementValue x) => Of(ElementOperator.Maximum, bound.Term, x.Term);

    /// <inheritdoc cref="ElementOperator.Minimum"/>
    public static ElementValue Min(ElementValue bound, ElementValue x) => Of(ElementOperator.Minimum, bound.Term, x.Term);

    /// <inheritdoc cref="ElementOperator.WithSignOf"/>
    public static ElementValue WithSignOf(ElementValue sign, ElementValue magnitude)
        => Of(ElementOperator.WithSignOf, sign.Term, magnitude.Term);

    /// <inheritdoc cref="ElementOperator.Select"/>
    public static ElementValue Select(ElementMask mask, ElementValue where, ElementValue otherwise)
        => Of(ElementOperator.Select, mask.Term, where.Term, otherwise.Term);

    /// <inheritdoc cref="ElementOperator.ZeroUnless"/>
    public static ElementValue ZeroUnless(ElementMask mask, ElementValue x) => Of(ElementOperator.ZeroUnless, mask.Term, x.Term);

    /// <inheritdoc cref="ElementOperator.ZeroWhere"/>
    public static ElementValue ZeroWhere(ElementMask mask, ElementValue x) => Of(ElementOperator.ZeroWhere, mask.Term, x.Term);

    /// <inheritdoc cref="ElementOperator.Group"/>
    public static ElementValue Group(ElementValue x) => Of(ElementOperator.Group, x.Term);

    /// <inheritdoc cref="ElementOperator.EqualTo"/>
    public static ElementMask Equal(ElementValue a, ElementValue b) => Compare(ElementOperator.EqualTo, a, b);

    private static ElementMask Compare(ElementOperator comparison, ElementValue a, ElementValue b)
        => new(ElementTerm.Of(comparison, a.Term, b.Term));

    private static ElementValue Of(ElementOperator operation, params ElementTerm[] operands) => new(ElementTerm.Of(operation, operands));
}
