namespace NetGen;

/// <summary>
/// PyTorch's <c>CosineSimilarity(dim=1)</c>: the cosine of the angle between two vectors, inputs (features) and (features), output (1). x
/// is the output of the layer before, y that of an earlier layer, which <see cref="From"/> names; both have the same number of features.
/// </summary>
/// <remarks>
/// The output is x · y / (max(‖x‖, eps) · max(‖y‖, eps)), from −1 to 1, as PyTorch computes it since 1.12, whose output has no dimension
/// for the single number. Gradients are those of this formula: a norm below <see cref="Eps"/> counts as a constant, which PyTorch's
/// autograd does not see.
/// </remarks>
/// <example>
/// <code>
/// [Linear(8, Name = "fc1"), ReLU, Linear(8), CosineSimilarity(From = "fc1")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CosineSimilarityAttribute : LayerAttribute
{
    /// <summary>The least that a norm counts as, so that a vector of zeros divides by no zero; not negative, 1e-8 by default.</summary>
    public double Eps { get; set; } = 1e-8;

    /// <summary>
    /// The name of the layer whose output is the second input; must be set. Of one in a block it is the path to it, such as
    /// <c>encoder.fc1</c>. It is looked for beside this layer, then around the block that holds this layer.
    /// </summary>
    public string? From { get; set; }
}
