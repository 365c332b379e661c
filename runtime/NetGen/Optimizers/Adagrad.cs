using System.ComponentModel;

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
    public Adagrad(
        double learningRate = 1e-2, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulatorValue = 0,
        double epsilon = 1e-10)
        : base(learningRate, weightDecay)
    {
        ExactLearningRateDecay = Exact(CheckNotNegative(learningRateDecay, nameof(learningRateDecay)));
        InitialAccumulatorValue = (float)CheckNotNegative(initialAccumulatorValue, nameof(initialAccumulatorValue));
        Epsilon = (float)CheckNotNegative(epsilon, nameof(epsilon));
    }

    /// <summary>The same with floats: what was compiled against an earlier version calls it.</summary>
    /// <inheritdoc cref="Adagrad(double, double, double, double, double)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Adagrad(float learningRate, float learningRateDecay, float weightDecay, float initialAccumulatorValue, float epsilon)
        : this((double)learningRate, (double)learningRateDecay, (double)weightDecay, (double)initialAccumulatorValue, (double)epsilon)
    {
    }

    /// <summary>How the learning rate falls with the steps.</summary>
    public float LearningRateDecay => (float)ExactLearningRateDecay;

    /// <summary>What the sums of squared gradients begin with.</summary>
    public float InitialAccumulatorValue { get; }

    /// <summary>ε, added to the denominator.</summary>
    public float Epsilon { get; }

    internal double ExactLearningRateDecay { get; }
}
