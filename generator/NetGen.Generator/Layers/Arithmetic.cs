using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ArithmeticLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>add</c>, <c>sub</c>, <c>mul</c>, <c>div</c>, <c>maximum</c> and <c>minimum</c>.</summary>
/// <param name="Number">The second operand where it is a constant; null where all are values.</param>
internal sealed record ArithmeticSpec(string Name, BinaryFunction Function, EquatableArray<string> Values, double? Number)
    : JoinSpec(Name, Values);

/// <summary>A function of several values, or of one and a number, element by element.</summary>
internal sealed class ArithmeticLayer() : JoinLayer<ArithmeticSpec>(
[
    .. Forms("NetGen.AddAttribute", 4), .. Forms("NetGen.MulAttribute", 4),
    .. Forms("NetGen.MaximumAttribute", 4), .. Forms("NetGen.MinimumAttribute", 4),
    .. Forms("NetGen.SubAttribute", 2, fewest: 2), .. Forms("NetGen.DivAttribute", 2, fewest: 2),
])
{
    private const int Many = int.MaxValue;

    public override bool KeepsShape(LayerSpec spec) => ((ArithmeticSpec)spec).Number is not null;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    protected override string TypeName(ArithmeticSpec spec) => WithBlocks(spec.Function.ToString(), spec);

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        string kind = arguments.TypeName.Split('<')[0];
        var function = (BinaryFunction)Enum.Parse(typeof(BinaryFunction), kind);
        return WithBranches(new ArithmeticSpec(name, function, ReadValues(arguments), arguments.OptionalDouble("number")), arguments);
    }

    protected override IReadOnlyList<TensorShape> Infer(ArithmeticSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        if (spec.Number is double number)
        {
            context.RequireFinite((float)number, "number");
            if (spec.Function == BinaryFunction.Div && (float)number == 0)
            {
                context.Report(DiagnosticDescriptors.ConstantOutOfRange, "number", context.DisplayName, "number",
                    "a number to divide by, not 0", MessageText.Fraction(number));
            }
            return [inputs[0]];
        }
        CheckCount(spec, spec.Function is BinaryFunction.Sub or BinaryFunction.Div ? 2 : Many, context);
        IReadOnlyList<int> operands = Operands(spec);
        TensorShape shape = operands.Count == 0 ? TensorShape.Unknown : inputs[operands[0]];
        for (int i = 1; i < operands.Count; i++)
        {
            TensorShape next = inputs[operands[i]];
            if (Broadcast.Of(shape, next) is { } joined)
            {
                shape = joined;
                continue;
            }
            string before = i == 1
                ? $"{InWords(spec, operands[0], context)} gives {shape.InWords}" : $"those before it make {shape.InWords}";
            ReportOperand(spec, operands[i], context, DiagnosticDescriptors.OperandsDoNotBroadcast, context.DisplayName, before,
                $"{InWords(spec, operands[i], context)} gives {next.InWords}", Broadcast.Reason(shape, next));
            return [TensorShape.Unknown];
        }
        return [context.RequireCountable(shape)];
    }

    protected override string Title(ArithmeticSpec spec, InferredLayer layer)
        => spec.Scopes.Count > 0 ? TypeName(spec)
            : $"{spec.Function}({(spec.Number is double number ? Invariant.Text((float)number) : string.Join(", ", spec.Values))})";

    protected override IReadOnlyList<Value> Lower(
        ArithmeticSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        if (spec.Number is double number)
            return [builder.Add(layer, new ActivationOp(new ConstantActivation(spec.Function, (float)number)), [inputs[0]])];
        IReadOnlyList<int> operands = Operands(spec);
        Value result = inputs[operands[0]];
        for (int i = 1; i < operands.Count; i++)
        {
            Value next = inputs[operands[i]];
            // One shape throughout is what fusions know.
            Op op = spec.Function == BinaryFunction.Add && result.Shape == next.Shape
                ? new AddOp(IsBackward: false) : new BinaryOp(spec.Function);
            string part = "Part" + Invariant.Text(i);
            result = i == operands.Count - 1
                ? builder.Add(layer, op, [result, next])
                : builder.AddInner(layer, op, part, part, Broadcast.Of(result.Shape, next.Shape)!.Value, [result, next]);
        }
        return [result];
    }
}
