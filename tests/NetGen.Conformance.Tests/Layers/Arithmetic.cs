using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// A function of two numbers for every element: of what arrives and values that are named, broadcast to each other, from left to right; or
/// of what arrives and a number.
/// </summary>
/// <param name="Values">The operands by name (<see cref="Operands"/>).</param>
/// <param name="Number">The second operand, where it is a number.</param>
internal abstract record Arithmetic(IReadOnlyList<string> Values, double? Number) : JoinOperation
{
    /// <summary>The name that the attribute has.</summary>
    public string Function => GetType().Name;

    public override string Stem => Function.ToLowerInvariant();

    public override string Kind => Number is null ? Stem : Stem + "c";

    public override IEnumerable<string> Options => Number is double number ? [AttributeWriter.Code(number)] : Values;

    public override IReadOnlyList<string> Reads => Operands.Reads(Values);

    /// <summary>More than two operands make sense.</summary>
    protected virtual bool TakesSeveral => true;

    /// <summary>The function, and what it may be off by.</summary>
    protected abstract Approximate Apply(Approximate x, Approximate y);

    /// <summary>The slopes for x and for y, and what they may be off by.</summary>
    protected abstract (Approximate X, Approximate Y) Slopes(Approximate x, Approximate y);

    /// <summary>From <c>KIND:NAME,...</c> or <c>KINDc:NUMBER</c>.</summary>
    protected static Layer Read(Word word, Func<IReadOnlyList<string>, double?, Arithmetic> make) => word.Kind.EndsWith('c')
        ? make([], double.Parse(word.Option(0), CultureInfo.InvariantCulture))
        : make(word.Options, null);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (Number is double number)
            attribute.Argument(AttributeWriter.Code(number));
        Operands.Declare(attribute, Values);
        return Function;
    }

    public override (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        (this, Operands.Connect(Values, input, named));

    public override Shape InferJoined(IReadOnlyList<Shape> inputs)
    {
        int operands = inputs.Count + (Number is null ? 0 : 1);
        return operands == 2 || (TakesSeveral && operands > 2)
            ? inputs.Aggregate(Broadcast.Join)
            : throw new FormatException(
                $"{Function} takes two operands{(TakesSeveral ? " or more" : "")}, not {AttributeWriter.Code(operands)}.");
    }

    public override long Work(IReadOnlyList<Shape> inputs) => (long)inputs.Count * InferJoined(inputs).Size;

    protected sealed override Estimate Forward(LayerRun run, Estimate[] inputs) => Steps(run, inputs)[^1].Result;

    protected sealed override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy)
    {
        var gradients = new Estimate?[inputs.Length];
        foreach (Step step in Enumerable.Reverse(Steps(run, inputs)))
        {
            (Estimate left, Estimate right) = Gradients(step, dy);
            // A number has no gradient.
            if (step.Operand < gradients.Length)
                gradients[step.Operand] = right;
            dy = left;
        }
        gradients[0] = dy;
        return gradients;
    }

    /// <summary>One use of the function.</summary>
    /// <param name="Operand">Which of the operands is on the right.</param>
    /// <param name="LeftAt">For each element of the result, the one on the left that it comes from.</param>
    /// <param name="RightAt">The same on the right.</param>
    private sealed record Step(int Operand, Estimate Left, int[] LeftAt, Estimate Right, int[] RightAt, Estimate Result);

    private List<Step> Steps(LayerRun run, Estimate[] inputs)
    {
        var operands = new List<(Estimate Values, Shape Shape)>(inputs.Zip(run.Node.InputShapes));
        if (Number is double number)
            operands.Add((Estimate.Exact([(float)number]), Broadcast.One(run.Input.Rank)));
        var steps = new List<Step>();
        (Estimate left, Shape leftShape) = operands[0];
        for (int i = 1; i < operands.Count; i++)
        {
            (Estimate right, Shape rightShape) = operands[i];
            Shape shape = Broadcast.Join(leftShape, rightShape);
            int[] leftAt = Broadcast.Places(leftShape, shape), rightAt = Broadcast.Places(rightShape, shape);
            var result = new Estimate(shape.Size);
            for (int o = 0; o < result.Length; o++)
            {
                Approximate z = Apply(Approximate.Of(left, leftAt[o]), Approximate.Of(right, rightAt[o]));
                result.Values[o] = z.Value;
                result.Errors[o] = z.Error;
            }
            steps.Add(new Step(i, left, leftAt, right, rightAt, result));
            (left, leftShape) = (result, shape);
        }
        return steps;
    }

    /// <summary>Of both sides; where one was broadcast, the sums over what it met, whose errors may have a common cause.</summary>
    private (Estimate Left, Estimate Right) Gradients(Step step, Estimate dy)
    {
        Accumulator left = new(step.Left.Length, correlated: true), right = new(step.Right.Length, correlated: true);
        for (int o = 0; o < dy.Length; o++)
        {
            Approximate x = Approximate.Of(step.Left, step.LeftAt[o]), y = Approximate.Of(step.Right, step.RightAt[o]);
            (Approximate slopeX, Approximate slopeY) = Slopes(x, y);
            left.Add(step.LeftAt[o], dy.Values[o], dy.Errors[o], slopeX.Value, slopeX.Error);
            right.Add(step.RightAt[o], dy.Values[o], dy.Errors[o], slopeY.Value, slopeY.Error);
        }
        return (left.ToEstimate(), right.ToEstimate());
    }

    /// <summary>With values that fit and have a name, and what arrives once or twice, in one order or another; or with a number.</summary>
    /// <param name="front">Words that make of what arrives a value that can be the last operand.</param>
    protected static Gen<string> Draw(Place place, string stem, string[] numbers, string[] orders, string front = "")
    {
        (string Name, Shape Shape)[] fitting = [.. place.Named.Where(value => Broadcast.Fits(value.Shape, place.Shape))];
        Gen<string> number = from n in Gen.Elements(numbers) select $"{stem}c:{n}";
        return fitting.Length == 0 ? number : Gen.Frequency(
            (1, number),
            (4, from first in Gen.Elements(fitting)
                let joined = Broadcast.Join(first.Shape, place.Shape)
                from second in Gen.Elements(Operands.Fitting(place, shape => Broadcast.Fits(shape, joined)))
                from order in Gen.Elements(orders)
                select $"{front}{stem}:{string.Format(CultureInfo.InvariantCulture, order, first.Name, second)}"));
    }

    /// <summary>What <see cref="Draw"/> takes as orders of any number of operands: 0 and 1 stand for names.</summary>
    protected static string[] Orders => ["{0}", "{0}", "{0},.", "{0},{1}", "{1},.,{0}", ".,{0},."];
}
