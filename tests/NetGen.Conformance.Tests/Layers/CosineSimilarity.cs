using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The cosine of the angle between two vectors, where each norm counts as eps at least.</summary>
/// <param name="From">The layer that gives the second vector.</param>
internal sealed record CosineSimilarity(float Eps, string From) : JoinOperation, ILayer
{
    private const double UsualEps = 1e-8;

    public static IReadOnlyList<string> Kinds => ["cossim"];

    public override string Stem => "cosinesimilarity";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [From, Eps == (float)UsualEps ? "" : FormattableString.Invariant($"eps{Eps}")];

    public override IReadOnlyList<string> Reads => [From];

    public static Layer Read(Word word, Shape input) => new CosineSimilarity((float)(word.Real("eps") ?? UsualEps), word.Option(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (Eps != (float)UsualEps)
            attribute.Property("Eps", AttributeWriter.Code((double)Eps));
        attribute.Property("From", $"\"{From}\"");
        return "CosineSimilarity";
    }

    public override Shape InferJoined(IReadOnlyList<Shape> inputs) => inputs[0].IsVector && inputs[0].ToString() == inputs[1].ToString()
        ? new Shape(1)
        : throw new FormatException($"it takes two vectors of one size, not {inputs[0]} and {inputs[1]}.");

    public override long Work(IReadOnlyList<Shape> inputs) => 3L * inputs[0].Size;

    protected override Estimate Forward(LayerRun run, Estimate[] inputs)
    {
        Pair pair = Measure(inputs[0], inputs[1]);
        return new Estimate([pair.Cosine], [pair.CosineError]);
    }

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy) =>
        [Gradient(inputs[0], inputs[1], dy), Gradient(inputs[1], inputs[0], dy)];

    /// <summary>dx = dcos (y / (|x| |y|) − cos x / |x|²), without the last term where |x| counts as eps.</summary>
    private Estimate Gradient(Estimate x, Estimate y, Estimate dy)
    {
        Pair pair = Measure(x, y);
        double norms = pair.X.Size * pair.Y.Size, slope = dy.Values[0];
        var gradient = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double straight = y.Values[i] / norms, turn = pair.Cosine * x.Values[i] / (pair.X.Size * pair.X.Size);
            double own = pair.X.IsRaised ? straight : straight - turn;
            gradient.Values[i] = slope * own;
            // Each factor's share of the error, and what the two terms lose where they cancel.
            double error = y.Errors[i] / norms + Math.Abs(straight) * (pair.X.Relative + pair.Y.Relative);
            if (!pair.X.IsRaised || pair.X.IsOpen)
            {
                error += pair.CosineError * Math.Abs(x.Values[i]) / (pair.X.Size * pair.X.Size)
                    + Math.Abs(pair.Cosine) * x.Errors[i] / (pair.X.Size * pair.X.Size) + Math.Abs(turn) * 2 * pair.X.Relative;
            }
            error += Estimate.Rounding(4, Math.Abs(straight) + Math.Abs(turn)) + (pair.X.IsOpen ? Math.Abs(turn) : 0);
            // Both are zero where vectors of one element come before a loss of one class: what is left is one error times the other.
            gradient.Errors[i] = Math.Abs(slope) * error + dy.Errors[0] * (Math.Abs(own) + error);
        }
        return gradient;
    }

    /// <summary>A vector's norm as it counts.</summary>
    /// <param name="Relative">What it may be off by, as a share of it.</param>
    /// <param name="IsRaised">It counts as eps.</param>
    /// <param name="IsOpen">Errors decide whether it does.</param>
    private readonly record struct Norm(double Size, double Relative, bool IsRaised, bool IsOpen);

    private readonly record struct Pair(Norm X, Norm Y, double Cosine, double CosineError);

    private Pair Measure(Estimate x, Estimate y)
    {
        Norm first = NormOf(x), second = NormOf(y);
        double product = 0, magnitude = 0, variance = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double term = x.Values[i] * y.Values[i];
            product += term;
            magnitude += Math.Abs(term);
            double error = Estimate.Hypotenuse(x.Values[i] * y.Errors[i], x.Errors[i] * y.Values[i]);
            variance += error * error;
        }
        double norms = first.Size * second.Size, cosine = product / norms;
        double own = Estimate.Hypotenuse(Math.Sqrt(variance), Estimate.Rounding(x.Length, magnitude)) / norms;
        return new Pair(first, second, cosine, own + Math.Abs(cosine) * (first.Relative + second.Relative + 2 * Estimate.Unit));
    }

    private Norm NormOf(Estimate x)
    {
        double square = 0, variance = 0;
        for (int i = 0; i < x.Length; i++)
        {
            square += x.Values[i] * x.Values[i];
            variance += x.Errors[i] * x.Errors[i];
        }
        double norm = Math.Sqrt(square), error = Math.Sqrt(variance) + Estimate.Rounding(x.Length, norm);
        bool isRaised = norm < Eps, isOpen = Math.Abs(norm - Eps) <= Estimate.Tolerance * error;
        return new Norm(Math.Max(norm, Eps), isRaised && !isOpen ? 0 : error / Math.Max(norm, Eps), isRaised, isOpen);
    }

    /// <summary>
    /// Vectors around the lanes of registers, norms above and below eps, one vector twice, flattened maps, blocks, long sums.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1 linear@a:1 tanh linear:1 cossim:a", "in:5 linear@a:1 tanh linear:1 cossim:a ce:e=0.1", "in:9 linear@a:5 relu linear:5 cossim:a,eps0.01 mse",
        "in:5 linear@a:16 tanh linear:16 cossim:a linear:3 ce", "in:16 linear@a:17 linear:17 cossim:a,eps1.5 linear:7 mse",
        "in:7 linear@a:40 tanh linear:40 cossim:a,eps50 mse", "in:33 identity@a linear:33 cossim:a mse", "in:20 tanh@a cossim:a linear:5",
        "in:6 linear@a:17 relu@b linear:17 cossim:a linear:17 bil:5,a relu linear:17 cossim:b mse",
        "in:9 seq[@e linear@a:6 relu linear:17 tanh ] linear:6 cossim:e.a linear:17 cossim:e",
        "in:9 linear@a:6 tanh seq[ linear:6 res[ linear:6 cossim:a linear:6 ] ] cossim:a mse",
        "in:3x6x6 conv:17,k3,p1 relu max:k2 flatten@f linear:153 tanh cossim:f mse", "in:2x3x3 flatten@f linear:18 cossim:f",
        "in:3x80x80 conv@c:3,k3,p1 flatten@f tanh cossim:f",
    ];

    public static int Frequency => 10;

    /// <summary>With a vector of the same size that has a name.</summary>
    public static Gen<string>? Draw(Place place)
    {
        string[] names = [.. place.Named.Where(value => value.Shape.IsVector && value.Shape.ToString() == place.Shape.ToString())
            .Select(value => value.Name)];
        return names.Length == 0 || !place.Shape.IsVector ? null :
            from name in Gen.Elements(names)
            from eps in Gen.Elements("", ",eps0.01", ",eps1.5")
            select $"cossim:{name}{eps}";
    }
}
