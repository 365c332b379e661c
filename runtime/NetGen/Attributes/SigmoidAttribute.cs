namespace NetGen;

/// <summary>Logistic function, PyTorch's <c>Sigmoid</c>: 1 / (1 + e⁻ˣ), element by element.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SigmoidAttribute : LayerAttribute;
