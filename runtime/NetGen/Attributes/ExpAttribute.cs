namespace NetGen;

/// <summary>
/// The exponential function, PyTorch's <c>torch.exp</c>: eˣ, element by element, for instance a variance from its logarithm. The output has
/// the shape of the input. Above 88.7 it is infinite, as in PyTorch: bound what a network may give with <see cref="HardtanhAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ExpAttribute : LayerAttribute;
