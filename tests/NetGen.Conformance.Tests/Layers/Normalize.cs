using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// Vectors along a dimension divided by their norms, which count as eps at least: <c>normalize</c>, <c>normalize:-1,eps0.1</c>.
/// </summary>
internal sealed record Normalize(int Dim, float Eps) : UnaryOperation, ILayer
{
    private const double UsualEps = 1e-12;

    public static IReadOnlyList<string> Kinds => ["normalize"];

    public static int Frequency => 3;

    /// <summary>The only norm that there is.</summary>
    public double P => 2;

    public override string Stem => "normalize";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
        [Dim == 1 ? "" : AttributeWriter.Code(Dim), Eps == (float)UsualEps ? "" : FormattableString.Invariant($"eps{Eps}")];

    public static Layer Read(Word word, Shape input)
    {
        bool hasDim = word.Options.Count > 0 && !word.Options[0].StartsWith("eps", StringComparison.Ordinal);
        return new Normalize(hasDim ? Word.Signed(word.Option(0)) : 1, (float)(word.Real("eps") ?? UsualEps));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.AsArguments)
            attribute.Argument(2);
        attribute.Property("Dim", Dim, 1);
        attribute.Property("Eps", AttributeWriter.Code((double)Eps), Eps, (float)UsualEps);
        return "Normalize";
    }

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var y = new Estimate(x.Length);
        foreach (int[] vector in Vectors(run.Input))
        {
            Norm norm = NormOf(x, vector);
            foreach (int i in vector)
            {
                y.Values[i] = x.Values[i] / norm.Size;
                y.Errors[i] = x.Errors[i] / norm.Size + Math.Abs(y.Values[i]) * (norm.Relative + 2 * Estimate.Unit);
            }
        }
        return y;
    }

    /// <summary>dx = dy / |x| − x (x · dy) / |x|³, without the last term where |x| counts as eps.</summary>
    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var dx = new Estimate(x.Length);
        foreach (int[] vector in Vectors(run.Input))
        {
            Norm norm = NormOf(x, vector);
            var products = new Accumulator(1);
            foreach (int i in vector)
                products.Add(0, x.Values[i], x.Errors[i], dy.Values[i], dy.Errors[i]);
            Estimate product = products.ToEstimate();
            double cube = Math.Pow(norm.Size, 3);
            foreach (int i in vector)
            {
                double straight = dy.Values[i] / norm.Size, turn = x.Values[i] * product.Values[0] / cube;
                dx.Values[i] = norm.IsRaised ? straight : straight - turn;
                dx.Errors[i] = dy.Errors[i] / norm.Size + Math.Abs(straight) * norm.Relative
                    + Estimate.Rounding(4, Math.Abs(straight) + Math.Abs(turn)) + (norm.IsOpen ? Math.Abs(turn) : 0);
                if (!norm.IsRaised || norm.IsOpen)
                {
                    dx.Errors[i] += product.Errors[0] * Math.Abs(x.Values[i]) / cube + Math.Abs(product.Values[0]) * x.Errors[i] / cube
                        + 3 * Math.Abs(turn) * norm.Relative;
                }
            }
        }
        return dx;
    }

    /// <summary>The elements of each vector.</summary>
    private IEnumerable<int[]> Vectors(Shape input)
    {
        int axis = Dim < 0 ? Dim + input.Rank : Dim - 1, size = input.Dimensions[axis];
        int inner = input.Dimensions.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
        for (int outer = 0; outer < input.Size / size / inner; outer++)
        for (int i = 0; i < inner; i++)
            yield return [.. Enumerable.Range(0, size).Select(k => (outer * size + k) * inner + i)];
    }

    /// <summary>A vector's norm as it counts.</summary>
    /// <param name="Relative">What it may be off by, as a share of it.</param>
    /// <param name="IsRaised">It counts as eps.</param>
    /// <param name="IsOpen">Errors decide whether it does.</param>
    private readonly record struct Norm(double Size, double Relative, bool IsRaised, bool IsOpen);

    private Norm NormOf(Estimate x, int[] vector)
    {
        double norm = Math.Sqrt(vector.Sum(i => x.Values[i] * x.Values[i]));
        double error = Math.Sqrt(vector.Sum(i => x.Errors[i] * x.Errors[i])) + Estimate.Rounding(vector.Length, norm);
        bool isRaised = norm < Eps, isOpen = Math.Abs(norm - Eps) <= Estimate.Tolerance * error;
        return new Norm(Math.Max(norm, Eps), isRaised && !isOpen ? 0 : error / Math.Max(norm, Eps), isRaised, isOpen);
    }

    /// <summary>Each dimension, channels and features around the lanes of registers, norms above and below eps, long sums.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1 normalize linear:3", "in:5 tanh normalize linear:3 mse", "in:16 normalize mse", "in:17 linear:40 normalize:-1,eps1.5 mse",
        "in:33 linear:32 tanh normalize:1,eps50 linear:3", "in:5x7 normalize conv:4,k3,p1", "in:17x9 conv:40,k3,p1 normalize:2 mse",
        "in:16x6 tanh normalize:-1,eps1.5 conv:5,k3,p1 mse", "in:5x6x7 conv:17,k3,p1 normalize conv:4,k3,p1 mse",
        "in:33x4x5 tanh normalize:2 conv:16,k1 mse", "in:40x4x5 conv:32,k1 normalize:3,eps0.5 tanh mse",
        "in:16x3x4 normalize:1,eps100 conv:3,k1", "in:1x8x8 conv:6,k3 sigmoid normalize conv:5,k3,p1 normalize:-2 flatten linear:3 ce",
        "in:1x4x5 normalize tanh", "in:3x80x80 flatten normalize mse",
    ];

    public static Gen<string>? Draw(Place place) =>
        from dim in Gen.Choose(1, place.Shape.Rank)
        from eps in Gen.Elements("", "", ",eps0.5", ",eps20")
        select FormattableString.Invariant($"normalize:{dim}{eps}");
}
