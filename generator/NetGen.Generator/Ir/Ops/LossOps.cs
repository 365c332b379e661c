using NetGen.Generator.Functions;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// Loss and its gradient at once. The input is the network's output as a vector in PyTorch's order, the output is the gradient there;
/// images are flattened before it and their gradient is unflattened behind it.
/// </summary>
internal abstract record LossOp : Op
{
    public override string Verb => "Gradient";

    /// <summary>
    /// The loss of a sample is marked as −∞ where the network's output is outside of what the loss is defined for; the trainer
    /// then throws with this text before anything else happens. Null where every output is allowed.
    /// </summary>
    public virtual string? OutputRequirement => null;
}

/// <summary>Log-softmax and the negative log-likelihood of a label or of a distribution.</summary>
internal sealed record CrossEntropyLossOp(CrossEntropyLossSpec Spec) : LossOp;

/// <summary>The negative log-likelihood of a label.</summary>
internal sealed record NLLLossOp(NLLLossSpec Spec) : LossOp;

/// <summary>The cosine of the angle between output and target.</summary>
internal sealed record CosineEmbeddingLossOp(CosineEmbeddingLossSpec Spec) : LossOp;

/// <summary>A function of each output and its target.</summary>
/// <param name="Name">The loss as the user writes it.</param>
/// <param name="Shape">The network's output, before it is flattened.</param>
internal sealed record ElementwiseLossOp(string Name, ElementLoss Element, TensorShape Shape) : LossOp
{
    public override string? OutputRequirement => Element.Requirement;
}
