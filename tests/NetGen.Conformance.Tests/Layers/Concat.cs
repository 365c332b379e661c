using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Values one behind the other along a dimension, in which alone they may differ.</summary>
/// <param name="Values">The operands by name (<see cref="Operands"/>).</param>
/// <param name="Dim">0 is the batch, which is refused; negative ones count from the end.</param>
internal sealed record Concat(IReadOnlyList<string> Values, int Dim) : JoinOperation, ILayer
{
    private const string DimPrefix = "dim";

    public static IReadOnlyList<string> Kinds => ["concat"];

    public override string Stem => "concat";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [.. Values, DimOption(Dim)];

    public override IReadOnlyList<string> Reads => Operands.Reads(Values);

    public static Layer Read(Word word, Shape input) => new Concat([.. word.Options.Where(option => ReadDim(option) is null)], DimOf(word));

    /// <summary>What says along which dimension, in words; nothing where it is the channels or features.</summary>
    public static string DimOption(int dim) => dim == 1 ? "" : DimPrefix + AttributeWriter.Code(dim);

    /// <summary>The dimension that a word asks for.</summary>
    public static int DimOf(Word word) => word.Options.Select(ReadDim).FirstOrDefault(dim => dim is not null) ?? 1;

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        Operands.Declare(attribute, Values);
        DeclareDim(attribute, Dim);
        return "Concat";
    }

    public static void DeclareDim(AttributeWriter attribute, int dim) => attribute.Property("Dim", dim, 1);

    public override (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        (this, Operands.Connect(Values, input, named));

    public override Shape InferJoined(IReadOnlyList<Shape> inputs)
    {
        int axis = Axis(Dim, inputs[0].Rank) ?? throw new FormatException($"{inputs[0]} has no dimension {AttributeWriter.Code(Dim)}.");
        return inputs.Count > 1 && inputs.All(input => DiffersIn(axis, input, inputs[0]))
            ? new Shape(inputs[0].Dimensions.Select((extent, d) => d == axis ? inputs.Sum(input => input.Dimensions[axis]) : extent))
            : throw new FormatException($"{string.Join(" and ", inputs)} cannot be joined along dimension {AttributeWriter.Code(Dim)}.");
    }

    protected override Estimate Forward(LayerRun run, Estimate[] inputs)
    {
        var y = new Estimate(run.Output.Size);
        ForEachPiece(run, inputs, (operand, from, at, length) =>
        {
            Array.Copy(inputs[operand].Values, from, y.Values, at, length);
            Array.Copy(inputs[operand].Errors, from, y.Errors, at, length);
        });
        return y;
    }

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy)
    {
        Estimate[] gradients = [.. inputs.Select(input => new Estimate(input.Length))];
        ForEachPiece(run, inputs, (operand, from, at, length) =>
        {
            Array.Copy(dy.Values, at, gradients[operand].Values, from, length);
            Array.Copy(dy.Errors, at, gradients[operand].Errors, from, length);
        });
        return gradients;
    }

    /// <summary>Visits what stays together: the operand, where a piece stands in it and in the result, and its length.</summary>
    private void ForEachPiece(LayerRun run, Estimate[] inputs, Action<int, int, int, int> visit)
    {
        int axis = Axis(Dim, run.Output.Rank)!.Value, at = 0;
        int pieces = run.Output.Dimensions.Take(axis).Aggregate(1, (a, b) => a * b);
        for (int piece = 0; piece < pieces; piece++)
        {
            for (int operand = 0; operand < inputs.Length; operand++)
            {
                int length = inputs[operand].Length / pieces;
                visit(operand, piece * length, at, length);
                at += length;
            }
        }
    }

    private static int? ReadDim(string option) => option.StartsWith(DimPrefix, StringComparison.Ordinal)
        && int.TryParse(option[DimPrefix.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int dim) ? dim : null;

    /// <summary>Of a sample; null for the batch and what there is not.</summary>
    private static int? Axis(int dim, int rank)
    {
        int axis = dim < 0 ? dim + rank : dim - 1;
        return axis >= 0 && axis < rank ? axis : null;
    }

    private static bool DiffersIn(int axis, Shape a, Shape b) =>
        a.Rank == b.Rank && Enumerable.Range(0, a.Rank).All(d => d == axis || a.Dimensions[d] == b.Dimensions[d]);

    public static int Frequency => 20;

    private static readonly string[] s_orders = ["{0}", "{0}", "{0},.", "{0},.", ".,{0},.", "{0},{1}", ".,."];

    /// <summary>With values that have a name and fit along a dimension, in one order or another, or with what arrives alone.</summary>
    public static Gen<string>? Draw(Place place) =>
        from dim in Gen.Choose(1, place.Shape.Rank)
        let names = Operands.Fitting(place, shape => shape.Rank == place.Shape.Rank && DiffersIn(dim - 1, shape, place.Shape))
        let operands = names.Length == 0 ? new[] { Operands.Cursor } : names
        from order in Gen.Elements(names.Length == 0 ? new[] { ".,." } : s_orders)
        from first in Gen.Elements(operands)
        from second in Gen.Elements(operands)
        from fromEnd in Gen.Elements(false, true)
        let option = DimOption(fromEnd ? dim - place.Shape.Rank - 1 : dim)
        select $"concat:{string.Format(CultureInfo.InvariantCulture, order, first, second)}{(option.Length > 0 ? "," : "")}{option}";
}
