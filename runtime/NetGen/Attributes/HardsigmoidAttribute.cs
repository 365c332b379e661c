namespace NetGen;

/// <summary>
/// PyTorch's <c>Hardsigmoid</c>: min(max(x + 3, 0), 6) / 6, element by element. The output has the shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HardsigmoidAttribute : LayerAttribute;
