using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The microkernel that all convolutions and linear layers share: <see cref="Rows"/> × <see cref="Vectors"/> accumulators in
/// registers; each step multiplies one scalar per row, broadcast, with the step's vectors. Which tensor is broadcast and which
/// gives the lanes is what distinguishes channel lanes, sample lanes and the gradients.
/// </summary>
internal sealed class RegisterTile(int rows, int vectors)
{
    /// <summary>Multiply-adds written out in one loop body: enough to hide the loop, little enough to compile fast.</summary>
    public const int DefaultUnrolledMultiplyAdds = 112;

    /// <summary>The same for tiles that many layers share: less text, since a deep network has many of them.</summary>
    public const int SharedUnrolledMultiplyAdds = 28;

    public int Rows { get; } = rows;

    public int Vectors { get; } = vectors;

    /// <summary>Multiply-adds written out in one loop body.</summary>
    public int UnrolledMultiplyAdds { get; init; } = DefaultUnrolledMultiplyAdds;

    /// <summary>Pointer variable of the operand that is broadcast.</summary>
    public string RowOperand { get; init; } = "input";

    /// <summary>Pointer variable of the operand that is loaded as vectors.</summary>
    public string VectorOperand { get; init; } = "weights";

    /// <summary>How the elements of the operand that is loaded as vectors are kept.</summary>
    public WeightFormat VectorFormat { get; init; }

    /// <summary>
    /// Pointer variable to what is fetched into the second-level cache, a line in each round of the loop over steps; null for nothing.
    /// </summary>
    public string? Fetched { get; init; }

    /// <summary>Offset of a row's scalar from the row operand's pointer.</summary>
    public Func<int, long> RowOffset { get; init; } = row => row;

    public Func<int, Stride> VectorOffset { get; init; } = vector => (long)vector;

    /// <summary>The row operand has lanes as well: products of vectors, to be summed over the lanes at the end.</summary>
    public bool RowsAreVectors { get; init; }

    /// <summary>
    /// Sums that take turns for each row and vector, so that a multiply-add does not wait for the one before. Tiles of the same layer
    /// have the same number, since it decides in which order is added.
    /// </summary>
    public int Chains { get; init; } = 1;

    /// <summary>
    /// The number of terms has no bound, and the sums are cut into blocks (<see cref="LongSum"/>). Those that are known to have more than
    /// <see cref="LongSum.MaxProducts"/> terms are in any case.
    /// </summary>
    public bool IsUnbounded { get; init; }

    private bool _hasTotals;

    public string Accumulator(int row, int vector) => $"c{Literals.Int(row)}_{Literals.Int(vector)}";

    /// <summary>Declares the accumulators, each with its own first value.</summary>
    public void EmitAccumulators(SourceWriter writer, VectorIsa isa, Func<int, int, string> initial)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int chain = 0; chain < Chains; chain++)
            {
                var declarations = Enumerable.Range(0, Vectors)
                    .Select(v => $"{Accumulator(row, v, chain)} = {(chain == 0 ? initial(row, v) : isa.Zero)}");
                writer.Line($"{isa.Type} {string.Join(", ", declarations)};");
            }
        }
    }

    /// <summary>Declares the accumulators, with first values that depend on a condition; of tiles whose sums take no turns.</summary>
    public void EmitAccumulators(
        SourceWriter writer, VectorIsa isa, string condition, Func<int, int, string> initial, Func<int, int, string> otherwise)
    {
        for (int row = 0; row < Rows; row++)
            writer.Line($"{isa.Type} {string.Join(", ", Enumerable.Range(0, Vectors).Select(v => Accumulator(row, v)))};");
        using (writer.Block($"if ({condition})"))
            Set(initial);
        using (writer.Block("else"))
            Set(otherwise);

        void Set(Func<int, int, string> value)
        {
            for (int row = 0; row < Rows; row++)
                writer.Line(string.Join(" ", Enumerable.Range(0, Vectors).Select(v => $"{Accumulator(row, v)} = {value(row, v)};")));
        }
    }

    /// <summary>Adds up the sums that took turns, in pairs.</summary>
    public void EmitChainSums(SourceWriter writer)
    {
        if (Chains > 1)
            writer.Line("// The sums that took turns, added up.");
        for (int distance = 1; distance < Chains; distance *= 2)
        {
            for (int row = 0; row < Rows; row++)
            {
                IEnumerable<int> halves = Enumerable.Range(0, Chains).Where(chain => chain % (2 * distance) == 0);
                writer.Line(string.Join(" ", Enumerable.Range(0, Vectors).SelectMany(v =>
                    halves.Select(chain => $"{Accumulator(row, v, chain)} += {Accumulator(row, v, chain + distance)};"))));
            }
        }
    }

    private string Accumulator(int row, int vector, int chain)
        => Accumulator(row, vector) + (chain == 0 ? "" : ((char)('a' + chain)).ToString());

    public void EmitReductions(SourceWriter writer, VectorIsa isa, IEnumerable<Reduction> reductions)
    {
        List<Reduction> all = reductions.ToList();
        bool isCut = IsCut(all);
        TileBlocks? blocks = isCut ? new TileBlocks(this, writer, isa) : null;
        if (isCut)
        {
            if (!_hasTotals)
                EmitTotals(writer, isa, all);
            all = all.SelectMany(reduction => reduction.InBlocks()).ToList();
        }
        blocks?.Declare();
        foreach (Reduction reduction in all)
        {
            if (all.Count == 1)
            {
                EmitReduction(writer, isa, reduction, blocks);
                continue;
            }
            // A scope of its own, since the loops of each reduction name their pointers alike.
            using (writer.Block())
                EmitReduction(writer, isa, reduction, blocks);
        }
        blocks?.End();
    }

    /// <summary>
    /// Declares the memory for totals, where the reductions need any: for tiles in a loop, in which memory must not be taken.
    /// </summary>
    public void EmitTotals(SourceWriter writer, VectorIsa isa, IEnumerable<Reduction> reductions)
    {
        if (!IsCut(reductions.ToList()))
            return;
        writer.Line($"// A register takes {Literals.Int(LongSum.MaxTerms)} terms or little more; then they go on in double precision.");
        writer.UnclearedStack("blockSums", $"LongSums.Factor * {Literals.Int(Rows * Vectors * isa.Lanes)}");
        _hasTotals = true;
    }

    private bool IsCut(IReadOnlyList<Reduction> reductions)
    {
        long? terms = reductions.All(r => r.Terms is not null) ? reductions.Sum(r => r.Terms!.Value) : null;
        return IsUnbounded ? terms is null or > LongSum.MaxTerms : terms > LongSum.MaxProducts;
    }

    /// <summary>The sums that take turns for a row and a vector.</summary>
    public IEnumerable<string> AllChains(int row, int vector)
        => Enumerable.Range(0, Chains).Select(chain => Accumulator(row, vector, chain));

    /// <summary>Their sum.</summary>
    public string SumOfChains(int row, int vector) => string.Join(" + ", AllChains(row, vector));

    private void EmitReduction(SourceWriter writer, VectorIsa isa, Reduction reduction, TileBlocks? blocks)
    {
        writer.Line($"// {reduction.Comment}");
        string row = Literals.Plus(RowOperand, reduction.RowStart), vector = Literals.Plus(VectorOperand, reduction.VectorStart);
        if (reduction.Loops.Count == 0 && reduction.RowStart != 0)
        {
            Declare(writer, RowOperand + "Rest", row, VectorOperand + "Rest", vector);
            (row, vector) = (RowOperand + "Rest", VectorOperand + "Rest");
        }
        EmitLoops(writer, isa, reduction, 0, row, vector, blocks);
        // What has no loop to count in is one block or a part of it.
        if (blocks is not null && blocks.DepthOf(reduction) < 0)
            blocks.EndRound(reduction, -1);
    }

    private void EmitLoops(SourceWriter writer, VectorIsa isa, Reduction reduction,
        int depth, string rowPointer, string vectorPointer, TileBlocks? blocks)
    {
        if (depth == reduction.Loops.Count)
        {
            EmitSteps(writer, isa, reduction, rowPointer, vectorPointer);
            return;
        }

        ReductionLoop loop = reduction.Loops[depth];
        if (loop.Count.Number == 1)
        {
            EmitLoops(writer, isa, reduction, depth + 1, rowPointer, vectorPointer, blocks);
            EndRound();
            return;
        }

        string row = RowOperand + loop.Level, vector = VectorOperand + loop.Level, counter = Camel(loop.Level);
        Declare(writer, row, rowPointer, vector, vectorPointer);
        string advance = $"{Advance(row, loop.RowStride)}, {Advance(vector, loop.VectorStride)}";
        using (writer.Block($"for (int {counter} = 0; {counter} < {loop.Count}; {counter}++, {advance})"))
        {
            EmitLoops(writer, isa, reduction, depth + 1, row, vector, blocks);
            EndRound();
        }

        void EndRound()
        {
            if (blocks is not null && blocks.DepthOf(reduction) == depth)
                blocks.EndRound(reduction, depth);
        }
    }

    private void EmitSteps(SourceWriter writer, VectorIsa isa, Reduction reduction, string rowPointer, string vectorPointer)
    {
        int unroll = ChooseUnroll(reduction.Steps);
        if (unroll == reduction.Steps && reduction.Rounds is null)
        {
            for (int step = 0; step < unroll; step++)
                EmitStep(writer, isa, reduction, step, rowPointer, vectorPointer);
            return;
        }

        Declare(writer, RowOperand + "Step", rowPointer, VectorOperand + "Step", vectorPointer);
        string count = reduction.Rounds ?? Literals.Int(reduction.Steps / unroll);
        string row = Advance(RowOperand + "Step", reduction.RowStep * unroll),
            vector = Advance(VectorOperand + "Step", reduction.VectorStep * unroll);
        string fetched = Fetched is null ? "" : $", {Fetched} += {Literals.Int(LineOf(VectorFormat))}";
        using (writer.Block($"for (int step = 0; step < {count}; step++, {row}, {vector}{fetched})"))
        {
            if (Fetched is not null)
                writer.Line($"Sse.Prefetch1({Fetched});");
            for (int step = 0; step < unroll; step++)
                EmitStep(writer, isa, reduction, step, RowOperand + "Step", VectorOperand + "Step");
        }
    }

    private void EmitStep(SourceWriter writer, VectorIsa isa, Reduction reduction, int step, string rowPointer, string vectorPointer)
    {
        long rowBase = step * reduction.RowStep, vectorBase = step * reduction.VectorStep;
        using (writer.Block())
        {
            var loads = Enumerable.Range(0, Vectors)
                .Select(v => $"v{Literals.Int(v)} = {isa.Load(VectorOffset(v).AddTo(vectorPointer, vectorBase), VectorFormat)}");
            writer.Line($"{isa.Type} {string.Join(", ", loads)};");
            for (int row = 0; row < Rows; row++)
            {
                long offset = rowBase + RowOffset(row);
                string scalar = RowsAreVectors
                    ? isa.Load(Literals.Plus(rowPointer, offset))
                    : isa.Broadcast(offset == 0 ? "*" + rowPointer : $"{rowPointer}[{Literals.Int(offset)}]");
                var statements = new List<string> { $"{(row == 0 ? isa.Type + " " : "")}r = {scalar};" };
                for (int v = 0; v < Vectors; v++)
                {
                    string accumulator = Accumulator(row, v, step % Chains);
                    statements.Add($"{accumulator} = {isa.MultiplyAdd("r", "v" + Literals.Int(v), accumulator)};");
                }
                writer.Line(string.Join(" ", statements));
            }
        }
    }

    /// <summary>
    /// The largest divisor of the steps that stays within the budget of written-out multiply-adds; of the multiples of
    /// <see cref="Chains"/>, where the steps are one.
    /// </summary>
    public int ChooseUnroll(int steps)
    {
        int limit = Math.Max(1, UnrolledMultiplyAdds / (Rows * Vectors));
        int unit = steps % Chains == 0 ? Chains : 1, best = unit;
        for (int unroll = unit; unroll <= Math.Min(limit, steps); unroll += unit)
        {
            if (steps % unroll == 0)
                best = unroll;
        }
        return best;
    }

    /// <summary>Elements of a cache line of 64 bytes.</summary>
    public static int LineOf(WeightFormat format) => format == WeightFormat.BFloat16 ? 32 : 16;

    /// <summary>Declares pointers into both operands.</summary>
    private void Declare(SourceWriter writer, string row, string rowPointer, string vector, string vectorPointer)
        => writer.Line(KernelParameters.DeclarePair(
            (ParameterType.Floats, row, rowPointer), (KernelParameters.PointerTo(VectorFormat), vector, vectorPointer)));

    private static string Advance(string pointer, Stride stride) => stride switch
    {
        { Name: { } name } => $"{pointer} += {name}",
        { Constant: 1 } => pointer + "++",
        { Constant: >= 0 } => $"{pointer} += {Literals.Int(stride.Constant)}",
        _ => $"{pointer} -= {Literals.Int(-stride.Constant)}",
    };

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
