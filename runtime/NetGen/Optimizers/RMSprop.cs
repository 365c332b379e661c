using System.ComponentModel;

namespace NetGen;

/// <summary>
/// RMSprop (Hinton's lecture, 2012), PyTorch's <c>torch.optim.RMSprop</c>: g ← g + weightDecay · w; v ← α v + (1 − α) g²;
/// where it is centred (Graves, 2013) m ← α m + (1 − α) g and d = √(v − m²) + ε, else d = √v + ε; with momentum
/// b ← momentum · b + g / d and w ← w − learningRate · b, else w ← w − learningRate · g / d.
/// </summary>
/// <remarks>
/// v − m² is taken as 0 where rounding makes it negative, as it can for a gradient that hardly changes; PyTorch's parameters
/// become NaN there.
/// </remarks>
public sealed class RMSprop : Optimizer
{
    /// <summary>RMSprop.</summary>
    /// <param name="learningRate">Size of a step, at least 0.</param>
    /// <param name="alpha">α, the decay of the averages, at least 0.</param>
    /// <param name="epsilon">ε, added to the denominator, at least 0.</param>
    /// <param name="weightDecay">L2 penalty, added to the gradient, at least 0.</param>
    /// <param name="momentum">Share of the previous step's direction that is kept, at least 0.</param>
    /// <param name="centered">Divide by the gradient's standard deviation instead of its root mean square.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite.</exception>
    public RMSprop(
        double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0,
        bool centered = false)
        : base(learningRate, weightDecay)
    {
        ExactAlpha = Exact(CheckNotNegative(alpha, nameof(alpha)));
        Epsilon = (float)CheckNotNegative(epsilon, nameof(epsilon));
        ExactMomentum = Exact(CheckNotNegative(momentum, nameof(momentum)));
        Centered = centered;
    }

    /// <summary>The same with floats: what was compiled against an earlier version calls it.</summary>
    /// <inheritdoc cref="RMSprop(double, double, double, double, double, bool)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RMSprop(float learningRate, float alpha, float epsilon, float weightDecay, float momentum, bool centered)
        : this((double)learningRate, (double)alpha, (double)epsilon, (double)weightDecay, (double)momentum, centered)
    {
    }

    /// <summary>α, the decay of the averages.</summary>
    public float Alpha => (float)ExactAlpha;

    /// <summary>ε, added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>Share of the previous step's direction that is kept. A one-cycle schedule changes it.</summary>
    public float Momentum => (float)ExactMomentum;

    /// <summary>Whether the gradient's standard deviation divides, not its root mean square.</summary>
    public bool Centered { get; }

    internal double ExactAlpha { get; }

    internal double ExactMomentum { get; private set; }

    internal override double? CyclicMomentum
    {
        get => ExactMomentum;
        set => ExactMomentum = value!.Value;
    }
}
