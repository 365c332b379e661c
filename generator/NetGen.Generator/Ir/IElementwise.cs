using NetGen.Generator.Functions;

namespace NetGen.Generator.Ir;

/// <summary>
/// An op that gives at each element a function of what its inputs have there, those of extent 1 repeated along a dimension: several of
/// them, one behind the other, are one loop (<see cref="ChainOp"/>). What such an op does otherwise, as the sum over what was repeated, is
/// told from shapes.
/// </summary>
internal interface IElementwise
{
    /// <summary>It gives zero where all inputs are, and is finite elsewhere, but by overflow.</summary>
    bool KeepsZero { get; }

    /// <summary>What it computes of one element of each input.</summary>
    /// <param name="code">For what takes more than one expression.</param>
    ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands);
}
