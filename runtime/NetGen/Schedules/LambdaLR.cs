using System.Globalization;

namespace NetGen;

/// <summary>A factor that a function of the step gives, PyTorch's <c>LambdaLR</c>: rate(t) = initial · factor(t).</summary>
public sealed class LambdaLR : LearningRateSchedule
{
    private readonly Func<long, double> _factor;

    /// <summary>A factor that a function gives.</summary>
    /// <param name="factor">
    /// The factor after a number of steps, finite and at least 0. It must depend on that number alone: a state is restored by asking
    /// for it again.
    /// </param>
    public LambdaLR(Func<long, double> factor)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor;
    }

    /// <summary>The name; what the function does is not known.</summary>
    public override string ToString() => "LambdaLR";

    internal override double Rate(long step, double initialRate)
    {
        double factor = _factor(step);
        if (!(factor >= 0) || double.IsInfinity(factor))
            throw new InvalidOperationException(
                string.Create(
                CultureInfo.InvariantCulture, $"LambdaLR: the factor at step {step} is {factor}; expected a finite number of at "
                + $"least 0."));
        return initialRate * factor;
    }
}
