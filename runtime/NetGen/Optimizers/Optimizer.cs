using System.Globalization;

namespace NetGen;

/// <summary>
/// How a trainer changes the parameters after each step: one of <see cref="SGD"/>, <see cref="Adam"/>, <see cref="AdamW"/>,
/// <see cref="RMSprop"/> and <see cref="Adagrad"/>, each as PyTorch defines it. Holds settings only; the running averages belong
/// to the trainer.
/// </summary>
public abstract class Optimizer
{
    private protected Optimizer(double learningRate, double weightDecay)
    {
        Rate = new Rate(CheckNotNegative(learningRate, nameof(learningRate)));
        ExactWeightDecay = Exact(CheckNotNegative(weightDecay, nameof(weightDecay)));
    }

    /// <summary>
    /// Size of a step. May be changed at any time; it holds from the next step on. A <see cref="LearningRateScheduler"/> changes it.
    /// </summary>
    /// <remarks>A double is set by <see cref="SetLearningRate"/>, with all its digits.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public float LearningRate
    {
        get => (float)Rate.Value;
        set => SetLearningRate(value);
    }

    /// <summary>
    /// Sets the size of a step, as <see cref="LearningRate"/> does, to a number that may have more digits than a float: one that a schedule
    /// computes, say. It holds from the next step on.
    /// </summary>
    /// <param name="learningRate">The size, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or not finite as a float.</exception>
    public void SetLearningRate(double learningRate) => Rate.Value = Exact(CheckNotNegative(learningRate, nameof(learningRate)));

    /// <summary>Strength of the weight decay; how it enters is the optimiser's own.</summary>
    public float WeightDecay => (float)ExactWeightDecay;

    /// <summary>
    /// Whether the loss is made larger, not smaller: PyTorch's <c>maximize</c>, each gradient with the opposite sign. The trainer's
    /// gradients keep theirs, and weight decay still makes weights smaller.
    /// </summary>
    public bool Maximize { get; init; }

    /// <summary>
    /// Parameters that are treated apart: another learning rate or weight decay, or none at all. What no group takes has the
    /// optimiser's own settings. Groups are added before the first trainer is made with the optimiser; their settings may be
    /// changed at any time.
    /// </summary>
    public IList<ParameterGroup> Groups => GroupList;

    /// <summary>The groups as the trainer sees them.</summary>
    internal ParameterGroupList GroupList { get; } = new();

    /// <summary>The learning rate with all its digits.</summary>
    internal Rate Rate { get; }

    /// <summary>What moves the learning rate, the last scheduler that was made for the optimiser; null where there is none.</summary>
    internal object? Scheduler { get; set; }

    /// <summary>The weight decay as it was written.</summary>
    internal double ExactWeightDecay { get; }

    /// <summary>What a schedule may cycle, PyTorch's <c>momentum</c> or the first of its <c>betas</c>; null where there is none.</summary>
    internal virtual double? CyclicMomentum
    {
        get => null;
        set => throw new InvalidOperationException($"{GetType().Name} has no momentum.");
    }

    // Beyond floats is no number that a kernel could take.
    internal static double CheckNotNegative(double value, string name)
    {
        if (!(value >= 0) || float.IsInfinity((float)value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");
        return value;
    }

    private protected static double CheckBelowOne(double value, string name)
    {
        if (!(value >= 0 && value < 1))
            throw new ArgumentOutOfRangeException(name, value, "Expected a number from 0 up to but not including 1.");
        return value;
    }

    /// <summary>
    /// The number as it was written: 0.999f is 0.99900001287…, but 1 − β₂ must be 0.001 as it is in PyTorch, which computes in
    /// double. The shortest decimal that gives the float is what stood in the source.
    /// </summary>
    /// <param name="value">A float that became a double on its way, which has no more digits than it; or any other double.</param>
    internal static double Exact(double value) => (float)value == value ? AsWritten((float)value) : value;

    /// <inheritdoc cref="Exact"/>
    internal static double AsWritten(float value)
    {
        // Long enough for every float; on the stack, since learning rates may be set in every step.
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out int length, "R", CultureInfo.InvariantCulture);
        return double.Parse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
