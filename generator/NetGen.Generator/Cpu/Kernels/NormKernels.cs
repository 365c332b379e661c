using NetGen.Generator.Shapes;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>How the scale and shift of a normalisation are indexed.</summary>
internal enum NormAffine
{
    None,

    /// <summary>By channel, or by feature of a vector.</summary>
    Channel,

    /// <summary>By channel, row and column.</summary>
    Element,

    /// <summary>By row and column, alike for all channels.</summary>
    Plane,

    /// <summary>By column, alike for all channels and rows.</summary>
    Row,
}

/// <summary>
/// A normalisation within single samples: which elements share mean and variance, and how the result is scaled. LayerNorm, RMSNorm, GroupNorm
/// and InstanceNorm differ in nothing else.
/// </summary>
/// <param name="Shape">Shape of a sample.</param>
/// <param name="Groups">Sets of neighbouring channels with statistics of their own: 1 for the whole sample, the channels' number for planes.</param>
/// <param name="PerRow">Each row of each channel is a set; there are as many groups as channels then.</param>
/// <param name="Centred">The mean is subtracted; otherwise only the mean square counts.</param>
internal sealed record NormGeometry(TensorShape Shape, int Groups, bool PerRow, bool Centred, NormAffine Affine, bool HasBias, float Eps)
{
    public int Channels => Shape.Dimensions[0];

    public int Height => Shape.IsVector ? 1 : Shape.Height;

    public int Width => Shape.IsVector ? 1 : Shape.Width;

    public int GroupChannels => Channels / Groups;

    /// <summary>Elements of one set.</summary>
    public int SetSize => PerRow ? Width : GroupChannels * Height * Width;

    /// <summary>
    /// Numbers kept of each set: a first mean m, 1 / √(variance + eps), and what corrects m's rounding, so that x̂ = (x − m) · r + o. Without a
    /// mean only r.
    /// </summary>
    public int Statistics => Centred ? 3 : 1;

    public bool HasWeight => Affine != NormAffine.None;

    public string Words => PerRow ? "each row" : Groups == 1 ? "the whole sample" : GroupChannels == 1 ? "each plane" : $"each of {Literals.Int(Groups)} groups of {Literals.Int(GroupChannels)} channels";

    /// <summary>Where the statistics of one sample lie: as many runs as there are numbers, each indexed like the sets.</summary>
    public Layout StatisticsLayout(LayoutKind kind) => kind switch
    {
        LayoutKind.Rows => Layout.ForRows(Statistics * Groups),
        LayoutKind.Samples => new Layout(LayoutKind.Samples, Statistics * Groups, PerRow ? Height : 1, 1, 0, 0),
        _ => new Layout(LayoutKind.Blocked, Statistics * Layout.RoundUp(Channels), PerRow ? Height : 1, 1, 0, 0),
    };

    /// <summary>Floats from one run of statistics to the next.</summary>
    public int StatisticsStride(LayoutKind kind) => kind switch
    {
        LayoutKind.Rows => Groups,
        LayoutKind.Samples => Groups * (PerRow ? Height : 1) * Layout.Block,
        _ => Layout.RoundUp(Channels) * (PerRow ? Height : 1),
    };

    /// <summary>Sums of channels that the gradient must combine to those of groups.</summary>
    public int ScratchLength(LayoutKind kind) => kind == LayoutKind.Blocked && GroupChannels > 1 ? 2 * Layout.RoundUp(Channels) : 0;
}

/// <summary>
/// Normalisation within single samples. The mean comes first; squares are summed around it, so that a large mean costs no digits, and the
/// same pass finds by how much rounding has moved the mean. All sums are those of one vector's lanes, combined once at the end.
/// </summary>
internal sealed class NormKernels(NormGeometry g, Layout layout)
{
    private bool OneChannelGroups => g.GroupChannels == 1;

    private int Padded => Layout.RoundUp(g.Channels);

    private string Count => Elementwise.CountName(layout);

    private string K => Literals.Int(g.SetSize) + "f";

    private string Eps => Literals.Float(g.Eps);

    private Layout Statistics => g.StatisticsLayout(layout.Kind);

    private int StatisticsStride => g.StatisticsStride(layout.Kind);

    private IEnumerable<KernelParameter> AffineParameters => [.. If(g.HasWeight, Floats("weight")), .. If(g.HasWeight && g.HasBias, Floats("bias"))];

    // --- forward ------------------------------------------------------------------------------------------------------

    /// <param name="activation">Applied to the result, in registers.</param>
    public Kernel Forward(string name, string summary, Layout output, Activation? activation)
        => new(name, summary, $"Statistics over {g.Words}: {Literals.Int(g.SetSize)} values. {layout}; output {output}.{(activation is null ? "" : $" {activation} fused.")}",
            [Floats("input"), .. AffineParameters, Floats("statistics"), Floats("output"), CountOf(layout)], (writer, isa, names) =>
        {
            using (writer.Block($"for (int n = 0; n < {Count}; n++, input += {Literals.Int(layout.SampleStride)}, statistics += {Literals.Int(Statistics.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            {
                string Finish(string value) => activation is null ? value : $"({activation.Apply(isa, names, value)})";
                switch (layout.Kind)
                {
                    case LayoutKind.Rows:
                        ForwardRows(writer, isa, names, output, activation, Finish);
                        break;
                    case LayoutKind.Samples:
                        ForwardSamples(writer, isa, output, Finish);
                        break;
                    default:
                        ForwardBlocked(writer, isa, output, Finish);
                        // The shift of a row or plane reaches unused lanes too, and some activations lift zero.
                        if (g.Channels % Layout.Block != 0 && (activation is { KeepsZero: false } || (g.HasBias && g.Affine is NormAffine.Plane or NormAffine.Row)))
                            Elementwise.EmitClearPaddingLanes(writer, output, g.Channels);
                        break;
                }
            }
        });

    private void ForwardRows(SourceWriter writer, VectorIsa isa, KernelNames names, Layout output, Activation? activation, Func<string, string> finish)
    {
        int size = g.GroupChannels;
        using (Groups(writer))
        {
            string start = g.Groups == 1 ? "" : $" + group * {Literals.Int(size)}";
            writer.Line($"float* x = input{start}, y = output{start};");
            if (g.HasWeight)
                writer.Line($"float* scale = weight{start}{(g.HasBias ? $", shift = bias{start}" : "")};");
            string set = g.Groups == 1 ? "0" : "group";
            if (g.Centred)
            {
                writer.Line("// Mean.");
                SumVectors(writer, isa, size, () => writer.Line($"sums += {isa.Load("x + i")};"), ("sum", "sums"));
                EachRest(writer, isa, size, () => writer.Line("sum += x[i];"));
                writer.Line($"float mean = sum / {K};");
                writer.Line("// Variance around it, and what its rounding has left.");
                writer.Line($"{isa.Type} means = {isa.Broadcast("mean")};");
                SumVectors(writer, isa, size, () =>
                {
                    writer.Line($"{isa.Type} d = {isa.Load("x + i")} - means;");
                    writer.Line("rests += d;");
                    writer.Line($"squares = {isa.MultiplyAdd("d", "d", "squares")};");
                }, ("rest", "rests"), ("square", "squares"));
                EachRest(writer, isa, size, () =>
                {
                    writer.Line("float d = x[i] - mean;");
                    writer.Line("rest += d;");
                    writer.Line("square += d * d;");
                });
                writer.Line($"rest /= {K};");
                writer.Line($"float inverse = 1f / MathF.Sqrt(Math.Max(square / {K} - rest * rest, 0f) + {Eps}), offset = -rest * inverse;");
                writer.Line($"statistics[{set}] = mean;");
                writer.Line($"statistics[{Literals.Int(StatisticsStride)}{(g.Groups == 1 ? "" : " + group")}] = inverse;");
                writer.Line($"statistics[{Literals.Int(2 * StatisticsStride)}{(g.Groups == 1 ? "" : " + group")}] = offset;");
            }
            else
            {
                writer.Line("// Mean square.");
                SumVectors(writer, isa, size, () =>
                {
                    writer.Line($"{isa.Type} v = {isa.Load("x + i")};");
                    writer.Line($"squares = {isa.MultiplyAdd("v", "v", "squares")};");
                }, ("square", "squares"));
                EachRest(writer, isa, size, () => writer.Line("square += x[i] * x[i];"));
                writer.Line($"float inverse = 1f / MathF.Sqrt(square / {K} + {Eps});");
                writer.Line($"statistics[{set}] = inverse;");
            }
            writer.Line("// Result.");
            DeclareBroadcasts(writer, isa, g.Centred ? ["inverse", "offset"] : ["inverse"]);
            EachVector(writer, isa, size, () => writer.Line(isa.Store($"{finish($"({Affine(isa, Normalised(isa, isa.Load("x + i")), isa.Load("scale + i"), isa.Load("shift + i"))})")}", "y + i")));
            EachRest(writer, isa, size, () =>
            {
                string normalised = g.Centred ? "(x[i] - mean) * inverse + offset" : "x[i] * inverse";
                string value = g.HasWeight ? $"({normalised}) * scale[i]" + (g.HasBias ? " + shift[i]" : "") : normalised;
                // The scalar rest goes through the vector form of the activation, one lane of it.
                writer.Line(activation is null ? $"y[i] = {value};" : $"y[i] = {$"({activation.Apply(isa, names, isa.Broadcast(value))})"}.ToScalar();");
            });
        }
        if (output.Size != g.Channels)
            writer.Line($"new Span<float>(output + {Literals.Int(g.Channels)}, {Literals.Int(output.Size - g.Channels)}).Clear();");
    }

    private void ForwardBlocked(SourceWriter writer, VectorIsa isa, Layout output, Func<string, string> finish)
    {
        if (g.PerRow)
        {
            using (EachChannelVector(writer, isa))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(g.Height)}; row++)"))
            {
                writer.Line($"float* x = input + {Plane(isa, layout)} + row * {Literals.Int(layout.RowStride)}{At(layout.Origin)}, y = output + {Plane(isa, output)} + row * {Literals.Int(output.RowStride)}{At(output.Origin)};");
                EmitVectorStatistics(writer, isa, (sums, body) => SumColumns(writer, isa, sums, () => body("x + i")));
                writer.Line($"float* kept = statistics + {RowStatistics(isa)};");
                StoreStatistics(writer, isa, "kept");
                writer.Line("// Result.");
                EachColumn(writer, () => StoreResult("i >> 4"));
            }
            return;
        }

        if (OneChannelGroups)
        {
            using (EachChannelVector(writer, isa))
            {
                EmitVectorStatistics(writer, isa, (sums, body) => SumPixels(writer, isa, sums, () => body("x + i"), ("x", "input", layout)));
                StoreStatistics(writer, isa, "statistics + channel");
                EmitResult();
            }
            return;
        }

        string mean = "statistics", inverse = g.Centred ? $"statistics + {Literals.Int(StatisticsStride)}" : "statistics", offset = $"statistics + {Literals.Int(2 * StatisticsStride)}";
        if (g.Centred)
        {
            writer.Line("// Sums of the channels, and means of the groups from them.");
            using (EachChannelVector(writer, isa))
            {
                writer.Line($"{isa.Type} sum = {isa.Zero};");
                SumPixels(writer, isa, ["sum"], () => writer.Line($"sum += {isa.Load("x + i")};"), ("x", "input", layout));
                writer.Line(isa.Store("sum", "statistics + channel"));
            }
            CombineGroups(writer, [("sum", mean)], () => writer.Line($"sum /= {K};"), [("sum", mean)]);
        }
        writer.Line(g.Centred ? "// Squares around the mean, and what its rounding has left." : "// Squares.");
        using (EachChannelVector(writer, isa))
        {
            if (g.Centred)
                writer.Line($"{isa.Type} mean = {isa.Load("statistics + channel")}, rest = {isa.Zero};");
            writer.Line($"{isa.Type} square = {isa.Zero};");
            SumPixels(writer, isa, g.Centred ? ["rest", "square"] : ["square"], () => EmitSquares(writer, isa, "x + i"), ("x", "input", layout));
            writer.Line(isa.Store("square", $"{inverse} + channel"));
            if (g.Centred)
                writer.Line(isa.Store("rest", $"{offset} + channel"));
        }
        if (g.Centred)
        {
            CombineGroups(writer, [("square", inverse), ("rest", offset)], () =>
            {
                writer.Line($"rest /= {K};");
                writer.Line($"float inverse = 1f / MathF.Sqrt(Math.Max(square / {K} - rest * rest, 0f) + {Eps}), offset = -rest * inverse;");
            }, [("inverse", inverse), ("offset", offset)]);
        }
        else
        {
            CombineGroups(writer, [("square", inverse)], () => writer.Line($"float inverse = 1f / MathF.Sqrt(square / {K} + {Eps});"), [("inverse", inverse)]);
        }
        using (EachChannelVector(writer, isa))
        {
            LoadStatistics(writer, isa, "statistics + channel");
            EmitResult();
        }

        void EmitResult()
        {
            writer.Line("// Result.");
            if (g.Affine == NormAffine.Channel)
                writer.Line($"{isa.Type} scale = {isa.Load("weight + channel")}{(g.HasBias ? $", shift = {isa.Load("bias + channel")}" : "")};");
            EachPixel(writer, isa, () => StoreResult($"row * {Literals.Int(g.Width)} + (i >> 4)"), ("x", "input", layout), ("y", "output", output));
        }

        void StoreResult(string pixel)
        {
            string Parameter(string pointer) => g.Affine switch
            {
                NormAffine.Channel => pointer == "weight" ? "scale" : "shift",
                NormAffine.Element => isa.Load($"{pointer} + {ElementOffset(isa)}"),
                _ => isa.Broadcast($"{pointer}[{pixel}]"),
            };
            writer.Line(isa.Store(finish($"({Affine(isa, Normalised(isa, isa.Load("x + i")), Parameter("weight"), Parameter("bias"))})"), "y + i"));
        }
    }

    private void ForwardSamples(SourceWriter writer, VectorIsa isa, Layout output, Func<string, string> finish)
    {
        using (EachSampleSet(writer, isa))
        {
            EmitVectorStatistics(writer, isa, (sums, body) => SumOfSet(writer, isa, sums, () => body("x + i"), ("x", "input", layout)));
            StoreStatistics(writer, isa, $"statistics + {SampleStatistics()}");
            writer.Line("// Result.");
            EachOfSet(writer, () =>
                writer.Line(isa.Store(finish($"({Affine(isa, Normalised(isa, isa.Load("x + i")), isa.Broadcast($"weight[{ScalarIndex()}]"), isa.Broadcast($"bias[{ScalarIndex()}]"))})"), "y + i")),
                ("x", "input", layout), ("y", "output", output));
        }
    }

    // --- gradient of the input ----------------------------------------------------------------------------------------

    /// <summary>dx = r (g − mean(g) − x̂ · mean(g x̂)) with g = dy · weight; without a mean its term is left out.</summary>
    public Kernel InputGradient(string name, string summary, Layout gradient, Layout output)
        => new(name, summary, $"dx = r (g − {(g.Centred ? "mean(g) − " : "")}x̂ · mean(g x̂)), g = dy{(g.HasWeight ? " · weight" : "")}. Output gradient {gradient}; input {layout}; output {output}.",
            [
                Floats("outputGradient"), Floats("input"), Floats("statistics"), .. If(g.HasWeight, Floats("weight")),
                .. If(g.ScratchLength(layout.Kind) > 0, Floats("scratch")), Floats("output"), CountOf(layout),
            ], (writer, isa, _) =>
        {
            using (writer.Block($"for (int n = 0; n < {Count}; n++, outputGradient += {Literals.Int(gradient.SampleStride)}, input += {Literals.Int(layout.SampleStride)}, statistics += {Literals.Int(Statistics.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            {
                switch (layout.Kind)
                {
                    case LayoutKind.Rows:
                        GradientRows(writer, isa, output);
                        break;
                    case LayoutKind.Samples:
                        GradientSamples(writer, isa, gradient, output);
                        break;
                    default:
                        GradientBlocked(writer, isa, gradient, output);
                        break;
                }
            }
        });

    private void GradientRows(SourceWriter writer, VectorIsa isa, Layout output)
    {
        int size = g.GroupChannels;
        using (Groups(writer))
        {
            string start = g.Groups == 1 ? "" : $" + group * {Literals.Int(size)}";
            writer.Line($"float* dy = outputGradient{start}, x = input{start}, dx = output{start}{(g.HasWeight ? $", scale = weight{start}" : "")};");
            LoadRowStatistics(writer);
            DeclareBroadcasts(writer, isa, g.Centred ? ["mean", "inverse", "offset"] : ["inverse"]);
            writer.Line("// Means of the gradient and of its product with the result.");
            string vectorGradient = g.HasWeight ? $"{isa.Load("dy + i")} * {isa.Load("scale + i")}" : isa.Load("dy + i");
            string scalarGradient = g.HasWeight ? "dy[i] * scale[i]" : "dy[i]", scalarNormalised = g.Centred ? "(x[i] - mean) * inverse + offset" : "x[i] * inverse";
            (string, string)[] sumsOfVectors = g.Centred ? [("sum", "sums"), ("product", "products")] : [("product", "products")];
            SumVectors(writer, isa, size, () =>
            {
                writer.Line($"{isa.Type} gradient = {vectorGradient};");
                if (g.Centred)
                    writer.Line("sums += gradient;");
                writer.Line($"products = {isa.MultiplyAdd("gradient", Normalised(isa, isa.Load("x + i")), "products")};");
            }, sumsOfVectors);
            EachRest(writer, isa, size, () =>
            {
                writer.Line($"float gradient = {scalarGradient};");
                if (g.Centred)
                    writer.Line("sum += gradient;");
                writer.Line($"product += gradient * ({scalarNormalised});");
            });
            if (g.Centred)
                writer.Line($"sum /= {K};");
            writer.Line($"product /= {K};");
            if (g.Centred)
                writer.Line($"sums = {isa.Broadcast("sum")};");
            writer.Line($"products = {isa.Broadcast("product")};");
            EachVector(writer, isa, size, () => writer.Line(isa.Store($"(inverses * ({vectorGradient}{(g.Centred ? " - sums" : "")} - {Expressions.Operand(Normalised(isa, isa.Load("x + i")))} * products))", "dx + i")));
            EachRest(writer, isa, size, () => writer.Line($"dx[i] = inverse * ({scalarGradient}{(g.Centred ? " - sum" : "")} - ({scalarNormalised}) * product);"));
        }
        if (output.Size != g.Channels)
            writer.Line($"new Span<float>(output + {Literals.Int(g.Channels)}, {Literals.Int(output.Size - g.Channels)}).Clear();");
    }

    private void GradientBlocked(SourceWriter writer, VectorIsa isa, Layout gradient, Layout output)
    {
        if (g.PerRow)
        {
            using (EachChannelVector(writer, isa))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(g.Height)}; row++)"))
            {
                string Row(Layout l) => $"{Plane(isa, l)} + row * {Literals.Int(l.RowStride)}{At(l.Origin)}";
                writer.Line($"float* dy = outputGradient + {Row(gradient)}, x = input + {Row(layout)}, dx = output + {Row(output)};");
                LoadStatistics(writer, isa, "statistics + " + RowStatistics(isa));
                DeclareSums();
                SumColumns(writer, isa, SumNames(), () => Accumulate("i >> 4"));
                Divide();
                EachColumn(writer, () => StoreGradient("i >> 4"));
            }
            return;
        }

        string Pixel() => $"row * {Literals.Int(g.Width)} + (i >> 4)";
        if (OneChannelGroups)
        {
            using (EachChannelVector(writer, isa))
            {
                LoadStatistics(writer, isa, "statistics + channel");
                LoadScale();
                DeclareSums();
                SumPixels(writer, isa, SumNames(), () => Accumulate(Pixel()), ("dy", "outputGradient", gradient), ("x", "input", layout));
                Divide();
                EachPixel(writer, isa, () => StoreGradient(Pixel()), ("dy", "outputGradient", gradient), ("x", "input", layout), ("dx", "output", output));
            }
            return;
        }

        string second = $"scratch + {Literals.Int(Padded)}";
        writer.Line("// Sums of the channels, and means of the groups from them.");
        using (EachChannelVector(writer, isa))
        {
            LoadStatistics(writer, isa, "statistics + channel");
            LoadScale();
            DeclareSums();
            SumPixels(writer, isa, SumNames(), () => Accumulate(Pixel()), ("dy", "outputGradient", gradient), ("x", "input", layout));
            if (g.Centred)
                writer.Line(isa.Store("sum", "scratch + channel"));
            writer.Line(isa.Store("product", $"{second} + channel"));
        }
        List<(string, string)> sums = g.Centred ? [("sum", "scratch"), ("product", second)] : [("product", second)];
        CombineGroups(writer, sums, () =>
        {
            if (g.Centred)
                writer.Line($"sum /= {K};");
            writer.Line($"product /= {K};");
        }, sums);
        using (EachChannelVector(writer, isa))
        {
            LoadStatistics(writer, isa, "statistics + channel");
            LoadScale();
            writer.Line($"{isa.Type} {(g.Centred ? $"sum = {isa.Load("scratch + channel")}, " : "")}product = {isa.Load(second + " + channel")};");
            EachPixel(writer, isa, () => StoreGradient(Pixel()), ("dy", "outputGradient", gradient), ("x", "input", layout), ("dx", "output", output));
        }

        void LoadScale()
        {
            if (g.Affine == NormAffine.Channel)
                writer.Line($"{isa.Type} scale = {isa.Load("weight + channel")};");
        }

        void DeclareSums() => writer.Line($"{isa.Type} {(g.Centred ? $"sum = {isa.Zero}, " : "")}product = {isa.Zero};");

        void Divide()
        {
            if (g.Centred)
                writer.Line($"sum /= {isa.Broadcast(K)};");
            writer.Line($"product /= {isa.Broadcast(K)};");
        }

        string Gradient(string pixel) => g.Affine switch
        {
            NormAffine.None => isa.Load("dy + i"),
            NormAffine.Channel => $"{isa.Load("dy + i")} * scale",
            NormAffine.Element => $"{isa.Load("dy + i")} * {isa.Load($"weight + {ElementOffset(isa)}")}",
            _ => $"{isa.Load("dy + i")} * {isa.Broadcast($"weight[{pixel}]")}",
        };

        void Accumulate(string pixel)
        {
            writer.Line($"{isa.Type} gradient = {Gradient(pixel)};");
            if (g.Centred)
                writer.Line("sum += gradient;");
            writer.Line($"product = {isa.MultiplyAdd("gradient", Normalised(isa, isa.Load("x + i")), "product")};");
        }

        void StoreGradient(string pixel)
            => writer.Line(isa.Store($"(inverses * ({Gradient(pixel)}{(g.Centred ? " - sum" : "")} - {Expressions.Operand(Normalised(isa, isa.Load("x + i")))} * product))", "dx + i"));
    }

    /// <summary>What the gradient of the input sums.</summary>
    private string[] SumNames() => g.Centred ? ["sum", "product"] : ["product"];

    private void GradientSamples(SourceWriter writer, VectorIsa isa, Layout gradient, Layout output)
    {
        using (EachSampleSet(writer, isa))
        {
            LoadStatistics(writer, isa, $"statistics + {SampleStatistics()}");
            writer.Line($"{isa.Type} {(g.Centred ? $"sum = {isa.Zero}, " : "")}product = {isa.Zero};");
            string value = g.HasWeight ? $"{isa.Load("dy + i")} * {isa.Broadcast($"weight[{ScalarIndex()}]")}" : isa.Load("dy + i");
            SumOfSet(writer, isa, SumNames(), () =>
            {
                writer.Line($"{isa.Type} gradient = {value};");
                if (g.Centred)
                    writer.Line("sum += gradient;");
                writer.Line($"product = {isa.MultiplyAdd("gradient", Normalised(isa, isa.Load("x + i")), "product")};");
            }, ("dy", "outputGradient", gradient), ("x", "input", layout));
            if (g.Centred)
                writer.Line($"sum /= {isa.Broadcast(K)};");
            writer.Line($"product /= {isa.Broadcast(K)};");
            EachOfSet(writer, () => writer.Line(isa.Store($"(inverses * ({value}{(g.Centred ? " - sum" : "")} - {Expressions.Operand(Normalised(isa, isa.Load("x + i")))} * product))", "dx + i")),
                ("dy", "outputGradient", gradient), ("x", "input", layout), ("dx", "output", output));
        }
    }

    // --- gradients of weight and bias ---------------------------------------------------------------------------------

    /// <summary>Σ dy x̂ and Σ dy over the samples and over what shares a weight, divided by weights.</summary>
    public Kernel ParameterGradient(string name, string summary, Layout gradient)
        => new(name, summary, $"Σ dy x̂{(g.HasBias ? " and Σ dy" : "")} over {(g.Affine == NormAffine.Channel && !g.Shape.IsVector ? "samples and pixels" : g.Affine is NormAffine.Plane or NormAffine.Row ? "samples and channels" : "samples")}. Output gradient {gradient}; input {layout}.",
            [
                Floats("outputGradient"), Floats("input"), Floats("statistics"), Floats("weightGradient"), .. If(g.HasBias, Floats("biasGradient")),
                CountOf(layout), .. Share,
            ], (writer, isa, _) =>
        {
            switch (layout.Kind)
            {
                case LayoutKind.Rows:
                    ParametersRows(writer, isa, gradient);
                    break;
                case LayoutKind.Samples:
                    ParametersSamples(writer, isa, gradient);
                    break;
                default:
                    ParametersBlocked(writer, isa, gradient);
                    break;
            }
        });

    /// <summary>What the gradients of weight and bias sum.</summary>
    private string[] ParameterSums => g.HasBias ? ["product", "sum"] : ["product"];

    private void ParametersRows(SourceWriter writer, VectorIsa isa, Layout gradient)
    {
        int size = g.GroupChannels;
        string statistics = $"float* set = statistics + n * (long){Literals.Int(Statistics.SampleStride)}";
        if (g.Groups == 1 || size % isa.Lanes == 0)
        {
            int vectors = (g.Channels + isa.Lanes - 1) / isa.Lanes;
            writer.Line(TaskShare.Loop(vectors, "vector"));
            using (writer.Block())
            {
                writer.Line($"int i = vector * {Literals.Int(isa.Lanes)};");
                var total = new LongSum(writer, isa, ParameterSums);
                total.Declare();
                total.EachSample(Count, () =>
                {
                    writer.Line($"float* dy = outputGradient + n * (long){Literals.Int(gradient.SampleStride)}, x = input + n * (long){Literals.Int(layout.SampleStride)};");
                    writer.Line($"{statistics}{(g.Groups == 1 ? "" : $" + i / {Literals.Int(size)}")};");
                    LoadSetStatistics(writer, isa);
                    writer.Line($"{isa.Type} gradient = {isa.Load("dy + i")};");
                    writer.Line($"product = {isa.MultiplyAdd("gradient", Normalised(isa, isa.Load("x + i")), "product")};");
                    if (g.HasBias)
                        writer.Line("sum += gradient;");
                });
                total.End();
                writer.Line(isa.Store("product", "weightGradient + i"));
                if (g.HasBias)
                    writer.Line(isa.Store("sum", "biasGradient + i"));
                if (g.Channels % isa.Lanes != 0)
                {
                    writer.Line($"if (vector == {Literals.Int(vectors - 1)})");
                    using (writer.Indent())
                        writer.Line($"new Span<float>(weightGradient + {Literals.Int(g.Channels)}, {Literals.Int(Padded - g.Channels)}).Clear();");
                }
            }
            return;
        }
        writer.Line("// Groups that fill no vectors: feature by feature.");
        writer.Line(TaskShare.Loop(g.Channels, "i"));
        using (writer.Block())
        {
            writer.Line($"double product = 0{(g.HasBias ? ", sum = 0" : "")};");
            using (writer.Block($"for (int n = 0; n < {Count}; n++)"))
            {
                writer.Line($"{statistics} + i / {Literals.Int(size)};");
                writer.Line($"float gradient = outputGradient[n * (long){Literals.Int(gradient.SampleStride)} + i], x = input[n * (long){Literals.Int(layout.SampleStride)} + i];");
                writer.Line(g.Centred
                    ? $"product += gradient * ((x - set[0]) * set[{Literals.Int(StatisticsStride)}] + set[{Literals.Int(2 * StatisticsStride)}]);"
                    : "product += gradient * x * set[0];");
                if (g.HasBias)
                    writer.Line("sum += gradient;");
            }
            writer.Line("weightGradient[i] = (float)product;");
            if (g.HasBias)
                writer.Line("biasGradient[i] = (float)sum;");
        }
    }

    private void ParametersBlocked(SourceWriter writer, VectorIsa isa, Layout gradient)
    {
        int channelVectors = Padded / isa.Lanes;
        var total = new LongSum(writer, isa, ParameterSums);
        string Sample(Layout l) => $"n * (long){Literals.Int(l.SampleStride)}";
        switch (g.Affine)
        {
            case NormAffine.Channel:
                writer.Line(TaskShare.Loop(channelVectors, "vector"));
                using (writer.Block())
                {
                    writer.Line($"int channel = vector * {Literals.Int(isa.Lanes)};");
                    total.Declare();
                    total.EachPixel(Count, g.Height, g.Width * Layout.Block, Layout.Block,
                        () => LoadStatistics(writer, isa, $"statistics + {Sample(Statistics)} + channel"),
                        () => DeclareRows(writer, isa, ("dy", $"outputGradient + {Sample(gradient)}", gradient), ("x", $"input + {Sample(layout)}", layout)),
                        Accumulate);
                    total.End();
                    writer.Line(isa.Store("product", "weightGradient + channel"));
                    if (g.HasBias)
                        writer.Line(isa.Store("sum", "biasGradient + channel"));
                }
                break;
            case NormAffine.Element:
                writer.Line(TaskShare.Loop(channelVectors * g.Height, "task"));
                using (writer.Block())
                {
                    writer.Line($"int channel = task / {Literals.Int(g.Height)} * {Literals.Int(isa.Lanes)}, row = task % {Literals.Int(g.Height)};");
                    EachColumn(writer, () =>
                    {
                        total.Declare();
                        total.EachSample(Count, () =>
                        {
                            LoadStatistics(writer, isa, $"statistics + {Sample(Statistics)} + channel");
                            writer.Line($"float* dy = outputGradient + {Sample(gradient)} + {Plane(isa, gradient)} + row * {Literals.Int(gradient.RowStride)}{At(gradient.Origin)};");
                            writer.Line($"float* x = input + {Sample(layout)} + {Plane(isa, layout)} + row * {Literals.Int(layout.RowStride)}{At(layout.Origin)};");
                            Accumulate();
                        });
                        total.End();
                        writer.Line(isa.Store("product", $"weightGradient + {ElementOffset(isa)}"));
                        if (g.HasBias)
                            writer.Line(isa.Store("sum", $"biasGradient + {ElementOffset(isa)}"));
                    });
                }
                break;
            default:
                // A weight for each pixel, or for each column: summed over the lanes at the end.
                bool row = g.Affine == NormAffine.Row;
                writer.Line(TaskShare.Loop(row ? g.Width : g.Height * g.Width, "task"));
                using (writer.Block())
                {
                    if (!row)
                        writer.Line($"int row = task / {Literals.Int(g.Width)};");
                    writer.Line($"int i = {(row ? "task" : $"task % {Literals.Int(g.Width)}")} * 16;");
                    total.Declare();
                    using (EachChannelVector(writer, isa))
                    total.EachSample(Count, () =>
                    {
                        var scope = row ? writer.Block($"for (int row = 0; row < {Literals.Int(g.Height)}; row++)") : default(SourceWriter.Scope?);
                        LoadStatistics(writer, isa, $"statistics + {Sample(Statistics)} + {(g.PerRow ? RowStatistics(isa) : "channel")}");
                        writer.Line($"float* dy = outputGradient + {Sample(gradient)} + {Plane(isa, gradient)} + row * {Literals.Int(gradient.RowStride)}{At(gradient.Origin)};");
                        writer.Line($"float* x = input + {Sample(layout)} + {Plane(isa, layout)} + row * {Literals.Int(layout.RowStride)}{At(layout.Origin)};");
                        Accumulate();
                        scope?.Dispose();
                    }, row ? g.Height : 1);
                    writer.Line($"weightGradient[task] = (float){total.OfLanes("product")};");
                    if (g.HasBias)
                        writer.Line($"biasGradient[task] = (float){total.OfLanes("sum")};");
                }
                break;
        }

        void Accumulate()
        {
            writer.Line($"{isa.Type} gradient = {isa.Load("dy + i")};");
            writer.Line($"product = {isa.MultiplyAdd("gradient", Normalised(isa, isa.Load("x + i")), "product")};");
            if (g.HasBias)
                writer.Line("sum += gradient;");
        }
    }

    private void ParametersSamples(SourceWriter writer, VectorIsa isa, Layout gradient)
    {
        // One task for each weight; the indices that it does not fix are summed over.
        bool byChannel = g.Affine is NormAffine.Channel or NormAffine.Element, byRow = g.Affine is NormAffine.Element or NormAffine.Plane, byColumn = g.Affine != NormAffine.Channel;
        int tasks = (byChannel ? g.Channels : 1) * (byRow ? g.Height : 1) * (byColumn ? g.Width : 1);
        writer.Line(TaskShare.Loop(tasks, "task"));
        using (writer.Block())
        {
            if (byChannel)
                writer.Line($"int c = task{(byRow ? $" / {Literals.Int(g.Height * g.Width)}" : "")};");
            if (byRow)
                writer.Line($"int row = task / {Literals.Int(g.Width)}{(byChannel ? $" % {Literals.Int(g.Height)}" : "")};");
            if (byColumn)
                writer.Line($"int column = task % {Literals.Int(g.Width)};");
            var total = new LongSum(writer, isa, ParameterSums);
            total.Declare();
            total.DeclareCount();
            // The loops with their rounds; those over the blocks of samples have no bound.
            var scopes = new Stack<(SourceWriter.Scope Scope, long Rounds)>();
            scopes.Push((writer.Block("for (int n = 0; n < blocks; n++)"), long.MaxValue));
            if (!byChannel)
                scopes.Push((writer.Block($"for (int c = 0; c < {Literals.Int(g.Channels)}; c++)"), g.Channels));
            if (!byRow)
                scopes.Push((writer.Block($"for (int row = 0; row < {Literals.Int(g.Height)}; row++)"), g.Height));
            string set = g.PerRow ? $" + (c * {Literals.Int(g.Height)} + row) * 16" : OneChannelGroups ? " + c * 16" : g.Groups == 1 ? "" : $" + c / {Literals.Int(g.GroupChannels)} * 16";
            writer.Line($"float* set = statistics + n * (long){Literals.Int(Statistics.SampleStride)}{set};");
            writer.Line($"float* dy = outputGradient + n * (long){Literals.Int(gradient.SampleStride)} + c * {Literals.Int(gradient.PlaneStride)} + row * {Literals.Int(gradient.RowStride)}{At(gradient.Origin)};");
            writer.Line($"float* x = input + n * (long){Literals.Int(layout.SampleStride)} + c * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)}{At(layout.Origin)};");
            if (!byColumn)
                scopes.Push((writer.Block($"for (int column = 0; column < {Literals.Int(g.Width)}; column++)"), g.Width));
            scopes.Push((writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})"), Layout.Block / isa.Lanes));
            writer.Line("int i = column * 16 + part;");
            LoadStatistics(writer, isa, "set + part");
            writer.Line($"{isa.Type} gradient = {isa.Load("dy + i")};");
            writer.Line($"product = {isa.MultiplyAdd("gradient", Normalised(isa, isa.Load("x + i")), "product")};");
            if (g.HasBias)
                writer.Line("sum += gradient;");
            long terms = 1;
            bool isCounted = false;
            while (scopes.Count > 0)
            {
                // The outermost loop of whose rounds a block has room for several counts.
                (SourceWriter.Scope scope, long rounds) = scopes.Pop();
                if (!isCounted && (rounds > LongSum.MaxTerms || terms * rounds > LongSum.MaxTerms))
                {
                    total.EndRound(terms);
                    isCounted = true;
                }
                scope.Dispose();
                terms *= isCounted ? 1 : rounds;
            }
            total.EndBlock();
            string index = g.Affine == NormAffine.Element ? $"((c >> 4) * {Literals.Int(g.Height * g.Width)} + row * {Literals.Int(g.Width)} + column) * 16 + (c & 15)" : "task";
            writer.Line($"weightGradient[{index}] = (float){total.OfLanes("product")};");
            if (g.HasBias)
                writer.Line($"biasGradient[{index}] = (float){total.OfLanes("sum")};");
        }
    }

    // --- pieces -------------------------------------------------------------------------------------------------------

    private static string At(int offset) => offset == 0 ? "" : " + " + Literals.Int(offset);

    /// <summary>x̂ from x and the vectors of statistics.</summary>
    private string Normalised(VectorIsa isa, string x) => g.Centred ? isa.MultiplyAdd($"{x} - means", "inverses", "offsets") : $"{x} * inverses";

    private string Affine(VectorIsa isa, string normalised, string weight, string bias)
        => !g.HasWeight ? normalised : g.HasBias ? isa.MultiplyAdd(normalised, weight, bias) : $"{Expressions.Operand(normalised)} * {weight}";

    private SourceWriter.Scope Groups(SourceWriter writer)
        => g.Groups == 1 ? writer.Block() : writer.Block($"for (int group = 0; group < {Literals.Int(g.Groups)}; group++)");

    private static void EachVector(SourceWriter writer, VectorIsa isa, int size, Action body)
    {
        int whole = size / isa.Lanes * isa.Lanes;
        if (whole == 0)
            return;
        using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
            body();
    }

    /// <summary>Sums over the elements that fill vectors: declares each vector, and the scalar that is its sum.</summary>
    private static void SumVectors(SourceWriter writer, VectorIsa isa, int size, Action body, params (string Scalar, string Vector)[] sums)
    {
        int whole = size / isa.Lanes * isa.Lanes;
        var total = new LongSum(writer, isa, sums.Select(sum => sum.Vector).ToArray());
        bool isCut = LongSum.IsCut(whole, isa.Lanes);
        writer.Line($"{isa.Type} {string.Join(", ", sums.Select(sum => $"{sum.Vector} = {isa.Zero}"))};");
        if (isCut)
            total.DeclareTotals();
        total.EachVector(whole, isa.Lanes, body);
        writer.Line($"float {string.Join(", ", sums.Select(sum => $"{sum.Scalar} = {(isCut ? $"(float){total.OfLanes(sum.Vector)}" : $"{isa.Static}.Sum({sum.Vector})")}"))};");
    }

    /// <summary>The elements that fill no vector.</summary>
    private static void EachRest(SourceWriter writer, VectorIsa isa, int size, Action body)
    {
        if (size % isa.Lanes == 0)
            return;
        using (writer.Block($"for (int i = {Literals.Int(size / isa.Lanes * isa.Lanes)}; i < {Literals.Int(size)}; i++)"))
            body();
    }

    private SourceWriter.Scope EachChannelVector(SourceWriter writer, VectorIsa isa)
        => writer.Block($"for (int channel = 0; channel < {Literals.Int(Padded)}; channel += {Literals.Int(isa.Lanes)})");

    /// <summary>Offset of the channels' plane in a sample, and of the vector in its block of 16.</summary>
    private static string Plane(VectorIsa isa, Layout l)
        => isa.Lanes == Layout.Block ? $"(channel >> 4) * {Literals.Int(l.PlaneStride)}" : $"(channel >> 4) * {Literals.Int(l.PlaneStride)} + (channel & 15)";

    private string RowStatistics(VectorIsa isa)
        => isa.Lanes == Layout.Block ? $"channel * {Literals.Int(g.Height)} + row * 16" : $"(channel >> 4) * {Literals.Int(g.Height * Layout.Block)} + row * 16 + (channel & 15)";

    /// <summary>Place of an element's weight: the same blocks of 16 channels, without a halo.</summary>
    private string ElementOffset(VectorIsa isa)
        => isa.Lanes == Layout.Block
            ? $"(channel * {Literals.Int(g.Height)} + row * 16) * {Literals.Int(g.Width)} + i"
            : $"((channel >> 4) * {Literals.Int(g.Height)} + row) * {Literals.Int(g.Width * Layout.Block)} + i + (channel & 15)";

    private void EachColumn(SourceWriter writer, Action body)
    {
        using (writer.Block($"for (int i = 0; i < {Literals.Int(g.Width * Layout.Block)}; i += 16)"))
            body();
    }

    /// <summary>All pixels of the channels of a vector; the body reads and writes at i behind the names of the operands.</summary>
    private void EachPixel(SourceWriter writer, VectorIsa isa, Action body, params (string Name, string Pointer, Layout Layout)[] operands)
    {
        using (writer.Block($"for (int row = 0; row < {Literals.Int(g.Height)}; row++)"))
        {
            DeclareRows(writer, isa, operands);
            EachColumn(writer, body);
        }
    }

    private static void DeclareRows(SourceWriter writer, VectorIsa isa, params (string Name, string Pointer, Layout Layout)[] operands)
    {
        foreach ((string name, string pointer, Layout l) in operands)
            writer.Line($"float* {name} = {pointer} + {Plane(isa, l)} + row * {Literals.Int(l.RowStride)}{At(l.Origin)};");
    }

    /// <summary>The same where the body adds to vectors, which are declared.</summary>
    private void SumPixels(SourceWriter writer, VectorIsa isa, string[] sums, Action body, params (string Name, string Pointer, Layout Layout)[] operands)
    {
        if (!LongSum.IsCut(g.Height, g.Width * Layout.Block, Layout.Block))
        {
            EachPixel(writer, isa, body, operands);
            return;
        }
        using SourceWriter.Scope scope = writer.Block();
        var total = new LongSum(writer, isa, sums);
        total.DeclareTotals();
        total.EachPixel(null, g.Height, g.Width * Layout.Block, Layout.Block, sample: null, () => DeclareRows(writer, isa, operands), body);
        total.End();
    }

    /// <summary><see cref="EachColumn"/> where the body adds to vectors, which are declared.</summary>
    private void SumColumns(SourceWriter writer, VectorIsa isa, string[] sums, Action body)
    {
        if (!LongSum.IsCut(g.Width * Layout.Block, Layout.Block))
        {
            EachColumn(writer, body);
            return;
        }
        using SourceWriter.Scope scope = writer.Block();
        var total = new LongSum(writer, isa, sums);
        total.DeclareTotals();
        total.EachVector(g.Width * Layout.Block, Layout.Block, body);
        total.End();
    }

    /// <summary><see cref="EachOfSet"/> where the body adds to vectors, which are declared.</summary>
    private void SumOfSet(SourceWriter writer, VectorIsa isa, string[] sums, Action body, params (string Name, string Pointer, Layout Layout)[] operands)
    {
        if (g.SetSize <= LongSum.MaxTerms)
        {
            EachOfSet(writer, body, operands);
            return;
        }
        using SourceWriter.Scope scope = writer.Block();
        var total = new LongSum(writer, isa, sums);
        total.DeclareTotals();
        total.DeclareCount();
        if (g.Width <= LongSum.MaxTerms)
        {
            EachOfSet(writer, body, () => total.EndRound(g.Width), operands);
        }
        else
        {
            EachOfSet(writer, () =>
            {
                body();
                total.EndRound(1);
            }, operands);
        }
        total.EndBlock();
        total.End();
    }

    /// <summary>Sample lanes: the sets of statistics, for each part of the 16 samples.</summary>
    private SetScopes EachSampleSet(SourceWriter writer, VectorIsa isa)
    {
        var scopes = new SetScopes();
        scopes.Open(writer, $"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
        if (g.Groups > 1)
            scopes.Open(writer, $"for (int group = 0; group < {Literals.Int(g.Groups)}; group++)");
        if (g.PerRow)
            scopes.Open(writer, $"for (int row = 0; row < {Literals.Int(g.Height)}; row++)");
        return scopes;
    }

    private string SampleStatistics()
        => g.Groups == 1 ? (g.PerRow ? "row * 16 + part" : "part") : g.PerRow ? $"(group * {Literals.Int(g.Height)} + row) * 16 + part" : "group * 16 + part";

    private void EachOfSet(SourceWriter writer, Action body, params (string Name, string Pointer, Layout Layout)[] operands)
        => EachOfSet(writer, body, null, operands);

    /// <param name="endRow">At the end of each row.</param>
    private void EachOfSet(SourceWriter writer, Action body, Action? endRow, (string Name, string Pointer, Layout Layout)[] operands)
    {
        var scopes = new SetScopes();
        string channel = g.Groups == 1 ? "c" : "group";
        if (!OneChannelGroups)
        {
            scopes.Open(writer, g.Groups == 1
                ? $"for (int c = 0; c < {Literals.Int(g.Channels)}; c++)"
                : $"for (int c = group * {Literals.Int(g.GroupChannels)}; c < (group + 1) * {Literals.Int(g.GroupChannels)}; c++)");
            channel = "c";
        }
        else if (g.Groups == 1)
        {
            channel = "0";
        }
        // Where the set is one row, a scope of its own keeps apart the pointers of the passes over it.
        scopes.Open(writer, g.PerRow ? "" : $"for (int row = 0; row < {Literals.Int(g.Height)}; row++)");
        foreach ((string name, string pointer, Layout l) in operands)
            writer.Line($"float* {name} = {pointer} + {channel} * {Literals.Int(l.PlaneStride)} + row * {Literals.Int(l.RowStride)}{At(l.Origin)} + part;");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(g.Width * Layout.Block)}; i += 16)"))
            body();
        endRow?.Invoke();
        scopes.Dispose();
    }

    /// <summary>Sample lanes: index of the scalar weight of the element in a loop of <see cref="EachOfSet"/>.</summary>
    private string ScalarIndex()
    {
        string channel = !OneChannelGroups ? "c" : g.Groups == 1 ? "0" : "group";
        return g.Affine switch
        {
            NormAffine.Channel => channel,
            NormAffine.Element => $"(({channel} >> 4) * {Literals.Int(g.Height)} + row) * {Literals.Int(g.Width * Layout.Block)} + i + ({channel} & 15)",
            NormAffine.Plane => $"row * {Literals.Int(g.Width)} + (i >> 4)",
            _ => "i >> 4",
        };
    }

    /// <summary>Statistics of sets that lie in single lanes: declares means, inverses and offsets.</summary>
    /// <param name="eachElement">Writes a loop over the elements of a set, whose body adds to the vectors that are named and takes the address.</param>
    private void EmitVectorStatistics(SourceWriter writer, VectorIsa isa, Action<string[], Action<string>> eachElement)
    {
        string k = isa.Broadcast(K);
        if (g.Centred)
        {
            writer.Line("// Mean.");
            writer.Line($"{isa.Type} mean = {isa.Zero};");
            eachElement(["mean"], address => writer.Line($"mean += {isa.Load(address)};"));
            writer.Line($"mean /= {k};");
            writer.Line("// Variance around it, and what its rounding has left.");
            writer.Line($"{isa.Type} rest = {isa.Zero}, square = {isa.Zero};");
            eachElement(["rest", "square"], address => EmitSquares(writer, isa, address));
            writer.Line($"rest /= {k};");
            writer.Line($"{isa.Type} means = mean, inverses = {isa.Broadcast("1f")} / {isa.Static}.Sqrt({Epilogue.Maximum(isa, isa.Zero, $"(square / {k} - rest * rest)")} + {isa.Broadcast(Eps)}), offsets = -rest * inverses;");
        }
        else
        {
            writer.Line("// Mean square.");
            writer.Line($"{isa.Type} square = {isa.Zero};");
            eachElement(["square"], address => EmitSquares(writer, isa, address));
            writer.Line($"{isa.Type} inverses = {isa.Broadcast("1f")} / {isa.Static}.Sqrt(square / {k} + {isa.Broadcast(Eps)});");
        }
    }

    private void EmitSquares(SourceWriter writer, VectorIsa isa, string address)
    {
        writer.Line($"{isa.Type} d = {isa.Load(address)}{(g.Centred ? " - mean" : "")};");
        if (g.Centred)
            writer.Line("rest += d;");
        writer.Line($"square = {isa.MultiplyAdd("d", "d", "square")};");
    }

    private void StoreStatistics(SourceWriter writer, VectorIsa isa, string address)
    {
        if (!g.Centred)
        {
            writer.Line(isa.Store("inverses", address));
            return;
        }
        writer.Line(isa.Store("means", address));
        writer.Line(isa.Store("inverses", $"{address} + {Literals.Int(StatisticsStride)}"));
        writer.Line(isa.Store("offsets", $"{address} + {Literals.Int(2 * StatisticsStride)}"));
    }

    private void LoadStatistics(SourceWriter writer, VectorIsa isa, string address)
        => writer.Line(g.Centred
            ? $"{isa.Type} means = {isa.Load(address)}, inverses = {isa.Load($"{address} + {Literals.Int(StatisticsStride)}")}, offsets = {isa.Load($"{address} + {Literals.Int(2 * StatisticsStride)}")};"
            : $"{isa.Type} inverses = {isa.Load(address)};");

    /// <summary>Vectors: the scalars of the group.</summary>
    private void LoadRowStatistics(SourceWriter writer)
    {
        string set = g.Groups == 1 ? "" : " + group";
        writer.Line(g.Centred
            ? $"float mean = statistics[0{set}], inverse = statistics[{Literals.Int(StatisticsStride)}{set}], offset = statistics[{Literals.Int(2 * StatisticsStride)}{set}];"
            : $"float inverse = statistics[0{set}];");
    }

    private void LoadSetStatistics(SourceWriter writer, VectorIsa isa)
        => writer.Line(g.Centred
            ? $"{isa.Type} means = {isa.Broadcast("set[0]")}, inverses = {isa.Broadcast($"set[{Literals.Int(StatisticsStride)}]")}, offsets = {isa.Broadcast($"set[{Literals.Int(2 * StatisticsStride)}]")};"
            : $"{isa.Type} inverses = {isa.Broadcast("set[0]")};");

    /// <summary>mean → means, and so on.</summary>
    private static void DeclareBroadcasts(SourceWriter writer, VectorIsa isa, string[] scalars)
        => writer.Line($"{isa.Type} {string.Join(", ", scalars.Select(s => $"{s}s = {isa.Broadcast(s)}"))};");

    /// <summary>Sums runs of channels to groups and writes what follows from the sums back to every channel; unused lanes get zero.</summary>
    private void CombineGroups(SourceWriter writer, IReadOnlyList<(string Name, string Run)> sums, Action derive, IReadOnlyList<(string Name, string Run)> results)
    {
        int size = g.GroupChannels;
        using (Groups(writer))
        {
            string first = g.Groups == 1 ? "0" : $"group * {Literals.Int(size)}", end = g.Groups == 1 ? Literals.Int(size) : $"(group + 1) * {Literals.Int(size)}";
            writer.Line($"float {string.Join(", ", sums.Select(s => $"{s.Name} = 0f"))};");
            using (writer.Block($"for (int channel = {first}; channel < {end}; channel++)"))
            {
                foreach ((string name, string run) in sums)
                    writer.Line($"{name} += ({run})[channel];");
            }
            derive();
            foreach ((string name, string run) in results)
                writer.Line($"new Span<float>({run}{(g.Groups == 1 ? "" : $" + {first}")}, {Literals.Int(size)}).Fill({name});");
        }
        if (Padded == g.Channels)
            return;
        foreach ((_, string run) in results)
            writer.Line($"new Span<float>({run} + {Literals.Int(g.Channels)}, {Literals.Int(Padded - g.Channels)}).Clear();");
    }

    /// <summary>Nested blocks that close together.</summary>
    private sealed class SetScopes : IDisposable
    {
        private readonly Stack<SourceWriter.Scope> _open = new();

        public void Open(SourceWriter writer, string head) => _open.Push(writer.Block(head));

        public void Dispose()
        {
            while (_open.Count > 0)
                _open.Pop().Dispose();
        }
    }
}
