using NetGen.Generator.Functions;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Element functions as C# over the vectors of an instruction set: a number is a vector, a mask one whose lanes have all bits set or none.
/// </summary>
internal sealed class VectorCode(VectorIsa isa, KernelNames names)
{
    /// <summary>How tightly an expression holds together, from loose to tight, as C# has it.</summary>
    private enum Level
    {
        Or,
        And,
        Sum,
        Product,
        Sign,

        /// <summary>An operand of anything, to call a member of too.</summary>
        Operand,
    }

    private readonly record struct Expression(string Text, Level Level)
    {
        public string AtLeast(Level level) => Level >= level ? Text : $"({Text})";
    }

    /// <summary>The function as a method.</summary>
    public string Method(ElementFunction function)
    {
        var writer = new SourceWriter();
        writer.Line($"/// <summary>{XmlText.Escape(function.Description)}</summary>");
        if (function.Remarks is not null)
            writer.Line($"/// <remarks>{XmlText.Escape(function.Remarks)}</remarks>");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        string parameters = string.Join(", ", function.Parameters.Select(p => $"{isa.Type} {p}"));
        using (writer.Block($"private static {isa.Type} {NameOf(function, isa)}({parameters})"))
        {
            Write(writer, function.Program);
            writer.Line($"return {Text(function.Program.Results[0])};");
        }
        return writer.ToString();
    }

    public static string NameOf(ElementFunction function, VectorIsa isa) => function.Name + "_" + isa.Suffix;

    /// <summary>A vector in memory.</summary>
    public ElementValue Load(string address) => ElementValue.Named(isa.Load(address));

    public string Text(ElementValue value) => Text(value.Term);

    public string Text(ElementMask mask) => Text(mask.Term);

    private string Text(ElementTerm term) => Render(term).Text;

    /// <summary>What a function of variables needs statements for, and the expression of its value.</summary>
    public string Write(
        SourceWriter writer, Func<ElementCode, IReadOnlyList<ElementValue>, ElementValue> function, IEnumerable<string> variables)
    {
        var code = new ElementCode();
        ElementProgram program = code.Returning(function(code, [.. variables.Select(ElementValue.Named)]).Term);
        Write(writer, program);
        return Text(program.Results[0]);
    }

    /// <summary>The steps as statements.</summary>
    public void Write(SourceWriter writer, ElementProgram program)
    {
        string declaration = "";
        foreach (ElementStatement statement in program.Statements)
        {
            if (statement is ElementStatement.Definition { Continues: true } further)
            {
                declaration += $", {further.Name} = {Text(further.Term)}";
                continue;
            }
            End();
            switch (statement)
            {
                case ElementStatement.Comment comment:
                    writer.Line($"// {comment.Text}");
                    break;
                case ElementStatement.Definition first:
                    declaration = $"{(first.IsBits ? isa.Static + "<int>" : isa.Type)} {first.Name} = {Text(first.Term)}";
                    break;
                case ElementStatement.Assignment assignment:
                    writer.Line($"{assignment.Name} = {Text(assignment.Term)};");
                    break;
            }
        }
        End();

        void End()
        {
            if (declaration.Length > 0)
                writer.Line(declaration + ";");
            declaration = "";
        }
    }

    private Expression Render(ElementTerm term) => term switch
    {
        ElementTerm.Variable variable => Operand(variable.Name),
        ElementTerm.Zero => Operand(isa.Zero),
        ElementTerm.Constant { Digits: { } digits } => Operand(isa.Broadcast(digits + "f")),
        ElementTerm.Constant constant => Operand(isa.Broadcast(Literals.Float(constant.Number))),
        ElementTerm.Integer integer => Operand(isa.Broadcast(Literals.Bits(integer.Number))),
        ElementTerm.Call call => Operand($"{names.Math(call.Function)}({string.Join(", ", call.Arguments.Select(Text))})"),
        ElementTerm.UserCall { IsDerivative: var isDerivative } call
            => Operand($"ElementFunction<{call.Function}>.{(isDerivative ? "Derivative" : "Forward")}({Text(call.Argument)})"),
        ElementTerm.Operation operation => Render(operation),
        _ => throw new InvalidOperationException($"No vector form of {term.GetType().Name}."),
    };

    private Expression Render(ElementTerm.Operation operation)
    {
        Expression Of(int operand) => Render(operation.Operands[operand]);
        string T(int operand) => Of(operand).Text;
        string Static(string method) => $"{isa.Static}.{method}({string.Join(", ", operation.Operands.Select(Text))})";

        // Equal levels are read from the left.
        Expression Infix(string symbol, Level level)
            => new($"{Of(0).AtLeast(level)} {symbol} {Of(1).AtLeast(level + 1)}", level);

        Expression Prefix(string sign) => new(sign + Of(0).AtLeast(Level.Operand), Level.Sign);

        string Shift(string method)
            => $"{isa.Static}.{method}({T(0)}, {Literals.Int(((ElementTerm.Integer)operation.Operands[1]).Number)})";

        return operation.Operator switch
        {
            ElementOperator.Add or ElementOperator.AddBits => Infix("+", Level.Sum),
            ElementOperator.Subtract or ElementOperator.SubtractBits => Infix("-", Level.Sum),
            ElementOperator.Multiply => Infix("*", Level.Product),
            ElementOperator.Divide => Infix("/", Level.Product),
            ElementOperator.Negate => Prefix("-"),
            ElementOperator.And or ElementOperator.ZeroUnless => Infix("&", Level.And),
            ElementOperator.Or => Infix("|", Level.Or),
            ElementOperator.Not => Prefix("~"),
            ElementOperator.Absolute => Operand(Static("Abs")),
            ElementOperator.MultiplyAdd => Operand(isa.MultiplyAdd(T(0), T(1), T(2))),
            ElementOperator.Maximum => Operand(Epilogue.Maximum(isa, T(0), Of(1).AtLeast(Level.Operand))),
            ElementOperator.Minimum => Operand(Epilogue.Minimum(isa, T(0), Of(1).AtLeast(Level.Operand))),
            ElementOperator.WithSignOf => Operand($"{isa.Static}.ConditionalSelect({isa.Broadcast("-0f")}, {T(0)}, {T(1)})"),
            ElementOperator.Select => Operand(Static("ConditionalSelect")),
            ElementOperator.ZeroWhere => Operand(Epilogue.ZeroWhere(isa, T(0), T(1))),
            ElementOperator.Group => Operand($"({T(0)})"),
            ElementOperator.LessThan => Operand(Static("LessThan")),
            ElementOperator.LessThanOrEqual => Operand(Static("LessThanOrEqual")),
            ElementOperator.GreaterThan => Operand(Static("GreaterThan")),
            ElementOperator.GreaterThanOrEqual => Operand(Static("GreaterThanOrEqual")),
            ElementOperator.EqualTo => Operand(Static("Equals")),
            ElementOperator.BitsOf => Operand(Of(0).AtLeast(Level.Operand) + ".AsInt32()"),
            ElementOperator.NumberOf => Operand(Of(0).AtLeast(Level.Operand) + ".AsSingle()"),
            ElementOperator.Convert => Operand(Static("ConvertToSingle")),
            ElementOperator.ShiftLeft => Operand(Shift("ShiftLeft")),
            ElementOperator.ShiftRight => Operand(Shift("ShiftRightArithmetic")),
            _ => throw new InvalidOperationException($"No vector form of {operation.Operator}."),
        };
    }

    private static Expression Operand(string text) => new(text, Level.Operand);
}
