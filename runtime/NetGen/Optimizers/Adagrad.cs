namespace NetGen;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer, 2011), PyTorch's <c>torch.optim.Adagrad</c>: g ← g + weightDecay · w; s ← s + g², where s
/// begins with the initial accumulator value; w ← w − learningRate / (1 + (t − 1) · learningRateDecay) · g / (√s + ε) in step t.
/// </summary>
public sealed class Adagrad : Optimizer
{
    /// <summary>Adagrad.</summary>
    /// <param name="learningRate">Size of a step, at least 0.</param>
    /// <param name="learningRateDecay">PyTorch's <c>lr_decay</c>: how the learning rate falls with the steps, at least 0.</param>
    /// <param name="weightDecay">L2 penalty, added to the gradient, at least 0.</param>
    /// <param name="initialAccumulatorValue">What the sums of squared gradients begin with, at least 0.</param>
    /// <param name="epsilon">ε, added to the denominator, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite.</exception>
    public Adagrad(float learningRate = 1e-2f, float learningRateDecay = 0, float weightDecay = 0, float initialAccumulatorValue = 0,
        float epsilon = 1e-10f)
        : base(learningRate, weightDecay)
    {
        LearningRateDecay = CheckNotNegative(learningRateDecay, nameof(learningRateDecay));
        ExactLearningRateDecay = AsWritten(learningRateDecay);
        InitialAccumulatorValue = CheckNotNegative(initialAccumulatorValue, nameof(initialAccumulatorValue));
        Epsilon = CheckNotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>How the learning rate falls with the steps.</summary>
    public float LearningRateDecay { get; }

    /// <summary>What the sums of squared gradients begin with.</summary>
    public float InitialAccumulatorValue { get; }

    /// <summary>ε, added to the denominator.</summary>
    public float Epsilon { get; }

    internal double ExactLearningRateDecay { get; }
}
