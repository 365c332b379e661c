namespace NetGen;

/// <summary>
/// How a learning rate goes from step to step: one of <see cref="StepLR"/>, <see cref="MultiStepLR"/>, <see cref="ExponentialLR"/>,
/// <see cref="CosineAnnealingLR"/>, <see cref="LinearLR"/>, <see cref="ConstantLR"/>, <see cref="LambdaLR"/>,
/// <see cref="OneCycleLR"/> and <see cref="SequentialLR"/>. A schedule is immutable and a function of the number of the step, so that one
/// can serve many optimisers and training can be resumed anywhere; a <see cref="LearningRateScheduler"/> counts the steps and moves
/// an optimiser. Where the measure is not the step but the success, take <see cref="ReduceLROnPlateau"/>.
/// </summary>
/// <remarks>
/// The formulas are the closed forms of <c>torch.optim.lr_scheduler</c>. Numbers are in double, as PyTorch's are.
/// What a step is, a batch or an epoch, is decided by how often the scheduler is stepped.
/// </remarks>
public abstract class LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The learning rate after a number of steps.</summary>
    /// <param name="step">Steps of the scheduler so far: 0 for the rate that training begins with.</param>
    /// <param name="initialRate">The rate that the optimiser was made with, at least 0.</param>
    /// <returns>The rate, at least 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step or the rate is negative, or the rate is not finite.</exception>
    /// <exception cref="InvalidOperationException">The schedule ends before this step.</exception>
    public double RateAt(long step, double initialRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        CheckNotNegative(initialRate, nameof(initialRate));
        return Rate(step, initialRate);
    }

    /// <summary>Whether the schedule moves the momentum, against the learning rate.</summary>
    internal virtual bool CyclesMomentum => false;

    /// <summary>The rate after a number of steps; the arguments have been checked.</summary>
    internal abstract double Rate(long step, double initialRate);

    /// <summary>The momentum, or Adam's β₁, after a number of steps.</summary>
    internal virtual double Momentum(long step, double initialMomentum) => initialMomentum;

    private protected static double CheckNotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");
        return value;
    }

    private protected static double CheckPositive(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number above 0.");
        return value;
    }

    private protected static double CheckUpToOne(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
            throw new ArgumentOutOfRangeException(name, value, "Expected a number from 0 to 1.");
        return value;
    }

    private protected static long CheckSteps(long value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }
}
