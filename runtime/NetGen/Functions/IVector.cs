namespace NetGen;

/// <summary>
/// A vector of single-precision numbers, as an element function sees it: what it computes holds for each element by itself, however many
/// there are. Numbers convert to vectors by themselves, so that functions read as formulas: <c>1 / (1 + V.Exp(-x))</c>.
/// </summary>
/// <typeparam name="TSelf">The vector's own type.</typeparam>
/// <remarks>
/// <para>
/// Operators and functions have the names that .NET gives them for single numbers. Each operation rounds once, as in IEEE 754. Functions
/// have the bits and the accuracy of those that NetGen's own layers are made of; NaN passes through all of them.
/// </para>
/// <para>
/// Comparisons give masks: vectors whose elements have all bits set where the comparison holds and none elsewhere. A mask is for
/// <see cref="ConditionalSelect"/>, <c>&amp;</c>, <c>|</c> and <c>~</c>, and no number.
/// </para>
/// </remarks>
public interface IVector<TSelf>
    where TSelf : struct, IVector<TSelf>
{
    /// <summary>A number as a vector that has it everywhere.</summary>
    /// <param name="value">The number.</param>
    static abstract implicit operator TSelf(float value);

    /// <summary>The sum.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>The difference.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>The product.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>The quotient.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>The number with the other sign.</summary>
    /// <param name="value">The number.</param>
    static abstract TSelf operator -(TSelf value);

    /// <summary>A mask: less than; false where either is NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator <(TSelf left, TSelf right);

    /// <summary>A mask: less than or equal; false where either is NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator <=(TSelf left, TSelf right);

    /// <summary>A mask: greater than; false where either is NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator >(TSelf left, TSelf right);

    /// <summary>A mask: greater than or equal; false where either is NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator >=(TSelf left, TSelf right);

    /// <summary>A mask: equal; false where either is NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator ==(TSelf left, TSelf right);

    /// <summary>A mask: not equal; true where either is NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator !=(TSelf left, TSelf right);

    /// <summary>Of masks: both hold.</summary>
    /// <param name="left">A mask.</param>
    /// <param name="right">A mask.</param>
    static abstract TSelf operator &(TSelf left, TSelf right);

    /// <summary>Of masks: at least one holds.</summary>
    /// <param name="left">A mask.</param>
    /// <param name="right">A mask.</param>
    static abstract TSelf operator |(TSelf left, TSelf right);

    /// <summary>Of a mask: it does not hold.</summary>
    /// <param name="mask">A mask.</param>
    static abstract TSelf operator ~(TSelf mask);

    /// <summary>A mask: not a number.</summary>
    /// <param name="value">The number.</param>
    static abstract TSelf IsNaN(TSelf value);

    /// <summary>The elements of one vector where a mask holds, and of another elsewhere. Both are computed everywhere.</summary>
    /// <param name="mask">A mask.</param>
    /// <param name="left">What is taken where it holds.</param>
    /// <param name="right">What is taken where it does not.</param>
    static abstract TSelf ConditionalSelect(TSelf mask, TSelf left, TSelf right);

    /// <summary>The magnitude.</summary>
    /// <param name="value">The number.</param>
    static abstract TSelf Abs(TSelf value);

    /// <summary>The magnitude of one number with the sign of another.</summary>
    /// <param name="value">The number whose magnitude counts.</param>
    /// <param name="sign">The number whose sign counts, that of zero too.</param>
    static abstract TSelf CopySign(TSelf value, TSelf sign);

    /// <summary>The larger of two; NaN where either is NaN. Which of two zeros it gives is left open.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The smaller of two; NaN where either is NaN. Which of two zeros it gives is left open.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>min(max(value, min), max), two instructions.</summary>
    /// <param name="value">The number; NaN stays.</param>
    /// <param name="min">The least result, not NaN.</param>
    /// <param name="max">The largest result, not NaN and not below <paramref name="min"/>.</param>
    static abstract TSelf Clamp(TSelf value, TSelf min, TSelf max);

    /// <summary>left · right + addend, rounded once where the machine has an instruction for it, twice where it has none.</summary>
    /// <param name="left">The first factor.</param>
    /// <param name="right">The second factor.</param>
    /// <param name="addend">What is added.</param>
    static abstract TSelf MultiplyAddEstimate(TSelf left, TSelf right, TSelf addend);

    /// <summary>The square root; NaN below zero.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>eˣ to about 4 ulp, by gradual underflow to 0 at −∞, and ∞ where it is beyond the largest number.</summary>
    /// <param name="x">The exponent.</param>
    static abstract TSelf Exp(TSelf x);

    /// <summary>eˣ − 1 to about 2 ulp, also near zero; inputs below −87.3 and above 88.3 give the value there.</summary>
    /// <param name="x">The exponent.</param>
    static abstract TSelf ExpM1(TSelf x);

    /// <summary>ln x to about 2 ulp: −∞ at zero, NaN below, ∞ at ∞.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Log(TSelf x);

    /// <summary>1 / (1 + e⁻ˣ) to about 4 ulp, by gradual underflow to 0 at −∞.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Sigmoid(TSelf x);

    /// <summary>ln(1 + eˣ) to about 3 ulp, without overflow.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Softplus(TSelf x);

    /// <summary>The hyperbolic tangent to about 4 ulp.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Tanh(TSelf x);

    /// <summary>The error function, 2/√π ∫₀ˣ e^(−t²) dt, to about 1e-7.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Erf(TSelf x);

    /// <summary>The sine to about 1e-7 for x from −8192 to 8192; farther out fewer digits are right, and it stays from −1 to 1.</summary>
    /// <param name="x">The angle in radians; NaN at ±∞.</param>
    static abstract TSelf Sin(TSelf x);

    /// <summary>The cosine, as well as <see cref="Sin"/>.</summary>
    /// <param name="x">The angle in radians; NaN at ±∞.</param>
    static abstract TSelf Cos(TSelf x);
}
