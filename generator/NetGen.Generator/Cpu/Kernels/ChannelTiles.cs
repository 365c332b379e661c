using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The microkernels of a convolution with channel lanes.</summary>
internal sealed class ChannelTiles(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
{
    private static readonly KernelParameter[] s_operands = [ConvolutionParameters.Input, ConvolutionParameters.Weights];

    /// <summary>The sizes by which the tiles of two layers would differ, as parameters of one tile.</summary>
    public sealed class Strides
    {
        public Strides(VectorIsa isa, ConvolutionGeometry g, int pixels, int vectors, ConvolutionEpilogue epilogue)
        {
            var tile = new RegisterTile(pixels, vectors) { UnrolledMultiplyAdds = RegisterTile.SharedUnrolledMultiplyAdds };
            int unroll = tile.ChooseUnroll(Layout.Block);
            var all = new List<(KernelParameter Parameter, long Value)>
            {
                (Int("blocks"), g.SourceChannels / Layout.Block),
                (Int("rounds"), g.Taps.Width * Layout.Block / unroll),
                (NativeInt("inputBlockStride"), g.Source.PlaneStride),
                (NativeInt("inputRowStride"), (long)g.Dilation.Height * g.Source.RowStride),
                (NativeInt("weightsInputStride"), g.SourceChannelStride.BlockStride),
                (NativeInt("weightsRowStride"), g.TapRowStride),
            };
            // Vectors of one block of 16 channels lie side by side.
            if (vectors * isa.Lanes > Layout.Block)
            {
                all.Add((NativeInt("weightsBlockStride"), g.TargetChannelStride.BlockStride));
                all.Add((NativeInt("outputBlockStride"), g.Target.PlaneStride));
                if (epilogue.Other is { } other)
                    all.Add((NativeInt(epilogue.OtherName + "BlockStride"), other.PlaneStride));
            }
            Parameters = all.Select(stride => stride.Parameter).ToArray();
            Arguments = all.Select(stride => Literals.Int(stride.Value)).ToArray();
        }

        /// <summary>At the end of the tile's parameters.</summary>
        public IReadOnlyList<KernelParameter> Parameters { get; }

        public IReadOnlyList<string> Arguments { get; }
    }

    /// <summary>One pixel of several samples.</summary>
    public Kernel OnePixel(int samples, int vectors)
        => new($"{name}Tile{Literals.Int(samples)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: one pixel of {ConvolutionRows.Count(samples, "sample")} × {ConvolutionRows.Count(vectors, "vector")}, "
            + $"{Literals.Int(samples * vectors)} accumulators.{epilogue.Fused()}",
            epilogue.Parameters(s_operands, [Int("tapRows"), Int("tapColumns")]),
            (writer, isa, names) => EmitOnePixel(writer, isa, names, samples, vectors));

    private void EmitOnePixel(SourceWriter writer, VectorIsa isa, KernelNames names, int samples, int vectors)
    {
        var tile = new RegisterTile(samples, vectors)
        {
            RowOffset = s => s * g.Source.SampleStride,
            VectorOffset = v => Stride.OfVector(isa, v, g.TargetChannelStride.BlockStride),
            UnrolledMultiplyAdds = names.SharesTiles ? RegisterTile.SharedUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds,
        };
        tile.EmitAccumulators(writer, isa, (_, v) => Bias(isa, v));
        tile.EmitReductions(writer, isa, ConvolutionRows.PixelReductions(g));
        EmitEpilogue(writer, isa, names, tile,
            (v, operand, layout, s) => Stride.OfVector(isa, v, layout.PlaneStride).AddTo(operand, s * layout.SampleStride));
    }

    /// <summary>Neighbouring pixels.</summary>
    public Kernel Pixels(VectorIsa isa, int pixels, int vectors, Strides? shared)
    {
        string size = $"Tile{Literals.Int(pixels)}x{Literals.Int(vectors)}";
        return new Kernel(shared is null ? name + size : "Convolution" + size,
            shared is null ? summary : "Convolutions: layers of different sizes share it.",
            $"Microkernel: {Literals.Int(pixels)} pixels × {Literals.Int(vectors)} vectors, "
            + $"{Literals.Int(pixels * vectors)} accumulators.{epilogue.Fused()}",
            epilogue.Parameters(s_operands, [Int("tapRows"), Int("tiles"), .. shared?.Parameters ?? []]),
            (writer, _, names) => EmitPixels(writer, isa, names, pixels, vectors, shared is not null))
        {
            SharedAs = shared is null ? null : $"Convolution{size} {Literals.Int(PixelStep)} {Literals.Int(TargetStep)} "
                + $"{epilogue.HasBias} {epilogue.Residual is not null} {epilogue.Activation} {epilogue.Mask?.Kind}",
        };
    }

    /// <summary>Floats from the source of one pixel to that of the next.</summary>
    private long PixelStep => (long)g.Stride.Width * g.Source.PixelStride;

    private long TargetStep => (long)g.TargetStep.Width * Layout.Block;

    private void EmitPixels(SourceWriter writer, VectorIsa isa, KernelNames names, int pixels, int vectors, bool shared)
    {
        List<Reduction> reductions = ConvolutionRows.ChannelReductions(g, shared).ToList();
        var tile = new RegisterTile(pixels, vectors)
        {
            RowOffset = p => p * PixelStep,
            VectorOffset = v => OfVector(v, "weights", g.TargetChannelStride.BlockStride),
            UnrolledMultiplyAdds = shared ? RegisterTile.SharedUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds,
        };
        tile.EmitTotals(writer, isa, reductions);
        string advance = $"input += {Literals.Int(pixels * PixelStep)}, "
            + $"output += {Literals.Int(pixels * TargetStep)}{epilogue.Advance(_ => pixels * TargetStep)}";
        using (writer.Block($"for (int tile = 0; tile < tiles; tile++, {advance})"))
        {
            writer.Line(epilogue.Setup);
            tile.EmitAccumulators(writer, isa, (_, v) => Bias(isa, v));
            tile.EmitReductions(writer, isa, reductions);
            EmitEpilogue(writer, isa, names, tile,
                (v, operand, layout, p) => OfVector(v, operand, layout.PlaneStride).AddTo(operand, p * TargetStep));
        }

        Stride OfVector(int v, string operand, long blockStride)
            => Stride.OfVector(isa, v, blockStride, shared ? operand + "BlockStride" : null);
    }

    private string Bias(VectorIsa isa, int vector) => epilogue.HasBias ? isa.Load(Literals.Plus("bias", vector * isa.Lanes)) : isa.Zero;

    /// <param name="at">The address of a vector of an operand, in its layout, for a row of the tile.</param>
    private void EmitEpilogue(SourceWriter writer, VectorIsa isa, KernelNames names,
        RegisterTile tile, Func<int, string, Layout, int, string> at)
    {
        writer.Line($"// Epilogue: {epilogue.Stages}.");
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int v = 0; v < tile.Vectors; v++)
            {
                string value = epilogue.Apply(isa, names, tile.Accumulator(row, v), other => at(v, epilogue.OtherName, other, row));
                writer.Line(isa.Store(value, at(v, "output", g.Target, row)));
            }
        }
    }
}
