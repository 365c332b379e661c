namespace NetGen;

/// <summary>
/// Sigmoid linear unit or Swish, PyTorch's <c>SiLU</c>: x / (1 + e⁻ˣ), element by element (arXiv:1702.03118). The output has the shape of
/// the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SiLUAttribute : LayerAttribute;
