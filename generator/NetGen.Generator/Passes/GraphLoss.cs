using NetGen.Generator.Ir;

namespace NetGen.Generator.Passes;

/// <summary>A loss of one of a graph's outputs.</summary>
/// <param name="Output">Which of the graph's outputs it compares with a target.</param>
/// <param name="Name">Of its node, e.g. <c>Loss</c>.</param>
/// <param name="Title">The loss as declared.</param>
internal sealed record GraphLoss(LossOp Op, int Output, string Name, string Title);
