using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Means, sums and maxima of rows of a table. The ints that say which rows have been checked before a pass begins.
/// </summary>
internal static class EmbeddingBagKernels
{
    /// <summary>Vectors of a row that are summed at a time: they stay in registers, with room for what a maximum needs besides.</summary>
    private const int TileVectors = 8;

    /// <summary>The pointer to the weights of the ints.</summary>
    private const string Factors = "factors";

    /// <param name="rows">Where the rows of the maxima go; null where nobody needs them.</param>
    /// <param name="factors">Where the ints' weights lie; null where they have none.</param>
    public static Kernel Forward(string name, string summary, EmbeddingBagOp op, Layout indices, Layout output, Layout? rows,
        Layout? factors)
    {
        string what = op.Mode switch { BagMode.Max => "The largest of", BagMode.Sum => "The sum of", _ => "The mean of" };
        string remarks = $"{what} {(indices.HasLengths ? "a sample's" : Literals.Int(op.Length))} rows of the table, "
            + $"a part of each in registers at a time. Output {output}.";
        KernelParameter[] parameters =
        [
            Ints("indices"), Floats("weight"), .. If(factors is not null, Floats(Factors)), Floats("output"),
            .. If(rows is not null, Ints("rows")),
            indices.HasLengths ? LengthKernels.Length : Samples,
        ];
        return new Kernel(name, summary, remarks, parameters, (writer, isa, _) =>
        {
            if (indices.HasLengths)
            {
                EmitBag(writer, isa);
                return;
            }
            string further = (rows is null ? "" : $", rows += {Literals.Int(rows.SampleStride)}")
                + (factors is null ? "" : $", {Factors} += {Literals.Int(factors.SampleStride)}");
            using (writer.Block($"for (int n = 0; n < samples; n++, indices += {Literals.Int(indices.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)}{further})"))
            {
                EmitBag(writer, isa);
            }
        });

        void EmitBag(SourceWriter writer, VectorIsa isa)
        {
            var bag = new Bag(writer, isa, op, output.Size, indices.HasLengths, factors is null ? null : Factor(factors, "i"));
            if (op.Mode == BagMode.Max)
                bag.EmitMaxima(keepsRows: rows is not null);
            else
                bag.EmitSums();
        }
    }

    /// <summary>The weight of an int of the sample in hand.</summary>
    private static string Factor(Layout factors, string position) => factors.PositionPitch() is var pitch && pitch == 1
        ? $"{Factors}[{position}]" : $"{Factors}[{position} * {Literals.Int(pitch)}]";

    /// <summary>Floats from one of a sample's weights to the next, which are a vector or positions with one feature.</summary>
    private static int PositionPitch(this Layout factors) => factors.Kind == LayoutKind.Positions ? factors.Pitch : 1;

    /// <summary>How many ints a sample has: a constant, or what the sample brings.</summary>
    private static string LengthOf(int length, bool hasLengths) => hasLengths ? LengthKernels.Length.Name : Literals.Int(length);

    private static TableForm TableOf(EmbeddingBagGradientOp op) => new(op.Features, AreLanes: false);

    /// <param name="indices">The layout of the rows that gradients go to.</param>
    /// <param name="factors">Where the ints' weights lie; null where they have none.</param>
    public static Kernel WeightGradient(string name, string summary, EmbeddingBagGradientOp op, Layout indices, Layout gradient,
        Layout? factors, bool isSparse)
    {
        int stride = gradient.Size;
        TableRows rows = new(op.Rows, indices.Channels, MayBeNone: op.Mode == BagMode.Max, isSparse);
        return TableGradient.Create(name, summary, rows, TableOf(op), indices, gradient, (writer, isa) =>
        {
            if (op.Mode == BagMode.Max)
                EmitMaximaGradient(writer, op, stride);
            else
                EmitSumsGradient(writer, isa, op, stride, LengthOf(op.Length, indices.HasLengths), factors);
        }, factors is null ? null : (Factors, indices.HasLengths ? $"length * {Literals.Int(factors.PositionPitch())}"
            : Literals.Int(factors.SampleStride)));
    }

    /// <summary>The gradient of the ints' weights.</summary>
    /// <param name="gradient">The layout of the output's gradient; of <paramref name="factors"/> that of the weights'.</param>
    public static Kernel FactorGradient(string name, string summary, EmbeddingBagWeightGradientOp op, Layout indices, Layout gradient,
        Layout factors)
    {
        int stride = gradient.Size;
        bool hasLengths = indices.HasLengths;
        string length = LengthOf(op.Length, hasLengths);
        KernelParameter[] parameters =
        [
            Ints("indices"), Floats("outputGradient"), Floats("weight"), Floats(Factors), hasLengths ? LengthKernels.Length : Samples,
        ];
        return new Kernel(name, summary, $"The product of each int's row and the output's gradient. Weights {factors}.", parameters,
            (writer, isa, _) =>
        {
            if (hasLengths)
            {
                EmitSample(writer, isa);
                return;
            }
            using (writer.Block($"for (int n = 0; n < samples; n++, indices += {Literals.Int(indices.SampleStride)}, "
                + $"outputGradient += {Literals.Int(gradient.SampleStride)}, {Factors} += {Literals.Int(factors.SampleStride)})"))
            {
                EmitSample(writer, isa);
            }
        });

        void EmitSample(SourceWriter writer, VectorIsa isa)
        {
            string floats = hasLengths ? $"length * {Literals.Int(factors.PositionPitch())}" : Literals.Int(factors.Size);
            writer.Line($"new Span<float>({Factors}, {floats}).Clear();");
            using (writer.Block($"for (int p = 0; p < {length}; p++)"))
            {
                TableGradient.EmitSkip(writer, op.PaddingRow, "p");
                writer.Line($"float* row = weight + indices[p] * {Literals.Int(stride)}L;");
                string product = new LongSum(writer, isa, "sum").OverVectors(stride, isa.Lanes, () => writer.Line(
                    $"sum = {isa.MultiplyAdd(isa.Load("row + i"), isa.Load("outputGradient + i"), "sum")};"));
                writer.Line($"{Factor(factors, "p")} = (float)({product});");
            }
        }
    }

    private static void EmitMaximaGradient(SourceWriter writer, EmbeddingBagGradientOp op, int stride)
    {
        using (writer.Block($"for (int j = first; j < Math.Min(end, {Literals.Int(op.Features)}); j++)"))
        {
            writer.Line("// Negative where the bag has no row that counts.");
            writer.Line("if (indices[j] >= 0)");
            using (writer.Indent())
                writer.Line($"weightGradient[indices[j] * {Literals.Int(stride)}L + j] += outputGradient[j];");
        }
    }

    private static void EmitSumsGradient(SourceWriter writer, VectorIsa isa, EmbeddingBagGradientOp op, int stride, string length,
        Layout? factors)
    {
        string addend = isa.Load("outputGradient + j");
        if (op.Mode == BagMode.Mean)
        {
            EmitCount(writer, length, op.PaddingRow);
            writer.Line($"{isa.Type} share = {isa.Broadcast("1f / Math.Max(counted, 1)")};");
            addend += " * share";
        }
        using (writer.Block($"for (int i = 0; i < {length}; i++)"))
        {
            TableGradient.EmitSkip(writer, op.PaddingRow);
            if (factors is not null)
                writer.Line($"{isa.Type} factor = {isa.Broadcast(Factor(factors, "i"))};");
            TableGradient.EmitAdd(writer, isa, TableOf(op), factors is null ? addend : addend + " * factor");
        }
    }

    /// <summary>Declares the number of rows that count.</summary>
    private static void EmitCount(SourceWriter writer, string length, int? padding)
    {
        writer.Line($"int counted = {length};");
        if (padding is null)
            return;
        using (writer.Block($"for (int i = 0; i < {length}; i++)"))
            writer.Line($"counted -= indices[i] == {Literals.Int(padding.Value)} ? 1 : 0;");
    }

    /// <summary>Writes what is made of the rows of one sample.</summary>
    /// <param name="stride">Floats from one row of the table to the next.</param>
    /// <param name="hasLengths">The sample says how many there are.</param>
    /// <param name="factor">The weight of the int <c>i</c>; null where it has none.</param>
    private sealed class Bag(SourceWriter writer, VectorIsa isa, EmbeddingBagOp op, int stride, bool hasLengths, string? factor)
    {
        private readonly string _ints = isa.Static + "<int>";

        private string Length => LengthOf(op.Length, hasLengths);

        public void EmitSums()
        {
            if (op.Mode == BagMode.Mean)
            {
                EmitCount(writer, Length, op.PaddingRow);
                writer.Line($"{isa.Type} count = {isa.Broadcast("(float)Math.Max(counted, 1)")};");
            }
            EachTile((start, vectors) =>
            {
                string[] sums = Names("sum", vectors);
                var total = new LongSum(writer, isa, sums);
                bool isCut = op.Length > LongSum.MaxTerms;
                writer.Line($"{isa.Type} {string.Join(", ", sums.Select(sum => $"{sum} = {isa.Zero}"))};");
                if (isCut)
                {
                    total.DeclareTotals();
                    string block = Literals.Int(LongSum.MaxTerms);
                    using (writer.Block($"for (int firstIndex = 0; firstIndex < {Length}; firstIndex += {block})"))
                    {
                        using (writer.Block($"for (int i = firstIndex; i < Math.Min(firstIndex + {block}, {Length}); i++)"))
                            AddRow(start, sums);
                        total.EndBlock();
                    }
                    total.End();
                }
                else
                {
                    using (writer.Block($"for (int i = 0; i < {Length}; i++)"))
                        AddRow(start, sums);
                }
                string divisor = op.Mode == BagMode.Mean ? " / count" : "";
                for (int v = 0; v < vectors; v++)
                    writer.Line(isa.Store($"({sums[v]}{divisor})", At("output", start, v)));
            });
        }

        /// <summary>As in PyTorch, the first of those that are not below all others; NaN only where the first is.</summary>
        /// <param name="keepsRows">The numbers of their rows are stored.</param>
        public void EmitMaxima(bool keepsRows)
        {
            writer.Line("int start = 0;");
            if (op.PaddingRow is { } padding)
            {
                writer.Line($"while (start < {Length} && indices[start] == {Literals.Int(padding)})");
                using (writer.Indent())
                    writer.Line("start++;");
                using (writer.Block($"if (start == {Length})"))
                {
                    writer.Line("// No row counts.");
                    writer.Line($"new Span<float>(output, {Literals.Int(stride)}).Clear();");
                    if (keepsRows)
                        writer.Line($"new Span<int>(rows, {Literals.Int(stride)}).Fill(-1);");
                    writer.Line(hasLengths ? "return;" : "continue;");
                }
            }
            EachTile((start, vectors) =>
            {
                string[] maxima = Names("max", vectors), rows = Names("row", vectors);
                writer.Line($"float* first = weight + indices[start] * {Literals.Int(stride)}L;");
                for (int v = 0; v < vectors; v++)
                    writer.Line($"{isa.Type} {maxima[v]} = {isa.Load(At("first", start, v))};");
                for (int v = 0; v < vectors && keepsRows; v++)
                    writer.Line($"{_ints} {rows[v]} = {isa.Broadcast("indices[start]")};");
                using (writer.Block($"for (int i = start + 1; i < {Length}; i++)"))
                {
                    TableGradient.EmitSkip(writer, op.PaddingRow);
                    writer.Line($"float* next = weight + indices[i] * {Literals.Int(stride)}L;");
                    for (int v = 0; v < vectors; v++)
                        CompareRow(At("next", start, v), maxima[v], keepsRows ? rows[v] : null);
                }
                for (int v = 0; v < vectors; v++)
                    writer.Line(isa.Store(maxima[v], At("output", start, v)));
                for (int v = 0; v < vectors && keepsRows; v++)
                    writer.Line(isa.Store(rows[v], At("rows", start, v)));
            });
        }

        private void AddRow(int start, string[] sums)
        {
            TableGradient.EmitSkip(writer, op.PaddingRow);
            writer.Line($"float* row = weight + indices[i] * {Literals.Int(stride)}L;");
            if (factor is not null)
                writer.Line($"{isa.Type} factor = {isa.Broadcast(factor)};");
            for (int v = 0; v < sums.Length; v++)
            {
                string row = isa.Load(At("row", start, v));
                writer.Line(factor is null ? $"{sums[v]} += {row};" : $"{sums[v]} = {isa.MultiplyAdd(row, "factor", sums[v])};");
            }
        }

        private void CompareRow(string address, string maximum, string? row)
        {
            using (writer.Block())
            {
                writer.Line($"{isa.Type} value = {isa.Load(address)}, isLarger = {isa.Static}.GreaterThan(value, {maximum});");
                writer.Line($"{maximum} = {isa.Static}.ConditionalSelect(isLarger, value, {maximum});");
                if (row is not null)
                    writer.Line($"{row} = {isa.Static}.ConditionalSelect(isLarger.AsInt32(), {isa.Broadcast("indices[i]")}, {row});");
            }
        }

        /// <summary>The columns of a row, as many at a time as stay in registers.</summary>
        /// <param name="tile">Is given the tile's first column and its number of vectors.</param>
        private void EachTile(Action<int, int> tile)
        {
            int vectors = stride / isa.Lanes;
            for (int first = 0; first < vectors; first += TileVectors)
            {
                using (vectors > TileVectors ? writer.Block() : default(SourceWriter.Scope?))
                    tile(first * isa.Lanes, Math.Min(TileVectors, vectors - first));
            }
        }

        private string At(string pointer, int start, int vector) => Literals.Plus(pointer, start + vector * isa.Lanes);

        private static string[] Names(string stem, int count) => [.. Enumerable.Range(0, count).Select(i => stem + Literals.Int(i))];
    }
}
