using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

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

    /// <summary>Tasks that gradients of weights are divided into, where that takes no more than <see cref="MaxGradientSegments"/>.</summary>
    private const int GradientTasks = 16;

    private const int MaxGradientSegments = 4;

    /// <summary>Tiles of a chunk where the weights are far larger: enough to hide that they are read from memory.</summary>
    private const int FarChunkTiles = 56;

    /// <summary>Weights so large that even their first reading has to be repaid, ...</summary>
    private const long VastWeights = 1024 * 1024;

    /// <summary>... which takes this many pixels. Fewer are computed directly, with a quarter of the weights and without the taps beyond the border.</summary>
    private const int MinPixelsOfVastWeights = 48;

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
            && (WeightLength(g) <= VastWeights || g.Pixels.Area >= MinPixelsOfVastWeights)
            && (activation is null or { KeepsZero: true } || g.TargetChannels % Layout.Block == 0);

    private static int OutputTile(ConvolutionGeometry g) => Patch + 1 - g.Taps.Width;

    private static (int Rows, int Columns) Tiles(ConvolutionGeometry g)
        => ((g.Pixels.Height + OutputTile(g) - 1) / OutputTile(g), (g.Pixels.Width + OutputTile(g) - 1) / OutputTile(g));

    private static int SourceLength(ConvolutionGeometry g) => Layout.RoundUp(g.SourceChannels);

    private static int TargetLength(ConvolutionGeometry g) => Layout.RoundUp(g.TargetChannels);

    /// <summary>Floats of the transformed weights, [36][target / 16][source][16].</summary>
    public static long WeightLength(ConvolutionGeometry g) => (long)Points * SourceLength(g) * TargetLength(g);

    private static int TilesOfSample(ConvolutionGeometry g) => Tiles(g).Rows * Tiles(g).Columns;

    /// <summary>
    /// Weights that no near cache holds are read again for every chunk: chunks grow until patches and products are as large as the weights,
    /// beyond a sample where a sample has too few tiles.
    /// </summary>
    private static int ChunkLimit(ConvolutionGeometry g, int near, int far)
    {
        if (WeightLength(g) <= CommonL2.Floats)
            return near;
        int balanced = SourceLength(g) * TargetLength(g) / (SourceLength(g) + TargetLength(g));
        return Math.Max(near, Math.Min(far, balanced / near * near));
    }

    /// <summary>
    /// Tiles whose products are computed together: chunks of a sample are as equal as can be, and an even number, so that two threads can
    /// share a sample. Where layers share the tiles of registers, of which there are few sizes, all but the last fill them.
    /// </summary>
    private static int Chunk(ConvolutionGeometry g, bool shared)
    {
        int limit = ChunkLimit(g, ChunkTiles, FarChunkTiles), rest = TilesOfSample(g) % limit;
        bool fills = shared && (rest == 0 || rest >= ChunkTiles / 2);
        if (TakesAllSamples(g) || fills)
            return limit;
        int tiles = TilesOfSample(g), size = TileShapes.Split(tiles, limit)[0].Size, chunks = (tiles + size - 1) / size;
        return chunks > 1 && chunks % 2 != 0 ? (tiles + chunks) / (chunks + 1) : size;
    }

    private static int GradientChunk(ConvolutionGeometry g) => ChunkLimit(g, GradientChunkTiles, FarChunkTiles);

    /// <summary>Chunks go across samples.</summary>
    private static bool TakesAllSamples(ConvolutionGeometry g) => WeightLength(g) > CommonL2.Floats && TilesOfSample(g) < ChunkLimit(g, ChunkTiles, FarChunkTiles);

    /// <summary>Floats that one worker needs beside the weights: transformed patches and products of a chunk.</summary>
    public static long ScratchLength(ConvolutionGeometry g) => (long)Points * Chunk(g, shared: true) * (SourceLength(g) + TargetLength(g));

    public static long GradientScratchLength(ConvolutionGeometry g) => (long)Points * GradientChunk(g) * (SourceLength(g) + TargetLength(g));

    /// <summary>36 points of each 3×3 or 5×5 kernel. Tasks are blocks of 16 × 16 channels, divided like those of the transposition.</summary>
    public static Kernel Weights(string name, string summary, ConvolutionGeometry g)
    {
        int r = g.Taps.Width, sourceBlocks = SourceLength(g) / Layout.Block, targetBlocks = TargetLength(g) / Layout.Block;
        long pointStride = (long)SourceLength(g) * TargetLength(g);
        return new Kernel(name, summary, $"Winograd F({Literals.Int(Patch + 1 - r)}×{Literals.Int(Patch + 1 - r)}, {Literals.Int(r)}×{Literals.Int(r)}): G g Gᵀ, 16 target channels in the lanes; result [36][{Literals.Int(targetBlocks)}][{Literals.Int(SourceLength(g))}][16].",
            [Floats("weights"), Floats("transformed"), .. Share], (writer, isa, _) =>
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
        int m = OutputTile(g), r = g.Taps.Width, tilesOfSample = TilesOfSample(g);
        (int tileRows, int tileColumns) = Tiles(g);
        int sourceLength = SourceLength(g), targetLength = TargetLength(g);
        bool all = TakesAllSamples(g);
        string remarks = $"Winograd F({Literals.Int(m)}×{Literals.Int(m)}, {Literals.Int(r)}×{Literals.Int(r)}), channel lanes. Input {g.Source}; output {g.Target}. "
            + $"{Literals.Count(g.MultiplyAdds)} multiply-adds per sample directly, {Literals.Count((long)Points * tilesOfSample * g.SourceChannels * g.TargetChannels)} this way. "
            + $"{Literals.Int(tileRows)} × {Literals.Int(tileColumns)} tiles"
            + (all ? "; chunks go across samples, because the weights do not stay in L2." : ", in chunks whose patches, products and weights stay in L2.");

        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.TransformedWeights], [Floats("scratch"), Samples]), EmitDriver)
        {
            IsHot = false,
            TakesAllSamples = all,
            Part = new Kernel(name + "Part", summary, $"Winograd F({Literals.Int(m)}×{Literals.Int(m)}, {Literals.Int(r)}×{Literals.Int(r)}), channel lanes. Input {g.Source}; output {g.Target}. One sample, divided among workers.",
                epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.TransformedWeights], [Floats("scratch"), .. Share]), EmitPart) { IsHot = false },
        };

        WinogradProducts Products(int chunk) => new(name, summary, sourceLength, targetLength, chunk, tilesOfSample - (tilesOfSample - 1) / chunk * chunk, acrossSamples: all);

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int chunk = Chunk(g, names.SharesTiles);
            WinogradProducts products = Products(chunk);
            EmitBuffers(writer, chunk);
            using (EmitChunks(writer, tilesOfSample, chunk))
            {
                EmitPatches(writer, g, "patches", names.Use(PatchTransform()), tilesOfSample, tileColumns, $"block * {Literals.Int(products.ChunkBlock)} + tile * 16", (long)chunk * sourceLength);
                EmitProducts(writer, chunk, "products[target channel][tile] = patches[source channel][tile] · weights",
                    (patches, weights, target) => products.Call(names, patches, weights, target, "tiles"));
                EmitPixels(writer, names, chunk, "0", Literals.Int(targetLength / Layout.Block));
            }
        }

        // A chunk that several workers have a part of is transformed by each of them.
        void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int chunk = Chunk(g, names.SharesTiles);
            WinogradProducts products = Products(chunk);
            int chunks = (tilesOfSample + chunk - 1) / chunk, blocksOfUnit = targetLength / Layout.Block / products.Units;
            string unitsOfChunk = Literals.Int(products.Units), channels = Literals.Int(blocksOfUnit * Layout.Block);
            EmitBuffers(writer, chunk);
            writer.Line($"// Tasks: {ConvolutionRows.Count(chunks, "chunk")} of up to {ConvolutionRows.Count(chunk, "tile")} × {ConvolutionRows.Count(products.Units, "group")} of {channels} target channels.");
            writer.Line(TaskShare.Declare(chunks * products.Units, "firstTask", "endTask"));
            using (writer.Block($"for (int chunk = firstTask / {unitsOfChunk}; chunk * {unitsOfChunk} < endTask; chunk++)"))
            {
                writer.Line($"int firstUnit = Math.Max(0, firstTask - chunk * {unitsOfChunk}), units = Math.Min({unitsOfChunk}, endTask - chunk * {unitsOfChunk}) - firstUnit;");
                writer.Line($"int firstTile = chunk * {Literals.Int(chunk)}, tiles = Math.Min({Literals.Int(chunk)}, {Literals.Int(tilesOfSample)} - firstTile);");
                EmitPatches(writer, g, "patches", names.Use(PatchTransform()), tilesOfSample, tileColumns, $"block * {Literals.Int(products.ChunkBlock)} + tile * 16", (long)chunk * sourceLength);
                EmitProducts(writer, chunk, "products[target channel][tile] = patches[source channel][tile] · weights, for this worker's target channels",
                    (patches, weights, target) => products.PartCall(names, patches, weights, target, "tiles"));
                EmitPixels(writer, names, chunk, $"firstUnit * {Literals.Int(blocksOfUnit)}", $"(firstUnit + units) * {Literals.Int(blocksOfUnit)}");
            }
        }

        void EmitBuffers(SourceWriter writer, int chunk)
        {
            writer.Line($"float* patches = scratch, products = scratch + {Literals.Int((long)Points * chunk * sourceLength)};");
            writer.Line($"float* border = stackalloc float[{Literals.Int(Points * Layout.Block)}];");
        }

        void EmitProducts(SourceWriter writer, int chunk, string formula, Func<string, string, string, string> call)
        {
            writer.Line($"// At each of the 36 points: {formula}.");
            using (writer.Block($"for (int point = 0; point < {Literals.Int(Points)}; point++)"))
                writer.Line(call($"patches + point * {Literals.Int(chunk * sourceLength)}", $"transformedWeights + point * {Literals.Int(sourceLength * targetLength)}", $"products + point * {Literals.Int((long)chunk * targetLength)}"));
        }

        void EmitPixels(SourceWriter writer, KernelNames names, int chunk, string firstBlock, string endBlock)
        {
            bool shared = names.SharesTiles;
            long pointStride = (long)chunk * targetLength;
            writer.Line("// Back to pixels.");
            using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
            {
                writer.Line($"int sample = (firstTile + tile) / {Literals.Int(tilesOfSample)}, place = (firstTile + tile) % {Literals.Int(tilesOfSample)};");
                writer.Line($"int row = place / {Literals.Int(tileColumns)} * {Literals.Int(m)}, column = place % {Literals.Int(tileColumns)} * {Literals.Int(m)};");
                using (writer.Block($"for (int block = {firstBlock}; block < {endBlock}; block++)"))
                {
                    string At(string pointer, Layout layout)
                        => Literals.Plus($"{pointer} + sample * {Literals.Int(layout.SampleStride)}L + block * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)} + column * 16", layout.Origin);
                    var sizes = new List<string>
                    {
                        g.Pixels.Height % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Height)} - row)",
                        g.Pixels.Width % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Width)} - column)",
                    };
                    if (shared)
                    {
                        sizes.Add(Literals.Int(pointStride));
                        sizes.Add(Literals.Int(g.Target.RowStride));
                        if (epilogue.Other is { } otherLayout)
                            sizes.Add(Literals.Int(otherLayout.RowStride));
                    }
                    string arguments = epilogue.Arguments([$"products + block * {Literals.Int((long)chunk * Layout.Block)} + tile * 16"], "bias + block * 16",
                        At("output", g.Target), other => At(epilogue.OtherName, other), [.. sizes]);
                    writer.Line($"{names.Use(OutputTransform(name, summary, g, pointStride, epilogue, shared))}({arguments});");
                }
            }
        }
    }

    /// <summary>Writes the loop over all tiles of all samples, a chunk at a time.</summary>
    private static SourceWriter.Scope EmitChunks(SourceWriter writer, int tilesOfSample, int chunk, string first = "0", string end = "allTiles")
    {
        writer.Line($"int allTiles = samples * {Literals.Int(tilesOfSample)};");
        if (end != "allTiles")
            writer.Line($"int endTile = {end};");
        string limit = end == "allTiles" ? end : "endTile";
        SourceWriter.Scope scope = writer.Block($"for (int firstTile = {first}; firstTile < {limit}; firstTile += {Literals.Int(chunk)})");
        writer.Line($"int tiles = Math.Min({Literals.Int(chunk)}, {limit} - firstTile);");
        return scope;
    }

    /// <summary>Writes the loop that transforms the patches of a chunk; patches that leave the image go through a copy with zeros.</summary>
    /// <param name="place">Where the values of a block of a tile lie at the first point.</param>
    private static void EmitPatches(SourceWriter writer, ConvolutionGeometry g, string target, string transform, int tilesOfSample, int tileColumns, string place, long pointStride)
    {
        Layout layout = g.Source;
        string m = Literals.Int(OutputTile(g));
        writer.Line("// Patches of 6 × 6 pixels to their values at the 36 points.");
        using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
        {
            writer.Line($"int sample = (firstTile + tile) / {Literals.Int(tilesOfSample)}, place = (firstTile + tile) % {Literals.Int(tilesOfSample)};");
            writer.Line($"int row = place / {Literals.Int(tileColumns)} * {m} - {Literals.Int(g.Top)}, column = place % {Literals.Int(tileColumns)} * {m} - {Literals.Int(g.Left)};");
            writer.Line($"bool inside = row >= 0 && row <= {Literals.Int(layout.Height - Patch)} && column >= {Literals.Int(-layout.Left)} && column <= {Literals.Int(layout.Width + layout.Right - Patch)};");
            writer.Line($"float* image = input + sample * {Literals.Int(layout.SampleStride)}L + {Literals.Int(layout.Origin)};");
            using (writer.Block($"for (int block = 0; block < {Literals.Int(layout.Planes)}; block++)"))
            {
                writer.Line($"float* plane = image + block * {Literals.Int(layout.PlaneStride)}, result = {target} + {place};");
                writer.Line("if (inside)");
                using (writer.Indent())
                    writer.Line($"{transform}(plane + row * {Literals.Int(layout.RowStride)} + column * 16, {Literals.Int(layout.RowStride)}, result, {Literals.Int(pointStride)});");
                using (writer.Block("else"))
                {
                    writer.Line($"Relayout.CopyPatch(plane, border, row, column, {Literals.Int(layout.Height)}, {Literals.Int(layout.Width)}, {Literals.Int(layout.RowStride)});");
                    writer.Line($"{transform}(border, {Literals.Int(Patch * Layout.Block)}, result, {Literals.Int(pointStride)});");
                }
            }
        }
    }

    /// <summary>Bᵀ d B for 16 channels of a 6 × 6 patch.</summary>
    private static Kernel PatchTransform() => new("WinogradPatch", "Values of a 6 × 6 patch of 16 channels at the 36 points: Bᵀ d B.",
        "The 36 results lie pointStride floats apart.", [Floats("patch"), Int("rowStride"), Floats("result"), Int("pointStride")], (writer, isa, _) =>
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
    private static Kernel OutputTransform(string name, string summary, ConvolutionGeometry g, long pointDistance, ConvolutionEpilogue epilogue, bool shared)
    {
        int m = OutputTile(g);
        string pointStride = shared ? "pointStride" : Literals.Int(pointDistance), outputRowStride = shared ? "outputRowStride" : Literals.Int(g.Target.RowStride);
        KernelParameter[] strides = !shared ? [] : [Int("pointStride"), Int("outputRowStride"), .. If(epilogue.Other is not null, Int(epilogue.OtherName + "RowStride"))];
        return new Kernel(shared ? "WinogradOutput" : name + "Output", summary + " From the 36 points to pixels: Aᵀ p A.",
            $"{Literals.Int(m)} × {Literals.Int(m)} pixels of 16 channels, of which rows × columns lie inside the image.{epilogue.Fused(everyActivation: true)}",
            epilogue.Parameters([Floats("products")], [Int("rows"), Int("columns"), .. strides]), (writer, isa, names) =>
        {
            writer.Line($"float* half = stackalloc float[{Literals.Int(m * Patch * isa.Lanes)}];");
            using (Parts(writer, isa))
            {
                string part = PartOffset(isa);
                using (writer.Block("for (int column = 0; column < 6; column++)"))
                {
                    ToomCook.LoadAll(writer, isa, "p", Patch, k => $"products + ({Literals.Int(k * Patch)} + column) * {pointStride}{part}");
                    ToomCook.EmitRows(writer, isa, Transform.OutputMatrix(m), "p", (row, value) => isa.Store(value, $"half + ({Literals.Int(row * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
                }
                if (epilogue.HasBias)
                    writer.Line($"{isa.Type} start = {isa.Load("bias" + part)};");
                using (writer.Block("for (int row = 0; row < rows; row++)"))
                {
                    ToomCook.LoadAll(writer, isa, "p", Patch, k => $"half + (row * 6 + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
                    writer.Line($"float* y = output + row * {outputRowStride}{part};");
                    if (epilogue.Other is { } other)
                        writer.Line($"float* o = {epilogue.OtherName} + row * {(shared ? epilogue.OtherName + "RowStride" : Literals.Int(other.RowStride))}{part};");
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

    /// <summary>
    /// Parts of the batch that have sums of their own, so that there are tasks for more workers than blocks of target channels. Their
    /// number does not depend on the workers, and so neither do the sums.
    /// </summary>
    private static int GradientSegments(ConvolutionGeometry g) => Math.Max(1, Math.Min(MaxGradientSegments, GradientTasks / (TargetLength(g) / Layout.Block)));

    /// <summary>Floats for the sums of all segments.</summary>
    public static long GradientSumsLength(ConvolutionGeometry g) => GradientSegments(g) * WeightLength(g);

    /// <summary>Calls what computes the gradient of the weights: one kernel, or with several segments two and a meeting between them.</summary>
    /// <param name="source">The value of the geometry's source; likewise <paramref name="target"/>.</param>
    /// <param name="gradient">The weights' gradient.</param>
    public static void CallWeightGradient(KernelSelection selection, Node node, string name, string summary, ConvolutionGeometry g, Value source, Value target, Argument gradient)
    {
        bool segmented = GradientSegments(g) > 1;
        Argument sums = selection.Prepared(node, PreparedForm.WinogradSums);
        selection.CallForParameters(WeightGradient(name, summary, g), node, source, target, segmented ? null : gradient, sums, KernelSelection.Scratch);
        if (segmented)
            selection.CallAfterMeeting(WeightGradientEnd(name + "End", summary, g), node, sums, gradient);
    }

    /// <summary>
    /// Gradient of the weights: Gᵀ (Σ patches ⊙ A dy Aᵀ) G. Threads divide segments of the batch and blocks of target channels; with
    /// several segments it is ended by <see cref="WeightGradientEnd"/>.
    /// </summary>
    private static Kernel WeightGradient(string name, string summary, ConvolutionGeometry g)
    {
        int m = OutputTile(g), r = g.Taps.Width, tilesOfSample = TilesOfSample(g), chunk = GradientChunk(g), segments = GradientSegments(g);
        (int tileRows, int tileColumns) = Tiles(g);
        int sourceLength = SourceLength(g), targetLength = TargetLength(g), targetBlocks = targetLength / Layout.Block;
        string remarks = $"Winograd F({Literals.Int(m)}×{Literals.Int(m)}, {Literals.Int(r)}×{Literals.Int(r)}), channel lanes. Input {g.Source}; output gradient {g.Target}. "
            + $"{Literals.Int(tileRows)} × {Literals.Int(tileColumns)} tiles, {Literals.Int(chunk)} at a time across samples. "
            + $"sums: {(segments > 1 ? $"[{Literals.Int(segments)} segments]" : "")}[36][{Literals.Int(targetBlocks)}][{Literals.Int(sourceLength)}][16]{(segments > 1 ? "" : ", of all samples")}.";
        return new Kernel(name, summary, remarks, [Floats("input"), Floats("outputGradient"), .. If(segments == 1, Floats("weightGradient")), Floats("sums"), Floats("scratch"), Samples, .. Share], EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            string transform = names.Use(PatchTransform());
            string gradientTransform = names.Use(GradientPatchTransform(m));
            if (segments == 1)
            {
                writer.Line("// Each worker takes blocks of 16 output channels.");
                writer.Line(TaskShare.Declare(targetBlocks, "firstBlock", "endBlock"));
                writer.Line("if (firstBlock == endBlock)");
                using (writer.Indent())
                    writer.Line("return;");
            }
            else
            {
                writer.Line($"// Tasks: {Literals.Int(segments)} segments of the batch, each with sums of its own, × {ConvolutionRows.Count(targetBlocks, "block")} of 16 output channels.");
                writer.Line(TaskShare.Declare(segments * targetBlocks, "firstTask", "endTask"));
            }
            writer.Line($"float* patches = scratch, gradients = scratch + {Literals.Int((long)Points * chunk * sourceLength)};");
            writer.Line($"float* border = stackalloc float[{Literals.Int(Points * Layout.Block)}];");
            if (segments == 1)
            {
                EmitSegment("0", "allTiles");
                writer.Line($"{names.Use(WeightGradientTransform(g, 1))}(sums, weightGradient, firstBlock, endBlock);");
                return;
            }
            string blocks = Literals.Int(targetBlocks), count = Literals.Int(segments), size = Literals.Int(chunk);
            writer.Line($"sums += firstTask / {blocks} * (long){Literals.Int(WeightLength(g))};");
            writer.Line($"int chunks = (samples * {Literals.Int(tilesOfSample)} + {Literals.Int(chunk - 1)}) / {size};");
            using (writer.Block($"for (int segment = firstTask / {blocks}; segment * {blocks} < endTask; segment++, sums += {Literals.Int(WeightLength(g))})"))
            {
                writer.Line($"int firstBlock = Math.Max(0, firstTask - segment * {blocks}), endBlock = Math.Min({blocks}, endTask - segment * {blocks});");
                EmitSegment($"chunks * segment / {count} * {size}", $"Math.Min(allTiles, chunks * (segment + 1) / {count} * {size})");
            }

            void EmitSegment(string first, string end)
            {
                writer.Line($"for (int point = 0; point < {Literals.Int(Points)}; point++)");
                using (writer.Indent())
                    writer.Line($"new Span<float>(sums + point * {Literals.Int(sourceLength * targetLength)} + firstBlock * {Literals.Int(sourceLength * Layout.Block)}, (endBlock - firstBlock) * {Literals.Int(sourceLength * Layout.Block)}).Clear();");
                using (EmitChunks(writer, tilesOfSample, chunk, first, end))
                {
                    EmitPatches(writer, g, "patches", transform, tilesOfSample, tileColumns, $"tile * {Literals.Int(sourceLength)} + block * 16", (long)chunk * sourceLength);
                    writer.Line("// The output's gradient to the same points: A dy Aᵀ.");
                    using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
                    {
                        writer.Line($"int sample = (firstTile + tile) / {Literals.Int(tilesOfSample)}, place = (firstTile + tile) % {Literals.Int(tilesOfSample)};");
                        writer.Line($"int row = place / {Literals.Int(tileColumns)} * {Literals.Int(m)}, column = place % {Literals.Int(tileColumns)} * {Literals.Int(m)};");
                        string rows = g.Pixels.Height % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Height)} - row)";
                        string columns = g.Pixels.Width % m == 0 ? Literals.Int(m) : $"Math.Min({Literals.Int(m)}, {Literals.Int(g.Pixels.Width)} - column)";
                        using (writer.Block("for (int block = firstBlock; block < endBlock; block++)"))
                            writer.Line($"{gradientTransform}(outputGradient + sample * {Literals.Int(g.Target.SampleStride)}L + block * {Literals.Int(g.Target.PlaneStride)} + row * {Literals.Int(g.Target.RowStride)} + column * 16 + {Literals.Int(g.Target.Origin)}, {Literals.Int(g.Target.RowStride)}, {rows}, {columns}, gradients + tile * {Literals.Int(targetLength)} + block * 16, {Literals.Int(chunk * targetLength)});");
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
                            bool shared = names.SharesTiles;
                            int limit = Math.Min(14, TileShapes.MaxRows(isa.Registers, groupVectors));
                            string sizes = !shared ? "" : $", {Literals.Int(sourceLength)}, {Literals.Int(targetLength)}" + (groupVectors * isa.Lanes > Layout.Block ? $", {Literals.Int(sourceLength * Layout.Block)}" : "");
                            // Sizes that divide every block of channels where layers are to share them.
                            foreach ((int size, int count) in TileShapes.Split(sourceLength, shared ? limit / 4 * 4 : limit))
                            {
                                string method = names.Use(GradientTile(isa, name, summary, sourceLength, targetLength, size, groupVectors, shared));
                                if (count == 1)
                                {
                                    writer.Line($"{method}({Literals.Plus("p", done)}, dy + channel, sum + {block} + {Literals.Int(done * Layout.Block)}, tiles{sizes});");
                                }
                                else
                                {
                                    writer.Line($"for (int part = 0; part < {Literals.Int(count)}; part++)");
                                    using (writer.Indent())
                                        writer.Line($"{method}(p + {Literals.Int(done)} + part * {Literals.Int(size)}, dy + channel, sum + {block} + {Literals.Int(done * Layout.Block)} + part * {Literals.Int(size * Layout.Block)}, tiles{sizes});");
                                }
                                done += size * count;
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>The sums of all segments to the gradient of the weights; threads divide the blocks of target channels.</summary>
    private static Kernel WeightGradientEnd(string name, string summary, ConvolutionGeometry g)
    {
        int targetBlocks = TargetLength(g) / Layout.Block;
        return new Kernel(name, summary, $"The sums of {Literals.Int(GradientSegments(g))} segments of the batch, back from the 36 points.", [Floats("sums"), Floats("weightGradient"), .. Share], (writer, _, names) =>
        {
            writer.Line(TaskShare.Declare(targetBlocks, "firstBlock", "endBlock"));
            writer.Line($"{names.Use(WeightGradientTransform(g, GradientSegments(g)))}(sums, weightGradient, firstBlock, endBlock);");
        }) { IsHot = false };
    }

    private static Kernel GradientTile(VectorIsa isa, string name, string summary, int sourceLength, int targetLength, int rows, int vectors, bool shared)
    {
        string size = $"Tile{Literals.Int(rows)}x{Literals.Int(vectors)}";
        bool hasBlocks = vectors * isa.Lanes > Layout.Block;
        return new Kernel(shared ? "WinogradGradient" + size : name + size, shared ? "Gradients of weights at one of Winograd's points: layers of different sizes share it." : summary,
            $"Microkernel: {Literals.Int(rows)} input channels × {Literals.Int(vectors)} vectors of output channels, summed over tiles.",
            [Floats("patches"), Floats("gradients"), Floats("sums"), Int("tiles"), .. If(shared, NativeInt("patchStride"), NativeInt("gradientStride")), .. If(shared && hasBlocks, NativeInt("sumsBlockStride"))], (writer, isa, _) =>
        {
            Stride Part(int v) => Stride.OfVector(isa, v, (long)sourceLength * Layout.Block, shared ? "sumsBlockStride" : null);

            var tile = new RegisterTile(rows, vectors) { RowOperand = "patches", VectorOperand = "gradients", VectorOffset = v => v * isa.Lanes };
            // A sum of its own for each chunk keeps the terms of long sums of one size.
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            tile.EmitReductions(writer, isa,
            [
                new Reduction([new ReductionLoop("Tile", "tiles", shared ? new Stride(0, "patchStride") : sourceLength, shared ? new Stride(0, "gradientStride") : targetLength)],
                    1, 0, 0, "Compute: sum over the tiles."),
            ]);
            for (int row = 0; row < rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                    isa.Store($"({isa.Load(Part(v).AddTo("sums", row * Layout.Block))} + {tile.Accumulator(row, v)})", Part(v).AddTo("sums", row * Layout.Block)))));
            }
        })
        {
            SharedAs = shared ? "WinogradGradient" + size : null,
        };
    }

    /// <summary>A dy Aᵀ for 16 channels of m × m gradients; those outside the image count as zero.</summary>
    private static Kernel GradientPatchTransform(int m) => new($"WinogradGradient{Literals.Int(m)}", $"Values of {Literals.Int(m)} × {Literals.Int(m)} output gradients of 16 channels at the 36 points: A dy Aᵀ.",
        "rows × columns of them lie inside the image. The 36 results lie pointStride floats apart.", [Floats("gradient"), Int("rowStride"), Int("rows"), Int("columns"), Floats("result"), Int("pointStride")], (writer, isa, _) =>
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
    private static Kernel WeightGradientTransform(ConvolutionGeometry g, int segments)
    {
        int r = g.Taps.Width, sourceLength = SourceLength(g), targetLength = TargetLength(g);
        double[][] matrix = ToomCook.Transposed(Transform.KernelMatrix(r));
        return new Kernel($"WinogradTaps{Literals.Int(r)}", $"From sums at the 36 points to the gradient of {Literals.Int(r)} × {Literals.Int(r)} taps: Gᵀ s G.", $"sums {(segments > 1 ? $"[{Literals.Int(segments)}]" : "")}[36][{Literals.Int(targetLength / Layout.Block)}][{Literals.Int(sourceLength)}][16].",
            [Floats("sums"), Floats("weightGradient"), Int("firstBlock"), Int("endBlock")], (writer, isa, _) =>
        {
            writer.Line($"float* half = stackalloc float[{Literals.Int(r * Patch * isa.Lanes)}];");
            using (writer.Block("for (int block = firstBlock; block < endBlock; block++)"))
            using (writer.Block($"for (int i = 0; i < {Literals.Int(g.SourceChannels * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
            {
                writer.Line($"float* source = sums + block * {Literals.Int(sourceLength * Layout.Block)} + i;");
                writer.Line($"float* target = weightGradient + block * {Literals.Int(g.TargetChannelStride.BlockStride)} + i / 256 * {Literals.Int(g.SourceChannelStride.BlockStride)} + i % 256;");
                using (writer.Block("for (int column = 0; column < 6; column++)"))
                {
                    writer.Line($"float* point = source + column * (long){Literals.Int((long)sourceLength * targetLength)};");
                    ToomCook.LoadAll(writer, isa, "s", Patch, k => Literals.Plus("point", (long)k * Patch * sourceLength * targetLength));
                    for (int segment = 1; segment < segments; segment++)
                        writer.Line(string.Join(" ", Enumerable.Range(0, Patch).Select(k => $"s{Literals.Int(k)} += {isa.Load(Literals.Plus("point", segment * WeightLength(g) + (long)k * Patch * sourceLength * targetLength))};")));
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
