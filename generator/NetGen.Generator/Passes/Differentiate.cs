using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Passes;

/// <summary>
/// Extends a forward graph by its backward pass: for each node, in reverse, the nodes that compute the gradients of its inputs
/// and parameters. What follows (fusion, layout, memory) treats forward and backward alike. Each op knows its own derivative. Nodes that no
/// gradient reaches have none: a value that nothing reads, or a target's input. Nothing flows back to values that depend on neither
/// a learned parameter nor an input that has a gradient, as what is looked up in a frozen table by ints.
/// </summary>
internal sealed class Differentiate : IGradientBuilder
{
    private readonly Graph _graph;
    private const string OutputName = "Output";

    private readonly Dictionary<Value, Value> _gradients = [];

    /// <summary>The values that gradients flow back to.</summary>
    private readonly HashSet<Value> _variable;

    private Differentiate(Graph graph)
    {
        _graph = graph;
        _variable = new HashSet<Value>(graph.Inputs.Where(input => !input.Shape.IsInts));
        foreach (Node node in graph.ForwardNodes)
        {
            if (node.Inputs.Exists(_variable.Contains) || node.Parameters.Exists(use => use.Parameter.IsLearned))
                _variable.UnionWith(node.Outputs);
        }
    }

    /// <param name="losses">None where the caller gives the outputs' gradients.</param>
    public static void Run(Graph graph, IReadOnlyList<GraphLoss> losses)
    {
        var pass = new Differentiate(graph);
        foreach (Value output in graph.Outputs)
        {
            Value gradient = graph.NewValue(GradientName(output), output.Shape);
            gradient.GradientOf = output;
            graph.OutputGradients.Add(gradient);
        }
        foreach (GraphLoss loss in losses)
            graph.Losses.Add(AppendLoss(graph, loss));
        if (losses.Count > 0)
            graph.Losses[0] = [.. graph.Losses[0], .. AppendWithoutLoss(graph, losses)];
        for (int i = 0; i < graph.Outputs.Count; i++)
            pass.Accumulate(graph.Outputs[i], graph.OutputGradients[i], OutputName, "");

        foreach (Node node in graph.ForwardNodes.Reverse().ToList())
        {
            Value?[] gradients = [.. node.Outputs.Select(output => pass._gradients.TryGetValue(output, out Value? known) ? known : null)];
            if (gradients.Any(gradient => gradient is not null))
                node.Op.Differentiate(pass, node, gradients);
        }
        pass.AddParameterSums();
        graph.InputGradients.AddRange(
            graph.Inputs.Select(input => pass._gradients.TryGetValue(input, out Value? gradient) ? gradient : null));
        JoinStretches.Run(graph);
    }

    /// <summary>Those of a frozen layer have none.</summary>
    public void AddParameterGradient(Node forward, Op op, params Value[] inputs)
    {
        if (forward.Parameters.Exists(use => use.Parameter.IsLearned))
            _graph.Add(NodeOf(forward, op), null, inputs);
    }

    public void AddParameterGradient(Node forward, Op op, string suffix, (string Of, string To)[] slots, params Value[] inputs)
    {
        List<ParameterUse> uses =
        [
            .. from slot in slots
               from use in forward.Parameters
               where use.Slot == slot.Of
               select use with { Slot = slot.To },
        ];
        if (uses.Exists(use => use.Parameter.IsLearned))
            _graph.Add(new Node(forward.Name + suffix, forward.Title, op) { Forward = forward, Parameters = uses }, null, inputs);
    }

    /// <summary>Tensors that several layers use have a gradient from each; they are added.</summary>
    private void AddParameterSums()
    {
        var gradients = new Dictionary<ParameterInfo, List<(Node Node, ParameterUse Use)>>();
        var turns = new Dictionary<(ParameterInfo, int Part), int>();
        foreach (Node node in _graph.BackwardNodes.Where(node => node.Op.IsParameterGradient).ToList())
        {
            for (int i = 0; i < node.Parameters.Count; i++)
            {
                ParameterUse use = node.Parameters[i];
                if (!use.Parameter.IsLearned)
                    continue;
                if (!gradients.TryGetValue(use.Parameter, out List<(Node, ParameterUse)>? nodes))
                    gradients.Add(use.Parameter, nodes = []);
                // Nodes that use one part each give one gradient together.
                turns.TryGetValue((use.Parameter, use.Part), out int turn);
                turns[(use.Parameter, use.Part)] = turn + 1;
                node.Parameters[i] = use with { Turn = turn };
                nodes.Add((node, use));
            }
        }
        foreach (List<(Node Node, ParameterUse Use)> nodes in gradients.Values.Where(nodes => nodes.Count > nodes[0].Use.Parts))
        {
            foreach ((Node shared, _) in nodes)
                shared.Op = shared.Op is ITableGradient table ? table.AsShared() : shared.Op;
            (Node node, ParameterUse use) = nodes[nodes.Count - 1];
            var op = new ParameterGradientSumOp(nodes.Count / use.Parts);
            var sum = new Node(node.Name + use.Parameter.PropertyName + "Sum", node.Title, op);
            sum.Parameters.Add(use with { Part = 0, Parts = 1 });
            _graph.Add(sum, null);
        }
    }

    public Value? Flow(Value target, Node forward, Op op, params Value[] inputs)
    {
        if (!_variable.Contains(target))
            return null;
        Node node = NodeOf(forward, op);
        Value result = _graph.Add(node, GradientName(target), target.Shape, inputs);
        result.GradientOf = target;
        Accumulate(target, result, node);
        return result;
    }

    public Value AddPort(Value gradient, string suffix, TensorShape shape)
    {
        Value port = _graph.NewValue(gradient.Name + suffix, shape);
        port.GradientOf = gradient.GradientOf;
        Graph.Give(gradient.Producer!, port);
        return port;
    }

    public Value? FlowTogether(IReadOnlyList<Value> targets, Node forward, Op op, IReadOnlyList<Value> inputs)
    {
        if (!targets.Any(_variable.Contains))
            return null;
        Node node = NodeOf(forward, op);
        _graph.Add(node, null, [.. inputs]);
        foreach (Value target in targets)
        {
            Value result = _graph.NewValue(GradientName(target), target.Shape);
            result.GradientOf = target;
            Graph.Give(node, result);
            Accumulate(target, result, node);
        }
        return node.Output;
    }

    public void Accumulate(Value target, Value contribution, Node source)
    {
        if (_variable.Contains(target))
            Accumulate(target, contribution, source.Name, source.Title);
    }

    private void Accumulate(Value target, Value contribution, string source, string title)
    {
        if (_gradients.TryGetValue(target, out Value? sum))
        {
            var add = new Node(source + "Sum", title, new AddOp(IsBackward: true));
            contribution = _graph.Add(add, GradientName(target), target.Shape, sum, contribution);
            contribution.GradientOf = target;
        }
        _gradients[target] = contribution;
    }

    /// <summary>Appends the loss, from its outputs to the gradients there; images are flattened before it.</summary>
    /// <returns>The nodes that were appended.</returns>
    private static IReadOnlyList<Node> AppendLoss(Graph graph, GraphLoss loss)
    {
        (string name, string title) = (loss.Name, loss.Title);
        string prefix = char.ToLowerInvariant(name[0]) + name.Substring(1);
        var node = new Node(name, title, loss.Op);
        List<Node> before = [], behind = [];
        List<Value> inputs = [], gradients = [];
        foreach (int index in loss.Outputs)
        {
            (Value output, Value gradient) = (graph.Outputs[index], graph.OutputGradients[index]);
            if (!output.Shape.HasChannels || loss.Op.IsOfPositions)
            {
                inputs.Add(output);
                gradients.Add(gradient);
                continue;
            }
            var flatten = new Node(name + "Flatten", title, new FlattenOp(ToImage: false));
            var unflatten = new Node(name + "Flatten", title, new FlattenOp(ToImage: true, IsGradient: true));
            Value input = graph.Add(flatten, prefix + "Input", TensorShape.Vector(output.Shape.Size), output);
            Value inputGradient = graph.NewValue(prefix + "InputGradient", input.Shape);
            inputGradient.GradientOf = input;
            Graph.Give(unflatten, gradient);
            Graph.Connect(unflatten, inputGradient);
            inputs.Add(input);
            gradients.Add(inputGradient);
            before.Add(flatten);
            behind.Add(unflatten);
        }
        graph.Add(node, null, [.. inputs]);
        foreach (Value gradient in gradients)
            Graph.Give(node, gradient);
        if (loss.Op.BatchValuesOfSample is { } values)
            Graph.Give(node, graph.NewValue(prefix + "OfBatch", TensorShape.Vector(values)));
        graph.Nodes.AddRange(behind);
        return [.. before, node, .. behind];
    }

    /// <summary>No gradient comes from outputs that no loss is of.</summary>
    private static IEnumerable<Node> AppendWithoutLoss(Graph graph, IReadOnlyList<GraphLoss> losses)
    {
        var nodes = new List<Node>();
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            if (losses.Any(loss => loss.Outputs.Contains(i)))
                continue;
            var node = new Node(OutputName + "WithoutLoss", "", new ZeroOp());
            graph.Add(node, graph.OutputGradients[i], graph.Outputs[i]);
            nodes.Add(node);
        }
        return nodes;
    }

    private static Node NodeOf(Node forward, Op op)
        => new(forward.Name, forward.Title, op) { Forward = forward, Parameters = [.. forward.Parameters] };

    private static string GradientName(Value value) => value.Name + "Gradient";
}
