namespace NetGen;

/// <summary>Rectified linear unit, PyTorch's <c>ReLU</c>: max(x, 0), element by element.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReLUAttribute : LayerAttribute;
