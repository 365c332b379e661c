using NetGen.Conformance.Tests.Layers.Activations;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Arithmetic of single elements with what float32 may be off by.</summary>
internal static class ApproximateMath
{
    public static Approximate Apply(Activation function, Approximate x)
    {
        // The steepest slope that the argument's error may meet.
        double slope = new[] { x.Value, x.Value - x.Room, x.Value + x.Room }.Max(at => Math.Abs(function.Derivative(at)));
        return new Approximate(function.Value(x.Value), slope * x.Error + (function is ReLU ? 0 : 4 * Estimate.Unit));
    }

    /// <summary>A derivative; where it jumps within reach, the jump is its error.</summary>
    public static Approximate Slope(Activation function, Approximate x) => function is ReLU
        ? new Approximate(function.Derivative(x.Value), Math.Abs(x.Value) < x.Room ? 1 : 0)
        : new Approximate(function.Derivative(x.Value), x.Error + 8 * Estimate.Unit);

    public static Approximate Plus(Approximate a, Approximate b) => Rounded(a.Value + b.Value, a.Error, b.Error);

    public static Approximate Minus(Approximate a, Approximate b) => Rounded(a.Value - b.Value, a.Error, b.Error);

    public static Approximate Times(Approximate a, Approximate b) => Rounded(a.Value * b.Value, a.Error * b.Value, a.Value * b.Error);

    private static Approximate Rounded(double value, double a, double b) =>
        new(value, Estimate.Hypotenuse(Estimate.Hypotenuse(a, b), Estimate.Unit * Math.Abs(value)));
}
