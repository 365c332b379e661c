namespace NetGen;

/// <summary>
/// Scaled exponential linear unit, PyTorch's <c>SELU</c>: λx where x &gt; 0, otherwise λα (eˣ − 1), element by element, with λ ≈ 1.0507 and
/// α ≈ 1.6733, which keep mean 0 and variance 1 (Klambauer et al., arXiv:1706.02515). The output has the shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SELUAttribute : LayerAttribute;
