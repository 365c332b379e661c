using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Passes;

/// <summary>
/// Moves element-wise work into the kernel that produces its operand, where the result is still in registers: residual additions and
/// activations into convolutions and linear layers, and the derivatives of activations into the gradient kernels.
/// A node is absorbed only if nothing else reads the value in between.
/// </summary>
internal static class FuseEpilogues
{
    public static void Run(Graph graph)
    {
        foreach (Node node in graph.Nodes.ToList())
        {
            switch (node)
            {
                case AddNode { Backward: false } add:
                    FuseResidual(graph, add);
                    break;
                case ActivationNode activation when Only(activation.Input, activation) && activation.Input.Producer is IHasEpilogue { Activation: null } producer:
                    producer.Activation = activation.Activation;
                    Absorb(graph, activation, (Node)producer);
                    break;
                case ActivationGradientNode gradient when !gradient.Forward.Activation.NeedsInput
                    && Only(gradient.Input, gradient) && gradient.Input.Producer is IHasGradientMask { Mask: null } producer:
                    producer.Mask = (gradient.Forward.Activation, gradient.Saved);
                    Value saved = gradient.Saved;
                    Absorb(graph, gradient, (Node)producer);
                    Graph.Connect((Node)producer, saved);
                    break;
            }
        }
    }

    /// <summary>x + conv(…): the convolution (or normalisation) computed last takes the other operand into its epilogue.</summary>
    private static void FuseResidual(Graph graph, AddNode add)
    {
        foreach (Value operand in add.Inputs)
        {
            if (operand.Producer is not (IHasResidual { Residual: null } and IHasEpilogue { Activation: null }) || !Only(operand, add))
                continue;
            Node producer = operand.Producer;
            Value other = add.Inputs[0] == operand ? add.Inputs[1] : add.Inputs[0];
            // The other operand must exist before the producer runs.
            if (other == operand || (other.Producer is not null && graph.Nodes.IndexOf(other.Producer) > graph.Nodes.IndexOf(producer)))
                continue;
            ((IHasResidual)producer).Residual = other;
            Absorb(graph, add, producer);
            Graph.Connect(producer, other);
            return;
        }
    }

    private static bool Only(Value value, Node consumer) => value.Consumers.Count == 1 && value.Consumers[0] == consumer;

    private static void Absorb(Graph graph, Node absorbed, Node producer)
    {
        graph.Remove(absorbed);
        producer.Output = absorbed.Output;
        producer.Output!.Producer = producer;
    }
}
