using NetGen.Generator.Ir;

namespace NetGen.Generator.Passes;

/// <summary>A loss of one or several of a graph's outputs.</summary>
/// <param name="Outputs">Which of the graph's outputs it compares, with a target or with one another.</param>
/// <param name="Name">Of its node, e.g. <c>Loss</c>.</param>
/// <param name="Title">The loss as declared.</param>
internal sealed record GraphLoss(LossOp Op, IReadOnlyList<int> Outputs, string Name, string Title);
