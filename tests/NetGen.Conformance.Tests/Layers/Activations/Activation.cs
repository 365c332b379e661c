using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers.Activations;

/// <summary>One function applied to every element, in double precision by the formulas of torch.nn's documentation.</summary>
internal abstract record Activation : UnaryOperation
{
    public override string Stem => AttributeName.ToLowerInvariant();

    public override IEnumerable<string> Options => Constants.Select(constant => AttributeWriter.Code(constant.Value));

    /// <summary>The attribute's name, which is the type's.</summary>
    protected virtual string AttributeName => GetType().Name;

    /// <summary>By property of the attribute, in the order of its arguments.</summary>
    protected virtual IReadOnlyList<(string Name, float Value, float Usual)> Constants => [];

    /// <summary>Where the derivative jumps: an error may put the input on either side.</summary>
    protected virtual IReadOnlyList<double> Kinks => [];

    /// <summary>How much the slope bends for each unit of the input around x; nothing where it is constant between kinks.</summary>
    protected virtual double Bend(double x) => 1;

    /// <summary>The slope is a number that has to be rounded.</summary>
    protected virtual bool RoundsSlope => true;

    public abstract double Value(double x);

    public abstract double Derivative(double x);

    /// <summary>
    /// What four units of the function's own error are relative to: the result, 1 for those that end at ±1, x for x times something that
    /// cancels.
    /// </summary>
    protected virtual double Scale(double x, double y) => Math.Abs(y);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach ((string name, float value, float usual) in Constants)
        {
            string code = AttributeWriter.Code(value);
            if (attribute.AsArguments)
                attribute.Argument(code);
            else
                attribute.Property(name, code, value, usual);
        }
        return AttributeName;
    }

    public sealed override Shape Infer(Shape input) => input;

    protected sealed override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var y = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double v = x.Values[i], room = Estimate.Tolerance * x.Errors[i];
            y.Values[i] = Value(v);
            // The steepest slope that the input's error may meet.
            double slope = Math.Max(Math.Abs(Derivative(v)), Math.Max(Math.Abs(Derivative(v - room)), Math.Abs(Derivative(v + room))));
            y.Errors[i] = slope * x.Errors[i] + 4 * Estimate.Unit * Scale(v, y.Values[i]);
        }
        return y;
    }

    protected sealed override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var dx = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double v = x.Values[i], room = Estimate.Tolerance * x.Errors[i], slope = Derivative(v);
            dx.Values[i] = dy.Values[i] * slope;
            double bend = Bend(v);
            double slopeError = bend == 0
                ? RoundsSlope ? Estimate.Unit * Math.Abs(slope) : 0
                : bend * (x.Errors[i] + 4 * Estimate.Unit * (1 + Math.Min(Math.Abs(v), 3)));
            foreach (double kink in Kinks)
            {
                if (Math.Abs(v - kink) < room)
                    slopeError += Math.Abs(Derivative(kink + room) - Derivative(kink - room));
            }
            dx.Errors[i] = Estimate.Hypotenuse(Math.Abs(slope) * dy.Errors[i], Math.Abs(dy.Values[i]) * slopeError);
        }
        return dx;
    }

    protected static double Clamp(double x, double lowest, double highest) => double.IsNaN(x) ? x : Math.Min(Math.Max(x, lowest), highest);

    /// <summary>ln(1 + eˣ), by the series of ln(1 + e) where e is small.</summary>
    protected static double SoftPlus(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        double logarithm = e > 1e-4 ? Math.Log(1 + e) : e * (1 - e * (1.0 / 2 - e * (1.0 / 3 - e * (1.0 / 4 - e / 5))));
        return Math.Max(x, 0) + logarithm;
    }

    /// <summary>eˣ − 1 = 2 sinh(x/2) e^(x/2), by its series where x is small.</summary>
    protected static double ExponentialMinusOne(double x)
    {
        if (Math.Abs(x) > 0.1)
            return Math.Exp(x) - 1;
        double term = x, sum = x;
        for (int n = 2; n < 14; n++)
            sum += term *= x / n;
        return sum;
    }
}
