namespace NetGen;

/// <summary>
/// Softmax over the features of a vector, PyTorch's <c>Softmax(dim=1)</c>: yᵢ = e^xᵢ / Σⱼ e^xⱼ. In front of
/// <see cref="CrossEntropyLossAttribute"/> it is a mistake: that loss takes logits.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxAttribute : LayerAttribute;
