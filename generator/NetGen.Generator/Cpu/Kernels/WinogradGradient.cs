using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Gradient of the weights of Winograd's convolution: Gᵀ (Σ patches ⊙ A dy Aᵀ) G. Threads divide segments of the batch and blocks of target
/// channels; with several segments each has sums of its own, which a second kernel ends when all threads have met.
/// </summary>
internal sealed class WinogradGradient(string name, string summary, ConvolutionGeometry g)
{
    private readonly WinogradTiling _tiling = new(g);

    private int Segments => _tiling.GradientSegments;

    private int Chunk => _tiling.GradientChunk;

    /// <summary>The sums of the segments are ended by <see cref="CreateEnd"/>.</summary>
    public bool IsSegmented => Segments > 1;

    public Kernel Create()
    {
        string remarks = $"Winograd {_tiling.Title}, channel lanes. Input {g.Source}; output gradient {g.Target}. "
            + $"{Literals.Int(_tiling.Rows)} × {Literals.Int(_tiling.Columns)} tiles, {Literals.Int(Chunk)} at a time across samples. "
            + $"sums: {(IsSegmented ? $"[{Literals.Int(Segments)} segments]" : "")}[{Literals.Int(_tiling.Points)}][{Literals.Int(_tiling.TargetBlocks)}]"
            + $"[{Literals.Int(_tiling.SourceLength)}][16]{(IsSegmented ? "" : ", of all samples")}.";
        return new Kernel(name, summary, remarks,
            [
                Floats("input"), Floats("outputGradient"), .. If(!IsSegmented, Floats("weightGradient")), Floats("sums"), Floats("scratch"),
                Samples, .. Share,
            ], EmitDriver) { IsHot = false };
    }

    /// <summary>The sums of all segments to the gradient of the weights; threads divide the blocks of target channels.</summary>
    public Kernel CreateEnd()
    {
        string remarks = $"The sums of {Literals.Int(Segments)} segments of the batch, back from the {Literals.Int(_tiling.Points)} points.";
        return new Kernel(name + "End", summary, remarks, [Floats("sums"), Floats("weightGradient"), .. Share], (writer, _, names) =>
        {
            writer.Line(TaskShare.Declare(_tiling.TargetBlocks, "firstBlock", "endBlock"));
            writer.Line($"{names.Use(WinogradTransforms.Taps(g, Segments))}(sums, weightGradient, firstBlock, endBlock);");
        }) { IsHot = false };
    }

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        // The transforms are named first: so they stand before the tiles.
        string patches = names.Use(WinogradTransforms.Patches(_tiling)), gradients = names.Use(WinogradTransforms.Gradients(_tiling));
        if (IsSegmented)
        {
            writer.Line($"// Tasks: {Literals.Int(Segments)} segments of the batch, "
                + $"each with sums of its own, × {ConvolutionRows.Count(_tiling.TargetBlocks, "block")} of 16 output channels.");
            writer.Line(TaskShare.Declare(Segments * _tiling.TargetBlocks, "firstTask", "endTask"));
            WinogradChunks.EmitBuffers(writer, _tiling, Chunk, "gradients");
            EmitSegments(writer, isa, names, patches, gradients);
            return;
        }
        writer.Line("// Each worker takes blocks of 16 output channels.");
        writer.Line(TaskShare.Declare(_tiling.TargetBlocks, "firstBlock", "endBlock"));
        writer.Line("if (firstBlock == endBlock)");
        using (writer.Indent())
            writer.Line("return;");
        WinogradChunks.EmitBuffers(writer, _tiling, Chunk, "gradients");
        EmitClear(writer);
        using (WinogradChunks.EmitAll(writer, _tiling, Chunk))
            EmitChunk(writer, isa, names, patches, gradients);
        writer.Line($"{names.Use(WinogradTransforms.Taps(g, 1))}(sums, weightGradient, firstBlock, endBlock);");
    }

    private void EmitSegments(SourceWriter writer, VectorIsa isa, KernelNames names, string patches, string gradients)
    {
        string blocks = Literals.Int(_tiling.TargetBlocks), count = Literals.Int(Segments), size = Literals.Int(Chunk);
        writer.Line($"sums += firstTask / {blocks} * (long){Literals.Int(_tiling.WeightLength)};");
        writer.Line($"int chunks = (samples * {Literals.Int(_tiling.OfSample)} + {Literals.Int(Chunk - 1)}) / {size};");
        using (writer.Block($"for (int segment = firstTask / {blocks}; segment * {blocks} < endTask; "
            + $"segment++, sums += {Literals.Int(_tiling.WeightLength)})"))
        {
            writer.Line($"int firstBlock = Math.Max(0, firstTask - segment * {blocks}), "
                + $"endBlock = Math.Min({blocks}, endTask - segment * {blocks});");
            EmitClear(writer);
            string first = $"chunks * segment / {count} * {size}", end = $"Math.Min(allTiles, chunks * (segment + 1) / {count} * {size})";
            using (WinogradChunks.EmitRange(writer, _tiling, Chunk, first, end))
                EmitChunk(writer, isa, names, patches, gradients);
        }
    }

    /// <summary>Sets the sums of this worker's blocks to zero.</summary>
    private void EmitClear(SourceWriter writer)
    {
        string block = Literals.Int(_tiling.SourceLength * Layout.Block);
        writer.Line($"for (int point = 0; point < {Literals.Int(_tiling.Points)}; point++)");
        using (writer.Indent())
            writer.Line($"new Span<float>(sums + point * {Literals.Int(_tiling.PointLength)} + firstBlock * {block}, "
                + $"(endBlock - firstBlock) * {block}).Clear();");
    }

    /// <summary>Both operands of a chunk to the points, and their products added to the sums.</summary>
    private void EmitChunk(SourceWriter writer, VectorIsa isa, KernelNames names, string patches, string gradients)
    {
        WinogradChunks.EmitPatches(writer, g, _tiling, patches, $"tile * {Literals.Int(_tiling.SourceLength)} + block * 16", Chunk);
        EmitGradients(writer, gradients);
        writer.Line("// sums[source channel][target channel] += patches · gradients, at each point.");
        using (writer.Block($"for (int point = 0; point < {Literals.Int(_tiling.Points)}; point++)"))
        {
            int vectors = isa.Lanes == Layout.Block && _tiling.TargetBlocks == 1 ? 1 : 2, width = vectors * isa.Lanes;
            writer.Line($"float* p = patches + point * {Literals.Int(Chunk * _tiling.SourceLength)}, "
                + $"dy = gradients + point * {Literals.Int(Chunk * _tiling.TargetLength)}, "
                + $"sum = sums + point * {Literals.Int(_tiling.PointLength)};");
            writer.Line("int channel = firstBlock * 16, end = endBlock * 16;");
            using (writer.Block($"for (; channel + {Literals.Int(width)} <= end; channel += {Literals.Int(width)})"))
                EmitProducts(writer, isa, names, vectors);
            if (width > Layout.Block)
            {
                using (writer.Block("if (channel < end)"))
                    EmitProducts(writer, isa, names, 1);
            }
        }
    }

    private void EmitGradients(SourceWriter writer, string transform)
    {
        Layout target = g.Target;
        writer.Line("// The output's gradient to the same points: A dy Aᵀ.");
        using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
        {
            WinogradChunks.EmitPlace(writer, _tiling);
            string inside = string.Join(", ", WinogradChunks.Inside(_tiling, g)),
                distance = _tiling.IsOfRows ? "" : $", {Literals.Int(target.RowStride)}";
            using (writer.Block("for (int block = firstBlock; block < endBlock; block++)"))
            {
                string from = $"outputGradient + sample * {Literals.Int(target.SampleStride)}L "
                    + $"+ block * {Literals.Int(target.PlaneStride)} "
                    + $"+ row * {Literals.Int(target.RowStride)} + column * 16 + {Literals.Int(target.Origin)}";
                string to = $"gradients + tile * {Literals.Int(_tiling.TargetLength)} + block * 16";
                writer.Line($"{transform}({from}{distance}, {inside}, {to}, {Literals.Int(Chunk * _tiling.TargetLength)});");
            }
        }
    }

    /// <summary>The products of all source channels and a group of target channels, at one point.</summary>
    private void EmitProducts(SourceWriter writer, VectorIsa isa, KernelNames names, int vectors)
    {
        int sourceLength = _tiling.SourceLength, width = vectors * isa.Lanes;
        string block = isa.Lanes == Layout.Block || width == Layout.Block
            ? $"channel * {Literals.Int(sourceLength)}"
            : $"channel / 16 * {Literals.Int(sourceLength * Layout.Block)} + channel % 16";
        bool shared = names.SharesTiles;
        int limit = Math.Min(14, TileShapes.MaxRows(isa.Registers, vectors));
        string sizes = !shared ? ""
            : $", {Literals.Int(sourceLength)}, {Literals.Int(_tiling.TargetLength)}"
                + (width > Layout.Block ? $", {Literals.Int(sourceLength * Layout.Block)}" : "");
        // Sizes that divide every block of channels where layers are to share them.
        foreach (TileRun run in TileShapes.Split(sourceLength, shared ? limit / 4 * 4 : limit))
        {
            string method = names.Use(Tile(isa, run.Size, vectors, shared));
            string sum = $"sum + {block} + {Literals.Int(run.Start * Layout.Block)}";
            if (run.Count == 1)
            {
                writer.Line($"{method}({Literals.Plus("p", run.Start)}, dy + channel, {sum}, tiles{sizes});");
                continue;
            }
            writer.Line($"for (int part = 0; part < {Literals.Int(run.Count)}; part++)");
            using (writer.Indent())
                writer.Line($"{method}(p + {Literals.Int(run.Start)} + part * {Literals.Int(run.Size)}, "
                    + $"dy + channel, {sum} + part * {Literals.Int(run.Size * Layout.Block)}, tiles{sizes});");
        }
    }

    private Kernel Tile(VectorIsa isa, int rows, int vectors, bool shared)
    {
        string size = $"Tile{Literals.Int(rows)}x{Literals.Int(vectors)}";
        return new Kernel(shared ? "WinogradGradient" + size : name + size,
            shared ? "Gradients of weights at one of Winograd's points: layers of different sizes share it." : summary,
            $"Microkernel: {Literals.Int(rows)} input channels × {Literals.Int(vectors)} vectors of output channels, summed over tiles.",
            [
                Floats("patches"), Floats("gradients"), Floats("sums"), Int("tiles"),
                .. If(shared, NativeInt("patchStride"), NativeInt("gradientStride")),
                .. If(shared && vectors * isa.Lanes > Layout.Block, NativeInt("sumsBlockStride")),
            ], (writer, isa, _) => EmitTile(writer, isa, rows, vectors, shared))
        {
            SharedAs = shared ? "WinogradGradient" + size : null,
        };
    }

    private void EmitTile(SourceWriter writer, VectorIsa isa, int rows, int vectors, bool shared)
    {
        var tile = new RegisterTile(rows, vectors)
        {
            RowOperand = "patches",
            VectorOperand = "gradients",
            VectorOffset = v => v * isa.Lanes,
        };
        // A sum of its own for each chunk keeps the terms of long sums of one size.
        tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
        Stride patchStride = shared ? new Stride(0, "patchStride") : _tiling.SourceLength,
            gradientStride = shared ? new Stride(0, "gradientStride") : _tiling.TargetLength;
        tile.EmitReductions(writer, isa,
            [new Reduction([new ReductionLoop("Tile", "tiles", patchStride, gradientStride)], 1, 0, 0, "Compute: sum over the tiles.")]);
        for (int row = 0; row < rows; row++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
            {
                string sum = Stride.OfVector(isa, v, (long)_tiling.SourceLength * Layout.Block,
                    shared ? "sumsBlockStride" : null).AddTo("sums", row * Layout.Block);
                return isa.Store($"({isa.Load(sum)} + {tile.Accumulator(row, v)})", sum);
            })));
        }
    }
}
