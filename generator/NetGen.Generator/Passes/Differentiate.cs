using NetGen.Generator.Ir;

namespace NetGen.Generator.Passes;

/// <summary>
/// Extends a forward graph by its backward pass: for each node, in reverse, the nodes that compute the gradients of its inputs
/// and parameters. What follows (fusion, layout, memory) treats forward and backward alike. Each op knows its own derivative. Nodes that no
/// gradient reaches have none: a value that nothing reads, or a target's input.
/// </summary>
internal sealed class Differentiate : IGradientBuilder
{
    private readonly Graph _graph;
    private readonly Dictionary<Value, Value> _gradients = [];

    private Differentiate(Graph graph) => _graph = graph;

    /// <param name="loss">Compares the output with a target; null where the caller gives the output's gradient.</param>
    /// <param name="title">Of the loss.</param>
    public static void Run(Graph graph, LossOp? loss, string title)
    {
        var pass = new Differentiate(graph);
        foreach (Value output in graph.Outputs)
        {
            Value gradient = graph.NewValue(GradientName(output), output.Shape);
            gradient.GradientOf = output;
            graph.OutputGradients.Add(gradient);
            pass._gradients[output] = gradient;
        }
        if (loss is not null)
            graph.LossNodes.AddRange(AppendLoss(graph, loss, title, graph.Outputs[0], graph.OutputGradients[0]));

        foreach (Node node in graph.ForwardNodes.Reverse().ToList())
        {
            if (pass._gradients.TryGetValue(node.Output!, out Value? gradient))
                node.Op.Differentiate(pass, node, gradient);
        }
        pass.AddParameterSums();
        graph.InputGradients.AddRange(
            graph.Inputs.Select(input => pass._gradients.TryGetValue(input, out Value? gradient) ? gradient : null));
    }

    public void AddParameterGradient(Node forward, Op op, params Value[] inputs) => _graph.Add(NodeOf(forward, op), null, inputs);

    /// <summary>Tensors that several layers use have a gradient from each; they are added.</summary>
    private void AddParameterSums()
    {
        var gradients = new Dictionary<ParameterInfo, List<(Node Node, ParameterUse Use)>>();
        foreach (Node node in _graph.BackwardNodes.Where(node => node.Op.IsParameterGradient).ToList())
        {
            for (int i = 0; i < node.Parameters.Count; i++)
            {
                ParameterUse use = node.Parameters[i];
                if (!use.Parameter.IsLearned)
                    continue;
                if (!gradients.TryGetValue(use.Parameter, out List<(Node, ParameterUse)>? nodes))
                    gradients.Add(use.Parameter, nodes = []);
                node.Parameters[i] = use with { Turn = nodes.Count };
                nodes.Add((node, use));
            }
        }
        foreach (List<(Node Node, ParameterUse Use)> nodes in gradients.Values.Where(nodes => nodes.Count > 1))
        {
            (Node node, ParameterUse use) = nodes[nodes.Count - 1];
            var sum = new Node(node.Name + use.Parameter.PropertyName + "Sum", node.Title, new ParameterGradientSumOp(nodes.Count));
            sum.Parameters.Add(use);
            _graph.Add(sum, null);
        }
    }

    public void Flow(Value target, Node forward, Op op, params Value[] inputs)
    {
        Node node = NodeOf(forward, op);
        Value result = _graph.Add(node, GradientName(target), target.Shape, inputs);
        result.GradientOf = target;
        Accumulate(target, result, node);
    }

    public void Accumulate(Value target, Value contribution, Node source)
    {
        if (_gradients.TryGetValue(target, out Value? sum))
        {
            var add = new Node(source.Name + "Sum", source.Title, new AddOp(IsBackward: true));
            contribution = _graph.Add(add, GradientName(target), target.Shape, sum, contribution);
            contribution.GradientOf = target;
        }
        _gradients[target] = contribution;
    }

    /// <summary>Appends the loss, from an output to the gradient there; images are flattened before it.</summary>
    /// <returns>The nodes that were appended.</returns>
    private static IReadOnlyList<Node> AppendLoss(Graph graph, LossOp op, string title, Value output, Value gradient)
    {
        var node = new Node("Loss", title, op);
        if (!output.Shape.HasChannels)
        {
            graph.Add(node, gradient, output);
            return [node];
        }
        var flatten = new Node("LossFlatten", title, new FlattenOp(ToImage: false));
        var unflatten = new Node("LossFlatten", title, new FlattenOp(ToImage: true, IsGradient: true));
        Value input = graph.Add(flatten, "lossInput", Shapes.TensorShape.Vector(output.Shape.Size), output);
        Value inputGradient = graph.Add(node, "lossInputGradient", input.Shape, input);
        inputGradient.GradientOf = input;
        graph.Add(unflatten, gradient, inputGradient);
        return [flatten, node, unflatten];
    }

    private static Node NodeOf(Node forward, Op op)
        => new(forward.Name, forward.Title, op) { Forward = forward, Parameters = [.. forward.Parameters] };

    private static string GradientName(Value value) => value.Name + "Gradient";
}
