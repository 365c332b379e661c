using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions;

/// <summary>
/// What is computed from what for one element. Functions are written with <see cref="ElementValue"/>, <see cref="ElementMask"/> and
/// <see cref="ElementBits"/>, which know what a term is; each machine has one renderer of terms.
/// </summary>
/// <remarks>
/// Functions are data, and no calls of a builder for each machine: the same term is written as code for vectors, evaluated by the tests,
/// compared with another, and asked which functions it calls. There are no loops and no addresses in it.
/// </remarks>
internal abstract record ElementTerm
{
    /// <summary>An operation on terms.</summary>
    public static Operation Of(ElementOperator operation, params ElementTerm[] operands) => new(operation, operands.ToEquatableArray());

    /// <summary>An argument, or what the function has declared.</summary>
    internal sealed record Variable(string Name) : ElementTerm;

    /// <summary>A number that is the same for every element.</summary>
    /// <param name="Digits">The number as its source has it, with more digits than it needs; null for the shortest that mean it.</param>
    internal sealed record Constant(float Number, string? Digits) : ElementTerm;

    /// <summary>Zero, which needs no constant on most machines.</summary>
    internal sealed record Zero : ElementTerm;

    internal sealed record Integer(int Number) : ElementTerm;

    internal sealed record Operation(ElementOperator Operator, EquatableArray<ElementTerm> Operands) : ElementTerm;

    internal sealed record Call(ElementFunction Function, EquatableArray<ElementTerm> Arguments) : ElementTerm;

    /// <summary>A function of the user's, or its derivative, which is code and no data.</summary>
    /// <param name="Function">The structure that implements it, as generated code names it.</param>
    internal sealed record UserCall(string Function, bool IsDerivative, ElementTerm Argument) : ElementTerm;
}
