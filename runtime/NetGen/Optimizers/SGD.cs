using System.ComponentModel;

namespace NetGen;

/// <summary>
/// Stochastic gradient descent with momentum, PyTorch's <c>torch.optim.SGD</c>: g ← g + weightDecay · w; b ← g in the first
/// step, then b ← momentum · b + (1 − dampening) · g; with Nesterov's momentum g ← g + momentum · b, else g ← b;
/// w ← w − learningRate · g.
/// </summary>
public sealed class SGD : Optimizer
{
    /// <summary>Stochastic gradient descent.</summary>
    /// <param name="learningRate">Size of a step, at least 0.</param>
    /// <param name="momentum">Share of the previous step's direction that is kept, at least 0.</param>
    /// <param name="dampening">How much less the gradient counts in the direction.</param>
    /// <param name="weightDecay">L2 penalty, added to the gradient, at least 0.</param>
    /// <param name="nesterov">Nesterov's momentum; needs momentum above 0 and dampening 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite.</exception>
    /// <exception cref="ArgumentException">Nesterov's momentum without momentum, or with dampening.</exception>
    public SGD(double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false)
        : base(learningRate, weightDecay)
    {
        ExactMomentum = Exact(CheckNotNegative(momentum, nameof(momentum)));
        if (!float.IsFinite((float)dampening))
            throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "Expected a finite number.");
        ExactDampening = Exact(dampening);
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov's momentum needs a momentum above 0 and a dampening of 0.", nameof(nesterov));
        Nesterov = nesterov;
    }

    /// <summary>The same with floats: what was compiled against an earlier version calls it.</summary>
    /// <inheritdoc cref="SGD(double, double, double, double, bool)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SGD(float learningRate, float momentum, float dampening, float weightDecay, bool nesterov)
        : this((double)learningRate, (double)momentum, (double)dampening, (double)weightDecay, nesterov)
    {
    }

    /// <summary>Share of the previous step's direction that is kept. A one-cycle schedule changes it.</summary>
    public float Momentum => (float)ExactMomentum;

    /// <summary>How much less the gradient counts in the direction.</summary>
    public float Dampening => (float)ExactDampening;

    /// <summary>Whether Nesterov's momentum is used.</summary>
    public bool Nesterov { get; }

    internal double ExactMomentum { get; private set; }

    internal double ExactDampening { get; }

    internal override double? CyclicMomentum
    {
        get => ExactMomentum;
        set => ExactMomentum = value!.Value;
    }
}
