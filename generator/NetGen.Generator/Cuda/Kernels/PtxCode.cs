using NetGen.Generator.Functions;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Element functions as PTX: the same terms that are C# over vectors on the CPU, with the same operations in the same order, so that an
/// element has the same bits on both.
/// </summary>
internal sealed class PtxCode(PtxWriter writer)
{
    private readonly Dictionary<string, PtxOperand> _variables = new(StringComparer.Ordinal);

    /// <summary>Lets a name of the function stand for a register.</summary>
    public PtxCode With(string variable, PtxOperand register)
    {
        _variables[variable] = register;
        return this;
    }

    /// <summary>What a function of registers gives.</summary>
    public PtxFloat Apply(Func<ElementCode, IReadOnlyList<ElementValue>, ElementValue> function, IReadOnlyList<PtxFloat> operands,
        string stem)
    {
        var code = new ElementCode();
        string[] names = [.. operands.Select((_, i) => $"operand{i}")];
        foreach ((string name, PtxFloat operand) in names.Zip(operands, (name, operand) => (name, operand)))
            With(name, operand);
        ElementProgram program = code.Returning(function(code, [.. names.Select(ElementValue.Named)]).Term);
        return Run(program, stem)[0];
    }

    /// <summary>The steps of a program, and the registers of its results.</summary>
    /// <param name="stem">What the results are named after.</param>
    public IReadOnlyList<PtxFloat> Run(ElementProgram program, string stem)
    {
        foreach (ElementStatement statement in program.Statements)
        {
            switch (statement)
            {
                case ElementStatement.Comment comment:
                    writer.Comment(comment.Text);
                    break;
                case ElementStatement.Definition definition:
                    _variables[definition.Name] = Value(definition.Term, definition.Name);
                    break;
                case ElementStatement.Assignment assignment:
                    // A register of its own for each value: the assembler renames them in any case.
                    _variables[assignment.Name] = Value(assignment.Term, assignment.Name);
                    break;
            }
        }
        return [.. program.Results.Select(result => Float(result, stem))];
    }

    public PtxFloat Float(ElementValue value, string stem) => Float(value.Term, stem);

    private PtxFloat Float(ElementTerm term, string stem) => Value(term, stem) switch
    {
        PtxFloat number => number,
        PtxInt bits => writer.NumberOf(bits, stem),
        var other => throw Mismatch(term, other),
    };

    private PtxInt Int(ElementTerm term, string stem) => Value(term, stem) switch
    {
        PtxInt bits => bits,
        PtxFloat number => writer.BitsOf(number, stem),
        var other => throw Mismatch(term, other),
    };

    /// <summary>On the CPU a mask is all bits or none, so that bits can be made one: here they are compared with zero.</summary>
    private PtxPredicate Predicate(ElementTerm term, string stem) => Value(term, stem) switch
    {
        PtxPredicate predicate => predicate,
        PtxInt bits => writer.Compare("ne", bits, PtxWriter.Number(0), stem),
        PtxFloat number => writer.Compare("ne", writer.BitsOf(number, stem), PtxWriter.Number(0), stem),
        var other => throw Mismatch(term, other),
    };

    private static InvalidOperationException Mismatch(ElementTerm term, PtxOperand operand)
        => new($"{term} is a {operand.GetType().Name} and is used as something else.");

    private PtxOperand Value(ElementTerm term, string stem) => term switch
    {
        ElementTerm.Variable variable => _variables[variable.Name],
        ElementTerm.Zero => PtxWriter.Number(0f),
        ElementTerm.Constant constant => PtxWriter.Number(constant.Number),
        ElementTerm.Integer integer => PtxWriter.Number(integer.Number),
        ElementTerm.Call call => Call(call, stem),
        ElementTerm.Operation operation => Operation(operation, stem),
        _ => throw new InvalidOperationException($"No PTX form of {term.GetType().Name}."),
    };

    /// <summary>A function's steps in the caller's place: PTX has calls, and they cost registers and time.</summary>
    private PtxFloat Call(ElementTerm.Call call, string stem)
    {
        var inside = new PtxCode(writer);
        string[] parameters = [.. call.Function.Parameters];
        for (int i = 0; i < parameters.Length; i++)
            inside.With(parameters[i], Float(call.Arguments[i], parameters[i]));
        return inside.Run(call.Function.Program, stem)[0];
    }

    private PtxOperand Operation(ElementTerm.Operation operation, string stem)
    {
        PtxFloat F(int operand) => Float(operation.Operands[operand], Stem(operand));
        PtxInt I(int operand) => Int(operation.Operands[operand], Stem(operand));
        PtxPredicate P(int operand) => Predicate(operation.Operands[operand], Stem(operand));
        PtxPredicate Compare(string relation) => writer.Compare(relation, F(0), F(1), stem);
        int Shift() => ((ElementTerm.Integer)operation.Operands[1]).Number;

        // Parts of an expression are named after the whole.
        string Stem(int operand) => operation.Operands[operand] is ElementTerm.Variable variable ? variable.Name : stem;

        return operation.Operator switch
        {
            ElementOperator.Add => writer.Add(F(0), F(1), stem),
            ElementOperator.Subtract => writer.Subtract(F(0), F(1), stem),
            ElementOperator.Multiply => writer.Multiply(F(0), F(1), stem),
            ElementOperator.Divide => writer.Divide(F(0), F(1), stem),
            ElementOperator.Negate => writer.Negate(F(0), stem),
            ElementOperator.Absolute => writer.Absolute(F(0), stem),
            ElementOperator.MultiplyAdd => writer.MultiplyAdd(F(0), F(1), F(2), stem),
            // max and min of PTX have zeros and NaN otherwise than these are defined.
            ElementOperator.Maximum => Bound("gt", F(0), F(1), stem),
            ElementOperator.Minimum => Bound("lt", F(0), F(1), stem),
            ElementOperator.WithSignOf => writer.CopySign(F(0), F(1), stem),
            ElementOperator.Select => writer.Select(P(0), F(1), F(2), stem),
            ElementOperator.ZeroUnless => ZeroUnless(operation, stem),
            ElementOperator.ZeroWhere => writer.Select(P(0), PtxWriter.Number(0f), F(1), stem),
            ElementOperator.Group => Value(operation.Operands[0], stem),
            ElementOperator.LessThan => Compare("lt"),
            ElementOperator.LessThanOrEqual => Compare("le"),
            ElementOperator.GreaterThan => Compare("gt"),
            ElementOperator.GreaterThanOrEqual => Compare("ge"),
            ElementOperator.EqualTo => Compare("eq"),
            ElementOperator.And => writer.And(P(0), P(1), stem),
            ElementOperator.Or => writer.Or(P(0), P(1), stem),
            ElementOperator.Not => writer.Not(P(0), stem),
            ElementOperator.BitsOf => I(0),
            ElementOperator.NumberOf => F(0),
            ElementOperator.Convert => writer.Convert(I(0), stem),
            ElementOperator.AddBits => writer.Add(I(0), I(1), stem),
            ElementOperator.SubtractBits => writer.Subtract(I(0), I(1), stem),
            ElementOperator.ShiftLeft => writer.ShiftLeft(I(0), Shift(), stem),
            ElementOperator.ShiftRight => writer.ShiftRight(I(0), Shift(), stem),
            _ => throw new InvalidOperationException($"No PTX form of {operation.Operator}."),
        };
    }

    private PtxFloat ZeroUnless(ElementTerm.Operation operation, string stem)
    {
        PtxPredicate holds = Predicate(operation.Operands[0], stem + "Holds");
        return writer.Select(holds, Float(operation.Operands[1], stem), PtxWriter.Number(0f), stem);
    }

    private PtxFloat Bound(string relation, PtxFloat bound, PtxFloat x, string stem)
        => writer.Select(writer.Compare(relation, bound, x, stem + "IsBound"), bound, x, stem);
}
