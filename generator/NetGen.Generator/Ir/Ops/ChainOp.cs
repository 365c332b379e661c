using NetGen.Generator.Functions;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>Element-wise ops, each of which but the last is read by one of the others only: no result but the last is stored.</summary>
/// <param name="Steps">In their order.</param>
internal sealed record ChainOp(EquatableArray<ChainStep> Steps) : Op, IElementwise
{
    public override string Verb => Steps[Steps.Count - 1].Op.Verb;

    public bool KeepsZero => Steps.All(step => step.Elements.KeepsZero);

    /// <summary>One op by itself.</summary>
    /// <param name="inputs">How many it has.</param>
    public static ChainOp Of(Op op, int inputs)
        => op as ChainOp ?? new ChainOp(new[] { new ChainStep(op, Enumerable.Range(0, inputs).ToEquatableArray()) }.ToEquatableArray());

    /// <summary>How many steps an op is in a chain.</summary>
    public static int StepsOf(Op op) => op is ChainOp chain ? chain.Steps.Count : 1;

    /// <summary>This one's steps behind those of another.</summary>
    /// <param name="firstOperands">For each of the other's inputs, which input of both it is.</param>
    /// <param name="operands">For each of this one's, the same; null for the other's result.</param>
    public ChainOp Behind(ChainOp first, IReadOnlyList<int> firstOperands, IReadOnlyList<int?> operands)
    {
        int before = first.Steps.Count;
        return new ChainOp(first.Steps.Select(step => step.With(input => firstOperands[input], result => result))
            .Concat(Steps.Select(step => step.With(input => operands[input] ?? ~(before - 1), result => result + before)))
            .ToEquatableArray());
    }

    public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands)
    {
        var results = new List<ElementValue>();
        foreach (ChainStep step in Steps)
        {
            ElementValue value = step.Elements.Apply(
                code, [.. step.Operands.Select(operand => operand >= 0 ? operands[operand] : results[~operand])]);
            results.Add(results.Count == Steps.Count - 1 ? value : code.Let("step" + Invariant.Text(results.Count + 1), value));
        }
        return results[results.Count - 1];
    }
}

/// <summary>One of the ops of a chain.</summary>
/// <param name="Operands">Inputs of the chain by their number; the complement of a step's number for its result.</param>
internal sealed record ChainStep(Op Op, EquatableArray<int> Operands)
{
    public IElementwise Elements => (IElementwise)Op;

    /// <summary>The same with other numbers.</summary>
    public ChainStep With(Func<int, int> input, Func<int, int> result)
        => this with { Operands = Operands.Select(operand => operand >= 0 ? input(operand) : ~result(~operand)).ToEquatableArray() };
}
