using NetGen.Generator.Functions;

namespace NetGen.Conformance.Tests.Functions;

/// <summary>
/// Computes element functions, one element at a time and to the bit, from what they are made of: a second machine beside the vectors of C#.
/// Like a register, a value is 32 bits, which are a number, an integer, or a mask that has all of them set or none.
/// </summary>
/// <param name="fuses">Whether a multiply-add rounds once.</param>
internal sealed class ElementEvaluator(bool fuses)
{
    private const uint Holds = uint.MaxValue, Sign = 0x8000_0000;

    private readonly Dictionary<string, uint> _variables = new(StringComparer.Ordinal);

    public ElementEvaluator With(string name, float value)
    {
        _variables[name] = BitsOf(value);
        return this;
    }

    public ElementEvaluator With(ElementValue variable, float value) => With(((ElementTerm.Variable)variable.Term).Name, value);

    public float Number(ElementValue value) => NumberOf(Evaluate(value.Term));

    public bool IsTrue(ElementMask mask) => Evaluate(mask.Term) == Holds;

    /// <summary>Runs the steps and gives the results.</summary>
    public float[] Run(ElementProgram program)
    {
        foreach (ElementStatement statement in program.Statements)
        {
            switch (statement)
            {
                case ElementStatement.Definition definition:
                    _variables[definition.Name] = Evaluate(definition.Term);
                    break;
                case ElementStatement.Assignment assignment:
                    Assert.True(_variables.ContainsKey(assignment.Name), $"{assignment.Name} is assigned and not declared.");
                    _variables[assignment.Name] = Evaluate(assignment.Term);
                    break;
                default:
                    Assert.IsType<ElementStatement.Comment>(statement);
                    break;
            }
        }
        return program.Results.Select(result => NumberOf(Evaluate(result))).ToArray();
    }

    /// <summary>A function called by itself.</summary>
    public static float Call(ElementFunction function, bool fuses, params float[] arguments)
    {
        Assert.Equal(function.Parameters.Count, arguments.Length);
        var inside = new ElementEvaluator(fuses);
        foreach ((string parameter, float argument) in function.Parameters.Zip(arguments))
            inside.With(parameter, argument);
        return Assert.Single(inside.Run(function.Program));
    }

    private uint Evaluate(ElementTerm term) => term switch
    {
        ElementTerm.Variable variable => _variables[variable.Name],
        ElementTerm.Zero => 0,
        ElementTerm.Constant constant => BitsOf(constant.Number),
        ElementTerm.Integer integer => (uint)integer.Number,
        ElementTerm.Call call => BitsOf(Call(call.Function, fuses, call.Arguments.Select(a => NumberOf(Evaluate(a))).ToArray())),
        ElementTerm.Operation operation => Evaluate(operation),
        _ => throw new NotSupportedException(term.GetType().Name),
    };

    private uint Evaluate(ElementTerm.Operation operation)
    {
        uint a = Evaluate(operation.Operands[0]), b = Operand(1), c = Operand(2);
        float x = NumberOf(a), y = NumberOf(b);
        return operation.Operator switch
        {
            ElementOperator.Add => BitsOf(x + y),
            ElementOperator.Subtract => BitsOf(x - y),
            ElementOperator.Multiply => BitsOf(x * y),
            ElementOperator.Divide => BitsOf(x / y),
            ElementOperator.Negate => a ^ Sign,
            ElementOperator.Absolute => a & ~Sign,
            ElementOperator.MultiplyAdd => BitsOf(MultiplyAdd(x, y, NumberOf(c))),
            ElementOperator.Maximum => x > y ? a : b,
            ElementOperator.Minimum => x < y ? a : b,
            ElementOperator.WithSignOf => (a & Sign) | (b & ~Sign),
            ElementOperator.Select => (a & b) | (~a & c),
            ElementOperator.ZeroUnless => a & b,
            ElementOperator.ZeroWhere => ~a & b,
            ElementOperator.Group or ElementOperator.BitsOf or ElementOperator.NumberOf => a,
            ElementOperator.LessThan => Mask(x < y),
            ElementOperator.LessThanOrEqual => Mask(x <= y),
            ElementOperator.GreaterThan => Mask(x > y),
            ElementOperator.GreaterThanOrEqual => Mask(x >= y),
            ElementOperator.EqualTo => Mask(x == y),
            ElementOperator.And => a & b,
            ElementOperator.Or => a | b,
            ElementOperator.Not => ~a,
            ElementOperator.Convert => BitsOf((int)a),
            ElementOperator.AddBits => unchecked(a + b),
            ElementOperator.SubtractBits => unchecked(a - b),
            ElementOperator.ShiftLeft => a << (int)b,
            ElementOperator.ShiftRight => (uint)((int)a >> (int)b),
            _ => throw new NotSupportedException(operation.Operator.ToString()),
        };

        uint Operand(int index) => index < operation.Operands.Count ? Evaluate(operation.Operands[index]) : 0;
    }

    private float MultiplyAdd(float a, float b, float c)
    {
        if (fuses)
            return MathF.FusedMultiplyAdd(a, b, c);
        float product = a * b;
        return product + c;
    }

    private static uint Mask(bool holds) => holds ? Holds : 0;

    private static uint BitsOf(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float NumberOf(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
