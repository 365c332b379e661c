namespace NetGen;

/// <summary>
/// Sets each element to zero with probability p in training and multiplies the others by 1 / (1 − p), PyTorch's <c>Dropout</c>.
/// The identity in a session. The mask is a function of the trainer's seed, the step, the sample and the element, the same at
/// every thread count and vector width.
/// </summary>
/// <param name="p">Probability of zero, from 0 to 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DropoutAttribute(double p = 0.5) : LayerAttribute
{
    /// <summary>Probability of zero, from 0 to 1.</summary>
    public double P { get; } = p;
}
