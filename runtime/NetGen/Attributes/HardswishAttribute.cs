namespace NetGen;

/// <summary>
/// PyTorch's <c>Hardswish</c>: x · min(max(x + 3, 0), 6) / 6, element by element (Howard et al., arXiv:1905.02244). The output has the
/// shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HardswishAttribute : LayerAttribute;
