using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>
/// Convolution by Winograd's minimal filtering (Lavin and Gray, arXiv:1509.09308) for 3×3 and 5×5 kernels of stride 1: patches of
/// 6×6 inputs and the kernel are evaluated at the 36 pairs of the points 0, 1, −1, 2, −2, ∞; there the convolution is one product
/// per channel pair, so 36 matrix products give 4×4 (or 2×2) outputs for a quarter (or 36%) of the multiply-adds. Each direction is
/// <see cref="ToomCook"/>'s transform.
/// </summary>
internal static class Winograd
{
    public const int Patch = 6, Points = Patch * Patch;

    /// <summary>Tiles whose products are computed together: what the registers hold as rows.</summary>
    private const int ChunkTiles = 14;

    /// <summary>For the weights' gradient: more tiles for each visit of the accumulated gradient, few enough for L2.</summary>
    private const int GradientChunkTiles = 28;

    private static readonly ToomCook Transform = new(1, 2);

    /// <summary>The vectors of a patch's row or column.</summary>
    private static readonly string[] PatchRow = ["d0", "d1", "d2", "d3", "d4", "d5"];

    /// <summary>Few channels do not repay the transforms.</summary>
    private const int MinChannels = 16;

    public static bool Applies(ConvolutionGeometry g, Activation? activation = null)
        => g.Source.Kind == LayoutKind.Blocked && g.Target.Kind == LayoutKind.Blocked
            && g.Taps.Height == g.Taps.Width && g.Taps.Width is 3 or 5
            && g.Stride == Pair.Both(1) && g.Dilation == Pair.Both(1) && g.TargetStep == Pair.Both(1)
            && g.SourceChannels >= MinChannels && g.TargetChannels >= MinChannels
            && g.Pixels.Height >= 4 && g.Pixels.Width >= 4
            && (activation is null or { KeepsZero: true } || g.TargetChannels % Layout.Block == 0);

    private static int OutputTile(ConvolutionGeometry g) => Patch + 1 - g.Taps.Width;

    private static (int Rows, int Columns) Tiles(ConvolutionGeometry g)
        => ((g.Pixels.Height + OutputTile(g) - 1) / OutputTile(g), (g.Pixels.Width + OutputTile(g) - 1) / OutputTile(g));

    private static int SourceLength(ConvolutionGeometry g) => Layout.RoundUp(g.SourceChannels);

    private static int TargetLength(ConvolutionGeometry g) => Layout.RoundUp(g.TargetChannels);

    /// <summary>Floats of the transformed weights, [36][target / 16][source][16].</summary>
    public static long WeightLength(ConvolutionGeometry g) => (long)Points * SourceLength(g) * TargetLength(g);

    private static int RowsPerChunk(ConvolutionGeometry g, int limit) => Math.Max(1, Math.Min(Tiles(g).Rows, limit / Tiles(g).Columns));

    private static int TilesPerChunk(ConvolutionGeometry g, int limit) => RowsPerChunk(g, limit) * Tiles(g).Columns;

    /// <summary>Floats that one worker needs beside the weights: transformed patches and products of a chunk.</summary>
    public static long ScratchLength(ConvolutionGeometry g) => (long)Points * TilesPerChunk(g, ChunkTiles) * (SourceLength(g) + TargetLength(g));

    public static long GradientScratchLength(ConvolutionGeometry g) => (long)Points * TilesPerChunk(g, GradientChunkTiles) * (SourceLength(g) + TargetLength(g));

    /// <summary>36 points of each 3×3 or 5×5 kernel. Tasks are blocks of 16 × 16 channels, divided like those of the transposition.</summary>
    public static Kernel Weights(string name, string summary, ConvolutionGeometry g)
    {
        int r = g.Taps.Width, sourceBlocks = SourceLength(g) / Layout.Block, targetBlocks = TargetLength(g) / Layout.Block;
        long pointStride = (long)SourceLength(g) * TargetLength(g);
        return new Kernel(name, summary, $"Winograd F({Literals.Int(Patch + 1 - r)}×{Literals.Int(Patch + 1 - r)}, {Literals.Int(r)}×{Literals.Int(r)}): G g Gᵀ, 16 target channels in the lanes; result [36][{Literals.Int(targetBlocks)}][{Literals.Int(SourceLength(g))}][16].",
            "float* weights, float* transformed, int worker, int workers", (writer, isa, _) =>
        {
            int tasks = sourceBlocks * targetBlocks;
            writer.Line($"float* half = stackalloc float[{Literals.Int(Patch * r * isa.Lanes)}];");
            using (writer.Block(TaskShare.Loop(tasks, "task")))
            {
                writer.Line($"int target = task / {Literals.Int(sourceBlocks)}, source = task % {Literals.Int(sourceBlocks)};");
                writer.Line($"float* block = weights + target * {Literals.Int(g.TargetChannelStride.BlockStride)} + source * {Literals.Int(g.SourceChannelStride.BlockStride)};");
                writer.Line($"float* result = transformed + (target * {Literals.Int(sourceBlocks)} + source) * 256;");
                using (writer.Block($"for (int i = 0; i < 256; i += {Literals.Int(isa.Lanes)})"))
                {
                    writer.Line("// Columns of the kernel, then rows.");
                    using (writer.Block($"for (int column = 0; column < {Literals.Int(r)}; column++)"))
                    {
                        writer.Line($"float* taps = block + i + column * {Literals.Int(g.TapColumnStride)};");
                        ToomCook.LoadAll(writer, isa, "g", r, k => Literals.Plus("taps", k * g.TapRowStride));
                        ToomCook.EmitRows(writer, isa, Transform.KernelMatrix(r), "g", (point, value) => isa.Store(value, $"half + ({Literals.Int(point * r)} + column) * {Literals.Int(isa.Lanes)}"));
                    }
                    using (writer.Block($"for (int row = 0; row < {Literals.Int(Patch)}; row++)"))
                    {
                        ToomCook.LoadAll(writer, isa, "h", r, k => $"half + (row * {Literals.Int(r)} + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
                        ToomCook.EmitRows(writer, isa, Transform.KernelMatrix(r), "h", (point, value) => isa.Store(value, $"result + i + (row * 6 + {Literals.Int(point)}) * (long){Literals.Int(pointStride)}"));
                    }
                }
            }
        });
    }

    /// <summary>Forward, or the input's gradient from transposed weights.</summary>
    public static Kernel Convolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        int m = OutputTile(g), r = g.Taps.Width;
        (int tileRows, int tileColumns) = Tiles(g);
        int rowsPerChunk = RowsPerChunk(g, ChunkTiles), chunk = rowsPerChunk * tileColumns;
        int sourceLength = SourceLength(g), targetLength = TargetLength(g);
        string remarks = $"Winograd F({Literals.Int(m)}×{Literals.Int(m)}, {Literals.Int(r)}×{Literals.Int(r)}), channel lanes. Input {g.Source}; output {g.Target}. "
            + $"{Literals.Count(g.MultiplyAdds)} multiply-adds per sample directly, {Literals.Count((long)Points * tileRows * tileColumns * g.SourceChannels * g.TargetChannels)} this way. "
            + $"{Literals.Int(tileRows)} × {Literals.Int(tileColumns)} tiles, {Literals.Int(chunk)} at a time, so that patches, products and weights stay in L2.";

        return new Kernel(name, summary, remarks, epilogue.Parameters("float* input, float* transformedWeights", "float* scratch, int samples"), EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            string transform = names.Use(PatchTransform());
            string output = names.Use(OutputTransform(name, summary, g, chunk * targetLength, epilogue));
            int lastRows = tileRows % rowsPerChunk == 0 ? rowsPerChunk : tileRows % rowsPerChunk;
            var geometry = new LinearKernels.Geometry { InFeatures = sourceLength, OutFeatures = targetLength, InputStride = sourceLength, OutputStride = targetLength };
            string product = names.Use(LinearKernels.Create(name + "Product", summary + " Products at one point, a matrix of tiles × channels.", geometry, hasBias: false, activation: null, mask: null,
                ProductTiles(isa, chunk, lastRows * tileColumns)));

            writer.Line($"float* patches = scratch, products = scratch + {Literals.Int((long)Points * chunk * sourceLength)};");
            writer.Line($"float* border = stackalloc float[{Literals.Int(Points * Layout.Block)}];");
            using (writer.Block($"for (int sample = 0; sample < samples; sample++, input += {Literals.Int(g.Source.SampleStride)}, output += {Literals.Int(g.Target.SampleStride)}{epilogue.Advance(other => other.SampleStride)})"))
            using (writer.Block($"for (int firstTileRow = 0; firstTileRow < {Literals.Int(tileRows)}; firstTileRow += {Literals.Int(rowsPerChunk)})"))
            {
                writer.Line($"int tileRows = Math.Min({Literals.Int(rowsPerChunk)}, {Literals.Int(tileRows)} - firstTileRow), tiles = tileRows * {Literals.Int(tileColumns)};");
                EmitPatches(writer, g, "input", "patches", transform, m, tileColumns, sourceLength, chunk);
                writer.Line("// At each of the 36 points: products[tile][target channel] = patches[tile][source channel] · weights.");
                using (writer.Block($"for (int point = 0; point < {Literals.Int(Points)}; point++)"))
                    writer.Line($"{product}(patches + point * {Literals.Int(chunk * sourceLength)}, transformedWeights + point * {Literals.Int(sourceLength * targetLength)}, products + point * {Literals.Int(chunk * targetLength)}, tiles);");
                writer.Line("// Back to pixels.");
                using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
                {
                    writer.Line($"int row = (firstTileRow + tile / {Literals.Int(tileColumns)}) * {Literals.Int(m)}, column = tile % {Literals.Int(tileColumns)} * {Literals.Int(m)};");
                    using (writer.Block($"for (int block = 0; block < {Literals.Int(targetLength / Layout.Block)}; block++)"))
                    {
                        string At(string pointer, Layout layout)
                            => $"{pointer} + block * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)} + column * 16 + {Literals.Int(layout.Origin)}";
                        string arguments = epilogue.Arguments([$"products + tile * {Literals.Int(targetLength)} + block * 16"], "bias + block * 16",
                            At("output", g.Target), other => At(epilogue.OtherName, other),
                            g.Pixels.Height % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Height)} - row)",
                            g.Pixels.Width % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Width)} - column)");
                        writer.Line($"{output}({arguments});");
                    }
                }
            }
        }
    }

    /// <summary>Tiles of samples for the products: the chunk in equal parts, and the last chunk's.</summary>
    private static IReadOnlyList<(int Samples, int Vectors)> ProductTiles(VectorIsa isa, int chunk, int lastChunk)
    {
        int limit = TileShapes.MaxRows(isa.Registers, 2);
        var sizes = TileShapes.Split(chunk, limit).Concat(TileShapes.Split(lastChunk, limit)).Select(t => t.Size).Distinct().OrderByDescending(s => s).ToList();
        if (!sizes.Contains(1))
            sizes.Add(1);
        return sizes.Select(s => (s, s == 1 ? 8 : 2)).ToList();
    }

    /// <summary>Writes the loop that transforms the patches of a chunk; patches that leave the image go through a copy with zeros.</summary>
    private static void EmitPatches(SourceWriter writer, ConvolutionGeometry g, string source, string target, string transform, int m, int tileColumns,
        int length, int chunk)
    {
        Layout layout = g.Source;
        writer.Line("// Patches of 6 × 6 pixels to their values at the 36 points.");
        using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
        {
            writer.Line($"int row = (firstTileRow + tile / {Literals.Int(tileColumns)}) * {Literals.Int(m)} - {Literals.Int(g.Top)}, column = tile % {Literals.Int(tileColumns)} * {Literals.Int(m)} - {Literals.Int(g.Left)};");
            writer.Line($"bool inside = row >= 0 && row <= {Literals.Int(layout.Height - Patch)} && column >= {Literals.Int(-layout.Left)} && column <= {Literals.Int(layout.Width + layout.Right - Patch)};");
            using (writer.Block($"for (int block = 0; block < {Literals.Int(layout.Planes)}; block++)"))
            {
                writer.Line($"float* plane = {source} + block * {Literals.Int(layout.PlaneStride)} + {Literals.Int(layout.Origin)};");
                writer.Line($"float* result = {target} + tile * {Literals.Int(length)} + block * 16;");
                writer.Line("if (inside)");
                using (writer.Indent())
                    writer.Line($"{transform}(plane + row * {Literals.Int(layout.RowStride)} + column * 16, {Literals.Int(layout.RowStride)}, result, {Literals.Int(chunk * length)});");
                using (writer.Block("else"))
                {
                    writer.Line($"Relayout.CopyPatch(plane, border, row, column, {Literals.Int(layout.Height)}, {Literals.Int(layout.Width)}, {Literals.Int(layout.RowStride)});");
                    writer.Line($"{transform}(border, {Literals.Int(Patch * Layout.Block)}, result, {Literals.Int(chunk * length)});");
                }
            }
        }
    }

    /// <summary>Bᵀ d B for 16 channels of a 6 × 6 patch.</summary>
    private static Kernel PatchTransform() => new("WinogradPatch", "Values of a 6 × 6 patch of 16 channels at the 36 points: Bᵀ d B.",
        "The 36 results lie pointStride floats apart.", "float* patch, int rowStride, float* result, int pointStride", (writer, isa, _) =>
    {
        writer.Line($"float* half = stackalloc float[{Literals.Int(Points * isa.Lanes)}];");
        using (Parts(writer, isa))
        {
            string part = PartOffset(isa);
            writer.Line("// Columns, then rows.");
            using (writer.Block("for (int column = 0; column < 6; column++)"))
            {
                ToomCook.LoadAll(writer, isa, "d", Patch, k => $"patch + column * 16 + {Literals.Int(k)} * rowStride{part}");
                Transform.EmitInputValues(writer, isa, PatchRow, (point, value) => isa.Store(value, $"half + ({Literals.Int(point * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
            }
            using (writer.Block("for (int row = 0; row < 6; row++)"))
            {
                ToomCook.LoadAll(writer, isa, "d", Patch, k => $"half + (row * 6 + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
                writer.Line($"float* points = result + row * 6 * pointStride{part};");
                Transform.EmitInputValues(writer, isa, PatchRow, (point, value) => isa.Store(value, $"points + {Literals.Int(point)} * pointStride"));
            }
        }
    });

    /// <summary>Aᵀ p A, and the epilogue.</summary>
    private static Kernel OutputTransform(string name, string summary, ConvolutionGeometry g, int pointStride, ConvolutionEpilogue epilogue)
    {
        int m = OutputTile(g);
        return new Kernel(name + "Output", summary + " From the 36 points to pixels: Aᵀ p A.",
            $"{Literals.Int(m)} × {Literals.Int(m)} pixels of 16 channels, of which rows × columns lie inside the image.{epilogue.Fused(everyActivation: true)}",
            epilogue.Parameters("float* products", "int rows, int columns"), (writer, isa, names) =>
        {
            writer.Line($"float* half = stackalloc float[{Literals.Int(m * Patch * isa.Lanes)}];");
            using (Parts(writer, isa))
            {
                string part = PartOffset(isa);
                using (writer.Block("for (int column = 0; column < 6; column++)"))
                {
                    ToomCook.LoadAll(writer, isa, "p", Patch, k => $"products + ({Literals.Int(k * Patch)} + column) * {Literals.Int(pointStride)}{part}");
                    ToomCook.EmitRows(writer, isa, Transform.OutputMatrix(m), "p", (row, value) => isa.Store(value, $"half + ({Literals.Int(row * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
                }
                if (epilogue.HasBias)
                    writer.Line($"{isa.Type} start = {isa.Load("bias" + part)};");
                using (writer.Block("for (int row = 0; row < rows; row++)"))
                {
                    ToomCook.LoadAll(writer, isa, "p", Patch, k => $"half + (row * 6 + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
                    writer.Line($"float* y = output + row * {Literals.Int(g.Target.RowStride)}{part};");
                    if (epilogue.Other is { } other)
                        writer.Line($"float* o = {epilogue.OtherName} + row * {Literals.Int(other.RowStride)}{part};");
                    ToomCook.EmitRows(writer, isa, Transform.OutputMatrix(m), "p", (column, value) =>
                    {
                        string sum = epilogue.HasBias ? $"({value} + start)" : value;
                        value = epilogue.Apply(isa, names, sum, _ => Literals.Plus("o", column * Layout.Block), everyActivation: true);
                        string statement = isa.Store(value, Literals.Plus("y", column * Layout.Block));
                        return column == 0 ? statement : $"if (columns > {Literals.Int(column)}) {statement}";
                    });
                }
            }
        });
    }

    /// <summary>Gradient of the weights: Gᵀ (Σ patches ⊙ A dy Aᵀ) G. Threads divide the blocks of target channels.</summary>
    public static Kernel WeightGradient(string name, string summary, ConvolutionGeometry g)
    {
        int m = OutputTile(g), r = g.Taps.Width;
        (int tileRows, int tileColumns) = Tiles(g);
        int rowsPerChunk = RowsPerChunk(g, GradientChunkTiles), chunk = rowsPerChunk * tileColumns;
        int sourceLength = SourceLength(g), targetLength = TargetLength(g), targetBlocks = targetLength / Layout.Block;
        string remarks = $"Winograd F({Literals.Int(m)}×{Literals.Int(m)}, {Literals.Int(r)}×{Literals.Int(r)}), channel lanes. Input {g.Source}; output gradient {g.Target}. "
            + $"{Literals.Int(tileRows)} × {Literals.Int(tileColumns)} tiles, {Literals.Int(chunk)} at a time. sums: [36][{Literals.Int(targetBlocks)}][{Literals.Int(sourceLength)}][16], of all samples.";
        return new Kernel(name, summary, remarks, "float* input, float* outputGradient, float* weightGradient, float* sums, float* scratch, int samples, int worker, int workers", EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            string transform = names.Use(PatchTransform());
            string gradientTransform = names.Use(GradientPatchTransform(m));
            string back = names.Use(WeightGradientTransform(g));
            writer.Line("// Each worker takes blocks of 16 output channels.");
            writer.Line(TaskShare.Declare(targetBlocks, "firstBlock", "endBlock"));
            writer.Line("if (firstBlock == endBlock)");
            using (writer.Indent())
                writer.Line("return;");
            writer.Line($"float* patches = scratch, gradients = scratch + {Literals.Int((long)Points * chunk * sourceLength)};");
            writer.Line($"float* border = stackalloc float[{Literals.Int(Points * Layout.Block)}];");
            writer.Line($"for (int point = 0; point < {Literals.Int(Points)}; point++)");
            using (writer.Indent())
                writer.Line($"new Span<float>(sums + point * {Literals.Int(sourceLength * targetLength)} + firstBlock * {Literals.Int(sourceLength * Layout.Block)}, (endBlock - firstBlock) * {Literals.Int(sourceLength * Layout.Block)}).Clear();");
            using (writer.Block($"for (int sample = 0; sample < samples; sample++, input += {Literals.Int(g.Source.SampleStride)}, outputGradient += {Literals.Int(g.Target.SampleStride)})"))
            using (writer.Block($"for (int firstTileRow = 0; firstTileRow < {Literals.Int(tileRows)}; firstTileRow += {Literals.Int(rowsPerChunk)})"))
            {
                writer.Line($"int tileRows = Math.Min({Literals.Int(rowsPerChunk)}, {Literals.Int(tileRows)} - firstTileRow), tiles = tileRows * {Literals.Int(tileColumns)};");
                EmitPatches(writer, g, "input", "patches", transform, m, tileColumns, sourceLength, chunk);
                writer.Line("// The output's gradient to the same points: A dy Aᵀ.");
                using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
                {
                    writer.Line($"int row = (firstTileRow + tile / {Literals.Int(tileColumns)}) * {Literals.Int(m)}, column = tile % {Literals.Int(tileColumns)} * {Literals.Int(m)};");
                    string rows = g.Pixels.Height % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Height)} - row)";
                    string columns = g.Pixels.Width % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Width)} - column)";
                    using (writer.Block("for (int block = firstBlock; block < endBlock; block++)"))
                        writer.Line($"{gradientTransform}(outputGradient + block * {Literals.Int(g.Target.PlaneStride)} + row * {Literals.Int(g.Target.RowStride)} + column * 16 + {Literals.Int(g.Target.Origin)}, {Literals.Int(g.Target.RowStride)}, {rows}, {columns}, gradients + tile * {Literals.Int(targetLength)} + block * 16, {Literals.Int(chunk * targetLength)});");
                }
                writer.Line("// sums[source channel][target channel] += patches · gradients, at each point.");
                using (writer.Block($"for (int point = 0; point < {Literals.Int(Points)}; point++)"))
                {
                    int vectors = isa.Lanes == Layout.Block && targetBlocks > 1 ? 2 : isa.Lanes == Layout.Block ? 1 : 2;
                    int width = vectors * isa.Lanes;
                    writer.Line($"float* p = patches + point * {Literals.Int(chunk * sourceLength)}, dy = gradients + point * {Literals.Int(chunk * targetLength)}, sum = sums + point * {Literals.Int(sourceLength * targetLength)};");
                    writer.Line("int channel = firstBlock * 16, end = endBlock * 16;");
                    using (writer.Block($"for (; channel + {Literals.Int(width)} <= end; channel += {Literals.Int(width)})"))
                        EmitProducts(vectors);
                    if (width > Layout.Block)
                    {
                        using (writer.Block("if (channel < end)"))
                            EmitProducts(1);
                    }

                    void EmitProducts(int groupVectors)
                    {
                        int done = 0;
                        string block = isa.Lanes == Layout.Block || groupVectors * isa.Lanes == Layout.Block ? $"channel * {Literals.Int(sourceLength)}" : $"channel / 16 * {Literals.Int(sourceLength * Layout.Block)} + channel % 16";
                        foreach ((int size, int count) in TileShapes.Split(sourceLength, Math.Min(14, TileShapes.MaxRows(isa.Registers, groupVectors))))
                        {
                            string method = names.Use(GradientTile(name, summary, sourceLength, targetLength, size, groupVectors));
                            if (count == 1)
                            {
                                writer.Line($"{method}({Literals.Plus("p", done)}, dy + channel, sum + {block} + {Literals.Int(done * Layout.Block)}, tiles);");
                            }
                            else
                            {
                                writer.Line($"for (int part = 0; part < {Literals.Int(count)}; part++)");
                                using (writer.Indent())
                                    writer.Line($"{method}(p + {Literals.Int(done)} + part * {Literals.Int(size)}, dy + channel, sum + {block} + {Literals.Int(done * Layout.Block)} + part * {Literals.Int(size * Layout.Block)}, tiles);");
                            }
                            done += size * count;
                        }
                    }
                }
            }
            writer.Line($"{back}(sums, weightGradient, firstBlock, endBlock);");
        }
    }

    private static Kernel GradientTile(string name, string summary, int sourceLength, int targetLength, int rows, int vectors)
        => new($"{name}Tile{Literals.Int(rows)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {Literals.Int(rows)} input channels × {Literals.Int(vectors)} vectors of output channels, summed over tiles.",
            "float* patches, float* gradients, float* sums, int tiles", (writer, isa, _) =>
        {
            long Part(int v) => v * isa.Lanes / Layout.Block * (long)sourceLength * Layout.Block + v * isa.Lanes % Layout.Block;
            var tile = new RegisterTile(rows, vectors) { RowOperand = "patches", VectorOperand = "gradients", VectorOffset = v => v * isa.Lanes };
            tile.EmitAccumulators(writer, isa, (row, v) => isa.Load(Literals.Plus("sums", row * Layout.Block + Part(v))));
            tile.EmitReductions(writer, isa, [new Reduction([new ReductionLoop("Tile", "tiles", sourceLength, targetLength)], 1, 0, 0, "Compute: sum over the tiles.")]);
            for (int row = 0; row < rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                    isa.Store(tile.Accumulator(row, v), Literals.Plus("sums", row * Layout.Block + Part(v))))));
            }
        });

    /// <summary>A dy Aᵀ for 16 channels of m × m gradients; those outside the image count as zero.</summary>
    private static Kernel GradientPatchTransform(int m) => new($"WinogradGradient{Literals.Int(m)}", $"Values of {Literals.Int(m)} × {Literals.Int(m)} output gradients of 16 channels at the 36 points: A dy Aᵀ.",
        "rows × columns of them lie inside the image. The 36 results lie pointStride floats apart.", "float* gradient, int rowStride, int rows, int columns, float* result, int pointStride", (writer, isa, _) =>
    {
        double[][] matrix = ToomCook.Transposed(Transform.OutputMatrix(m));
        writer.Line($"float* half = stackalloc float[{Literals.Int(Patch * m * isa.Lanes)}];");
        using (Parts(writer, isa))
        {
            string part = PartOffset(isa);
            using (writer.Block($"for (int column = 0; column < {Literals.Int(m)}; column++)"))
            {
                for (int k = 0; k < m; k++)
                    writer.Line($"{isa.Type} y{Literals.Int(k)} = rows > {Literals.Int(k)} && columns > column ? {isa.Load($"gradient + column * 16 + {Literals.Int(k)} * rowStride{part}")} : {isa.Zero};");
                ToomCook.EmitRows(writer, isa, matrix, "y", (point, value) => isa.Store(value, $"half + ({Literals.Int(point * m)} + column) * {Literals.Int(isa.Lanes)}"));
            }
            using (writer.Block("for (int row = 0; row < 6; row++)"))
            {
                ToomCook.LoadAll(writer, isa, "y", m, k => $"half + (row * {Literals.Int(m)} + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
                writer.Line($"float* points = result + row * 6 * pointStride{part};");
                ToomCook.EmitRows(writer, isa, matrix, "y", (point, value) => isa.Store(value, $"points + {Literals.Int(point)} * pointStride"));
            }
        }
    });

    /// <summary>Gᵀ s G: from the sums at the 36 points to the gradient of the taps.</summary>
    private static Kernel WeightGradientTransform(ConvolutionGeometry g)
    {
        int r = g.Taps.Width, sourceLength = SourceLength(g), targetLength = TargetLength(g);
        double[][] matrix = ToomCook.Transposed(Transform.KernelMatrix(r));
        return new Kernel($"WinogradTaps{Literals.Int(r)}", $"From sums at the 36 points to the gradient of {Literals.Int(r)} × {Literals.Int(r)} taps: Gᵀ s G.", $"sums [36][{Literals.Int(targetLength / Layout.Block)}][{Literals.Int(sourceLength)}][16].",
            "float* sums, float* weightGradient, int firstBlock, int endBlock", (writer, isa, _) =>
        {
            writer.Line($"float* half = stackalloc float[{Literals.Int(r * Patch * isa.Lanes)}];");
            using (writer.Block("for (int block = firstBlock; block < endBlock; block++)"))
            using (writer.Block($"for (int i = 0; i < {Literals.Int(g.SourceChannels * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
            {
                writer.Line($"float* source = sums + block * {Literals.Int(sourceLength * Layout.Block)} + i;");
                writer.Line($"float* target = weightGradient + block * {Literals.Int(g.TargetChannelStride.BlockStride)} + i / 256 * {Literals.Int(g.SourceChannelStride.BlockStride)} + i % 256;");
                using (writer.Block("for (int column = 0; column < 6; column++)"))
                {
                    ToomCook.LoadAll(writer, isa, "s", Patch, k => $"source + ({Literals.Int(k * Patch)} + column) * (long){Literals.Int((long)sourceLength * targetLength)}");
                    ToomCook.EmitRows(writer, isa, matrix, "s", (tap, value) => isa.Store(value, $"half + ({Literals.Int(tap * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
                }
                using (writer.Block($"for (int row = 0; row < {Literals.Int(r)}; row++)"))
                {
                    ToomCook.LoadAll(writer, isa, "s", Patch, k => $"half + (row * 6 + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
                    ToomCook.EmitRows(writer, isa, matrix, "s", (tap, value) => isa.Store(value, $"target + row * {Literals.Int(g.TapRowStride)} + {Literals.Int(tap * g.TapColumnStride)}"));
                }
            }
        });
    }

    private static SourceWriter.Scope Parts(SourceWriter writer, VectorIsa isa)
        => isa.Lanes == Layout.Block ? writer.Block() : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");

    private static string PartOffset(VectorIsa isa) => isa.Lanes == Layout.Block ? "" : " + part";
}
