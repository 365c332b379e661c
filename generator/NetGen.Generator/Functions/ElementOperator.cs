namespace NetGen.Generator.Functions;

/// <summary>
/// What an operation of an element function computes. Numbers are float32, and every operation rounds once, to nearest, unless it says
/// otherwise.
/// </summary>
internal enum ElementOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Absolute,

    /// <summary>a · b + c, rounded once where the machine has an instruction for it, twice where it has none.</summary>
    MultiplyAdd,

    /// <summary>The larger of a bound and a value; the value where it is NaN. The bound is none.</summary>
    Maximum,

    /// <summary>The smaller of a bound and a value; the value where it is NaN. The bound is none.</summary>
    Minimum,

    /// <summary>The second operand's magnitude with the first one's sign.</summary>
    WithSignOf,

    /// <summary>The second operand where the mask, the first, holds, and the third elsewhere.</summary>
    Select,

    /// <summary>The second operand where the mask, the first, holds, and zero elsewhere.</summary>
    ZeroUnless,

    /// <summary>Zero where the mask, the first operand, holds, and the second operand elsewhere.</summary>
    ZeroWhere,

    /// <summary>The operand itself; a reader sees it in brackets.</summary>
    Group,

    /// <summary>Comparisons give masks, and are false where an operand is NaN.</summary>
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    GreaterThanOrEqual,
    EqualTo,

    /// <summary>Both masks hold.</summary>
    And,

    /// <summary>At least one of the masks holds.</summary>
    Or,

    /// <summary>The mask does not hold.</summary>
    Not,

    /// <summary>The bits of a number, as an integer.</summary>
    BitsOf,

    /// <summary>The number that has these bits.</summary>
    NumberOf,

    /// <summary>An integer as a number.</summary>
    Convert,

    /// <summary>Integers wrap.</summary>
    AddBits,
    SubtractBits,

    /// <summary>The second operand is a constant.</summary>
    ShiftLeft,

    /// <summary>With copies of the sign; the second operand is a constant.</summary>
    ShiftRight,
}
