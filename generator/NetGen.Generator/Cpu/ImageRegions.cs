using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// The images of a graph, in regions: two are in one if a node has both. Between regions lie vectors, rows of features, or the boundaries
/// of parts, so that each may have the lanes that suit its layers.
/// </summary>
internal sealed class ImageRegions
{
    private readonly Dictionary<Value, Value> _next = [];

    public ImageRegions(Graph graph)
    {
        var losses = new HashSet<Node>(graph.LossNodes);
        foreach (Node node in graph.Nodes.Where(node => !losses.Contains(node) && node.Op is not BoundaryOp))
        {
            List<Value> images = ImagesOf(node);
            foreach (Value image in images)
                Join(images[0], image);
        }
    }

    /// <summary>The image that stands for the region of a node; null for one between vectors.</summary>
    public Value? Of(Node node) => ImagesOf(node).FirstOrDefault() is { } image ? Of(image) : null;

    /// <summary>The image that stands for a region.</summary>
    public Value Of(Value image)
    {
        while (_next.TryGetValue(image, out Value? next) && next != image)
            image = next;
        return image;
    }

    /// <summary>Whether a value is one of the images.</summary>
    public static bool Has(Value value) => value.Shape.HasChannels && !value.HasFeatureLanes;

    private static List<Value> ImagesOf(Node node) => node.Inputs.Concat(node.Outputs).Where(Has).ToList();

    private void Join(Value a, Value b)
    {
        (a, b) = (Of(a), Of(b));
        _next[a] = b;
    }
}
