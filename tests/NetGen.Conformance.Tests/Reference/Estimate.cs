namespace NetGen.Conformance.Tests.Reference;

/// <summary>
/// A tensor in double precision, and for each element an estimate of the error that a float32 program makes in it.
/// </summary>
/// <remarks>
/// Errors are treated as independent and propagated to first order as standard deviations. A sum of K products adds
/// <see cref="Unit"/> · (1 + √K / 5) · Σ |products|, which covers every order of summation with some room. Where a decision
/// hangs on less than the error (the sign in front of a ReLU, the larger of two in a max pool) the whole gradient that might
/// go the other way counts as error, so that a comparison does not depend on luck.
/// </remarks>
internal sealed class Estimate(double[] values, double[] errors)
{
    /// <summary>float32's unit roundoff.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>How many estimated deviations a result may be off, and how close a decision may be before it counts as open.</summary>
    public const double Tolerance = 10;

    public Estimate(int length)
        : this(new double[length], new double[length])
    {
    }

    public double[] Values { get; } = values;

    public double[] Errors { get; } = errors;

    public int Length => Values.Length;

    public static Estimate Exact(ReadOnlySpan<float> values)
    {
        var result = new Estimate(values.Length);
        for (int i = 0; i < values.Length; i++)
            result.Values[i] = values[i];
        return result;
    }

    public static Estimate Exact(ReadOnlySpan<double> values) => new(values.ToArray(), new double[values.Length]);

    /// <summary>Deviation of the rounding in a sum of <paramref name="terms"/> products.</summary>
    public static double Rounding(double terms, double magnitude) => Unit * (1 + 0.2 * Math.Sqrt(terms)) * magnitude;

    public static double Hypotenuse(double a, double b) => Math.Sqrt(a * a + b * b);

    public static Estimate Add(Estimate a, Estimate b)
    {
        var y = new Estimate(a.Length);
        for (int i = 0; i < y.Length; i++)
        {
            y.Values[i] = a.Values[i] + b.Values[i];
            y.Errors[i] = Hypotenuse(Hypotenuse(a.Errors[i], b.Errors[i]), Unit * Math.Abs(y.Values[i]));
        }
        return y;
    }

    /// <summary>Each element times its factor.</summary>
    public Estimate Scale(double[] factors)
    {
        var y = new Estimate(Length);
        for (int i = 0; i < y.Length; i++)
        {
            y.Values[i] = Values[i] * factors[i];
            y.Errors[i] = Errors[i] * Math.Abs(factors[i]) + Unit * Math.Abs(y.Values[i]);
        }
        return y;
    }
}

/// <summary>Sums of products with what is needed for their error estimate.</summary>
/// <param name="length">Number of sums.</param>
/// <param name="correlated">
/// The terms' errors have a common cause, as those of a gradient that average pooling spread over a map: they add up instead of
/// cancelling.
/// </param>
internal sealed class Accumulator(int length, bool correlated = false)
{
    private struct Element
    {
        public double Sum, Magnitude, Error, Terms;
    }

    [ThreadStatic]
    private static double s_operandRounding;

    private readonly Element[] _elements = new Element[length];

    /// <summary>
    /// Rounding of one sum reaches its neighbours, as in a convolution at Winograd's points, where large and small results come from
    /// the same products: every element's rounding is this many times the largest. 0 where sums are computed apart.
    /// </summary>
    public double SharedRounding { get; set; }

    /// <summary>
    /// From here to the end of a scope, on this thread: by how much of itself each operand of a product may be rounded before it is
    /// multiplied. 0 where operands have all their digits.
    /// </summary>
    public static IDisposable RoundOperands(double rounding)
    {
        var scope = new Scope(s_operandRounding);
        s_operandRounding = rounding;
        return scope;
    }

    public void Add(int index, double a, double aError, double b, double bError)
    {
        ref Element element = ref _elements[index];
        double product = a * b;
        element.Sum += product;
        element.Magnitude += Math.Abs(product);
        double first = a * bError, second = b * aError;
        double rounded = s_operandRounding * product, variance = first * first + second * second + 2 * rounded * rounded;
        element.Error += correlated ? Math.Sqrt(variance) : variance;
        element.Terms++;
    }

    /// <param name="scale">Multiplies the sums.</param>
    public Estimate ToEstimate(double scale = 1)
    {
        var result = new Estimate(_elements.Length);
        double shared = 0;
        if (SharedRounding > 0)
            shared = SharedRounding * _elements.Max(element => Estimate.Rounding(element.Terms, element.Magnitude));
        for (int i = 0; i < _elements.Length; i++)
        {
            ref Element element = ref _elements[i];
            result.Values[i] = element.Sum * scale;
            double rounding = Math.Max(shared, Estimate.Rounding(element.Terms, element.Magnitude));
            double propagated = correlated ? element.Error * element.Error : element.Error;
            result.Errors[i] = Math.Sqrt(propagated + rounding * rounding) * Math.Abs(scale);
        }
        return result;
    }

    private sealed class Scope(double before) : IDisposable
    {
        public void Dispose() => s_operandRounding = before;
    }
}
