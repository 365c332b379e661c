using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// A convolution's weight gradient with channel lanes: vectors hold 16 or 32 output channels; rows of the tile are neighbouring inputs of
/// one tap row. Sweeps of samples stay in L2 while every tile of weights passes over them.
/// </summary>
internal sealed class ChannelWeightGradient(string name, string summary, ConvolutionGeometry g)
{
    /// <summary>Rows of the largest tile.</summary>
    private const int MaxRows = 16;

    private readonly bool _isPlain = g.Source.Kind == LayoutKind.Plain;

    private ConvolutionGeometry Geometry => g;

    /// <summary>Samples whose input and gradient stay in L2.</summary>
    private int Sweep => (int)Math.Max(1, CommonL2.HalfFloats / (g.Source.SampleStride + g.Target.SampleStride));

    /// <summary>The tasks of one instruction set: groups of output channels × blocks of input channels × rows of taps.</summary>
    /// <param name="Vectors">Of output channels in a group.</param>
    /// <param name="HasOddGroup">The last group has half the vectors.</param>
    /// <param name="Full">Whole blocks of input channels; plain images have channels in their place.</param>
    /// <param name="Rest">Input channels of the last block, where it is not whole.</param>
    private sealed record Tiling(int Vectors, int Groups, bool HasOddGroup, int Full, int Rest)
    {
        public int SourceBlocks => Full + (Rest > 0 ? 1 : 0);
    }

    private Tiling Choose(VectorIsa isa)
    {
        int channels = Layout.RoundUp(g.TargetChannels), vectors = isa.Lanes == Layout.Block && channels == Layout.Block ? 1 : 2;
        int width = vectors * isa.Lanes;
        return new Tiling(vectors, (channels + width - 1) / width, channels % width != 0,
            _isPlain ? g.SourceChannels : g.SourceChannels / Layout.Block, _isPlain ? 0 : g.SourceChannels % Layout.Block);
    }

    public Kernel Create()
    {
        string remarks = $"Channel lanes. Input {g.Source}; output gradient {g.Target}. "
            + $"Sweeps of {ConvolutionRows.Count(Sweep, "sample")}, so that they stay in L2 while every tile of weights passes over them.";
        return new Kernel(name, summary, remarks, ConvolutionWeightGradient.Parameters(Samples), EmitDriver) { IsHot = false };
    }

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        Tiling tiling = Choose(isa);
        int tasks = tiling.Groups * tiling.SourceBlocks * g.Taps.Height;
        string height = Literals.Int(g.Taps.Height), sweep = Literals.Int(Sweep);
        string inputs = ConvolutionRows.Count(tiling.SourceBlocks, _isPlain ? "input channel" : "block")
            + (_isPlain ? "" : " of input channels");
        writer.Line($"// {Literals.Int(tasks)} tasks: {ConvolutionRows.Count(tiling.Groups, "group")} "
            + $"of output channels × {inputs} × {ConvolutionRows.Count(g.Taps.Height, "tap row")}.");
        writer.Line(TaskShare.Declare(tasks, "firstTask", "endTask"));
        using (writer.Block($"for (int start = 0; start < samples; start += {sweep})"))
        {
            writer.Line($"int count = Math.Min({sweep}, samples - start);");
            using (writer.Block("for (int task = firstTask; task < endTask; task++)"))
            {
                writer.Line($"int tapRow = task % {height}, block = task / {height} % {Literals.Int(tiling.SourceBlocks)}, "
                    + $"group = task / {Literals.Int(g.Taps.Height * tiling.SourceBlocks)};");
                ConvolutionWeightGradient.EmitRowRange(writer, g);
                EmitPointers(writer, tiling.Vectors * isa.Lanes);
                EmitTask(writer, isa, names, tiling);
            }
        }
    }

    private void EmitPointers(SourceWriter writer, int groupChannels)
    {
        long blockStride = _isPlain ? g.SourceChannelStride.InnerStride : g.SourceChannelStride.BlockStride;
        writer.Line($"float* x = input + start * (long){Literals.Int(g.Source.SampleStride)} "
            + $"+ block * {Literals.Int(g.Source.PlaneStride)} + {ConvolutionWeightGradient.FirstSource(g)};");
        writer.Line($"float* dy = outputGradient + start * (long){Literals.Int(g.Target.SampleStride)} "
            + $"+ {TileShapes.OfGroup(groupChannels, g.Target.PlaneStride)} + {ConvolutionWeightGradient.FirstTarget(g)};");
        writer.Line($"float* dw = weightGradient + {TileShapes.OfGroup(groupChannels, g.TargetChannelStride.BlockStride)} "
            + $"+ block * {Literals.Int(blockStride)} + tapRow * {Literals.Int(g.TapRowStride)};");
    }

    private void EmitTask(SourceWriter writer, VectorIsa isa, KernelNames names, Tiling tiling)
    {
        var runs = new RunWriter(this, writer, isa, names);
        if (!tiling.HasOddGroup)
        {
            runs.EmitBlock(tiling, tiling.Vectors);
            return;
        }
        using (writer.Block($"if (group == {Literals.Int(tiling.Groups - 1)})"))
        {
            writer.Line("// The last, odd block of 16 output channels.");
            runs.EmitBlock(tiling, 1);
        }
        using (writer.Block("else"))
            runs.EmitBlock(tiling, tiling.Vectors);
    }

    /// <summary>Writes the calls of tiles for one task.</summary>
    private sealed class RunWriter(ChannelWeightGradient kernel, SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        private readonly ConvolutionGeometry _g = kernel.Geometry;

        /// <summary>One block of input channels: a whole one, or the last.</summary>
        public void EmitBlock(Tiling tiling, int vectors)
        {
            if (tiling.Rest == 0)
            {
                EmitFull(vectors);
            }
            else if (tiling.Full == 0)
            {
                EmitTaps(vectors, tiling.Rest);
            }
            else
            {
                using (writer.Block($"if (block < {Literals.Int(tiling.Full)})"))
                    EmitFull(vectors);
                using (writer.Block("else"))
                    EmitTaps(vectors, tiling.Rest);
            }
        }

        /// <summary>All taps of a row lie side by side, unless they are spread.</summary>
        private void EmitFull(int vectors)
        {
            if (kernel._isPlain)
                EmitRun(vectors, _g.Taps.Width, _g.Dilation.Width, ofTap: false);
            else if (_g.Dilation.Width > 1 && _g.Taps.Width > 1)
                EmitTaps(vectors, Layout.Block);
            else
                EmitRun(vectors, _g.Taps.Width * Layout.Block, 1, ofTap: false);
        }

        private void EmitTaps(int vectors, int channels)
        {
            using (writer.Block($"for (int tap = 0; tap < {Literals.Int(_g.Taps.Width)}; tap++)"))
                EmitRun(vectors, channels, 1, ofTap: true);
        }

        /// <summary>A run of inputs at equal distances, and so of neighbouring rows of 16 weights.</summary>
        /// <param name="ofTap">It is that of the tap in the variable <c>tap</c>.</param>
        private void EmitRun(int vectors, int run, int distance, bool ofTap)
        {
            string tapStep = ofTap ? $" + tap * {Literals.Int(_g.Dilation.Width * Layout.Block)}" : "";
            string weightTap = ofTap ? $" + tap * {Literals.Int(_g.TapColumnStride)}" : "";
            TileStrides? shared = names.SharesTiles && _g.Pixels.Width <= LongSum.MaxTerms ? new TileStrides(isa, _g, vectors) : null;
            foreach ((int size, int count, int start) in TileShapes.Split(run,
                Math.Min(TileShapes.MaxRows(isa.Registers, vectors), MaxRows)))
            {
                string step = count > 1 ? $" + tile * {Literals.Int(size * distance)}" : "";
                string weightStep = count > 1 ? $" + tile * {Literals.Int(size * Layout.Block)}" : "";
                string x = Literals.Plus("x", start * distance) + tapStep + step,
                    dw = Literals.Plus("dw", start * Layout.Block) + weightTap + weightStep;
                string method = names.Use(kernel.Tile(isa, size, distance, vectors, shared));
                using (count > 1 ? writer.Block($"for (int tile = 0; tile < {Literals.Int(count)}; tile++)") : (SourceWriter.Scope?)null)
                    writer.Line($"{method}({x}, dy, {dw}, count, rows, start > 0{shared?.Arguments});");
            }
        }
    }

    /// <summary>The sizes by which the tiles of two layers would differ, as parameters of one tile.</summary>
    private sealed class TileStrides
    {
        public TileStrides(VectorIsa isa, ConvolutionGeometry g, int vectors)
        {
            var all = new List<(KernelParameter Parameter, long Value)>
            {
                (Int("columns"), g.Pixels.Width),
                (NativeInt("inputSampleStride"), g.Source.SampleStride),
                (NativeInt("inputRowStride"), (long)g.Stride.Height * g.Source.RowStride),
                (NativeInt("inputColumnStride"), g.Stride.Width * g.Source.PixelStride),
                (NativeInt("outputGradientSampleStride"), g.Target.SampleStride),
                (NativeInt("outputGradientRowStride"), g.Target.RowStride),
            };
            // Vectors of one block of 16 channels lie side by side.
            if (vectors * isa.Lanes > Layout.Block)
            {
                all.Add((NativeInt("outputGradientBlockStride"), g.Target.PlaneStride));
                all.Add((NativeInt("weightGradientBlockStride"), g.TargetChannelStride.BlockStride));
            }
            Parameters = all.Select(stride => stride.Parameter).ToArray();
            Arguments = string.Concat(all.Select(stride => ", " + Literals.Int(stride.Value)));
        }

        /// <summary>At the end of the tile's parameters.</summary>
        public IReadOnlyList<KernelParameter> Parameters { get; }

        /// <summary>At the end of a call's arguments, each with a comma in front.</summary>
        public string Arguments { get; }
    }

    /// <param name="distance">Floats from one row's input to the next's.</param>
    private Kernel Tile(VectorIsa isa, int rows, int distance, int vectors, TileStrides? shared)
    {
        string size = $"Tile{Literals.Int(rows)}x{Literals.Int(vectors)}";
        return new Kernel(shared is null ? name + size : "WeightGradient" + size,
            shared is null ? summary : "Gradients of the weights of convolutions: layers of different sizes share it.",
            $"Microkernel: {Literals.Int(rows)} inputs × {Literals.Int(vectors)} vectors of output channels, "
            + $"{Literals.Int(rows * vectors)} accumulators.",
            [
                Floats("input"), Floats("outputGradient"), Floats("weightGradient"), Samples, Int("rows"), Bool("accumulate"),
                .. shared?.Parameters ?? [],
            ], (writer, _, _) => EmitTile(writer, isa, rows, distance, vectors, shared is not null))
        {
            SharedAs = shared is null ? null : $"WeightGradient{size} {Literals.Int(distance)}",
        };
    }

    private void EmitTile(SourceWriter writer, VectorIsa isa, int rows, int distance, int vectors, bool shared)
    {
        var tile = new RegisterTile(rows, vectors)
        {
            IsUnbounded = true,
            VectorOperand = "outputGradient",
            RowOffset = row => (long)row * distance,
            VectorOffset = v => Stride.OfVector(isa, v, g.Target.PlaneStride, shared ? "outputGradientBlockStride" : null),
        };
        tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
        tile.EmitReductions(writer, isa, [TileReduction(shared)]);
        writer.Line("// Epilogue: add to what earlier sweeps left.");
        using (writer.Block("if (accumulate)"))
            EachAccumulator((accumulator, weight) => $"{accumulator} += {isa.Load(weight)};");
        EachAccumulator(isa.Store);

        void EachAccumulator(Func<string, string, string> statement)
        {
            for (int row = 0; row < rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v => statement(tile.Accumulator(row, v),
                    Stride.OfVector(isa, v, g.TargetChannelStride.BlockStride,
                        shared ? "weightGradientBlockStride" : null).AddTo("weightGradient", row * Layout.Block)))));
            }
        }
    }

    /// <summary>Samples × output rows × output columns.</summary>
    private Reduction TileReduction(bool shared)
    {
        Stride Size(string parameter, long value) => shared ? new Stride(0, parameter) : value;

        var loops = new List<ReductionLoop>
        {
            new("Sample", "samples", Size("inputSampleStride", g.Source.SampleStride),
                Size("outputGradientSampleStride", g.Target.SampleStride))
            {
                Most = shared ? null : Sweep,
            },
            new("Row", "rows", Size("inputRowStride", (long)g.Stride.Height * g.Source.RowStride),
                Size("outputGradientRowStride", g.Target.RowStride))
            {
                Most = shared ? null : g.Pixels.Height,
            },
        };
        if (shared)
        {
            loops.Add(new ReductionLoop("Column", "columns", new Stride(0, "inputColumnStride"), Layout.Block)
            {
                Most = LongSum.MaxTerms,
                IsCountedWhole = true,
            });
        }
        string columns = shared ? "output columns" : ConvolutionRows.Count(g.Pixels.Width, "output column");
        return new Reduction(loops, shared ? 1 : g.Pixels.Width, g.Stride.Width * g.Source.PixelStride,
            Layout.Block, $"Compute: samples × output rows × {columns}.");
    }
}
