namespace NetGen;

/// <summary>
/// PyTorch's <c>ReLU6</c>: min(max(x, 0), 6), element by element. The output has the shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReLU6Attribute : LayerAttribute;
