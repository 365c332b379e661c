using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.AttentionKernel;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The gradient of what is added to the scores of attention: that of the scores themselves, P (dP − Σ P dP), added up over what shares a
/// row of the mask. It is computed apart from those of queries, keys and values, since a mask mostly is an input of which nobody asks
/// for it.
/// </summary>
/// <param name="gradient">The output's gradient.</param>
/// <param name="target">The mask's.</param>
internal sealed class AttentionMaskGradientKernel(
    string name, string summary, AttentionGeometry g, Layout gradient, Layout statistics, Layout? drawn, Layout target)
{
    private readonly AttentionOptionCode _options = new(g);

    /// <summary>As the mask lies, which has the same shape.</summary>
    private AttentionMask Target => g.Mask! with
    {
        Layout = target,
        HeadStride = g.Mask.HeadStride / g.Mask.Layout.Pitch * target.Pitch,
        RowStride = g.Mask.RowStride / g.Mask.Layout.Pitch * target.Pitch,
    };

    public Kernel Create()
    {
        string layouts = Elementwise.Describe(
            [("output gradient", gradient), ("query", g.Query), ("key", g.Key), ("value", g.Value)], target);
        return new Kernel(name, summary, $"{g.Words}. {layouts}",
            [
                Floats("outputGradient"), Floats("query"), Floats("key"), Floats("value"), Floats("mask"), Floats("statistics"),
                .. If(drawn is not null, Floats("drawn")), Floats("maskGradient"), Floats("scratch"),
                .. If(drawn is not null, Int("stream")), Samples,
            ], EmitSamples) { IsHot = false };
    }

    private void EmitSamples(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string advance = Elementwise.Advance(
            [
                ("outputGradient", gradient), ("query", g.Query), ("key", g.Key), ("value", g.Value), ("statistics", statistics),
                ("maskGradient", target), .. _options.Operands(drawn),
            ]);
        using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
        {
            if (drawn is not null)
                AttentionOptionCode.EmitReadDrawn(writer);
            writer.Line($"new Span<float>(maskGradient, {Literals.Int(target.Positions * target.Pitch)}).Clear();");
            using (writer.Block($"for (int head = 0; head < {Literals.Int(g.Op.Heads)}; head++)"))
                EmitHead(writer, isa, names);
        }
    }

    private void EmitHead(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (g.Group > 1)
            writer.Line($"if (head % {Literals.Int(g.Group)} == 0)");
        using (writer.Block())
        {
            string of = g.Group > 1 ? $"head / {Literals.Int(g.Group)}" : "head";
            writer.Line("// The keys and values of the head go into the lanes.");
            EmitToLanes(writer, g, Literals.Plus($"key + {of} * {Literals.Int(g.Op.HeadSize)}", g.Op.KeyStart), g.Key.Pitch, "scratch",
                g.Op.HeadSize);
            EmitToLanes(writer, g, Literals.Plus($"value + {of} * {Literals.Int(g.Op.ValueSize)}", g.Op.ValueStart), g.Value.Pitch,
                At(g.LaneValues), g.Op.ValueSize);
        }
        writer.Line($"float* q = {Literals.Plus($"query + head * {Literals.Int(g.Op.HeadSize)}", g.Op.QueryStart)}, "
            + $"dy = outputGradient + head * {Literals.Int(g.Op.ValueSize)};");
        _options.EmitHead(writer);
        int rows = AttentionGeometry.TileRows(isa), whole = g.Queries / rows * rows, rest = g.Queries - whole;
        if (whole > 0)
        {
            using (writer.Block($"for (int first = 0; first < {Literals.Int(whole)}; first += {Literals.Int(rows)})"))
                EmitTileCall(writer, names, Tile(rows), "first");
        }
        if (rest > 0)
            EmitTileCall(writer, names, Tile(rest), Literals.Int(whole));
    }

    private void EmitTileCall(SourceWriter writer, KernelNames names, Kernel tile, string first)
        => writer.Line($"{names.Use(tile)}(q + {first} * {Literals.Int(g.Query.Pitch)}, scratch, "
            + $"dy + {first} * {Literals.Int(gradient.Pitch)}, {At(g.LaneValues)}, "
            + $"statistics + {first} * {Literals.Int(statistics.Pitch)} + head, {At(g.Probabilities)}, {At(g.Slopes)}, "
            + $"{Target.Row("maskGradient", first)}{(_options.NeedsFirst ? ", " + first : "")}"
            + $"{_options.Arguments(first, g.MaskFactors)});");

    private Kernel Tile(int rows) => new($"{name}Tile{Literals.Int(rows)}", summary,
        $"Microkernel: adds the gradients of the scores of {ConvolutionRows.Count(rows, "query")} of one head.",
        [
            Floats("query"), Floats("keys"), Floats("outputGradient"), Floats("values"), Floats("statistics"), Floats("probabilities"),
            Floats("slopes"), Floats("maskGradient"), .. If(_options.NeedsFirst, Int("first")), .. _options.Parameters,
        ], (writer, isa, names) =>
        {
            EmitKeyCount(writer, g, isa, rows);
            EmitScores(writer, isa, g, rows, "query", g.Query.Pitch, "keys", "probabilities", g.Op.HeadSize, g.Op.Scale,
                _options.Bias(isa));
            EmitScores(writer, isa, g, rows, "outputGradient", gradient.Pitch, "values", "slopes", g.Op.ValueSize, 1);
            AttentionGradientKernel.EmitSlopes(writer, isa, names, g, statistics, rows, scale: 1, isInBlock: false);
            string end = g.Op.IsCausal ? "count" : Literals.Int(g.Keys);
            using (writer.Block($"for (int row = 0; row < {Literals.Int(rows)}; row++)"))
            {
                string row = Target.RowStride == 0 ? "maskGradient" : $"maskGradient + row * {Literals.Int(Target.RowStride)}";
                writer.Line($"float* sums = {row}, ds = slopes + row * {Literals.Int(g.PaddedKeys)};");
                using (writer.Block($"for (int key = {Start(g)}; key < {end}; key++)"))
                    writer.Line("sums[key] += ds[key];");
            }
        });
}
