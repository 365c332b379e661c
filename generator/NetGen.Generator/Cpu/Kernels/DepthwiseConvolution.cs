using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution of each channel by itself. With channel lanes nothing is broadcast: 16 channels of a pixel times their 16 weights of a
/// tap; with sample lanes a channel's weights are broadcast over the samples. Weights [channel / 16][row][column][16] serve both, and
/// the input's gradient, which runs over the taps in reverse.
/// </summary>
/// <param name="g">Its target channels are all channels; it sums over one source channel.</param>
internal sealed class DepthwiseConvolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
{
    private static readonly KernelParameter[] s_operands = [ConvolutionParameters.Input, ConvolutionParameters.Weights];

    private readonly DepthwisePlanes _planes = new(g);

    public static Kernel Create(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
        => new DepthwiseConvolution(name, summary, g, epilogue).Create();

    /// <summary>Gradient of the weights.</summary>
    /// <param name="g">The forward geometry: source is the input, target has the layout of the output's gradient.</param>
    public static Kernel WeightGradient(string name, string summary, ConvolutionGeometry g)
        => new DepthwiseWeightGradient(name, summary, g).Create();

    private Kernel Create()
    {
        string what = $"Depthwise, {_planes.Words}. Input {g.Source}; output {g.Target}.";
        return new Kernel(name, summary, $"{what} {Literals.Count(g.MultiplyAdds)} multiply-adds per sample.",
            epilogue.Parameters(s_operands, [CountOf(g.Source), .. g.MoreParameters]), EmitDriver)
        {
            IsHot = false,
            Part = _planes.AreSamples || g.IsShared ? null : new Kernel(
                name + "Part", summary, what + " One sample, divided among workers.",
                epilogue.Parameters(s_operands, Share), EmitPart) { IsHot = false },
            Tile = isa => $"Tiles of {string.Join(", ", Tiles(isa).Select(t => Literals.Int(t.Size)).Distinct())} pixels. "
                + "Rows of taps outside the image are skipped; columns outside read the halo.",
        };
    }

    /// <summary>Tiles of a row: as many pixels as registers hold sums, beside one weight and one input.</summary>
    private IReadOnlyList<TileRun> Tiles(VectorIsa isa) => TileShapes.Split(g.Pixels.Width, Math.Min(14, isa.Registers - 2));

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string advance = $"input += {Literals.Int(g.Source.SampleStride)}, "
            + $"output += {Literals.Int(g.Target.SampleStride)}{epilogue.Advance(other => other.SampleStride)}";
        using var loops = new BlockStack(writer);
        loops.Open($"for (int n = 0; n < {CountOf(g.Source).Name}; n++, {advance})");
        loops.Open($"for (int {_planes.Variable} = 0; {_planes.Variable} < {Literals.Int(_planes.Count)}; {_planes.Variable}++)");
        OpenParts(writer, isa, loops);
        EmitPointers(writer, isa);
        loops.Open($"for (int row = 0; row < {g.Rows}; row++)");
        EmitRow(writer, isa, names);
    }

    /// <summary>One worker's share of a sample: rows of blocks of channels.</summary>
    private void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int height = g.Pixels.Height;
        writer.Line($"// Tasks: {ConvolutionRows.Count(_planes.Count, "block")} of 16 channels × {ConvolutionRows.Count(height, "row")}.");
        using var loops = new BlockStack(writer);
        loops.Open(TaskShare.Loop(_planes.Count * height, "task"));
        writer.Line($"int block = task / {Literals.Int(height)}, row = task % {Literals.Int(height)};");
        OpenParts(writer, isa, loops);
        EmitPointers(writer, isa);
        EmitRow(writer, isa, names);
    }

    private void OpenParts(SourceWriter writer, VectorIsa isa, BlockStack loops)
    {
        if (isa.Lanes == Layout.Block)
            return;
        writer.Line($"// A vector holds {Literals.Int(isa.Lanes)} of the 16 {(_planes.AreSamples ? "samples" : "channels")}.");
        loops.Open($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
    }

    /// <summary>Declares the pointers of a plane.</summary>
    private void EmitPointers(SourceWriter writer, VectorIsa isa)
    {
        string part = isa.Lanes == Layout.Block ? "" : " + part", ofChannels = _planes.AreSamples ? "" : part;
        writer.Line($"float* planeWeights = {Literals.Plus("weights", g.WeightStart)} + {_planes.Weights}{ofChannels};");
        writer.Line($"float* planeInput = input + {_planes.Variable} * {Literals.Int(g.Source.PlaneStride)}{part};");
        writer.Line($"float* planeOutput = {Plane("output", g.Target)};");
        if (epilogue.HasBias)
            writer.Line($"float* planeBias = bias + {(_planes.AreSamples ? "channel" : "block * 16" + part)};");
        if (epilogue.Other is { } other)
            writer.Line($"float* planeOther = {Plane(epilogue.OtherName, other)};");

        string Plane(string pointer, Layout layout)
        {
            long start = layout.Origin + g.TargetStart.Height * layout.RowStride + g.TargetStart.Width * Layout.Block;
            return $"{pointer} + {_planes.Variable} * {Literals.Int(layout.PlaneStride)} + {Literals.Int(start)}{part}";
        }
    }

    private void EmitRow(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        ConvolutionRows.EmitTapRange(writer, g);
        foreach ((int size, int count, int start) in Tiles(isa))
        {
            string[] operands =
            [
                g.SourceAt($"planeInput + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(g.Source.RowStride)}", start),
                $"planeWeights + firstTap * {Literals.Int(g.TapRowStride)}",
            ];
            string arguments = epilogue.Arguments(operands, "planeBias", At("planeOutput", g.Target),
                layout => At("planeOther", layout), "tapRows", Literals.Int(count));
            writer.Line($"{names.Use(Tile(size))}({arguments});");

            string At(string pointer, Layout layout)
                => Literals.Plus($"{pointer} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)}",
                    start * g.TargetStep.Width * Layout.Block);
        }
    }

    private Kernel Tile(int pixels)
        => new($"{name}Tile{Literals.Int(pixels)}", summary, $"Microkernel: {Literals.Int(pixels)} pixels.{epilogue.Fused()}",
            epilogue.Parameters(s_operands, [Int("tapRows"), Int("tiles")]), (writer, isa, names) => EmitTile(writer, isa, names, pixels));

    private void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names, int pixels)
    {
        bool samples = _planes.AreSamples;
        long sourceStep = (long)g.Stride.Width * Layout.Block, targetStep = (long)g.TargetStep.Width * Layout.Block;
        // Rows are what is broadcast: nothing with channel lanes, where both operands are vectors; the weight with sample lanes.
        RegisterTile tile = samples
            ? new RegisterTile(1, pixels)
            {
                RowOperand = "weights",
                VectorOperand = "input",
                RowOffset = _ => 0,
                VectorOffset = p => p * sourceStep,
            }
            : new RegisterTile(pixels, 1)
            {
                RowOperand = "input",
                VectorOperand = "weights",
                RowOffset = p => p * sourceStep,
                VectorOffset = _ => 0,
                RowsAreVectors = true,
            };
        Reduction[] reductions = g.Taps.Width == 0 ? [] : [TileReduction()];
        tile.EmitTotals(writer, isa, reductions);
        string advance = $"input += {Literals.Int(pixels * sourceStep)}, "
            + $"output += {Literals.Int(pixels * targetStep)}{epilogue.Advance(_ => pixels * targetStep)}";
        using (writer.Block($"for (int tile = 0; tile < tiles; tile++, {advance})"))
        {
            writer.Line(epilogue.Setup);
            string bias = samples ? isa.Broadcast("*bias") : isa.Load("bias");
            tile.EmitAccumulators(writer, isa, (_, _) => epilogue.HasBias ? bias : isa.Zero);
            if (reductions.Length > 0)
                tile.EmitReductions(writer, isa, reductions);
            writer.Line($"// Epilogue: {epilogue.Stages}.");
            for (int p = 0; p < pixels; p++)
            {
                string sum = samples ? tile.Accumulator(0, p) : tile.Accumulator(p, 0);
                string value = epilogue.Apply(isa, names, sum, _ => Literals.Plus(epilogue.OtherName, p * targetStep));
                writer.Line(isa.Store(value, Literals.Plus("output", p * targetStep)));
            }
        }
    }

    /// <summary>Rows of taps × taps.</summary>
    private Reduction TileReduction()
    {
        long sourceRow = (long)g.Dilation.Height * g.Source.RowStride, sourceTap = (long)g.Dilation.Width * Layout.Block;
        string comment = $"Compute: rows of {ConvolutionRows.Count(g.Taps.Width, "tap")}.";
        return _planes.AreSamples
            ? new Reduction([ConvolutionRows.TapRows(g, g.TapRowStride, sourceRow)], g.Taps.Width, g.TapColumnStride, sourceTap, comment)
            : new Reduction([ConvolutionRows.TapRows(g, sourceRow, g.TapRowStride)], g.Taps.Width, sourceTap, g.TapColumnStride, comment);
    }
}
