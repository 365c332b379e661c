using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Gradient of a depthwise convolution's weights: for each channel and tap, the sum over samples and output pixels of input × output
/// gradient.
/// </summary>
/// <param name="g">The forward geometry: source is the input, target has the layout of the output's gradient.</param>
internal sealed class DepthwiseWeightGradient(string name, string summary, ConvolutionGeometry g)
{
    private readonly DepthwisePlanes _planes = new(g);

    private KernelParameter Count => CountOf(g.Source);

    public Kernel Create()
        => new(name, summary, $"Depthwise, {_planes.Words}. Input {g.Source}; output gradient {g.Target}.",
            ConvolutionWeightGradient.Parameters(Count), EmitDriver) { IsHot = false };

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int height = g.Taps.Height;
        string plane = _planes.Variable;
        writer.Line($"// Tasks: {ConvolutionRows.Count(_planes.Count, plane)}{(_planes.AreSamples ? "" : " of channels")} "
            + $"× {ConvolutionRows.Count(height, "tap row")}.");
        using var loops = new BlockStack(writer);
        loops.Open(TaskShare.Loop(_planes.Count * height, "task"));
        writer.Line($"int tapRow = task % {Literals.Int(height)}, {plane} = task / {Literals.Int(height)};");
        writer.Line("// Output rows whose tap of this row lies inside the image.");
        ConvolutionWeightGradient.EmitRowRange(writer, g);
        writer.Line($"float* x = input + {plane} * {Literals.Int(g.Source.PlaneStride)} + {ConvolutionWeightGradient.FirstSource(g)};");
        writer.Line($"float* dy = outputGradient + {plane} * {Literals.Int(g.Target.PlaneStride)} "
            + $"+ {ConvolutionWeightGradient.FirstTarget(g)};");
        writer.Line($"float* dw = weightGradient + {_planes.Weights} + tapRow * {Literals.Int(g.TapRowStride)};");
        // With sample lanes the parts of 16 samples are summed in the kernel; with channel lanes they are channels of their own.
        bool hasParts = !_planes.AreSamples && isa.Lanes < Layout.Block;
        if (hasParts)
            loops.Open($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
        foreach (TileRun taps in TileShapes.Split(g.Taps.Width, isa.Registers - 4))
            EmitTaps(writer, names, taps, hasParts ? " + part" : "");
    }

    /// <summary>The tiles of some taps of the row.</summary>
    private void EmitTaps(SourceWriter writer, KernelNames names, TileRun taps, string part)
    {
        string x = Literals.Plus("x", taps.Start * g.Dilation.Width * Layout.Block),
            dw = Literals.Plus("dw", taps.Start * g.TapColumnStride);
        string method = names.Use(Tile(taps.Size));
        if (taps.Count > 1)
        {
            x += $" + tile * {Literals.Int(taps.Size * g.Dilation.Width * Layout.Block)}";
            dw += $" + tile * {Literals.Int(taps.Size * g.TapColumnStride)}";
        }
        using (taps.Count > 1 ? writer.Block($"for (int tile = 0; tile < {Literals.Int(taps.Count)}; tile++)") : (SourceWriter.Scope?)null)
            writer.Line($"{method}(dy{part}, {x}{part}, {dw}{part}, {Count.Name}, rows);");
    }

    private Kernel Tile(int taps)
        => new($"{name}Tile{Literals.Int(taps)}", summary, $"Microkernel: {ConvolutionRows.Count(taps, "tap")} of a row.",
            [Floats("outputGradient"), Floats("input"), Floats("weightGradient"), Count, Int("rows")],
            (writer, isa, _) => EmitTile(writer, isa, taps));

    private void EmitTile(SourceWriter writer, VectorIsa isa, int taps)
    {
        var tile = new RegisterTile(1, taps)
        {
            IsUnbounded = true,
            RowOperand = "outputGradient",
            VectorOperand = "input",
            VectorOffset = t => (long)t * g.Dilation.Width * Layout.Block,
            RowsAreVectors = true,
        };
        tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
        tile.EmitReductions(writer, isa, [TileReduction(isa)]);
        writer.Line(_planes.AreSamples ? "// Epilogue: sum the lanes." : "// Epilogue.");
        for (int t = 0; t < taps; t++)
        {
            writer.Line(_planes.AreSamples
                ? $"weightGradient[{Literals.Int(t * g.TapColumnStride)}] = {isa.Static}.Sum({tile.Accumulator(0, t)});"
                : isa.Store(tile.Accumulator(0, t), Literals.Plus("weightGradient", t * g.TapColumnStride)));
        }
    }

    /// <summary>Samples × output rows × output columns.</summary>
    private Reduction TileReduction(VectorIsa isa)
    {
        var loops = new List<ReductionLoop>
        {
            new("Sample", Count.Name, g.Target.SampleStride, g.Source.SampleStride),
            new("Row", "rows", g.Target.RowStride, (long)g.Stride.Height * g.Source.RowStride),
        };
        string comment = $"Compute: {Count.Name} × output rows × {ConvolutionRows.Count(g.Pixels.Width, "output column")}";
        long column = (long)g.Stride.Width * Layout.Block;
        if (!_planes.AreSamples || isa.Lanes == Layout.Block)
            return new Reduction(loops, g.Pixels.Width, Layout.Block, column, comment + ".");
        loops.Add(new ReductionLoop("Column", g.Pixels.Width, Layout.Block, column));
        return new Reduction(loops, Layout.Block / isa.Lanes, isa.Lanes, isa.Lanes, comment + " × parts of 16 samples.");
    }
}
