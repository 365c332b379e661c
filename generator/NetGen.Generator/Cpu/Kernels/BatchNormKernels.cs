using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What the kernels of a batch normalisation are told about it.</summary>
/// <param name="Stride">Floats of a run of coefficients, one for each channel.</param>
/// <param name="Affine">It has a weight and a bias.</param>
/// <param name="Momentum">Of the running statistics; null where they average all batches.</param>
internal sealed record BatchNormGeometry(int Stride, bool Affine, double Eps, double? Momentum);

/// <summary>
/// Kernels of batch normalisation. The sums over a batch are divided by channels: a worker reads its channels of every sample. What follows
/// from them, a scale and a shift for each channel, goes sample by sample.
/// </summary>
internal static class BatchNormKernels
{
    /// <summary>Of each channel, over samples and pixels: Σ (x − pivot) and Σ (x − pivot)².</summary>
    public static Kernel Statistics(string name, string summary, Layout input, BatchNormGeometry geometry)
        => new(name, summary, $"Input {input}. The sums are taken about the mean of the first sample, near enough to that of all for little to cancel, and go on in double precision after each sample and each block of it.",
            [
                Floats("input"), .. If(geometry.Affine, Floats("weight"), Floats("bias")), Floats("runningMean"), Floats("runningVar"), Longs("batches"),
                Floats("statistics"), Samples, .. Share,
            ],
            (writer, isa, _) => new Reduction(writer, isa, [("input", input)]).Emit(
                isPivotMeasured: true,
                d => writer.Line($"{isa.Type} d{d} = {isa.Load($"x + i{Offset(d)}")} - pivot;"),
                d => ($"d{d}", $"d{d}"),
                $"BatchNormalization.Finish(statistics + channel, {Literals.Int(geometry.Stride)}, middle, sum, product, count, {Literals.Double(geometry.Eps)}, "
                    + $"{(geometry.Affine ? "weight + channel, bias + channel" : "null, null")}, runningMean + channel, runningVar + channel, "
                    + $"{Literals.Double(geometry.Momentum ?? double.NaN)}, batches);"));

    /// <summary>Of each channel, over samples and pixels: Σ dy and Σ dy (x − mean).</summary>
    public static Kernel GradientSums(string name, string summary, Layout input, Layout gradient, BatchNormGeometry geometry)
        => new(name, summary, $"Input {input}; output gradient {gradient}. The sums go on in double precision after each sample and each block of it.",
            [
                Floats("input"), Floats("outputGradient"), .. If(geometry.Affine, Floats("weightGradient"), Floats("biasGradient")), Floats("statistics"),
                Samples, .. Share,
            ],
            (writer, isa, _) => new Reduction(writer, isa, [("input", input), ("outputGradient", gradient)]).Emit(
                isPivotMeasured: false,
                d =>
                {
                    writer.Line($"{isa.Type} d{d} = {isa.Load($"dy + i{Offset(d)}")};");
                    writer.Line($"{isa.Type} x{d} = {isa.Load($"x + i{Offset(d)}")} - pivot;");
                },
                d => ($"d{d}", $"x{d}"),
                $"BatchNormalization.FinishGradient(statistics + channel, {Literals.Int(geometry.Stride)}, sum, product, count, "
                    + $"{(geometry.Affine ? "weightGradient + channel, biasGradient + channel" : "null, null")});"));

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

    /// <summary>dx = scale · dy + slope · (x − mean) + offset, times the derivative of an activation in front where that is fused.</summary>
    public static Kernel InputGradient(string name, string summary, Layout input, Layout gradient, Layout output, (Activation Activation, Layout Layout)? mask)
    {
        var operands = new List<(string, Layout)> { ("outputGradient", gradient), ("input", input) };
        if (mask is { } m)
            operands.Add(("saved", m.Layout));
        return Planes(name, summary, $"dx = scale · dy + slope · (x − mean) + offset{(mask is null ? "" : $", times the derivative of {mask.Value.Activation}")}.", operands, output, ["mean", "scale", "slope", "offset"], (writer, isa, names) =>
        {
            writer.Line($"{isa.Type} dx = {isa.MultiplyAdd(isa.Load("outputGradientRow + i"), "scales", isa.MultiplyAdd($"{isa.Load("inputRow + i")} - means", "slopes", "offsets"))};");
            string result = mask is { } fused ? $"({fused.Activation.ApplyDerivative(isa, names, "dx", isa.Load("savedRow + i"))})" : "dx";
            // Lanes without a sample must stay zero: the gradients of weights sum over all lanes.
            if (output.Kind == LayoutKind.Samples)
                result = $"{isa.Static}.ConditionalSelect({isa.Static}.LessThan({LaneIndices(isa)} + {isa.Broadcast("(float)(i & 15)")}, {isa.Broadcast("(float)samples")}), {result}, {isa.Zero})";
            writer.Line(isa.Store(result, "outputRow + i"));
        }, takesSamples: output.Kind == LayoutKind.Samples);
    }

    private static string Offset(int pixel) => pixel == 0 ? "" : $" + {Literals.Int(pixel * Layout.Block)}";

    private static string LaneIndices(VectorIsa isa) => $"{isa.Static}.Create({string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => Literals.Float(lane)))})";

    /// <summary>A value's channels as planes: vectors are images of one pixel.</summary>
    private readonly record struct PlaneShape(int Planes, int PlaneStride, int Rows, int RowStride, int Origin, int Run)
    {
        public static PlaneShape Of(Layout layout, bool flat)
        {
            if (layout.Kind == LayoutKind.Rows)
                return new PlaneShape(layout.Size / Layout.Block, Layout.Block, 1, 0, 0, Layout.Block);
            return flat
                ? new PlaneShape(layout.Planes, layout.PlaneStride, 1, 0, 0, layout.PlaneStride)
                : new PlaneShape(layout.Planes, layout.PlaneStride, layout.Height, layout.RowStride, layout.Origin, layout.Width * layout.PixelStride);
        }

        public string RowAddress(string plane) => Rows == 1 ? Literals.Plus(plane, Origin) : Literals.Plus($"{plane} + row * {Literals.Int(RowStride)}", Origin);
    }

    /// <summary>A kernel over samples, planes, rows and pixels, with one coefficient of each kind for a channel.</summary>
    /// <param name="coefficients">Parameters that point at a run of channels; the body sees the vectors <c>scales</c> for <c>scale</c>.</param>
    /// <param name="takesSamples">The kernel is told the samples of its block of 16, not the number of blocks.</param>
    private static Kernel Planes(string name, string summary, string formula, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output, IReadOnlyList<string> coefficients,
        Action<SourceWriter, VectorIsa, KernelNames> emitBody, bool clearPadding = false, bool takesSamples = false)
    {
        KernelParameter countParameter = takesSamples ? Samples : CountOf(output);
        string count = countParameter.Name;
        KernelParameter[] parameters = [.. inputs.Select(i => Floats(i.Name)), .. coefficients.Select(Floats), Floats("output"), countParameter];
        return new Kernel(name, summary, $"{formula} {Elementwise.Describe(inputs, output)}", parameters, (writer, isa, names) =>
        {
            bool lanes = output.Kind == LayoutKind.Samples;
            var all = inputs.Append(("output", output)).ToList();
            bool flat = all.All(i => !i.Item2.HasHalo);
            PlaneShape shape = PlaneShape.Of(output, flat);
            // A vector narrower than 16 channels takes them in parts.
            int parts = lanes ? 1 : Layout.Block / isa.Lanes;
            string part = parts == 1 ? "" : " + part";
            string advance = string.Join(", ", all.Select(i => $"{i.Item1} += {Literals.Int(i.Item2.SampleStride)}"));
            if (takesSamples)
            {
                writer.Line("// One block of 16 samples, of which the last may have fewer.");
                EmitSample();
            }
            else
            {
                using (writer.Block($"for (int n = 0; n < {count}; n++, {advance})"))
                    EmitSample();
            }

            void EmitSample()
            {
                using (writer.Block($"for (int plane = 0; plane < {Literals.Int(shape.Planes)}; plane++)"))
                {
                    if (parts == 1)
                    {
                        EmitPart();
                    }
                    else
                    {
                        using (writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})"))
                            EmitPart();
                    }
                }
                if (clearPadding)
                    Elementwise.EmitClearPadding(writer, output);
            }

            void EmitPart()
            {
                foreach (string coefficient in coefficients)
                    writer.Line($"{isa.Type} {coefficient}s = {(lanes ? isa.Broadcast($"{coefficient}[plane]") : isa.Load($"{coefficient} + plane * 16{part}"))};");
                if (shape.Rows == 1)
                {
                    EmitRow();
                }
                else
                {
                    using (writer.Block($"for (int row = 0; row < {Literals.Int(shape.Rows)}; row++)"))
                        EmitRow();
                }
            }

            void EmitRow()
            {
                foreach ((string pointer, Layout layout) in all)
                {
                    PlaneShape own = PlaneShape.Of(layout, flat);
                    writer.Line($"float* {pointer}Row = {own.RowAddress($"{pointer} + plane * {Literals.Int(own.PlaneStride)}")};");
                }
                using (writer.Block($"for (int i = {(parts == 1 ? "0" : "part")}; i < {Literals.Int(shape.Run)}; i += {Literals.Int(lanes ? isa.Lanes : Layout.Block)})"))
                    emitBody(writer, isa, names);
            }
        });
    }

    /// <summary>Writes two sums over samples and pixels for each channel, one of them a sum of products.</summary>
    private sealed class Reduction(SourceWriter writer, VectorIsa isa, IReadOnlyList<(string Name, Layout Layout)> inputs)
    {
        private static readonly string[] RowNames = ["x", "dy"];

        private readonly bool _flat = inputs.All(i => !i.Layout.HasHalo);
        private readonly Layout _layout = inputs[0].Layout;

        private PlaneShape Shape => PlaneShape.Of(_layout, _flat);

        private string Pixels => Literals.Int((long)_layout.Height * _layout.Width);

        /// <param name="isPivotMeasured">The pivot is the mean of the first sample; otherwise the channel's mean, which is known.</param>
        /// <param name="load">Declares what one pixel contributes, of the given number among those of one round.</param>
        /// <param name="terms">The summand, and the factor that makes it the other sum's product.</param>
        public void Emit(bool isPivotMeasured, Action<int> load, Func<int, (string Term, string Factor)> terms, string finish)
        {
            if (_layout.Kind == LayoutKind.Samples)
                EmitSampleLanes(isPivotMeasured, load, terms, finish);
            else
                EmitChannelLanes(isPivotMeasured, load, terms, finish);
        }

        private void EmitChannelLanes(bool isPivotMeasured, Action<int> load, Func<int, (string Term, string Factor)> terms, string finish)
        {
            int parts = Layout.Block / isa.Lanes, vectors = Shape.Planes * parts, half = isa.Lanes / 2;
            string wide = $"{isa.Static}<double>";
            writer.Line($"for (int vector = {Literals.Int(vectors)} * worker / workers, end = {Literals.Int(vectors)} * (worker + 1) / workers; vector < end; vector++)");
            using (writer.Block())
            {
                foreach ((string name, Layout layout) in inputs)
                {
                    PlaneShape own = PlaneShape.Of(layout, _flat);
                    writer.Line(parts == 1
                        ? $"float* {name}Plane = {name} + vector * {Literals.Int(own.PlaneStride)};"
                        : $"float* {name}Plane = {name} + vector / {Literals.Int(parts)} * {Literals.Int(own.PlaneStride)} + vector % {Literals.Int(parts)} * {Literals.Int(isa.Lanes)};");
                }
                if (isPivotMeasured)
                {
                    writer.Line($"{isa.Type} pivot = {isa.Zero};");
                    Rows("", () =>
                    {
                        using (writer.Block($"for (int i = 0; i < {Literals.Int(Shape.Run)}; i += 16)"))
                            writer.Line($"pivot += {isa.Load("x + i")};");
                    });
                    writer.Line($"pivot *= {isa.Broadcast($"1f / {Pixels}")};");
                }
                else
                {
                    writer.Line($"{isa.Type} pivot = {isa.Load($"statistics + vector * {Literals.Int(isa.Lanes)}")};");
                }
                writer.Line($"{wide} sumLower = {wide}.Zero, sumUpper = {wide}.Zero, productLower = {wide}.Zero, productUpper = {wide}.Zero;");
                using (writer.Block("for (int n = 0; n < samples; n++)"))
                {
                    // Two chains of sums, for one would wait for itself.
                    int pixels = Shape.Run / Layout.Block, chains = pixels >= 4 ? 2 : 1;
                    for (int chain = 0; chain < chains; chain++)
                        writer.Line($"{isa.Type} s{chain} = {isa.Zero}, q{chain} = {isa.Zero};");
                    Rows(" + n", () =>
                    {
                        int paired = pixels / chains * chains;
                        EachPixel("0", paired * Layout.Block, chains * Layout.Block, () =>
                        {
                            for (int chain = 0; chain < chains; chain++)
                                Accumulate(chain);
                        }, () => EndBlock(chains));
                        if (paired < pixels)
                        {
                            using (writer.Block())
                            {
                                writer.Line($"int i = {Literals.Int(paired * Layout.Block)};");
                                Accumulate(0);
                            }
                        }
                    }, pixels / chains, () => EndBlock(chains));
                    using (writer.Block())
                        Widen(chains);
                }
                writer.Line($"long count = samples * {Pixels}L;");
                using (writer.Block($"for (int lane = 0; lane < {Literals.Int(isa.Lanes)}; lane++)"))
                {
                    writer.Line($"int channel = vector * {Literals.Int(isa.Lanes)} + lane;");
                    if (_layout.Channels % isa.Lanes != 0)
                    {
                        writer.Line($"if (channel >= {Literals.Int(_layout.Channels)})");
                        using (writer.Indent())
                            writer.Line("break;");
                    }
                    if (isPivotMeasured)
                        writer.Line("float middle = pivot.GetElement(lane);");
                    writer.Line($"double sum = lane < {Literals.Int(half)} ? sumLower.GetElement(lane) : sumUpper.GetElement(lane - {Literals.Int(half)});");
                    writer.Line($"double product = lane < {Literals.Int(half)} ? productLower.GetElement(lane) : productUpper.GetElement(lane - {Literals.Int(half)});");
                    writer.Line(finish);
                }
            }

            void Widen(int chains)
            {
                string s = chains == 1 ? "s0" : "s0 + s1", q = chains == 1 ? "q0" : "q0 + q1";
                writer.Line($"({wide} lower, {wide} upper) = {isa.Static}.Widen({s});");
                writer.Line("sumLower += lower;");
                writer.Line("sumUpper += upper;");
                writer.Line($"(lower, upper) = {isa.Static}.Widen({q});");
                writer.Line("productLower += lower;");
                writer.Line("productUpper += upper;");
            }

            void EndBlock(int chains)
            {
                using (writer.Block())
                    Widen(chains);
                writer.Line($"{string.Join(" = ", Enumerable.Range(0, chains).Select(chain => $"s{chain} = q{chain}"))} = {isa.Zero};");
            }

            void Accumulate(int chain)
            {
                load(chain);
                (string term, string factor) = terms(chain);
                writer.Line($"s{chain} += {term};");
                writer.Line($"q{chain} = {isa.MultiplyAdd(term, factor, $"q{chain}")};");
            }
        }

        private void EmitSampleLanes(bool isPivotMeasured, Action<int> load, Func<int, (string Term, string Factor)> terms, string finish)
        {
            int channels = _layout.Channels;
            writer.Line($"for (int channel = {Literals.Int(channels)} * worker / workers, end = {Literals.Int(channels)} * (worker + 1) / workers; channel < end; channel++)");
            using (writer.Block())
            {
                foreach ((string name, Layout layout) in inputs)
                    writer.Line($"float* {name}Plane = {name} + channel * {Literals.Int(layout.PlaneStride)};");
                if (isPivotMeasured)
                {
                    writer.Line("float middle = 0;");
                    Parts("0", () =>
                    {
                        writer.Line($"{isa.Type} s = {isa.Zero};");
                        Rows("", () =>
                        {
                            using (writer.Block($"for (int i = part; i < {Literals.Int(Shape.Run)}; i += 16)"))
                                writer.Line($"s += {isa.Load("x + i")};");
                        });
                        writer.Line($"middle += {isa.Static}.Sum({isa.Static}.ConditionalSelect(valid, s, {isa.Zero}));");
                    });
                    writer.Line($"middle /= {Pixels}f * Math.Min(16, samples);");
                }
                writer.Line($"{isa.Type} pivot = {isa.Broadcast(isPivotMeasured ? "middle" : "statistics[channel]")};");
                writer.Line("double sum = 0, product = 0;");
                using (writer.Block("for (int n = 0; n < samples; n += 16)"))
                {
                    Parts("n", () =>
                    {
                        writer.Line($"{isa.Type} s0 = {isa.Zero}, q0 = {isa.Zero};");
                        Rows(" + n", () =>
                        {
                            EachPixel("part", Shape.Run, Layout.Block, () =>
                            {
                                load(0);
                                (string term, string factor) = terms(0);
                                writer.Line($"s0 += {term};");
                                writer.Line($"q0 = {isa.MultiplyAdd(term, factor, "q0")};");
                            }, EndBlock);
                        }, Shape.Run / Layout.Block, EndBlock);
                        AddLanes();
                    });
                }
                writer.Line($"long count = samples * {Pixels}L;");
                writer.Line(finish);
            }

            void AddLanes()
            {
                writer.Line($"sum += {isa.Static}.Sum({isa.Static}.ConditionalSelect(valid, s0, {isa.Zero}));");
                writer.Line($"product += {isa.Static}.Sum({isa.Static}.ConditionalSelect(valid, q0, {isa.Zero}));");
            }

            void EndBlock()
            {
                AddLanes();
                writer.Line($"s0 = q0 = {isa.Zero};");
            }
        }

        /// <summary>A loop over the pixels of a row, with the end of a block after each <see cref="LongSum.MaxTerms"/> of them where there are more.</summary>
        private void EachPixel(string start, int end, int step, Action body, Action endBlock)
        {
            if (!LongSum.IsCut(end, step))
            {
                using (writer.Block($"for (int i = {start}; i < {Literals.Int(end)}; i += {Literals.Int(step)})"))
                    body();
                return;
            }
            string block = Literals.Int(LongSum.MaxTerms * step);
            using (writer.Block($"for (int first = {start}; first < {Literals.Int(end)}; first += {block})"))
            {
                using (writer.Block($"for (int i = first, blockEnd = Math.Min(first + {block}, {Literals.Int(end)}); i < blockEnd; i += {Literals.Int(step)})"))
                    body();
                endBlock();
            }
        }

        /// <summary>The lanes of a block of 16 samples, in as many vectors as they take; <c>valid</c> selects those that hold a sample.</summary>
        private void Parts(string firstSample, Action body)
        {
            using (writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})"))
            {
                writer.Line($"{isa.Type} valid = {isa.Static}.LessThan({LaneIndices(isa)}, {isa.Broadcast(firstSample == "0" ? "(float)(samples - part)" : $"(float)(samples - {firstSample} - part)")});");
                body();
            }
        }

        /// <summary>A loop over the rows of a plane, or one pass where the plane is one run.</summary>
        /// <param name="terms">Of a row; with <paramref name="endBlock"/>, which ends a block where the next row would not fit.</param>
        private void Rows(string sample, Action body, int terms = 0, Action? endBlock = null)
        {
            bool isCounted = endBlock is not null && terms <= LongSum.MaxTerms && (long)terms * Shape.Rows > LongSum.MaxTerms;
            if (isCounted)
                writer.Line("int terms = 0;");
            if (Shape.Rows == 1)
            {
                using (writer.Block())
                    EmitBody();
                return;
            }
            using (writer.Block($"for (int row = 0; row < {Literals.Int(Shape.Rows)}; row++)"))
            {
                EmitBody();
                if (isCounted)
                {
                    using (writer.Block($"if ((terms += {Literals.Int(terms)}) > {Literals.Int(LongSum.MaxTerms - terms)})"))
                    {
                        endBlock!();
                        writer.Line("terms = 0;");
                    }
                }
            }

            void EmitBody()
            {
                foreach (((string name, Layout layout), string rowName) in inputs.Zip(RowNames, (input, rowName) => (input, rowName)))
                {
                    if (sample.Length == 0 && rowName != "x")
                        continue;
                    string ofSample = sample.Length == 0 ? "" : layout.Kind == LayoutKind.Samples ? $" + n / 16 * {Literals.Int(layout.SampleStride)}L" : $" + n * {Literals.Int(layout.SampleStride)}L";
                    writer.Line($"float* {rowName} = {PlaneShape.Of(layout, _flat).RowAddress($"{name}Plane{ofSample}")};");
                }
                body();
            }
        }
    }
}
