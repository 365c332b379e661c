using NetGen.Generator.Functions;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// Loss and its gradients at once. The inputs are outputs of the network as vectors in PyTorch's order, the outputs are the gradients
/// there; images are flattened before it and their gradients are unflattened behind it.
/// </summary>
internal abstract record LossOp : Op
{
    /// <summary>It takes positions as they are, rows of features, and adds up their losses for each sample.</summary>
    public virtual bool IsOfPositions => false;

    public override string Verb => "Gradient";

    /// <summary>
    /// The loss of a sample is marked as −∞ where the network's output is outside of what the loss is defined for; the trainer
    /// then throws with this text before anything else happens. Null where every output is allowed.
    /// </summary>
    public virtual string? OutputRequirement => null;

    /// <summary>
    /// Values for each sample that are computed from the whole batch before the loss of any sample, and that the node has as a last output
    /// besides the gradients; null where samples have nothing to do with one another.
    /// </summary>
    public virtual int? BatchValuesOfSample => null;
}

/// <summary>Log-softmax and the negative log-likelihood of a label or of a distribution.</summary>
/// <param name="OfPositions">Each position has a label.</param>
internal sealed record CrossEntropyLossOp(CrossEntropyLossSpec Spec, bool OfPositions) : LossOp
{
    public override bool IsOfPositions => OfPositions;
}

/// <summary>The negative log-likelihood of a label.</summary>
/// <param name="OfPositions">Each position has a label.</param>
internal sealed record NLLLossOp(NLLLossSpec Spec, bool OfPositions) : LossOp
{
    public override bool IsOfPositions => OfPositions;
}

/// <summary>The cosine of the angle between output and target, or between two outputs.</summary>
internal sealed record CosineEmbeddingLossOp(CosineEmbeddingLossSpec Spec) : LossOp;

/// <summary>A function of each output and its target.</summary>
/// <param name="Name">The loss as the user writes it.</param>
/// <param name="Shape">The network's output, before it is flattened.</param>
internal sealed record ElementwiseLossOp(string Name, ElementLoss Element, TensorShape Shape) : LossOp
{
    public override string? OutputRequirement => Element.Requirement;

    public override bool IsOfPositions => Shape.HasLengths;
}

/// <summary>Distances of an anchor from a positive and from a negative: three inputs, three gradients.</summary>
internal sealed record TripletMarginLossOp(TripletMarginLossSpec Spec) : LossOp;

/// <summary>Cross-entropy of each vector's similarities to all vectors of the other input: two inputs, two gradients.</summary>
internal sealed record ContrastiveLossOp(ContrastiveLossSpec Spec) : LossOp
{
    /// <summary>
    /// log Σ exp of the similarities in both directions. They lie one direction behind the other, each with as many as the batch has
    /// samples and up to a multiple of 16, so that a sample has room for twice 16.
    /// </summary>
    public override int? BatchValuesOfSample => 32;
}
