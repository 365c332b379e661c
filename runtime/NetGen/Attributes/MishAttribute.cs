namespace NetGen;

/// <summary>
/// PyTorch's <c>Mish</c>: x tanh(ln(1 + eˣ)), element by element (Misra, arXiv:1908.08681). The output has the shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MishAttribute : LayerAttribute;
