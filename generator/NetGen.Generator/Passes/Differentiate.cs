using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Passes;

/// <summary>
/// Extends a forward graph by its backward pass: for each node, in reverse, the nodes that compute the gradients of its inputs
/// and parameters. What follows (fusion, layout, memory) treats forward and backward alike. Each node knows its own derivative.
/// </summary>
internal sealed class Differentiate
{
    private readonly Graph _graph;
    private readonly Dictionary<Value, Value> _gradients = [];

    private Differentiate(Graph graph) => _graph = graph;

    public static void Run(Graph graph, LossSpec? loss)
    {
        var pass = new Differentiate(graph);
        Value outputGradient = graph.NewValue(graph.Output.Name + "Gradient", graph.Output.Shape);
        outputGradient.GradientOf = graph.Output;
        graph.OutputGradient = outputGradient;
        pass._gradients[graph.Output] = outputGradient;
        if (loss is not null)
            graph.LossNodes = LossNode.Append(graph, loss, outputGradient);

        foreach (Node node in graph.ForwardNodes.Reverse().ToList())
            node.Differentiate(pass, pass._gradients[node.Output!]);

        graph.InputGradient = pass._gradients[graph.Input];
    }

    /// <summary>Appends the node that computes the gradient of a parameter.</summary>
    public void AddParameterGradient(Node node, params Value[] inputs) => _graph.Add(node, null, inputs);

    /// <summary>Appends the node that computes what flows back to <paramref name="target"/>.</summary>
    public void Flow(Value target, Node node, params Value[] inputs)
    {
        Value result = _graph.Add(node, GradientName(target), target.Shape, inputs);
        result.GradientOf = target;
        Accumulate(target, result, node);
    }

    /// <summary>Sends a gradient back to a value; one that several nodes use receives the sum of what they send back.</summary>
    public void Accumulate(Value target, Value contribution, Node source)
    {
        if (_gradients.TryGetValue(target, out Value? sum))
        {
            contribution = _graph.Add(new AddNode(source.Name + "Sum", source.Title, backward: true), GradientName(target), target.Shape, sum, contribution);
            contribution.GradientOf = target;
        }
        _gradients[target] = contribution;
    }

    private static string GradientName(Value value) => value.Name + "Gradient";
}
