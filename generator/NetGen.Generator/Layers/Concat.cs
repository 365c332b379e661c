using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ConcatLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>cat</c>: values one behind the other along a dimension.</summary>
/// <param name="Dim">0 is the batch, −1 the last.</param>
internal sealed record ConcatSpec(string Name, EquatableArray<string> Values, int Dim) : JoinSpec(Name, Values);

/// <summary>Several values as one, along a dimension.</summary>
internal sealed class ConcatLayer() : JoinLayer<ConcatSpec>([.. Forms("NetGen.ConcatAttribute", 6)])
{
    /// <summary>Features behind features; positions behind positions would make another length.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => ((ConcatSpec)spec).Dim is -1 or 2;

    protected override string TypeName(ConcatSpec spec) => WithBlocks("Concat", spec);

    public override LayerSpec Read(LayerArguments arguments, string name)
        => WithBranches(new ConcatSpec(name, ReadValues(arguments), arguments.OptionalInt("dim") ?? 1), arguments);

    protected override IReadOnlyList<TensorShape> Infer(ConcatSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        CheckCount(spec, int.MaxValue, context);
        IReadOnlyList<int> operands = Operands(spec);
        if (operands.Count == 0 || operands.Any(operand => inputs[operand].IsUnknown))
            return [TensorShape.Unknown];
        TensorShape first = inputs[operands[0]];
        int dimension = Reshape.Dimension(spec.Dim, first);
        if (!Reshape.RequireDimension(dimension, spec.Dim, "dim", "Dim", first, context))
            return [TensorShape.Unknown];

        int[] dimensions = [.. first.Dimensions];
        for (int i = 1; i < operands.Count; i++)
        {
            TensorShape next = inputs[operands[i]];
            if (Mismatch(first, next, dimension - 1) is { } reason)
            {
                ReportOperand(spec, operands[i], context, DiagnosticDescriptors.ConcatMismatch, context.DisplayName,
                    MessageText.Number(dimension), $"{InWords(spec, operands[0], context)} gives {first.InWords}",
                    $"{InWords(spec, operands[i], context)} gives {next.InWords}", reason);
                return [TensorShape.Unknown];
            }
            int sum = dimensions[dimension - 1], own = next.Dimensions[dimension - 1];
            dimensions[dimension - 1] = sum == 0 || own == 0 || sum > int.MaxValue - own ? 0 : sum + own;
        }
        return [context.RequireCountable(new TensorShape(dimensions.ToEquatableArray()) { Axis = first.Axis })];
    }

    protected override string Title(ConcatSpec spec, InferredLayer layer)
    {
        string dim = spec.Dim == 1 ? "" : $"dim {Invariant.Text(spec.Dim)}";
        return spec.Scopes.Count > 0 ? TypeName(spec) + (dim.Length > 0 ? $"({dim})" : "")
            : $"Concat({string.Join(", ", spec.Values.Concat(dim.Length > 0 ? [dim] : []))})";
    }

    protected override IReadOnlyList<Value> Lower(ConcatSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        int axis = Reshape.Dimension(spec.Dim, layer.Output) - 1;
        return [builder.Add(layer, new ConcatOp(axis), Operands(spec).Select(operand => inputs[operand]).ToArray())];
    }

    /// <summary>Why two values do not lie one behind the other; null where they do.</summary>
    private static string? Mismatch(TensorShape first, TensorShape second, int axis)
    {
        if (first.Rank != second.Rank)
            return $"they have {MessageText.Count(first.Rank, "dimension")} and {MessageText.Number(second.Rank)} besides the batch";
        if (first.Axis != second.Axis)
            return Broadcast.Reason(first, second);
        for (int i = 0; i < first.Rank; i++)
        {
            int a = first.Dimensions[i], b = second.Dimensions[i];
            if (i != axis && a != b && a != 0 && b != 0)
                return $"dimension {MessageText.Number(i + 1)} is {MessageText.Number(a)} and {MessageText.Number(b)}";
        }
        return null;
    }
}
