using System.ComponentModel;

namespace NetGen;

/// <summary>
/// Adam (Kingma and Ba, 2015), PyTorch's <c>torch.optim.Adam</c>: g ← g + weightDecay · w; then
/// m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − learningRate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε) in step t.
/// With AMSGrad (Reddi, Kale and Kumar, 2018) the largest v so far takes the place of v.
/// </summary>
public sealed class Adam : Optimizer
{
    /// <summary>Adam.</summary>
    /// <param name="learningRate">Size of a step, at least 0.</param>
    /// <param name="beta1">β₁, the decay of the mean gradient, in [0, 1).</param>
    /// <param name="beta2">β₂, the decay of the mean squared gradient, in [0, 1).</param>
    /// <param name="epsilon">ε, added to the denominator, at least 0.</param>
    /// <param name="weightDecay">L2 penalty, added to the gradient, at least 0.</param>
    /// <param name="amsgrad">Divide by the largest mean squared gradient so far, which takes a third buffer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range or not finite.</exception>
    public Adam(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0,
        bool amsgrad = false)
        : base(learningRate, weightDecay)
    {
        ExactBeta1 = Exact(CheckBelowOne(beta1, nameof(beta1)));
        ExactBeta2 = Exact(CheckBelowOne(beta2, nameof(beta2)));
        Epsilon = (float)CheckNotNegative(epsilon, nameof(epsilon));
        Amsgrad = amsgrad;
    }

    /// <summary>The same with floats: what was compiled against an earlier version calls it.</summary>
    /// <inheritdoc cref="Adam(double, double, double, double, double, bool)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Adam(float learningRate, float beta1, float beta2, float epsilon, float weightDecay, bool amsgrad)
        : this((double)learningRate, (double)beta1, (double)beta2, (double)epsilon, (double)weightDecay, amsgrad)
    {
    }

    /// <summary>β₁, the decay of the mean gradient. A one-cycle schedule changes it.</summary>
    public float Beta1 => (float)ExactBeta1;

    /// <summary>β₂, the decay of the mean squared gradient.</summary>
    public float Beta2 => (float)ExactBeta2;

    /// <summary>ε, added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>Whether the largest mean squared gradient so far divides.</summary>
    public bool Amsgrad { get; }

    internal double ExactBeta1 { get; private set; }

    internal double ExactBeta2 { get; }

    internal override double? CyclicMomentum
    {
        get => ExactBeta1;
        set => ExactBeta1 = value!.Value;
    }
}
