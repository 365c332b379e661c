using NetGen.Generator.Graph;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Passes;

/// <summary>
/// Extends a forward graph by its backward pass: for each node, in reverse, the nodes that compute the gradients of its inputs
/// and parameters. What follows (fusion, layout, memory) treats forward and backward alike.
/// </summary>
internal static class Differentiate
{
    public static void Run(Graph.Graph graph, LossKind loss)
    {
        var gradients = new Dictionary<Value, Value>();
        Value outputGradient = graph.NewValue(graph.Output.Name + "Gradient", graph.Output.Shape);
        outputGradient.GradientOf = graph.Output;
        graph.OutputGradient = outputGradient;
        gradients[graph.Output] = outputGradient;
        if (loss != LossKind.None)
            graph.Add(new LossNode(loss), outputGradient, graph.Output);

        foreach (Node node in graph.ForwardNodes.Reverse().ToList())
            Differentiate.Node(graph, node, gradients);

        graph.InputGradient = gradients[graph.Input];
    }

    private static void Node(Graph.Graph graph, Node node, Dictionary<Value, Value> gradients)
    {
        Value gradient = gradients[node.Output!];
        switch (node)
        {
            case Conv2dNode conv:
                graph.Add(new Conv2dWeightGradientNode(conv), null, conv.Input, gradient);
                Flow(graph, gradients, conv.Input, new Conv2dInputGradientNode(conv), gradient);
                break;
            case LinearNode linear:
                graph.Add(new LinearWeightGradientNode(linear), null, linear.Input, gradient);
                Flow(graph, gradients, linear.Input, new LinearInputGradientNode(linear), gradient);
                break;
            case ActivationNode activation:
                Value saved = ActivationGradientNode.NeedsInput(activation.Kind) ? activation.Input : activation.Output!;
                Flow(graph, gradients, activation.Input, new ActivationGradientNode(activation), gradient, saved);
                break;
            case SoftmaxNode softmax:
                Flow(graph, gradients, softmax.Input, new SoftmaxGradientNode(softmax), gradient, softmax.Output!);
                break;
            case PoolNode { IsMax: true } pool:
                Flow(graph, gradients, pool.Input, new PoolGradientNode(pool), gradient, pool.Input, pool.Output!);
                break;
            case PoolNode pool:
                Flow(graph, gradients, pool.Input, new PoolGradientNode(pool), gradient);
                break;
            case DropoutNode dropout:
                Flow(graph, gradients, dropout.Input, new DropoutGradientNode(dropout), gradient, dropout.Scales);
                break;
            case FlattenNode flatten:
                Flow(graph, gradients, flatten.Input, new FlattenNode(flatten.Name, flatten.Title, backward: true), gradient);
                break;
            case AddNode add:
                foreach (Value operand in add.Inputs)
                    Accumulate(graph, gradients, operand, gradient, add);
                break;
            default:
                throw new NotSupportedException($"No derivative for {node.GetType().Name}.");
        }
    }

    private static void Flow(Graph.Graph graph, Dictionary<Value, Value> gradients, Value target, Node node, params Value[] inputs)
    {
        Value result = graph.Add(node, GradientName(target), target.Shape, inputs);
        result.GradientOf = target;
        Accumulate(graph, gradients, target, result, node);
    }

    /// <summary>A value that several nodes use receives the sum of what they send back.</summary>
    private static void Accumulate(Graph.Graph graph, Dictionary<Value, Value> gradients, Value target, Value contribution, Node source)
    {
        if (gradients.TryGetValue(target, out Value? sum))
        {
            contribution = graph.Add(new AddNode(source.Name + "Sum", source.Title, backward: true), GradientName(target), target.Shape, sum, contribution);
            contribution.GradientOf = target;
        }
        gradients[target] = contribution;
    }

    private static string GradientName(Value value) => value.Name + "Gradient";
}
