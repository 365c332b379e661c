using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.MatMulLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>matmul</c> of two samples.</summary>
/// <param name="TransposeA">The first operand's last two dimensions are exchanged.</param>
/// <param name="TransposeB">The second's.</param>
internal sealed record MatMulSpec(string Name, EquatableArray<string> Values, bool TransposeA, bool TransposeB) : JoinSpec(Name, Values);

/// <summary>The product of two matrices, for each channel where there are channels besides.</summary>
internal sealed class MatMulLayer() : JoinLayer<MatMulSpec>([.. Forms("NetGen.MatMulAttribute", 2, fewest: 2)])
{
    /// <summary>Indices of a product: both matrices' channels, the first's rows, what is summed, the second's columns.</summary>
    private const char Channel = 'c', Row = 'm', Inner = 'k', Column = 'p';

    private const char One = ContractionIndices.One;

    protected override string TypeName(MatMulSpec spec) => WithBlocks("MatMul", spec);

    public override LayerSpec Read(LayerArguments arguments, string name) => WithBranches(
        new MatMulSpec(name, ReadValues(arguments), arguments.Bool("transposeA", false), arguments.Bool("transposeB", false)), arguments);

    protected override IReadOnlyList<TensorShape> Infer(MatMulSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        CheckCount(spec, 2, context);
        IReadOnlyList<int> operands = Operands(spec);
        if (operands.Count != 2)
            return [TensorShape.Unknown];
        TensorShape a = inputs[operands[0]], b = inputs[operands[1]];
        bool valid = RequireMatrix(spec.TransposeA, a, operands[0], "transposeA", "TransposeA");
        valid &= RequireMatrix(spec.TransposeB, b, operands[1], "transposeB", "TransposeB");
        if (!valid || a.IsUnknown || b.IsUnknown)
            return [TensorShape.Unknown];
        if (Mismatch(spec, a, b) is { } reason)
        {
            ReportOperand(spec, operands[1], context, DiagnosticDescriptors.MatricesDoNotMultiply, context.DisplayName,
                $"{InWords(spec, operands[0], context)} gives {a.InWords}", $"{InWords(spec, operands[1], context)} gives {b.InWords}", reason);
            return [TensorShape.Unknown];
        }
        return [context.RequireCountable(ShapeOf(spec, a, b))];

        bool RequireMatrix(bool transposes, TensorShape shape, int operand, string argument, string option)
        {
            if (!transposes || !shape.IsVector)
                return true;
            context.Report(DiagnosticDescriptors.MatricesDoNotMultiply, argument, context.DisplayName,
                $"{option} is set", $"{InWords(spec, operand, context)} gives {shape.InWords}", "a vector has no two dimensions to exchange");
            return false;
        }
    }

    protected override long MultiplyAdds(MatMulSpec spec, InferredLayer layer)
    {
        (TensorShape a, _) = OperandsOf(spec, layer);
        return (long)layer.Output.Size * a.Dimensions[InnerOfFirst(spec, a)];
    }

    protected override string Title(MatMulSpec spec, InferredLayer layer)
    {
        IEnumerable<string> options = new[] { spec.TransposeA ? "transpose a" : "", spec.TransposeB ? "transpose b" : "" }
            .Where(option => option.Length > 0);
        string[] parts = spec.Scopes.Count > 0 ? [.. options] : [.. spec.Values, .. options];
        return TypeName(spec) + (parts.Length > 0 ? $"({string.Join(", ", parts)})" : "");
    }

    protected override IReadOnlyList<Value> Lower(MatMulSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        (TensorShape a, TensorShape b) = OperandsOf(spec, layer);
        IReadOnlyList<int> operands = Operands(spec);
        Value left = AsImage(inputs[operands[0]], "First"), right = AsImage(inputs[operands[1]], "Second");
        var op = new ContractionOp(new(
            Letters(spec.TransposeA, a, Row, Inner), Letters(spec.TransposeB, b, Inner, Column), LettersOfResult(layer.Output, a, b)));
        if (!layer.Output.IsVector)
            return [builder.Add(layer, op, [left, right])];
        TensorShape image = TensorShape.Image(layer.Output.Features, 1, 1);
        Value product = builder.AddInner(layer, op, "Product", "Product", image, [left, right]);
        return [builder.Add(layer, new FlattenOp(ToImage: false), [product])];

        // A vector is an image of one pixel, which the product need not tell from others.
        Value AsImage(Value value, string suffix) => !value.Shape.IsVector ? value : builder.AddInner(
            layer, new FlattenOp(ToImage: true), suffix, suffix, TensorShape.Image(value.Shape.Features, 1, 1), [value]);
    }

    private static (TensorShape A, TensorShape B) OperandsOf(MatMulSpec spec, InferredLayer layer)
    {
        IReadOnlyList<int> operands = Operands(spec);
        return (layer.Inputs[operands[0]].Shape, layer.Inputs[operands[1]].Shape);
    }

    /// <summary>The dimension of the first operand that is summed over: the last, or the one before it.</summary>
    private static int InnerOfFirst(MatMulSpec spec, TensorShape a) => a.Rank - (spec.TransposeA ? 2 : 1);

    private static int InnerOfSecond(MatMulSpec spec, TensorShape b) => b.IsVector || spec.TransposeB ? b.Rank - 1 : b.Rank - 2;

    /// <summary>Why two values are no matrices to multiply; null where they are.</summary>
    private static string? Mismatch(MatMulSpec spec, TensorShape a, TensorShape b)
    {
        int ofA = InnerOfFirst(spec, a), ofB = InnerOfSecond(spec, b), k = a.Dimensions[ofA], other = b.Dimensions[ofB];
        if (k != other && k != 0 && other != 0)
        {
            return $"dimension {MessageText.Number(ofA + 1)} of the first, {MessageText.Number(k)}, is multiplied by dimension "
                + $"{MessageText.Number(ofB + 1)} of the second, {MessageText.Number(other)}";
        }
        if (a.Rank == 3 && b.Rank == 3 && a.Channels != b.Channels && a.Channels > 1 && b.Channels > 1)
        {
            return $"their first dimensions count matrices, and are {MessageText.Number(a.Channels)} and {MessageText.Number(b.Channels)}; "
                + "they must be equal, or one of them 1";
        }
        return null;
    }

    /// <summary>As <c>torch.matmul</c> has it, behind the batch. Of two vectors the product is a vector of one number.</summary>
    private static TensorShape ShapeOf(MatMulSpec spec, TensorShape a, TensorShape b)
    {
        var dimensions = new List<int>();
        if (a.Rank == 3 || b.Rank == 3)
        {
            int first = a.Rank == 3 ? a.Channels : 1, second = b.Rank == 3 ? b.Channels : 1;
            dimensions.Add(first == 0 || second == 0 ? 0 : Math.Max(first, second));
        }
        if (!a.IsVector)
            dimensions.Add(a.Dimensions[a.Rank - (spec.TransposeA ? 1 : 2)]);
        if (!b.IsVector)
            dimensions.Add(b.Dimensions[b.Rank - (spec.TransposeB ? 2 : 1)]);
        return dimensions.Count == 0 ? TensorShape.Vector(1) : new TensorShape(dimensions.ToEquatableArray());
    }

    /// <summary>The indices of an operand's channel, row and column, as an image has them.</summary>
    private static string Letters(bool transposes, TensorShape shape, char row, char column)
    {
        if (shape.IsVector)
            return AsImage([Inner], shape);
        (char first, char second) = transposes ? (column, row) : (row, column);
        return AsImage(shape.Rank == 3 ? [Channel, first, second] : [first, second], shape);
    }

    private static string LettersOfResult(TensorShape result, TensorShape a, TensorShape b)
    {
        var letters = new List<char>();
        if (a.Rank == 3 || b.Rank == 3)
            letters.Add(Channel);
        if (!a.IsVector)
            letters.Add(Row);
        if (!b.IsVector)
            letters.Add(Column);
        return letters.Count == 0 ? "111" : AsImage(letters, result);
    }

    /// <summary>A sequence is an image of one row, a vector one of one pixel; what has extent 1 needs no index.</summary>
    private static string AsImage(IReadOnlyList<char> letters, TensorShape shape)
    {
        char[] known = [.. letters.Select((letter, i) => shape.Dimensions[i] == 1 ? One : letter)];
        return known.Length switch
        {
            1 => $"{known[0]}{One}{One}",
            2 => $"{known[0]}{One}{known[1]}",
            _ => new string(known),
        };
    }
}
