using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

internal enum ReduceFunction
{
    Sum,
    Mean,
    Amax,
    Amin,
    Var,
}

/// <summary>
/// One element of all along some dimensions: <c>sum:1</c>, <c>mean:2x3,keep</c>, <c>maxof:-1</c>, <c>minof:2</c>, <c>var:3,biased</c>.
/// </summary>
/// <param name="Unbiased">A variance divides by one less than the number of elements.</param>
internal sealed record Reduction(ReduceFunction Function, IReadOnlyList<int> Dims, bool KeepDim, bool Unbiased) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["sum", "mean", "maxof", "minof", "var"];

    public static int Frequency => 6;

    public override string Stem => Function.ToString().ToLowerInvariant();

    public override string Kind => Kinds[(int)Function];

    public override IEnumerable<string> Options =>
    [
        string.Join('x', Dims.Select(AttributeWriter.Code)), KeepDim ? "keep" : "",
        Function == ReduceFunction.Var && !Unbiased ? "biased" : "",
    ];

    private bool IsExtreme => Function is ReduceFunction.Amax or ReduceFunction.Amin;

    public static Layer Read(Word word, Shape input)
    {
        var function = (ReduceFunction)Kinds.ToList().IndexOf(word.Kind);
        return new Reduction(function, [.. word.Option(0).Split('x').Select(Word.Signed)], word.Has("keep"),
            function == ReduceFunction.Var && !word.Has("biased"));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dims.Count == 1 && !attribute.AsPairs ? AttributeWriter.Code(Dims[0]) : AttributeWriter.Code(Dims));
        if (Function == ReduceFunction.Var && attribute.AsArguments)
            attribute.Argument(Unbiased ? "true" : "false");
        else if (Function == ReduceFunction.Var)
            attribute.Property("Unbiased", Unbiased, true);
        attribute.Property("KeepDim", KeepDim, false);
        return Function.ToString();
    }

    public override Shape Infer(Shape input)
    {
        int[] axes = Axes(input);
        return KeepDim ? Kept(input) : Movement.Without(input, axes);
    }

    private int[] Axes(Shape input) => [.. Dims.Select(dim => dim < 0 ? dim + input.Rank : dim - 1)];

    private Shape Kept(Shape input)
    {
        int[] axes = Axes(input);
        return new Shape(input.Dimensions.Select((size, axis) => axes.Contains(axis) ? 1 : size));
    }

    /// <summary>The elements of the input for each of the output.</summary>
    private List<int>[] Windows(Shape input)
    {
        Shape kept = Kept(input);
        var windows = new List<int>[kept.Size];
        for (int i = 0; i < input.Size; i++)
        {
            int o = 0, stride = 1;
            for (int d = input.Rank - 1, rest = i; d >= 0; rest /= input.Dimensions[d], d--)
            {
                if (kept.Dimensions[d] > 1)
                    o += rest % input.Dimensions[d] * stride;
                stride *= kept.Dimensions[d];
            }
            (windows[o] ??= []).Add(i);
        }
        return windows;
    }

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        List<int>[] windows = Windows(run.Input);
        var y = new Estimate(windows.Length);
        for (int o = 0; o < windows.Length; o++)
        {
            (y.Values[o], y.Errors[o]) = IsExtreme ? Extreme(x, windows[o])
                : Function == ReduceFunction.Var ? Variance(x, windows[o]) : Sum(x, windows[o]);
        }
        return y;
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        List<int>[] windows = Windows(run.Input);
        var dx = new Estimate(x.Length);
        for (int o = 0; o < windows.Length; o++)
        {
            if (IsExtreme)
                Share(x, windows[o], dy.Values[o], dy.Errors[o], dx);
            else if (Function == ReduceFunction.Var)
                Spread(x, windows[o], dy.Values[o], dy.Errors[o], dx);
            else
                windows[o].ForEach(i => (dx.Values[i], dx.Errors[i]) = (dy.Values[o] / Divisor(windows[o]),
                    dy.Errors[o] / Divisor(windows[o]) + 2 * Estimate.Unit * Math.Abs(dy.Values[o] / Divisor(windows[o]))));
        }
        return dx;
    }

    private int Divisor(List<int> window) => Function == ReduceFunction.Sum ? 1 : window.Count;

    private (double Value, double Error) Sum(Estimate x, List<int> window)
    {
        var sum = new Accumulator(1);
        window.ForEach(i => sum.Add(0, x.Values[i], x.Errors[i], 1, 0));
        Estimate result = sum.ToEstimate(1.0 / Divisor(window));
        return (result.Values[0], result.Errors[0] + Estimate.Unit * Math.Abs(result.Values[0]));
    }

    private static (double Value, double Error) Mean(Estimate x, List<int> window)
        => new Reduction(ReduceFunction.Mean, [], false, false).Sum(x, window);

    private (double Value, double Error) Variance(Estimate x, List<int> window)
    {
        (double mean, double meanError) = Mean(x, window);
        double squares = 0, variance = 0;
        foreach (int i in window)
        {
            double difference = x.Values[i] - mean;
            squares += difference * difference;
            variance += Math.Pow(2 * difference * x.Errors[i], 2) + Math.Pow(x.Errors[i], 4);
        }
        // A mean that is off adds its square for each element; what the elements' errors make of the mean is in the sum already.
        double error = Math.Sqrt(variance) + Estimate.Rounding(window.Count, squares) + 2 * Estimate.Unit * squares
            + window.Count * meanError * meanError
            + window.Sum(i => Math.Abs(x.Values[i] - mean) * Estimate.Unit * (Math.Abs(x.Values[i]) + Math.Abs(mean)));
        int divisor = window.Count - (Unbiased ? 1 : 0);
        return (squares / divisor, error / divisor);
    }

    private void Spread(Estimate x, List<int> window, double slope, double slopeError, Estimate dx)
    {
        (double mean, double meanError) = Mean(x, window);
        double factor = 2.0 / (window.Count - (Unbiased ? 1 : 0));
        foreach (int i in window)
        {
            double difference = x.Values[i] - mean;
            dx.Values[i] = slope * factor * difference;
            dx.Errors[i] = factor * (Math.Abs(slope) * (x.Errors[i] + meanError + Estimate.Unit * Math.Abs(difference))
                + slopeError * Math.Abs(difference)) + 3 * Estimate.Unit * Math.Abs(dx.Values[i]);
        }
    }

    /// <summary>The largest, or the smallest, with the errors of all that may be it.</summary>
    private (double Value, double Error) Extreme(Estimate x, List<int> window)
    {
        int best = Best(x, window);
        return (x.Values[best], window.Where(i => i == best || IsOpen(x, best, i)).Max(i => x.Errors[i]));
    }

    /// <summary>Equal ones share the gradient; where errors decide which they are, all of it may be wrong.</summary>
    private void Share(Estimate x, List<int> window, double slope, double slopeError, Estimate dx)
    {
        int best = Best(x, window);
        List<int> equal = window.FindAll(i => x.Values[i] == x.Values[best]);
        bool isOpen = window.Exists(i => IsOpen(x, best, i) && (x.Values[i] != x.Values[best] || x.Errors[i] + x.Errors[best] > 0));
        foreach (int i in equal)
        {
            dx.Values[i] = slope / equal.Count;
            dx.Errors[i] = slopeError / equal.Count + 2 * Estimate.Unit * Math.Abs(dx.Values[i]);
        }
        foreach (int i in window.Where(i => isOpen && (x.Values[i] == x.Values[best] || IsOpen(x, best, i))))
            dx.Errors[i] += Math.Abs(slope);
    }

    private int Best(Estimate x, List<int> window)
    {
        double sign = Function == ReduceFunction.Amin ? -1 : 1;
        return window.Aggregate((best, i) => sign * x.Values[i] > sign * x.Values[best] ? i : best);
    }

    private static bool IsOpen(Estimate x, int best, int other) => other != best
        && Math.Abs(x.Values[best] - x.Values[other]) <= Estimate.Tolerance * (x.Errors[best] + x.Errors[other]);

    /// <summary>
    /// Every set of dimensions of every rank, kept and not, channels and features around the lanes of registers, halos, ties behind ReLU,
    /// sums of many elements.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1 sum:1 linear:3", "in:5 mean:1 linear:3 mse", "in:16 tanh maxof:-1 linear:2", "in:17 relu minof:1,keep linear:3",
        "in:40 tanh var:1 mse", "in:33 linear:32 relu var:1,biased linear:5 mse", "in:3000 sum:1 tanh", "in:5x7 sum:1 linear:3",
        "in:17x9 tanh mean:2 linear:5 mse", "in:16x6 maxof:1,keep conv:17,k3,p1", "in:40x5 relu minof:2,keep conv:5,k1 mse",
        "in:32x9 conv:33,k3,p1 var:1 linear:5", "in:33x4 var:-1,biased tanh", "in:17x6 sum:1x2 linear:3 mse",
        "in:5x6 tanh maxof:2x1,keep conv:4,k1", "in:5x6x7 conv:17,k3,p1 sum:2x3 linear:5 mse",
        "in:16x5x4 tanh mean:2x3,keep conv:40,k1 mse", "in:33x4x5 relu maxof:3x2 linear:5",
        "in:40x3x4 conv:17,k3,p1 relu minof:2x3,keep conv:5,k1", "in:32x5x5 tanh var:2x3 linear:3 mse",
        "in:17x4x5 sum:1 conv:5,k3,p1 mse", "in:40x4x5 tanh mean:1,keep conv:33,k3,p1 mse",
        "in:16x4x5 conv:32,k3,p1 relu maxof:1 relu conv:4,k1", "in:33x3x4 minof:1,keep tanh mse",
        "in:5x4x5 conv:17,k1 var:1,keep conv:5,k3,p1 mse", "in:17x5x6 tanh sum:2 conv:5,k3,p1 mse", "in:16x5x6 conv:33,k3,p1 mean:3 relu",
        "in:40x5x6 relu maxof:2,keep conv:16,k1x3,p0x1", "in:5x6x7 conv:32,k1 minof:-1,keep conv:3,k3x1,p1x0 mse",
        "in:17x4x6 tanh var:2,biased conv:4,k1", "in:5x4x9 conv:40,k3,p1 var:3 tanh mse", "in:33x3x4 sum:1x2 linear:5",
        "in:17x3x4 tanh mean:3x1,keep conv:4,k1 mse", "in:16x3x4 maxof:1x3 linear:3", "in:40x2x3 var:1x2x3 linear:3 mse",
        "in:17x2x3 relu maxof:1x2x3 linear:3", "in:5x3x4 conv:6,k1 mean:1x2x3,keep mse",
        "in:1x8x8 conv:6,k3 relu var:1,keep sigmoid conv:5,k3,p1 maxof:2 flatten linear:3 ce",
        "in:1x8x8 conv:6,k3 sigmoid mean:1 flatten linear:3 ce", "in:7x1x1 sum:2x3 linear:3", "in:3x1x5 mean:2 tanh",
        "in:2x40x60 sum:1x2x3 tanh", "in:40x30x31 var:1x2 linear:3", "in:1x5000 var:2 linear:3",
    ];

    public static Gen<string>? Draw(Place place)
    {
        Shape shape = place.Shape;
        return from kind in Gen.Elements("sum", "mean", "maxof", "minof", "var")
               from kept in Gen.Choose(1, (1 << shape.Rank) - 1)
               let dims = Enumerable.Range(1, shape.Rank).Where(dim => (kept >> (dim - 1) & 1) != 0).ToArray()
               let isOne = dims.All(dim => shape.Dimensions[dim - 1] == 1)
               from keep in Gen.Elements("", ",keep")
               from biased in kind != "var" ? Gen.Constant("") : isOne ? Gen.Constant(",biased") : Gen.Elements("", ",biased")
               select $"{kind}:{string.Join('x', dims.Select(AttributeWriter.Code))}{keep}{biased}";
    }
}
