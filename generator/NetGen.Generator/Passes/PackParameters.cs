using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Passes;

/// <summary>
/// Places every parameter in one flat buffer, in the order the kernels read: blocks of 16 output channels innermost, so that a
/// vector of weights is one load and the optimiser is one loop.
/// </summary>
internal static class PackParameters
{
    private const int Block = Layout.Block;

    public static void Run(Graph.Graph graph, LayoutFacts facts, ParameterTable parameters)
    {
        foreach (Node node in graph.ForwardNodes)
        {
            switch (node)
            {
                case Conv2dNode conv:
                    PackConvolution(conv, conv.Input == graph.Input && facts.InputIsPlain);
                    PackBias(conv.Bias);
                    break;
                case LinearNode linear:
                    PackLinear(linear, facts);
                    PackBias(linear.Bias);
                    break;
            }
        }

        int offset = 0;
        foreach (ParameterInfo parameter in parameters.All)
        {
            parameter.Offset = offset;
            offset = checked(offset + Layout.RoundUp(parameter.PackedLength));
        }
        parameters.PackedLength = offset;
    }

    private static void PackConvolution(Conv2dNode conv, bool plain)
    {
        int outChannels = conv.Weight.Shape[0], inChannels = conv.Weight.Shape[1], height = conv.Weight.Shape[2], width = conv.Weight.Shape[3];
        int taps = height * width, outBlocks = Layout.RoundUp(outChannels) / Block, inBlocks = Layout.RoundUp(inChannels) / Block;
        int innerChannels = plain ? 1 : Block;
        int blockStride = checked((plain ? inChannels : inBlocks * Block) * taps * Block);
        conv.Weight.Dimensions =
        [
            new PackedDimension(outChannels, Block, blockStride, 1),
            plain ? new PackedDimension(inChannels, 1, taps * Block, 0) : new PackedDimension(inChannels, Block, taps * Block * Block, Block),
            new PackedDimension(height, 1, width * innerChannels * Block, 0),
            new PackedDimension(width, 1, innerChannels * Block, 0),
        ];
        conv.Weight.PackedLength = checked(outBlocks * blockStride);
    }

    private static void PackLinear(LinearNode linear, LayoutFacts facts)
    {
        int inFeatures = linear.InFeatures;
        int blockStride = checked(inFeatures * Block);
        var output = new PackedDimension(linear.OutFeatures, Block, blockStride, 1);
        linear.Weight.Dimensions = facts.FlattenedFrom(linear.Input) is { } image
            ?
            [
                output,
                new PackedDimension(image.Channels, Block, image.Height * image.Width * Block * Block, Block),
                new PackedDimension(image.Height, 1, image.Width * Block * Block, 0),
                new PackedDimension(image.Width, 1, Block * Block, 0),
            ]
            : [output, new PackedDimension(inFeatures, 1, Block, 0)];
        linear.Weight.PackedLength = checked(Layout.RoundUp(linear.OutFeatures) / Block * blockStride);
    }

    private static void PackBias(ParameterInfo? bias)
    {
        if (bias is null)
            return;
        bias.Dimensions = [new PackedDimension(bias.Length, 1, 1, 0)];
        bias.PackedLength = Layout.RoundUp(bias.Length);
    }
}
