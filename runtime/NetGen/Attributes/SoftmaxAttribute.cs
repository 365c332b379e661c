namespace NetGen;

/// <summary>
/// Softmax over the features of a vector, PyTorch's <c>Softmax(dim=1)</c>: yᵢ = e^xᵢ / Σⱼ e^xⱼ. In front of
/// <see cref="CrossEntropyLossAttribute"/> it is a mistake: that loss takes logits. With <c>Dim = 1</c>, written out, it takes sequences
/// (positions, features) as well, of fixed length or with lengths of their own: each feature's weights of all positions, which add up to 1.
/// The output has the shape of the input.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftmaxAttribute : LayerAttribute
{
    /// <summary>
    /// The dimension whose elements add up to 1: 1, the default, is the features of a vector and, where it is written out, the positions
    /// of a sequence. 0 is the batch; negative ones count from the end.
    /// </summary>
    public int Dim { get; set; } = 1;
}
