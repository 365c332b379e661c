using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Kernels of batch normalisation. The sums over a batch are divided by channels: a worker reads its channels of every sample. What follows
/// from them, a scale and a shift for each channel, goes sample by sample.
/// </summary>
internal static class BatchNormKernels
{
    /// <summary>Of each channel, over samples and pixels: Σ (x − pivot) and Σ (x − pivot)².</summary>
    public static Kernel Statistics(string name, string summary, Layout input, BatchNormGeometry geometry)
    {
        string remarks = $"Input {input}. The sums are taken about the mean of the first sample, "
            + "near enough to that of all for little to cancel, "
            + "and go on in double precision after each sample and each block of it.";
        return new Kernel(name, summary, remarks,
            [
                Floats("input"), .. If(geometry.Affine, Floats("weight"), Floats("bias")), Floats("runningMean"), Floats("runningVar"),
                Longs("batches"), Floats("statistics"), Samples, .. Share,
            ],
            (writer, isa, _) => BatchNormSums.For(writer, isa, input, gradient: null,
                $"BatchNormalization.Finish(statistics + channel, {Literals.Int(geometry.Stride)}, middle, sum, product, count, "
                    + $"{Literals.Double(geometry.Eps)}, {(geometry.Affine ? "weight + channel, bias + channel" : "null, null")}, "
                    + $"runningMean + channel, runningVar + channel, {Literals.Double(geometry.Momentum ?? double.NaN)}, "
                    + $"batches{(geometry.LaterUses == 0 ? "" : ", " + Literals.Int(geometry.LaterUses))});").Emit());
    }

    /// <summary>Of each channel, over samples and pixels: Σ dy and Σ dy (x − mean).</summary>
    public static Kernel GradientSums(string name, string summary, Layout input, Layout gradient, BatchNormGeometry geometry)
    {
        string remarks = $"Input {input}; output gradient {gradient}. "
            + "The sums go on in double precision after each sample and each block of it.";
        return new Kernel(name, summary, remarks,
            [
                Floats("input"), Floats("outputGradient"), .. If(geometry.Affine, Floats("weightGradient"), Floats("biasGradient")),
                Floats("statistics"), Samples, .. Share,
            ],
            (writer, isa, _) => BatchNormSums.For(writer, isa, input, gradient,
                $"BatchNormalization.FinishGradient(statistics + channel, {Literals.Int(geometry.Stride)}, sum, product, count, "
                    + $"{(geometry.Affine ? "weightGradient + channel, biasGradient + channel" : "null, null")});").Emit());
    }

    /// <summary>y = scale · x + shift, channel by channel, then what is fused: the other operand of a sum, and an activation.</summary>
    public static Kernel ScaleShift(string name, string summary, Layout input, Layout output, Layout? residual, Activation? activation)
    {
        var operands = new List<(string, Layout)> { ("input", input) };
        if (residual is not null)
            operands.Add(("residual", residual));
        string fused = (residual is null ? "" : ", + residual") + (activation is null ? "" : $", {activation}");
        return Planes(name, summary, $"y = scale · x + shift{fused}.", operands, output, ["scale", "shift"], (writer, isa, names) =>
        {
            string y = isa.MultiplyAdd(isa.Load("inputRow + i"), "scales", "shifts");
            writer.Line($"{isa.Type} y = {y}{(residual is null ? "" : " + " + isa.Load("residualRow + i"))};");
            writer.Line(isa.Store(activation is null ? "y" : $"({activation.Apply(isa, names, "y")})", "outputRow + i"));
        }, clearPadding: activation is { KeepsZero: false });
    }

    /// <summary>
    /// dx = scale · dy + slope · (x − mean) + offset, times the derivative of an activation in front where that is fused.
    /// </summary>
    public static Kernel InputGradient(string name, string summary, Layout input,
        Layout gradient, Layout output, (Activation Activation, Layout Layout)? mask)
    {
        var operands = new List<(string, Layout)> { ("outputGradient", gradient), ("input", input) };
        if (mask is { } m)
            operands.Add(("saved", m.Layout));
        return Planes(name, summary, $"dx = scale · dy + slope · (x − mean) + "
            + $"offset{(mask is null ? "" : $", times the derivative of {mask.Value.Activation}")}.",
            operands, output, ["mean", "scale", "slope", "offset"], (writer, isa, names) =>
        {
            string ofMean = isa.MultiplyAdd($"{isa.Load("inputRow + i")} - means", "slopes", "offsets");
            writer.Line($"{isa.Type} dx = {isa.MultiplyAdd(isa.Load("outputGradientRow + i"), "scales", ofMean)};");
            string result = mask is { } fused ? $"({fused.Activation.ApplyDerivative(isa, names, "dx", isa.Load("savedRow + i"))})" : "dx";
            // Lanes without a sample must stay zero: the gradients of weights sum over all lanes.
            if (output.Kind == LayoutKind.Samples)
                result = $"{isa.Static}.ConditionalSelect({isa.Static}.LessThan({BatchNormSums.LaneIndices(isa)} "
                    + $"+ {isa.Broadcast("(float)(i & 15)")}, {isa.Broadcast("(float)samples")}), {result}, {isa.Zero})";
            writer.Line(isa.Store(result, "outputRow + i"));
        }, takesSamples: output.Kind == LayoutKind.Samples);
    }

    /// <summary>
    /// dx = scale · dy, where the normalisation is by fixed statistics, times the derivative of an activation in front where that is fused.
    /// </summary>
    public static Kernel ScaleGradient(
        string name, string summary, Layout gradient, Layout output, (Activation Activation, Layout Layout)? mask)
    {
        var operands = new List<(string, Layout)> { ("outputGradient", gradient) };
        if (mask is { } m)
            operands.Add(("saved", m.Layout));
        string fused = mask is null ? "" : $", times the derivative of {mask.Value.Activation}";
        return Planes(name, summary, $"dx = scale · dy{fused}.", operands, output, ["scale"], (writer, isa, names) =>
        {
            string dx = $"{isa.Load("outputGradientRow + i")} * scales";
            if (mask is { } own)
            {
                writer.Line($"{isa.Type} dx = {dx};");
                dx = own.Activation.ApplyDerivative(isa, names, "dx", isa.Load("savedRow + i"));
            }
            writer.Line(isa.Store(dx, "outputRow + i"));
        });
    }

    /// <summary>A kernel over samples, planes, rows and pixels, with one coefficient of each kind for a channel.</summary>
    /// <param name="coefficients">Parameters that point at a run of channels; the body sees the vectors <c>scales</c> for
    /// <c>scale</c>.</param>
    /// <param name="takesSamples">The kernel is told the samples of its block of 16, not the number of blocks.</param>
    private static Kernel Planes(string name, string summary, string formula,
        IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        IReadOnlyList<string> coefficients, Action<SourceWriter, VectorIsa, KernelNames> emitBody,
            bool clearPadding = false, bool takesSamples = false)
    {
        KernelParameter count = takesSamples ? Samples : CountOf(output);
        KernelParameter[] parameters = [.. inputs.Select(i => Floats(i.Name)), .. coefficients.Select(Floats), Floats("output"), count];
        return new Kernel(name, summary, $"{formula} {Elementwise.Describe(inputs, output)}", parameters, (writer, isa, names) =>
        {
            (string Name, Layout Layout)[] all = [.. inputs, ("output", output)];
            if (takesSamples)
            {
                writer.Line("// One block of 16 samples, of which the last may have fewer.");
                EmitSample();
            }
            else
            {
                string advance = string.Join(", ", all.Select(i => $"{i.Name} += {Literals.Int(i.Layout.SampleStride)}"));
                using (writer.Block($"for (int n = 0; n < {count.Name}; n++, {advance})"))
                    EmitSample();
            }

            void EmitSample()
            {
                EmitPlanes(writer, isa, all, coefficients, () => emitBody(writer, isa, names));
                if (clearPadding)
                    Elementwise.EmitClearPadding(writer, output);
            }
        });
    }

    /// <summary>The loops over planes, rows and pixels of a sample.</summary>
    /// <param name="operands">The last is written.</param>
    private static void EmitPlanes(
        SourceWriter writer, VectorIsa isa, (string Name, Layout Layout)[] operands, IReadOnlyList<string> coefficients, Action body)
    {
        Layout output = operands[operands.Length - 1].Layout;
        bool lanes = output.Kind == LayoutKind.Samples, flat = operands.All(i => !i.Layout.HasHalo);
        PlaneShape shape = PlaneShape.Of(output, flat);
        // A vector narrower than 16 channels takes them in parts.
        bool hasParts = !lanes && isa.Lanes < Layout.Block;
        using var loops = new BlockStack(writer);
        loops.Open($"for (int plane = 0; plane < {Literals.Int(shape.Planes)}; plane++)");
        if (hasParts)
            loops.Open($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
        foreach (string coefficient in coefficients)
        {
            string value = lanes ? isa.Broadcast($"{coefficient}[plane]")
                : isa.Load($"{coefficient} + plane * 16{(hasParts ? " + part" : "")}");
            writer.Line($"{isa.Type} {coefficient}s = {value};");
        }
        if (shape.Rows > 1)
            loops.Open($"for (int row = 0; row < {Literals.Int(shape.Rows)}; row++)");
        foreach ((string pointer, Layout layout) in operands)
        {
            PlaneShape own = PlaneShape.Of(layout, flat);
            writer.Line($"float* {pointer}Row = {own.RowAddress($"{pointer} + plane * {Literals.Int(own.PlaneStride)}")};");
        }
        string first = hasParts ? "part" : "0", step = Literals.Int(lanes ? isa.Lanes : Layout.Block);
        loops.Open($"for (int i = {first}; i < {Literals.Int(shape.Run)}; i += {step})");
        body();
    }
}
