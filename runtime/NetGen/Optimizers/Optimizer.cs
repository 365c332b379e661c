using System.Globalization;

namespace NetGen;

/// <summary>
/// How a trainer changes the parameters after each step: one of <see cref="SGD"/>, <see cref="Adam"/> and <see cref="AdamW"/>,
/// each as PyTorch defines it. Holds settings only; the running averages belong to the trainer.
/// </summary>
public abstract class Optimizer
{
    private float _learningRate;

    private protected Optimizer(float learningRate, float weightDecay)
    {
        LearningRate = learningRate;
        WeightDecay = CheckNotNegative(weightDecay, nameof(weightDecay));
    }

    /// <summary>Size of a step. May be changed at any time; it holds from the next step on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public float LearningRate
    {
        get => _learningRate;
        set => _learningRate = CheckNotNegative(value, "learningRate");
    }

    /// <summary>Strength of the weight decay; how it enters is the optimiser's own.</summary>
    public float WeightDecay { get; }

    private protected static float CheckNotNegative(float value, string name)
    {
        if (!(value >= 0) || float.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number of at least 0.");
        return value;
    }

    private protected static float CheckBelowOne(float value, string name)
    {
        if (!(value >= 0 && value < 1))
            throw new ArgumentOutOfRangeException(name, value, "Expected a number from 0 up to but not including 1.");
        return value;
    }

    /// <summary>
    /// The number as it was written: 0.999f is 0.99900001287…, but 1 − β₂ must be 0.001 as it is in PyTorch, which computes in
    /// double. The shortest decimal that gives the float is what stood in the source.
    /// </summary>
    internal static double AsWritten(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
