using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Kernels;

/// <summary>
/// Convolution with channel lanes: a vector holds channels of one target pixel; each step broadcasts one source element per pixel
/// of the tile. The 16 channels of a pixel and its right neighbours are contiguous, so a row of taps is one straight run.
/// </summary>
internal static class ChannelConvolution
{
    /// <param name="other">Layout of the residual operand or of the saved activation, if the epilogue reads one.</param>
    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, bool hasBias, Activation? activation,
        Layout? residual, (Activation Kind, Layout Layout)? mask)
    {
        Layout? other = residual ?? mask?.Layout;
        string parameters = "float* input, float* weights, " + (hasBias ? "float* bias, " : "") + "float* output, "
            + (other is null ? "" : (residual is not null ? "float* residual, " : "float* saved, ")) + "int samples";
        string remarks = $"Channel lanes. Input {geometry.Source}; output {geometry.Target}. {Literals.Count(geometry.MultiplyAdds)} multiply-adds per sample.";
        return new Kernel(name, summary, remarks, parameters, (writer, isa, names) =>
            EmitDriver(writer, isa, names, name, summary, geometry, hasBias, activation, residual, mask))
        {
            IsHot = false,
            Tile = isa => $"Tiles of {string.Join(", ", TileSizes(isa, geometry, Vectors(isa, geometry)).Select(t => Literals.Int(t.Size)).Distinct())} pixels × {Literals.Int(Vectors(isa, geometry) * isa.Lanes)} channels. Rows of taps outside the image are skipped; columns outside read the halo.",
        };
    }

    private static int Blocks(ConvolutionGeometry geometry) => Layout.RoundUp(geometry.TargetChannels) / Layout.Block;

    private static int Vectors(VectorIsa isa, ConvolutionGeometry geometry) => isa.Lanes == Layout.Block && Blocks(geometry) == 1 ? 1 : 2;

    private static IReadOnlyList<(int Size, int Count)> TileSizes(VectorIsa isa, ConvolutionGeometry geometry, int vectors)
        => TileShapes.Split(geometry.Pixels.Width, Math.Min(28, TileShapes.MaxRows(isa.Registers, vectors)));

    private static void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary,
        ConvolutionGeometry g, bool hasBias, Activation? activation, Layout? residual, (Activation Kind, Layout Layout)? mask)
    {
        Layout source = g.Source, target = g.Target;
        Layout? other = residual ?? mask?.Layout;
        string otherName = residual is not null ? "residual" : "saved";
        int blocks = Blocks(g), vectors = Vectors(isa, g);
        int groupChannels = vectors * isa.Lanes;

        using (writer.Block($"for (int sample = 0; sample < samples; sample++, input += {Literals.Int(source.SampleStride)}, output += {Literals.Int(target.SampleStride)}{(other is null ? "" : $", {otherName} += {Literals.Int(other.SampleStride)}")})"))
        {
            int groups = blocks * Layout.Block / groupChannels;
            if (groups > 0)
                EmitGroups(vectors, groups, 0);
            // An odd block of 16 channels is left where vectors hold a whole block each.
            if (groups * groupChannels < blocks * Layout.Block)
                EmitGroups(1, 1, groups * groupChannels);

            if (!Epilogue.IsInRegister(activation))
            {
                writer.Line($"// {activation}, over the sample just computed.");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(target.Planes * target.Height)}; row++)"))
                    writer.Line($"{names.Use(Elementwise.ActivateRow(activation!))}(output + row * {Literals.Int(target.RowStride)} + {Literals.Int(target.Origin)}, {Literals.Int(target.Width * Layout.Block)});");
                if (activation is { KeepsZero: false } && g.TargetChannels % Layout.Block != 0)
                    Elementwise.EmitClearPaddingLanes(writer, target, g.TargetChannels);
            }
        }

        void EmitGroups(int groupVectors, int count, int firstChannel)
        {
            string Group(string pointer, long start, long blockStride)
            {
                long fixedOffset = start + firstChannel / Layout.Block * blockStride;
                if (count == 1)
                    return Literals.Plus(pointer, fixedOffset);
                if (groupChannels >= Layout.Block)
                    return $"{Literals.Plus(pointer, fixedOffset)} + group * {Literals.Int(groupChannels / Layout.Block * blockStride)}";
                return $"{Literals.Plus(pointer, fixedOffset)} + (group >> 1) * {Literals.Int(blockStride)} + (group & 1) * {Literals.Int(groupChannels)}";
            }

            IReadOnlyList<(int Size, int Count)> tiles = TileSizes(isa, g, groupVectors);
            writer.Line($"// {ConvolutionRows.Count(count, "group")} of {Literals.Int(groupVectors * isa.Lanes)} output channels: the weights of a group stay in the cache while all rows pass.");
            var scope = count > 1 ? writer.Block($"for (int group = 0; group < {Literals.Int(count)}; group++)") : writer.Block();
            using (scope)
            {
                writer.Line($"float* groupWeights = {Group("weights", g.WeightStart, g.TargetChannelStride.BlockStride)};");
                writer.Line($"float* groupOutput = {Group("output", target.Origin + g.TargetStart.Height * target.RowStride + g.TargetStart.Width * Layout.Block, target.PlaneStride)};");
                if (hasBias)
                    writer.Line($"float* groupBias = {Group("bias", 0, Layout.Block)};");
                if (other is not null)
                    writer.Line($"float* groupOther = {Group(otherName, other.Origin + g.TargetStart.Height * other.RowStride + g.TargetStart.Width * Layout.Block, other.PlaneStride)};");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(g.Pixels.Height)}; row++)"))
                {
                    ConvolutionRows.EmitTapRange(writer, g);
                    int done = 0;
                    foreach ((int size, int tileCount) in tiles)
                    {
                        Kernel tile = TileKernel(isa, name, summary, g, size, groupVectors, hasBias, activation, residual, mask);
                        var arguments = new List<string>
                        {
                            Literals.Plus($"input + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(source.RowStride)}", source.Origin + (done * g.Stride.Width - g.Left) * source.PixelStride),
                            $"groupWeights + firstTap * {Literals.Int(g.TapRowStride)}",
                        };
                        if (hasBias)
                            arguments.Add("groupBias");
                        arguments.Add(Literals.Plus($"groupOutput + row * {Literals.Int(g.TargetStep.Height * target.RowStride)}", done * g.TargetStep.Width * Layout.Block));
                        if (other is not null)
                            arguments.Add(Literals.Plus($"groupOther + row * {Literals.Int(g.TargetStep.Height * other.RowStride)}", done * g.TargetStep.Width * Layout.Block));
                        arguments.Add("tapRows");
                        arguments.Add(Literals.Int(tileCount));
                        writer.Line($"{names.Use(tile)}({string.Join(", ", arguments)});");
                        done += size * tileCount;
                    }
                }
            }
        }
    }

    private static Kernel TileKernel(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int pixels, int vectors,
        bool hasBias, Activation? activation, Layout? residual, (Activation Kind, Layout Layout)? mask)
    {
        Layout? other = residual ?? mask?.Layout;
        string otherName = residual is not null ? "residual" : "saved";
        string parameters = "float* input, float* weights, " + (hasBias ? "float* bias, " : "") + "float* output, "
            + (other is null ? "" : $"float* {otherName}, ") + "int tapRows, int tiles";
        string fused = activation is { } a && Epilogue.IsInRegister(a) ? $" {a} fused." : "";
        return new Kernel($"{name}Tile{Literals.Int(pixels)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {Literals.Int(pixels)} pixels × {Literals.Int(vectors)} vectors, {Literals.Int(pixels * vectors)} accumulators.{(hasBias ? " Bias fused." : "")}{fused}{(residual is null ? "" : " Residual addition fused.")}{(mask is null ? "" : $" Derivative of {mask.Value.Kind} fused.")}",
            parameters, (writer, vectorIsa, names) => EmitTile(writer, vectorIsa, names));

        void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            long VectorPart(int v, long blockStride) => v * isa.Lanes / Layout.Block * blockStride + v * isa.Lanes % Layout.Block;
            long Pixel(int p) => (long)p * g.TargetStep.Width * Layout.Block;

            var tile = new RegisterTile(pixels, vectors)
            {
                RowOffset = p => (long)p * g.Stride.Width * g.Source.PixelStride,
                VectorOffset = v => VectorPart(v, g.TargetChannelStride.BlockStride),
            };
            string advanceOther = other is null ? "" : $", {otherName} += {Literals.Int(pixels * g.TargetStep.Width * Layout.Block)}";
            using (writer.Block($"for (int tile = 0; tile < tiles; tile++, input += {Literals.Int(pixels * g.Stride.Width * g.Source.PixelStride)}, output += {Literals.Int(pixels * g.TargetStep.Width * Layout.Block)}{advanceOther})"))
            {
                writer.Line(hasBias ? "// Setup: the accumulators start from the bias." : "// Setup: the accumulators start from zero.");
                tile.EmitAccumulators(writer, isa, (_, v) => hasBias ? isa.Load(Literals.Plus("bias", v * isa.Lanes)) : isa.Zero);
                tile.EmitReductions(writer, isa, ConvolutionRows.ChannelReductions(g));

                var stages = new List<string>();
                if (residual is not null)
                    stages.Add("residual");
                if (activation is { } kind && Epilogue.IsInRegister(kind))
                    stages.Add(kind.ToString());
                if (mask is not null)
                    stages.Add($"derivative of {mask.Value.Kind}");
                stages.Add("store");
                writer.Line($"// Epilogue: {string.Join(", ", stages)}.");
                for (int p = 0; p < pixels; p++)
                {
                    for (int v = 0; v < vectors; v++)
                    {
                        string value = tile.Accumulator(p, v);
                        if (residual is not null)
                            value = $"({value} + {isa.Load(Literals.Plus("residual", Pixel(p) + VectorPart(v, residual.PlaneStride)))})";
                        if (activation is { } inRegister && Epilogue.IsInRegister(inRegister))
                            value = inRegister.Apply(isa, names, value);
                        if (mask is { } m)
                            value = $"({m.Kind.ApplyDerivative(isa, names, value, isa.Load(Literals.Plus("saved", Pixel(p) + VectorPart(v, m.Layout.PlaneStride))))})";
                        writer.Line(isa.Store(value, Literals.Plus("output", Pixel(p) + VectorPart(v, g.Target.PlaneStride))));
                    }
                }
            }
        }
    }
}
