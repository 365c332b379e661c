using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A direction of a convolution at Winograd's points.</summary>
/// <param name="Taps">Of the kernel in that direction; where it has one, nothing is transformed.</param>
internal readonly record struct WinogradAxis(int Taps)
{
    public bool IsTransformed => Taps > 1;

    /// <summary>Inputs of a patch, and points.</summary>
    public int Patch => IsTransformed ? Winograd.Patch : 1;

    /// <summary>Outputs of a tile.</summary>
    public int Outputs => Patch + 1 - Taps;
}

/// <summary>
/// How a convolution at Winograd's points is cut: its tiles of outputs, and the chunks of tiles that are computed together.
/// </summary>
internal sealed class WinogradTiling(ConvolutionGeometry g)
{
    /// <summary>Tiles whose products are computed together: what the registers hold as rows.</summary>
    private const int ChunkTiles = 14;

    /// <summary>For the weights' gradient: more tiles for each visit of the accumulated gradient, few enough for L2.</summary>
    private const int GradientChunkTiles = 28;

    /// <summary>Tiles of a chunk where the weights are far larger: enough to hide that they are read from memory.</summary>
    private const int FarChunkTiles = 56;

    /// <summary>
    /// Tasks that gradients of weights are divided into, where that takes no more than <see cref="MaxGradientSegments"/>.
    /// </summary>
    private const int GradientTasks = 16;

    private const int MaxGradientSegments = 4;

    /// <summary>The direction from row to row.</summary>
    public WinogradAxis Down { get; } = new(g.Taps.Height);

    /// <summary>The direction from column to column.</summary>
    public WinogradAxis Across { get; } = new(g.Taps.Width);

    /// <summary>The kernel has one row, and so have patches and tiles.</summary>
    public bool IsOfRows => !Down.IsTransformed;

    /// <summary>Pixels of a patch, and points.</summary>
    public int Points => Down.Patch * Across.Patch;

    /// <summary>E.g. <c>F(4×4, 3×3)</c>, in the notation of the paper.</summary>
    public string Title => $"F({Literals.Int(Down.Outputs)}×{Literals.Int(Across.Outputs)}, "
        + $"{Literals.Int(Down.Taps)}×{Literals.Int(Across.Taps)})";

    public int Rows => (g.Pixels.Height + Down.Outputs - 1) / Down.Outputs;

    public int Columns => (g.Pixels.Width + Across.Outputs - 1) / Across.Outputs;

    public int OfSample => Rows * Columns;

    /// <summary>Source channels, filled up to whole blocks.</summary>
    public int SourceLength { get; } = Layout.RoundUp(g.SourceChannels);

    /// <summary>Target channels, filled up to whole blocks.</summary>
    public int TargetLength { get; } = Layout.RoundUp(g.TargetChannels);

    public int SourceBlocks => SourceLength / Layout.Block;

    public int TargetBlocks => TargetLength / Layout.Block;

    /// <summary>Floats of the weights at one point.</summary>
    public int PointLength => SourceLength * TargetLength;

    /// <summary>Floats of the transformed weights, [point][target / 16][source][16].</summary>
    public long WeightLength => (long)Points * SourceLength * TargetLength;

    /// <summary>Chunks go across samples.</summary>
    public bool TakesAllSamples => WeightLength > CommonL2.Floats && OfSample < ChunkLimit(ChunkTiles);

    /// <summary>
    /// Tiles whose products are computed together: chunks of a sample are as equal as can be, and an even number, so that two threads can
    /// share a sample. Where layers share the tiles of registers, of which there are few sizes, all but the last fill them.
    /// </summary>
    public int Chunk(bool shared)
    {
        int limit = ChunkLimit(ChunkTiles), rest = OfSample % limit;
        bool fills = shared && (rest == 0 || rest >= ChunkTiles / 2);
        if (TakesAllSamples || fills)
            return limit;
        int size = TileShapes.Split(OfSample, limit)[0].Size, chunks = (OfSample + size - 1) / size;
        return chunks > 1 && chunks % 2 != 0 ? (OfSample + chunks) / (chunks + 1) : size;
    }

    /// <summary>Tiles that the gradient of the weights takes together.</summary>
    public int GradientChunk => ChunkLimit(GradientChunkTiles);

    /// <summary>
    /// Parts of the batch that have sums of their own, so that there are tasks for more workers than blocks of target channels. Their
    /// number does not depend on the workers, and so neither do the sums.
    /// </summary>
    public int GradientSegments => Math.Max(1, Math.Min(MaxGradientSegments, GradientTasks / TargetBlocks));

    /// <summary>Floats of the patches and products of a chunk.</summary>
    public long BufferLength(int chunk) => (long)Points * chunk * (SourceLength + TargetLength);

    /// <summary>
    /// Weights that no near cache holds are read again for every chunk: chunks grow until patches and products are as large as the weights,
    /// beyond a sample where a sample has too few tiles.
    /// </summary>
    private int ChunkLimit(int near)
    {
        if (WeightLength <= CommonL2.Floats)
            return near;
        int balanced = SourceLength * TargetLength / (SourceLength + TargetLength);
        return Math.Max(near, Math.Min(FarChunkTiles, balanced / near * near));
    }
}
