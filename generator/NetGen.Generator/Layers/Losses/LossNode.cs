using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// Loss and its gradient at once. The input is the network's output as a vector in PyTorch's order, the output is the gradient there; images
/// are flattened before it and their gradient is unflattened behind it. Its kernels take, behind the input, the pointers of one
/// <see cref="LossTarget"/>, then the gradient, <c>double* losses</c>, one for each sample, and <c>float scale</c>, which is 1 over the divisor.
/// </summary>
internal abstract class LossNode(string title) : Node("Loss", title)
{
    public override string Verb => "Gradient";

    /// <summary>
    /// The kernels mark the loss of a sample as −∞ where the network's output is outside of what the loss is defined for; the trainer
    /// then throws with this text before anything else happens. Null where every output is allowed.
    /// </summary>
    public virtual string? OutputRequirement => null;

    /// <summary>Appends the loss to a graph, from its output to the gradient there.</summary>
    /// <returns>The nodes that were appended.</returns>
    public static IReadOnlyList<Node> Append(Graph graph, LossSpec spec, Value gradient)
    {
        Value output = graph.Output;
        Loss loss = LossRegistry.For(spec);
        LossNode node = loss.CreateNode(spec, output.Shape);
        if (!output.Shape.HasChannels)
        {
            graph.Add(node, gradient, output);
            return [node];
        }
        var flatten = new FlattenNode("LossFlatten", node.Title, toImage: false);
        var unflatten = new FlattenNode("LossFlatten", node.Title, toImage: true, isGradient: true);
        Value input = graph.Add(flatten, "lossInput", TensorShape.Vector(output.Shape.Size), output);
        Value inputGradient = graph.Add(node, "lossInputGradient", input.Shape, input);
        inputGradient.GradientOf = input;
        graph.Add(unflatten, gradient, inputGradient);
        return [flatten, node, unflatten];
    }
}
