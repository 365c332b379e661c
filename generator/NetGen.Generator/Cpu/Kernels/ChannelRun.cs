using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Output channels of a convolution with sample lanes that tiles of one size compute, in some whole blocks of 16 channels or in the last,
/// which is not whole. Channel = (<see cref="FirstBlock"/> + channelBlock) · 16 + <c>Tiles.Start</c> + channelTile · <c>Tiles.Size</c>.
/// </summary>
/// <param name="Blocks">So many blocks have these tiles.</param>
/// <param name="Tiles">Of one block.</param>
internal readonly record struct ChannelRun(int FirstBlock, int Blocks, TileRun Tiles)
{
    /// <param name="limit">Most channels of a tile.</param>
    public static IEnumerable<ChannelRun> All(int channels, int limit)
        => TileShapes.Groups(channels, Layout.Block).SelectMany(blocks =>
            TileShapes.Split(blocks.Size, limit).Select(tiles => new ChannelRun(blocks.Start / Layout.Block, blocks.Count, tiles)));

    /// <summary>Opens the loops over blocks and tiles, or a block where there is one of each.</summary>
    public BlockStack Open(SourceWriter writer)
    {
        var loops = new BlockStack(writer);
        if (Blocks > 1)
            loops.Open($"for (int channelBlock = 0; channelBlock < {Literals.Int(Blocks)}; channelBlock++)");
        if (Tiles.Count > 1)
            loops.Open($"for (int channelTile = 0; channelTile < {Literals.Int(Tiles.Count)}; channelTile++)");
        if (Blocks == 1 && Tiles.Count == 1)
            loops.Open();
        return loops;
    }

    /// <summary>The C# expression of the tile's first channel.</summary>
    public string Channel => Literals.Int(FirstBlock * Layout.Block + Tiles.Start)
        + (Blocks > 1 ? " + channelBlock * 16" : "")
        + (Tiles.Count > 1 ? $" + channelTile * {Literals.Int(Tiles.Size)}" : "");

    /// <summary>The address of the tile's weights.</summary>
    /// <param name="start">Of the first channel's.</param>
    public string Weights(string pointer, long start, ChannelStride stride)
        => Literals.Plus(pointer, start + FirstBlock * stride.BlockStride + Tiles.Start * stride.InnerStride)
            + (Blocks > 1 ? $" + channelBlock * {Literals.Int(stride.BlockStride)}" : "")
            + (Tiles.Count > 1 ? $" + channelTile * {Literals.Int(Tiles.Size * stride.InnerStride)}" : "");
}
