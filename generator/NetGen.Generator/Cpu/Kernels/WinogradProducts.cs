using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The products at Winograd's points: at each of them a matrix of tiles × source channels times one of source × target channels. The
/// transformed patches and the products lie as [block of 16 channels][tile of the chunk][16], so that the rows of a register tile
/// are 16 floats apart whatever the layer.
/// </summary>
/// <param name="sourceChannels">Patches and weights have room for whole blocks of them.</param>
/// <param name="chunk">Tiles that there is room for.</param>
/// <param name="lastChunk">Tiles of each sample's last chunk.</param>
/// <param name="acrossSamples">Chunks go across samples and can have any size.</param>
internal sealed class WinogradProducts(string name, string summary, int sourceChannels,
    int targetLength, int chunk, int lastChunk, bool acrossSamples)
{
    private readonly int _sourceLength = Layout.RoundUp(sourceChannels), _sourceBlocks = Layout.RoundUp(sourceChannels) / Layout.Block,
        _targetBlocks = targetLength / Layout.Block;

    /// <summary>Floats from one block of channels to the next in patches and products.</summary>
    public long ChunkBlock => (long)chunk * Layout.Block;

    /// <summary>The statement that computes one point.</summary>
    public string Call(KernelNames names, string patches, string weights, string products, string tiles)
    {
        bool shared = names.SharesTiles;
        string sizes = shared ? $", {Literals.Int(_sourceBlocks)}, {Literals.Int(_targetBlocks / 2)}, {Literals.Int(ChunkBlock)}" : "";
        return $"{names.Use(Method(shared))}({patches}, {weights}, {products}, {tiles}{sizes});";
    }

    /// <summary>
    /// The units in which target channels are divided among workers: pairs of blocks, or all where one block has no neighbour.
    /// </summary>
    public int Units => _targetBlocks % 2 == 0 ? _targetBlocks / 2 : 1;

    /// <summary>
    /// The statement that computes one point of a chunk of one sample, for some units; the variables firstUnit and units say which.
    /// </summary>
    public string PartCall(KernelNames names, string patches, string weights, string products, string tiles)
    {
        if (Units == 1)
            return Call(names, patches, weights, products, tiles);
        string call = $"({patches}, {weights} + firstUnit * {Literals.Int(2L * _sourceLength * Layout.Block)}, "
            + $"{products} + firstUnit * {Literals.Int(2 * ChunkBlock)}, {tiles}, ";
        return names.SharesTiles
            ? $"{names.Use(Method(shared: true))}{call}{Literals.Int(_sourceBlocks)}, units, {Literals.Int(ChunkBlock)});"
            : $"{names.Use(PartMethod())}{call}units);";
    }

    private Kernel PartMethod()
        => new(name + "ProductPart", summary + " Products at one point, a matrix of tiles × channels.",
            $"patches [{Literals.Int(_sourceBlocks)}][{Literals.Int(chunk)}][16] "
            + $"times weights [{Literals.Int(_targetBlocks)}][{Literals.Int(_sourceLength)}][16], for units of 32 target channels.",
            [Floats("patches"), Floats("weights"), Floats("products"), Int("tiles"), Int("units")], (writer, isa, names) =>
            {
                int groupsOfUnit = 2 * Layout.Block / (2 * isa.Lanes);
                EmitGroups(writer, isa, names, shared: false, groupsOfUnit == 1 ? "units" : $"units * {Literals.Int(groupsOfUnit)}",
                    ofSample: true);
            }) { IsHot = false };

    private Kernel Method(bool shared)
    {
        bool odd = _targetBlocks % 2 != 0;
        string layouts = shared
            ? "patches [block][tile][16] times weights [target block][source channel][16]; "
                + "blockStride floats from one block of 16 channels of patches or products to the next."
                + (odd ? " The last block of target channels has no neighbour." : "")
            : $"patches [{Literals.Int(_sourceBlocks)}][{Literals.Int(chunk)}][16] "
                + $"times weights [{Literals.Int(_targetBlocks)}][{Literals.Int(_sourceLength)}][16].";
        return new Kernel(shared ? "WinogradProduct" + (odd ? "Odd" : "") : name + "Product",
            shared ? "Products at one of Winograd's points, a matrix of tiles × channels: layers of different sizes share it." : summary
            + " Products at one point, a matrix of tiles × channels.",
            layouts,
            [
                Floats("patches"), Floats("weights"), Floats("products"), Int("tiles"),
                .. If(shared, Int("blocks"), Int("pairs"), NativeInt("blockStride")),
            ],
            (writer, isa, names) => EmitMethod(writer, isa, names, shared, odd))
        {
            IsHot = false,
            SharedAs = shared ? "WinogradProduct" + (odd ? "Odd" : "") + (_targetBlocks > 1 ? "" : "Single") : null,
        };
    }

    private void EmitMethod(SourceWriter writer, VectorIsa isa, KernelNames names, bool shared, bool odd)
    {
        if (2 * isa.Lanes > Layout.Block)
        {
            if (_targetBlocks > 1)
                EmitGroups(writer, isa, names, shared, shared ? "pairs" : Literals.Int(_targetBlocks / 2));
            if (odd)
            {
                writer.Line("// The last, odd block of 16 target channels.");
                using (writer.Block())
                {
                    writer.Line(shared
                        ? "float* w = weights + pairs * 2 * blocks * 256, y = products + pairs * 2 * blockStride;"
                        : $"float* w = {Literals.Plus("weights", (_targetBlocks - 1L) * _sourceLength * Layout.Block)}, "
                            + $"y = {Literals.Plus("products", (_targetBlocks - 1) * ChunkBlock)};");
                    EmitTiles(writer, isa, names, shared, 1);
                }
            }
            return;
        }
        EmitGroups(writer, isa, names, shared,
            !shared ? Literals.Int(_targetBlocks * (Layout.Block / (2 * isa.Lanes))) : (odd ? "(2 * pairs + 1)" : "2 * pairs")
                + (2 * isa.Lanes < Layout.Block ? " * 2" : ""));
    }

    /// <summary>Groups of the target channels of two vectors, which hold a pair of blocks, a block, or half of one.</summary>
    private void EmitGroups(SourceWriter writer, VectorIsa isa, KernelNames names, bool shared, string count, bool ofSample = false)
    {
        string chunkBlock = shared ? "blockStride" : Literals.Int(ChunkBlock),
            weightBlock = shared ? "blocks * 256" : Literals.Int((long)_sourceLength * Layout.Block);
        int width = 2 * isa.Lanes;
        writer.Line($"// {Literals.Int(width)} target channels at a time: their weights stay in the cache while all tiles pass.");
        using (writer.Block($"for (int group = 0; group < {count}; group++)"))
        {
            writer.Line(width > Layout.Block
                ? $"float* w = weights + group * {(shared ? "2 * blocks * 256" : Literals.Int(2L * _sourceLength * Layout.Block))}, "
                    + $"y = products + group * {(shared ? "2 * blockStride" : Literals.Int(2 * ChunkBlock))};"
                : width == Layout.Block
                    ? $"float* w = weights + group * {weightBlock}, y = products + group * {chunkBlock};"
                    : $"float* w = weights + (group >> 1) * {weightBlock} + (group & 1) * {Literals.Int(width)}, "
                        + $"y = products + (group >> 1) * {chunkBlock} + (group & 1) * {Literals.Int(width)};");
            EmitTiles(writer, isa, names, shared, 2, ofSample);
        }
    }

    /// <param name="ofSample">The tiles are of one sample.</param>
    private void EmitTiles(SourceWriter writer, VectorIsa isa, KernelNames names, bool shared, int vectors, bool ofSample = false)
    {
        if (shared || (acrossSamples && !ofSample))
        {
            EmitAnyTiles(writer, isa, names, shared, vectors);
        }
        else if (lastChunk == chunk || acrossSamples)
        {
            EmitKnownTiles(writer, isa, names, lastChunk, vectors);
        }
        else
        {
            using (writer.Block($"if (tiles == {Literals.Int(chunk)})"))
                EmitKnownTiles(writer, isa, names, chunk, vectors);
            using (writer.Block("else"))
                EmitKnownTiles(writer, isa, names, lastChunk, vectors);
        }
    }

    private void EmitKnownTiles(SourceWriter writer, VectorIsa isa, KernelNames names, int tiles, int vectors)
    {
        foreach ((int size, int count, int done) in TileShapes.Split(tiles, TileShapes.MaxRows(isa.Registers, 2)))
        {
            string tile = names.Use(Tile(isa, size, vectors, shared: false));
            if (count == 1)
            {
                writer.Line($"{tile}({Literals.Plus("patches", done * Layout.Block)}, w, {Literals.Plus("y", done * Layout.Block)});");
            }
            else
            {
                writer.Line($"for (int tile = {Literals.Int(done)}; tile < {Literals.Int(done + size * count)}; "
                    + $"tile += {Literals.Int(size)})");
                using (writer.Indent())
                    writer.Line($"{tile}(patches + tile * 16, w, y + tile * 16);");
            }
        }
    }

    private void EmitAnyTiles(SourceWriter writer, VectorIsa isa, KernelNames names, bool shared, int vectors)
    {
        string sizes = !shared ? "" : vectors * isa.Lanes > Layout.Block ? ", blocks, blockStride, blocks * 256" : ", blocks, blockStride";
        TileShapes.EmitAny(writer, isa, "tiles", "tile", (size, first)
            => $"{names.Use(Tile(isa, size, vectors, shared))}(patches + {first} * 16, w, y + {first} * 16{sizes});");
    }

    private Kernel Tile(VectorIsa isa, int rows, int vectors, bool shared)
    {
        string size = $"{Literals.Int(rows)}x{Literals.Int(vectors)}";
        return new Kernel(shared ? "WinogradProductTile" + size : $"{name}ProductTile{size}",
            shared ? "Products at one of Winograd's points: layers of different sizes share it." : summary + " Products at one point.",
            $"Microkernel: {ConvolutionRows.Count(rows, "tile")} × {ConvolutionRows.Count(vectors, "vector")} of target channels, "
            + $"{Literals.Int(rows * vectors)} accumulators.",
            [Floats("patches"), Floats("weights"), Floats("products"), .. If(shared, Int("blocks"), NativeInt("blockStride")),
                .. If(shared && vectors * isa.Lanes > Layout.Block, NativeInt("weightsBlockStride"))], Emit)
        {
            SharedAs = shared ? "WinogradProductTile" + size : null,
        };

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            Stride Part(int v, string parameter, long blockStride) => Stride.OfVector(isa, v, blockStride, shared ? parameter : null);

            var tile = new RegisterTile(rows, vectors)
            {
                RowOperand = "patches",
                RowOffset = row => row * Layout.Block,
                VectorOffset = v => Part(v, "weightsBlockStride", (long)_sourceLength * Layout.Block),
                UnrolledMultiplyAdds = shared ? RegisterTile.SharedUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds,
            };
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            tile.EmitReductions(writer, isa, shared
                ? [Blocks("blocks", new Stride(0, "blockStride"), "blocks")] : ChannelsOf());
            for (int row = 0; row < rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                    isa.Store(tile.Accumulator(row, v), Part(v, "blockStride", ChunkBlock).AddTo("products", row * Layout.Block)))));
            }
        }

        static Reduction Blocks(Quantity count, Stride stride, string words) => new(
            [new ReductionLoop("Block", count, stride, Layout.Block * Layout.Block)], Layout.Block, 1, Layout.Block,
            $"Compute: {words} of 16 source channels.");

        // What fills the last block is zero.
        IEnumerable<Reduction> ChannelsOf()
        {
            int whole = sourceChannels / Layout.Block, rest = sourceChannels % Layout.Block;
            if (whole > 0)
                yield return Blocks(whole, ChunkBlock, ConvolutionRows.Count(whole, "block"));
            if (rest > 0)
            {
                yield return new Reduction([], rest, 1, Layout.Block,
                    $"Compute: {ConvolutionRows.Count(rest, "source channel")}{(whole > 0 ? " behind them" : "")}.",
                    whole * ChunkBlock, (long)whole * Layout.Block * Layout.Block);
            }
        }
    }
}
