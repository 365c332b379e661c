namespace NetGen;

/// <summary>Hyperbolic tangent, PyTorch's <c>Tanh</c>, element by element.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TanhAttribute : LayerAttribute;
