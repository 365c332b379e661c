using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Passes;

/// <summary>
/// Moves element-wise work into the node that produces its operand, where the result is still in registers: residual additions and
/// activations into convolutions and linear layers, and the derivatives of activations into the gradients' nodes; of those
/// that are 1 nothing is left.
/// A node is absorbed only if nobody else, the caller included, reads the value in between.
/// </summary>
internal static class FuseEpilogues
{
    public static void Run(Graph graph)
    {
        foreach (Node node in graph.Nodes.ToList())
        {
            switch (node.Op)
            {
                case AddOp { IsBackward: false }:
                    FuseResidual(graph, node);
                    break;
                // In training one that may be infinite stays by itself, where lanes without a sample are set to zero.
                case ActivationOp { Activation: var activation } when (activation.StaysFinite || graph.OutputGradients.Count == 0)
                    && ProducerFor(graph, node) is { Op: IHasEpilogue { Activation: null } op } producer:
                    producer.Op = op.WithActivation(activation);
                    graph.Absorb(node, producer);
                    break;
                case ActivationGradientOp { Activation.HasUnitSlope: true }
                    when ProducerFor(graph, node) is { Op: IHasGradientMask } producer:
                    graph.Absorb(node, producer);
                    break;
                case ActivationGradientOp { Activation: { NeedsInput: false } activation }
                    when ProducerFor(graph, node) is { Op: IHasGradientMask { Mask: null } op } producer:
                    Value saved = node.Inputs[1];
                    graph.Absorb(node, producer);
                    Graph.Connect(producer, saved);
                    producer.Op = op.WithMask(new GradientMask(activation, producer.Inputs.Count - 1));
                    break;
            }
        }
    }

    /// <summary>What gives a node's first input, if the node alone reads it.</summary>
    private static Node? ProducerFor(Graph graph, Node node) => graph.IsReadOnlyBy(node.Input, node) ? node.Input.Producer : null;

    /// <summary>x + conv(…): the convolution (or normalisation) computed last takes the other operand into its epilogue.</summary>
    private static void FuseResidual(Graph graph, Node add)
    {
        foreach (Value operand in add.Inputs)
        {
            if (operand.Producer is not { Op: IHasResidual { Residual: null } op and IHasEpilogue { Activation: null } } producer
                || !graph.IsReadOnlyBy(operand, add))
            {
                continue;
            }
            Value other = add.Inputs[0] == operand ? add.Inputs[1] : add.Inputs[0];
            // The other operand must exist before the producer runs.
            if (other == operand || (other.Producer is not null && graph.Nodes.IndexOf(other.Producer) > graph.Nodes.IndexOf(producer)))
                continue;
            graph.Absorb(add, producer);
            Graph.Connect(producer, other);
            producer.Op = op.WithResidual(producer.Inputs.Count - 1);
            return;
        }
    }
}
