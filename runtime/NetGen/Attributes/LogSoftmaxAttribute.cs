namespace NetGen;

/// <summary>
/// Logarithm of softmax over the features of a vector, PyTorch's <c>LogSoftmax(dim=1)</c>: yᵢ = xᵢ − ln Σⱼ e^xⱼ, computed without
/// overflow. The output has the shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LogSoftmaxAttribute : LayerAttribute;
