using NetGen.Generator.Specs;

namespace NetGen.Generator.Functions;

/// <summary>
/// A loss that compares each output with a value of its own: how one element's loss is computed, and its derivative with respect to the
/// output.
/// </summary>
internal sealed record ElementLoss
{
    /// <param name="define">From output and target to loss and derivative, which are variables that it declares.</param>
    public ElementLoss(string formula, string slopeFormula,
        Func<ElementCode, ElementValue, ElementValue, (ElementValue Cost, ElementValue Slope)> define)
    {
        var code = new ElementCode();
        (ElementValue cost, ElementValue slope) = define(code, Output, Target);
        (Formula, SlopeFormula, Program, Cost, Slope) = (formula, slopeFormula, code.Returning(cost.Term, slope.Term), cost, slope);
    }

    /// <summary>What the network gave.</summary>
    public static ElementValue Output { get; } = ElementValue.Named("x");

    /// <summary>What it is compared with.</summary>
    public static ElementValue Target { get; } = ElementValue.Named("t");

    /// <summary>For comments.</summary>
    public string Formula { get; }

    /// <summary>Derivative with respect to the output, for comments.</summary>
    public string SlopeFormula { get; }

    /// <summary>From <see cref="Output"/>, <see cref="Target"/> and the values of <see cref="Factors"/>.</summary>
    public ElementProgram Program { get; }

    /// <summary>The loss, a variable of the program.</summary>
    public ElementValue Cost { get; }

    /// <summary>The derivative, a variable of the program.</summary>
    public ElementValue Slope { get; }

    public EquatableArray<ElementFactor> Factors { get; init; }

    /// <summary>What the output must be, as the text of an exception; null where every output is allowed.</summary>
    public string? Requirement { get; init; }

    /// <summary>The outputs that <see cref="Requirement"/> refuses.</summary>
    public ElementMask? Refused { get; init; }
}
