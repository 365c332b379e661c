using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Winograd's convolution forward, or of the input's gradient with transposed weights: chunk by chunk to the points, products there, and
/// back.
/// </summary>
internal sealed class WinogradConvolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
{
    private readonly WinogradTiling _tiling = new(g);

    public Kernel Create()
    {
        string what = $"Winograd {_tiling.Title}, channel lanes. Input {g.Source}; output {g.Target}.";
        long products = (long)_tiling.Points * _tiling.OfSample * g.SourceChannels * g.TargetChannels;
        string remarks = $"{what} {Literals.Count(g.MultiplyAdds)} multiply-adds per sample directly, {Literals.Count(products)} this way. "
            + $"{Literals.Int(_tiling.Rows)} × {Literals.Int(_tiling.Columns)} tiles"
            + (_tiling.TakesAllSamples
                ? "; chunks go across samples, because the weights do not stay in L2."
                : ", in chunks whose patches, products and weights stay in L2.");
        KernelParameter[] operands = [ConvolutionParameters.Input, ConvolutionParameters.TransformedWeights];
        return new Kernel(name, summary, remarks, epilogue.Parameters(operands, [Floats("scratch"), Samples]), EmitDriver)
        {
            IsHot = false,
            TakesAllSamples = _tiling.TakesAllSamples,
            Part = new Kernel(name + "Part", summary, what + " One sample, divided among workers.",
                epilogue.Parameters(operands, [Floats("scratch"), .. Share]), EmitPart) { IsHot = false },
        };
    }

    private WinogradProducts Products(int chunk)
        => new(name, summary, g.SourceChannels, _tiling.TargetLength, chunk,
            _tiling.OfSample - (_tiling.OfSample - 1) / chunk * chunk, acrossSamples: _tiling.TakesAllSamples);

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int chunk = _tiling.Chunk(names.SharesTiles);
        WinogradProducts products = Products(chunk);
        WinogradChunks.EmitBuffers(writer, _tiling, chunk, "products");
        using (WinogradChunks.EmitAll(writer, _tiling, chunk))
        {
            EmitPatches(writer, names, products, chunk);
            EmitProducts(writer, chunk, "products[target channel][tile] = patches[source channel][tile] · weights",
                (patches, weights, target) => products.Call(names, patches, weights, target, "tiles"));
            EmitPixels(writer, names, chunk, "0", Literals.Int(_tiling.TargetBlocks));
        }
    }

    /// <summary>
    /// One worker's share of a sample: some chunks, of some target channels. A chunk that several workers have a part of is transformed by
    /// each of them.
    /// </summary>
    private void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int chunk = _tiling.Chunk(names.SharesTiles);
        WinogradProducts products = Products(chunk);
        int chunks = (_tiling.OfSample + chunk - 1) / chunk, blocksOfUnit = _tiling.TargetBlocks / products.Units;
        string units = Literals.Int(products.Units), channels = Literals.Int(blocksOfUnit * Layout.Block);
        WinogradChunks.EmitBuffers(writer, _tiling, chunk, "products");
        writer.Line($"// Tasks: {ConvolutionRows.Count(chunks, "chunk")} of up to "
            + $"{ConvolutionRows.Count(chunk, "tile")} × {ConvolutionRows.Count(products.Units, "group")} of {channels} target channels.");
        writer.Line(TaskShare.Declare(chunks * products.Units, "firstTask", "endTask"));
        using (writer.Block($"for (int chunk = firstTask / {units}; chunk * {units} < endTask; chunk++)"))
        {
            writer.Line($"int firstUnit = Math.Max(0, firstTask - chunk * {units}), "
                + $"units = Math.Min({units}, endTask - chunk * {units}) - firstUnit;");
            writer.Line($"int firstTile = chunk * {Literals.Int(chunk)}, tiles = Math.Min({Literals.Int(chunk)}, "
                + $"{Literals.Int(_tiling.OfSample)} - firstTile);");
            EmitPatches(writer, names, products, chunk);
            EmitProducts(writer, chunk, "products[target channel][tile] = patches[source channel][tile] · weights, "
                + "for this worker's target channels",
                (patches, weights, target) => products.PartCall(names, patches, weights, target, "tiles"));
            EmitPixels(writer, names, chunk, $"firstUnit * {Literals.Int(blocksOfUnit)}",
                $"(firstUnit + units) * {Literals.Int(blocksOfUnit)}");
        }
    }

    private void EmitPatches(SourceWriter writer, KernelNames names, WinogradProducts products, int chunk)
        => WinogradChunks.EmitPatches(writer, g, _tiling, names.Use(WinogradTransforms.Patches(_tiling)),
            $"block * {Literals.Int(products.ChunkBlock)} + tile * 16", chunk);

    private void EmitProducts(SourceWriter writer, int chunk, string formula, Func<string, string, string, string> call)
    {
        writer.Line($"// At each of the {Literals.Int(_tiling.Points)} points: {formula}.");
        using (writer.Block($"for (int point = 0; point < {Literals.Int(_tiling.Points)}; point++)"))
        {
            writer.Line(call(
                $"patches + point * {Literals.Int(chunk * _tiling.SourceLength)}",
                $"transformedWeights + point * {Literals.Int(_tiling.PointLength)}",
                $"products + point * {Literals.Int((long)chunk * _tiling.TargetLength)}"));
        }
    }

    private void EmitPixels(SourceWriter writer, KernelNames names, int chunk, string firstBlock, string endBlock)
    {
        long pointStride = (long)chunk * _tiling.TargetLength;
        writer.Line("// Back to pixels.");
        using (writer.Block("for (int tile = 0; tile < tiles; tile++)"))
        {
            WinogradChunks.EmitPlace(writer, _tiling);
            using (writer.Block($"for (int block = {firstBlock}; block < {endBlock}; block++)"))
            {
                var sizes = new List<string>(WinogradChunks.Inside(_tiling, g));
                if (names.SharesTiles)
                {
                    sizes.Add(Literals.Int(pointStride));
                    if (!_tiling.IsOfRows)
                        sizes.Add(Literals.Int(g.Target.RowStride));
                    if (epilogue.Other is { } otherLayout && !_tiling.IsOfRows)
                        sizes.Add(Literals.Int(otherLayout.RowStride));
                }
                string products = $"products + block * {Literals.Int((long)chunk * Layout.Block)} + tile * 16";
                string arguments = epilogue.Arguments([products], "bias + block * 16", At("output", g.Target),
                    other => At(epilogue.OtherName, other), [.. sizes]);
                Kernel transform = WinogradTransforms.Outputs(name, summary, g, pointStride, epilogue, names.SharesTiles);
                writer.Line($"{names.Use(transform)}({arguments});");
            }
        }

        static string At(string pointer, Layout layout)
        {
            string block = $"{pointer} + sample * {Literals.Int(layout.SampleStride)}L + block * {Literals.Int(layout.PlaneStride)}";
            return Literals.Plus($"{block} + row * {Literals.Int(layout.RowStride)} + column * 16", layout.Origin);
        }
    }
}
