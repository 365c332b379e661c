using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// To Winograd's points and back, for 16 channels at a time: each is <see cref="ToomCook"/>'s transform of the columns, then of the
/// rows; of kernels of one row, of the rows alone.
/// </summary>
internal static class WinogradTransforms
{
    private const int Patch = Winograd.Patch;

    private static readonly ToomCook s_transform = new(1, 2);

    /// <summary>The vectors of a patch's row or column.</summary>
    private static readonly string[] s_patchRow = ["d0", "d1", "d2", "d3", "d4", "d5"];

    /// <summary>
    /// G g Gᵀ: the points of each kernel. Tasks are blocks of 16 × 16 channels, divided like those of the transposition.
    /// </summary>
    public static Kernel Weights(string name, string summary, ConvolutionGeometry g)
    {
        var tiling = new WinogradTiling(g);
        return new Kernel(name, summary,
            $"Winograd {tiling.Title}: {(tiling.IsOfRows ? "G g" : "G g Gᵀ")}, 16 target channels in the lanes; "
            + $"result [{Literals.Int(tiling.Points)}][{Literals.Int(tiling.TargetBlocks)}][{Literals.Int(tiling.SourceLength)}][16].",
            [Floats("weights"), Floats("transformed"), .. Share], (writer, isa, _) =>
        {
            string sourceBlocks = Literals.Int(tiling.SourceBlocks);
            if (!tiling.IsOfRows)
                writer.Line($"float* half = stackalloc float[{Literals.Int(Patch * tiling.Across.Taps * isa.Lanes)}];");
            using (writer.Block(TaskShare.Loop(tiling.SourceBlocks * tiling.TargetBlocks, "task")))
            {
                writer.Line($"int target = task / {sourceBlocks}, source = task % {sourceBlocks};");
                writer.Line($"float* block = weights + target * {Literals.Int(g.TargetChannelStride.BlockStride)} "
                    + $"+ source * {Literals.Int(g.SourceChannelStride.BlockStride)};");
                writer.Line($"float* result = transformed + (target * {sourceBlocks} + source) * 256;");
                using (writer.Block($"for (int i = 0; i < 256; i += {Literals.Int(isa.Lanes)})"))
                    EmitWeights(writer, isa, g, tiling);
            }
        });
    }

    private static void EmitWeights(SourceWriter writer, VectorIsa isa, ConvolutionGeometry g, WinogradTiling tiling)
    {
        int r = tiling.Across.Taps;
        double[][] matrix = s_transform.KernelMatrix(r);
        if (tiling.IsOfRows)
        {
            ToomCook.LoadAll(writer, isa, "h", r, k => Literals.Plus("block + i", k * g.TapColumnStride));
            EmitRow("");
            return;
        }
        writer.Line("// Columns of the kernel, then rows.");
        using (writer.Block($"for (int column = 0; column < {Literals.Int(r)}; column++)"))
        {
            writer.Line($"float* taps = block + i + column * {Literals.Int(g.TapColumnStride)};");
            ToomCook.LoadAll(writer, isa, "g", r, k => Literals.Plus("taps", k * g.TapRowStride));
            ToomCook.EmitRows(writer, isa, matrix, "g", (point, value)
                => isa.Store(value, $"half + ({Literals.Int(point * r)} + column) * {Literals.Int(isa.Lanes)}"));
        }
        using (writer.Block($"for (int row = 0; row < {Literals.Int(Patch)}; row++)"))
        {
            ToomCook.LoadAll(writer, isa, "h", r, k => $"half + (row * {Literals.Int(r)} + {Literals.Int(k)}) * {Literals.Int(isa.Lanes)}");
            EmitRow("row * 6 + ");
        }

        void EmitRow(string row) => ToomCook.EmitRows(writer, isa, matrix, "h", (point, value)
            => isa.Store(value, $"result + i + {(row.Length == 0 ? Literals.Int(point) : $"({row}{Literals.Int(point)})")} "
                + $"* (long){Literals.Int(tiling.PointLength)}"));
    }

    /// <summary>Bᵀ d B for 16 channels of a 6 × 6 patch, or Bᵀ d of six pixels of a row.</summary>
    public static Kernel Patches(WinogradTiling tiling) => tiling.IsOfRows
        ? new("WinogradRowPatch", "Values of six pixels of 16 channels at the 6 points: Bᵀ d.", "The 6 results lie pointStride floats apart.",
            [Floats("patch"), Floats("result"), Int("pointStride")], EmitRowPatch)
        : new("WinogradPatch", "Values of a 6 × 6 patch of 16 channels at the 36 points: Bᵀ d B.",
            "The 36 results lie pointStride floats apart.", [Floats("patch"), Int("rowStride"), Floats("result"), Int("pointStride")],
            EmitPatch);

    private static void EmitRowPatch(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        using (Parts(writer, isa))
        {
            ToomCook.LoadAll(writer, isa, "d", Patch, k => Literals.Plus("patch", k * Layout.Block) + PartOffset(isa));
            s_transform.EmitInputValues(writer, isa, s_patchRow, (point, value)
                => isa.Store(value, OfPoint("result", point) + PartOffset(isa)));
        }
    }

    private static void EmitPatch(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        writer.Line($"float* half = stackalloc float[{Literals.Int(Patch * Patch * isa.Lanes)}];");
        using (Parts(writer, isa))
        {
            string part = PartOffset(isa);
            writer.Line("// Columns, then rows.");
            using (writer.Block("for (int column = 0; column < 6; column++)"))
            {
                ToomCook.LoadAll(writer, isa, "d", Patch, k => $"patch + column * 16 + {Literals.Int(k)} * rowStride{part}");
                s_transform.EmitInputValues(writer, isa, s_patchRow, (point, value)
                    => isa.Store(value, $"half + ({Literals.Int(point * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
            }
            using (writer.Block("for (int row = 0; row < 6; row++)"))
            {
                ToomCook.LoadAll(writer, isa, "d", Patch, k => HalfRow(isa, k, Patch));
                writer.Line($"float* points = result + row * 6 * pointStride{part};");
                s_transform.EmitInputValues(writer, isa, s_patchRow, (point, value)
                    => isa.Store(value, $"points + {Literals.Int(point)} * pointStride"));
            }
        }
    }

    /// <summary>Aᵀ p A, and the epilogue.</summary>
    /// <param name="pointDistance">Floats from one point's products to the next's.</param>
    /// <param name="shared">Distances are parameters, so that layers share the kernel.</param>
    public static Kernel Outputs(string name, string summary, ConvolutionGeometry g,
        long pointDistance, ConvolutionEpilogue epilogue, bool shared)
    {
        var tiling = new WinogradTiling(g);
        int m = tiling.Across.Outputs;
        bool ofRows = tiling.IsOfRows;
        KernelParameter[] strides =
        [
            .. If(shared, Int("pointStride")),
            .. If(shared && !ofRows, Int("outputRowStride")),
            .. If(shared && !ofRows && epilogue.Other is not null, Int(epilogue.OtherName + "RowStride")),
        ];
        return new Kernel(shared ? ofRows ? "WinogradRowOutput" + Literals.Int(m) : "WinogradOutput" : name + "Output",
            summary + $" From the {Literals.Int(tiling.Points)} points to pixels: {(ofRows ? "Aᵀ p" : "Aᵀ p A")}.",
            $"{Literals.Int(tiling.Down.Outputs)} × {Literals.Int(m)} pixels of 16 channels, "
            + $"of which {(ofRows ? "" : "rows × ")}columns lie inside the image.{epilogue.Fused(everyActivation: true)}",
            epilogue.Parameters([Floats("products")], [.. If(!ofRows, Int("rows")), Int("columns"), .. strides]), (writer, isa, names) =>
        {
            string pointStride = shared ? "pointStride" : Literals.Int(pointDistance);
            if (ofRows)
            {
                using (Parts(writer, isa))
                {
                    ToomCook.LoadAll(writer, isa, "p", Patch, k => OfPoint("products", k, pointStride) + PartOffset(isa));
                    if (epilogue.HasBias)
                        writer.Line($"{isa.Type} start = {isa.Load("bias" + PartOffset(isa))};");
                    EmitPixels(writer, isa, names, m, epilogue, "output" + PartOffset(isa), epilogue.OtherName + PartOffset(isa));
                }
                return;
            }
            writer.Line($"float* half = stackalloc float[{Literals.Int(m * Patch * isa.Lanes)}];");
            using (Parts(writer, isa))
            {
                string part = PartOffset(isa);
                using (writer.Block("for (int column = 0; column < 6; column++)"))
                {
                    ToomCook.LoadAll(writer, isa, "p", Patch, k
                        => $"products + ({Literals.Int(k * Patch)} + column) * {pointStride}{part}");
                    ToomCook.EmitRows(writer, isa, s_transform.OutputMatrix(m), "p", (row, value)
                        => isa.Store(value, $"half + ({Literals.Int(row * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
                }
                if (epilogue.HasBias)
                    writer.Line($"{isa.Type} start = {isa.Load("bias" + part)};");
                using (writer.Block("for (int row = 0; row < rows; row++)"))
                    EmitOutputRow(writer, isa, names, g, m, epilogue, shared);
            }
        });
    }

    private static void EmitOutputRow(SourceWriter writer, VectorIsa isa, KernelNames names,
        ConvolutionGeometry g, int m, ConvolutionEpilogue epilogue, bool shared)
    {
        string part = PartOffset(isa);
        ToomCook.LoadAll(writer, isa, "p", Patch, k => HalfRow(isa, k, Patch));
        writer.Line($"float* y = output + row * {(shared ? "outputRowStride" : Literals.Int(g.Target.RowStride))}{part};");
        if (epilogue.Other is { } other)
            writer.Line($"float* o = {epilogue.OtherName} + row * "
                + $"{(shared ? epilogue.OtherName + "RowStride" : Literals.Int(other.RowStride))}{part};");
        EmitPixels(writer, isa, names, m, epilogue, "y", "o");
    }

    /// <summary>The pixels of a row from p0, p1, ….</summary>
    /// <param name="output">Where the first goes; likewise <paramref name="other"/>.</param>
    private static void EmitPixels(SourceWriter writer, VectorIsa isa, KernelNames names, int m, ConvolutionEpilogue epilogue,
        string output, string other)
        => ToomCook.EmitRows(writer, isa, s_transform.OutputMatrix(m), "p", (column, value) =>
        {
            string sum = epilogue.HasBias ? $"({value} + start)" : value;
            value = epilogue.Apply(isa, names, sum, _ => Literals.Plus(other, column * Layout.Block), everyActivation: true);
            string statement = isa.Store(value, Literals.Plus(output, column * Layout.Block));
            return column == 0 ? statement : $"if (columns > {Literals.Int(column)}) {statement}";
        });

    /// <summary>A dy Aᵀ for 16 channels of m × m gradients, or A dy of m in a row; those outside the image count as zero.</summary>
    public static Kernel Gradients(WinogradTiling tiling) => tiling.IsOfRows
        ? RowGradients(tiling.Across.Outputs) : SquareGradients(tiling.Across.Outputs);

    private static Kernel RowGradients(int m) => new($"WinogradRowGradient{Literals.Int(m)}",
        $"Values of {Literals.Int(m)} output gradients of a row and 16 channels at the 6 points: A dy.",
        "columns of them lie inside the image. The 6 results lie pointStride floats apart.",
        [Floats("gradient"), Int("columns"), Floats("result"), Int("pointStride")], (writer, isa, _) =>
    {
        using (Parts(writer, isa))
        {
            for (int k = 0; k < m; k++)
                writer.Line($"{isa.Type} y{Literals.Int(k)} = columns > {Literals.Int(k)} "
                    + $"? {isa.Load(Literals.Plus("gradient", k * Layout.Block) + PartOffset(isa))} : {isa.Zero};");
            ToomCook.EmitRows(writer, isa, ToomCook.Transposed(s_transform.OutputMatrix(m)), "y", (point, value)
                => isa.Store(value, OfPoint("result", point) + PartOffset(isa)));
        }
    });

    private static Kernel SquareGradients(int m) => new($"WinogradGradient{Literals.Int(m)}",
        $"Values of {Literals.Int(m)} × {Literals.Int(m)} output gradients of 16 channels at the 36 points: A dy Aᵀ.",
        "rows × columns of them lie inside the image. The 36 results lie pointStride floats apart.",
            [Floats("gradient"), Int("rowStride"), Int("rows"), Int("columns"), Floats("result"), Int("pointStride")], (writer, isa, _) =>
    {
        double[][] matrix = ToomCook.Transposed(s_transform.OutputMatrix(m));
        writer.Line($"float* half = stackalloc float[{Literals.Int(Patch * m * isa.Lanes)}];");
        using (Parts(writer, isa))
        {
            string part = PartOffset(isa);
            using (writer.Block($"for (int column = 0; column < {Literals.Int(m)}; column++)"))
            {
                for (int k = 0; k < m; k++)
                    writer.Line($"{isa.Type} y{Literals.Int(k)} = rows > {Literals.Int(k)} && "
                        + $"columns > column ? {isa.Load($"gradient + column * 16 + {Literals.Int(k)} * rowStride{part}")} : {isa.Zero};");
                ToomCook.EmitRows(writer, isa, matrix, "y", (point, value)
                    => isa.Store(value, $"half + ({Literals.Int(point * m)} + column) * {Literals.Int(isa.Lanes)}"));
            }
            using (writer.Block("for (int row = 0; row < 6; row++)"))
            {
                ToomCook.LoadAll(writer, isa, "y", m, k => HalfRow(isa, k, m));
                writer.Line($"float* points = result + row * 6 * pointStride{part};");
                ToomCook.EmitRows(writer, isa, matrix, "y", (point, value)
                    => isa.Store(value, $"points + {Literals.Int(point)} * pointStride"));
            }
        }
    });

    /// <summary>Gᵀ s G, or Gᵀ s of a row: from the sums at the points to the gradient of the taps.</summary>
    public static Kernel Taps(ConvolutionGeometry g, int segments)
    {
        var tiling = new WinogradTiling(g);
        int r = tiling.Across.Taps;
        string taps = Literals.Int(r), points = Literals.Int(tiling.Points), rows = Literals.Int(tiling.Down.Taps),
            count = segments > 1 ? $"[{Literals.Int(segments)}]" : "";
        return new Kernel($"Winograd{(tiling.IsOfRows ? "Row" : "")}Taps{taps}",
            $"From sums at the {points} points to the gradient of {rows} × {taps} taps: {(tiling.IsOfRows ? "Gᵀ s" : "Gᵀ s G")}.",
            $"sums {count}[{points}][{Literals.Int(tiling.TargetBlocks)}][{Literals.Int(tiling.SourceLength)}][16].",
            [Floats("sums"), Floats("weightGradient"), Int("firstBlock"), Int("endBlock")], (writer, isa, _) =>
        {
            double[][] matrix = ToomCook.Transposed(s_transform.KernelMatrix(r));
            if (!tiling.IsOfRows)
                writer.Line($"float* half = stackalloc float[{Literals.Int(r * Patch * isa.Lanes)}];");
            using (writer.Block("for (int block = firstBlock; block < endBlock; block++)"))
            using (writer.Block($"for (int i = 0; i < {Literals.Int(g.SourceChannels * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
            {
                writer.Line($"float* source = sums + block * {Literals.Int(tiling.SourceLength * Layout.Block)} + i;");
                writer.Line($"float* target = weightGradient + block * {Literals.Int(g.TargetChannelStride.BlockStride)} "
                    + $"+ i / 256 * {Literals.Int(g.SourceChannelStride.BlockStride)} + i % 256;");
                if (tiling.IsOfRows)
                {
                    EmitSums(writer, isa, tiling, segments, "source");
                    ToomCook.EmitRows(writer, isa, matrix, "s", (tap, value)
                        => isa.Store(value, Literals.Plus("target", tap * g.TapColumnStride)));
                    return;
                }
                using (writer.Block("for (int column = 0; column < 6; column++)"))
                {
                    writer.Line($"float* point = source + column * (long){Literals.Int(tiling.PointLength)};");
                    EmitSums(writer, isa, tiling, segments, "point");
                    ToomCook.EmitRows(writer, isa, matrix, "s", (tap, value)
                        => isa.Store(value, $"half + ({Literals.Int(tap * Patch)} + column) * {Literals.Int(isa.Lanes)}"));
                }
                using (writer.Block($"for (int row = 0; row < {taps}; row++)"))
                {
                    ToomCook.LoadAll(writer, isa, "s", Patch, k => HalfRow(isa, k, Patch));
                    ToomCook.EmitRows(writer, isa, matrix, "s", (tap, value)
                        => isa.Store(value, $"target + row * {Literals.Int(g.TapRowStride)} + {Literals.Int(tap * g.TapColumnStride)}"));
                }
            }
        });
    }

    /// <summary>Declares s0, s1, …, the sums of all segments at the points of a column, or of a row where there is but one.</summary>
    private static void EmitSums(SourceWriter writer, VectorIsa isa, WinogradTiling tiling, int segments, string first)
    {
        ToomCook.LoadAll(writer, isa, "s", Patch, k => Literals.Plus(first, OfPoint(k)));
        for (int segment = 1; segment < segments; segment++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, Patch)
                .Select(k => $"s{Literals.Int(k)} += {isa.Load(Literals.Plus(first, segment * tiling.WeightLength + OfPoint(k)))};")));
        }

        long OfPoint(int k) => (long)k * tiling.Down.Patch * tiling.PointLength;
    }

    /// <summary>The values at a point of a row.</summary>
    private static string OfPoint(string pointer, int point, string stride = "pointStride")
        => point == 0 ? pointer : $"{pointer} + {Literals.Int(point)} * {stride}";

    /// <summary>The vectors between the transform of the columns and that of the rows: one of a row.</summary>
    private static string HalfRow(VectorIsa isa, int column, int columns)
        => $"half + (row * {Literals.Int(columns)} + {Literals.Int(column)}) * {Literals.Int(isa.Lanes)}";

    private static SourceWriter.Scope Parts(SourceWriter writer, VectorIsa isa)
        => isa.Lanes == Layout.Block ? writer.Block() : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");

    private static string PartOffset(VectorIsa isa) => isa.Lanes == Layout.Block ? "" : " + part";
}
