namespace NetGen;

/// <summary>
/// Dropout for networks of <see cref="SELUAttribute"/>, PyTorch's <c>AlphaDropout</c>: in training each element is replaced, with
/// probability p, by α′ = −λα ≈ −1.7581, and all are then scaled and shifted so that mean 0 and variance 1 remain (Klambauer et al.,
/// arXiv:1706.02515). The identity in a session. The mask is a function of the trainer's seed, the step, the sample and the element, the
/// same at every thread count and vector width.
/// </summary>
/// <param name="p">Probability of replacement, from 0 to 1; 1 gives zeros.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AlphaDropoutAttribute(double p = 0.5) : LayerAttribute
{
    /// <summary>Probability of replacement, from 0 to 1.</summary>
    public double P { get; } = p;
}
