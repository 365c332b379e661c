using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Cpu.Ops;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cpu;

/// <summary>
/// With channel lanes each group of a convolution must begin a block of 16 channels: where its channels do not fill blocks they are spread
/// before it and gathered behind it, and the bias is added there. With sample lanes channels need no such arrangement.
/// </summary>
internal static class SpreadGroups
{
    /// <param name="sampleLanes">The images that will have them.</param>
    public static void Run(Graph graph, IReadOnlyCollection<Value> sampleLanes)
    {
        foreach (Node node in graph.Nodes.ToList())
        {
            if (node.Cpu is IHasConvolution { Convolution: { Groups: > 1, IsDepthwise: false } convolution }
                && !sampleLanes.Contains(node.Input))
                Spread(graph, node, convolution.Groups);
        }
    }

    private static void Spread(Graph graph, Node node, int groups)
    {
        Value input = node.Input, output = node.Output!;
        int inChannels = input.Shape.Channels / groups, outChannels = output.Shape.Channels / groups;
        string prefix = char.ToLowerInvariant(node.Name[0]) + node.Name.Substring(1);
        if (inChannels % Layout.Block != 0)
        {
            int pitch = Layout.RoundUp(inChannels);
            var spread = new Node(node.Name + "Spread", node.Title, new ChannelMapOp(ChannelMap.Spread(groups, inChannels, pitch)));
            graph.InsertBefore(node, 0, spread, graph.NewValue(prefix + "Spread", OfChannels(input.Shape, groups * pitch)));
        }
        if (outChannels % Layout.Block != 0)
        {
            int pitch = Layout.RoundUp(outChannels);
            var gather = new Node(node.Name + "Gather", node.Title, new ChannelMapOp(ChannelMap.Gather(groups, outChannels, pitch)));
            gather.Parameters.AddRange(node.Parameters.Where(use => use.Slot == "bias"));
            node.Parameters.RemoveAll(use => use.Slot == "bias");
            graph.InsertBehind(node, gather, graph.NewValue(prefix + "Groups", OfChannels(output.Shape, groups * pitch)));
        }
    }

    private static TensorShape OfChannels(TensorShape shape, int channels) => shape.WithExtent(channels, shape.Height, shape.Width);
}
