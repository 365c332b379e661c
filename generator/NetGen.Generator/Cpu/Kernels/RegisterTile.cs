using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A distance in memory: a number, or the parameter that holds it where layers of different sizes share the code.</summary>
internal readonly record struct Stride(long Constant, string? Name = null)
{
    public static implicit operator Stride(long constant) => new(constant);

    /// <summary>Where a tile's vector begins in what lies in blocks of 16 lanes: in the first block, or some blocks further.</summary>
    /// <param name="parameter">Holds the distance of the second block where layers share the tile, which then has two vectors at most; null where it is written down.</param>
    public static Stride OfVector(VectorIsa isa, int vector, long blockStride, string? parameter = null)
    {
        int block = vector * isa.Lanes / Layout.Block, lane = vector * isa.Lanes % Layout.Block;
        return parameter is not null && block > 0 ? new Stride(0, parameter) : block * blockStride + lane;
    }

    /// <summary>A pointer, this much and <paramref name="offset"/> further.</summary>
    public string AddTo(string pointer, long offset = 0) => Name is null ? Literals.Plus(pointer, Constant + offset) : Literals.Plus($"{pointer} + {Name}", offset);
}

/// <summary>One loop around the innermost steps of a reduction: both operands' pointers advance by constant strides.</summary>
/// <param name="Level">What one iteration covers, in Pascal case: ends the names of the pointers inside, e.g. <c>inputRow</c>.</param>
/// <param name="Count">C# expression.</param>
internal sealed record ReductionLoop(string Level, string Count, Stride RowStride, Stride VectorStride)
{
    /// <summary>The most that a count can be which is only known at run time; null where it has no bound.</summary>
    public int? Most { get; init; }

    /// <summary>The count, or the most that it can be; null where it has no bound.</summary>
    public int? Bound => Number ?? Most;

    /// <summary>The count where it is written down.</summary>
    public int? Number => int.TryParse(Count, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int count) ? count : null;
}

/// <summary>
/// A reduction that adds into the accumulators: loops, and inside them <paramref name="Steps"/> steps, each one broadcast per row
/// of the tile times the same vectors.
/// </summary>
/// <param name="RowStart">Offset from the row operand's pointer at which the reduction starts; likewise <paramref name="VectorStart"/>.</param>
internal sealed record Reduction(IReadOnlyList<ReductionLoop> Loops, int Steps, long RowStep, long VectorStep, string Comment, long RowStart = 0, long VectorStart = 0)
{
    /// <summary>The parameter that holds the number of rounds of the steps; null where it is written down.</summary>
    public string? Rounds { get; init; }

    /// <summary>The number of terms, or the most that it can be; null where it has no bound.</summary>
    public long? Terms => Rounds is not null || Loops.Any(loop => loop.Bound is null) ? null : Loops.Aggregate((long)Steps, (terms, loop) => terms * loop.Bound!.Value);

    /// <summary>The same in reductions whose steps are no more than a block's terms, side by side: a loop over whole blocks, and what is left.</summary>
    public IEnumerable<Reduction> InBlocks()
    {
        int blocks = Steps / LongSum.MaxTerms, rest = Steps % LongSum.MaxTerms;
        if (Rounds is not null || Steps <= LongSum.MaxTerms)
        {
            yield return this;
            yield break;
        }
        var loop = new ReductionLoop("Run", Literals.Int(blocks), LongSum.MaxTerms * RowStep, LongSum.MaxTerms * VectorStep);
        yield return this with { Loops = Loops.Append(loop).ToList(), Steps = LongSum.MaxTerms };
        if (rest > 0)
            yield return this with { Steps = rest, RowStart = RowStart + blocks * loop.RowStride.Constant, VectorStart = VectorStart + blocks * loop.VectorStride.Constant };
    }
}

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
                var declarations = Enumerable.Range(0, Vectors).Select(v => $"{Accumulator(row, v, chain)} = {(chain == 0 ? initial(row, v) : isa.Zero)}");
                writer.Line($"{isa.Type} {string.Join(", ", declarations)};");
            }
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
                writer.Line(string.Join(" ", Enumerable.Range(0, Vectors).SelectMany(v => Enumerable.Range(0, Chains).Where(chain => chain % (2 * distance) == 0)
                    .Select(chain => $"{Accumulator(row, v, chain)} += {Accumulator(row, v, chain + distance)};"))));
            }
        }
    }

    private string Accumulator(int row, int vector, int chain) => Accumulator(row, vector) + (chain == 0 ? "" : ((char)('a' + chain)).ToString());

    public void EmitReductions(SourceWriter writer, VectorIsa isa, IEnumerable<Reduction> reductions)
    {
        List<Reduction> all = reductions.ToList();
        bool isCut = IsCut(all);
        BlockWriter? blocks = isCut ? new BlockWriter(this, writer, isa) : null;
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

    /// <summary>Declares the memory for totals, where the reductions need any: for tiles in a loop, in which memory must not be taken.</summary>
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

    /// <summary>Writes what cuts the sums of a tile into blocks: a count of terms, and totals in memory, since the registers are taken.</summary>
    private sealed class BlockWriter(RegisterTile tile, SourceWriter writer, VectorIsa isa)
    {
        private int Totals => tile.Rows * tile.Vectors * isa.Lanes;

        public void Declare()
        {
            writer.Line("bool isCut = false;");
            writer.Line("int terms = 0;");
        }

        /// <summary>The loop whose rounds have terms that can be counted and are no more than a block's: the outermost such.</summary>
        public int DepthOf(Reduction reduction)
        {
            int depth = reduction.Loops.Count;
            if (reduction.Rounds is not null)
                return depth - 1;
            long terms = reduction.Steps;
            while (depth > 0 && terms <= LongSum.MaxTerms)
            {
                depth--;
                ReductionLoop loop = reduction.Loops[depth];
                // Behind a count that only the run time knows, the terms of a round would not be a number.
                if (loop.Number is not int count)
                    return IsShort(loop) && depth > 0 ? depth - 1 : depth;
                terms *= count;
            }
            return terms <= LongSum.MaxTerms ? -1 : depth;
        }

        private static bool IsShort(ReductionLoop loop) => loop.Most is int most && most <= LongSum.MaxTerms && loop.Level == "Column";

        /// <summary>At the end of a round of that loop.</summary>
        public void EndRound(Reduction reduction, int depth)
        {
            long number = reduction.Steps;
            string expression = "";
            foreach (ReductionLoop loop in reduction.Loops.Skip(depth + 1))
            {
                if (loop.Number is int count)
                    number *= count;
                else
                    expression = loop.Count;
            }
            string terms = expression.Length == 0 ? Literals.Int(number) : number == 1 ? expression : $"{Literals.Int(number)} * {expression}";
            using (writer.Block(terms == "1" ? $"if (++terms == {Literals.Int(LongSum.MaxTerms)})"
                : expression.Length == 0 ? $"if ((terms += {terms}) > {Literals.Int(LongSum.MaxTerms - number)})" : $"if ((terms += {terms}) > {Literals.Int(LongSum.MaxTerms)} - {terms})"))
            {
                // The accumulators end here and begin anew, so that the registers are free for the call: kept over it, they would be spilled in the loop too.
                Store(withChains: true);
                writer.Line($"LongSums.Add(blockSums, {Literals.Int(Totals)}, isCut);");
                ForEach((row, vector, _) => $"{string.Join(" = ", tile.AllChains(row, vector))} = {isa.Zero};");
                writer.Line("isCut = true;");
                writer.Line("terms = 0;");
            }
        }

        public void End()
        {
            using (writer.Block("if (isCut)"))
            {
                Store(withChains: false);
                writer.Line($"LongSums.Finish(blockSums, {Literals.Int(Totals)});");
                ForEach((row, vector, address) => $"{tile.Accumulator(row, vector)} = {isa.Load(address)};");
            }
        }

        private void Store(bool withChains) => ForEach((row, vector, address) => isa.Store(withChains ? tile.SumOfChains(row, vector) : tile.Accumulator(row, vector), address));

        private void ForEach(Func<int, int, string, string> statement)
        {
            for (int row = 0; row < tile.Rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, tile.Vectors).Select(vector =>
                    statement(row, vector, Literals.Plus("blockSums", (row * tile.Vectors + vector) * isa.Lanes)))));
            }
        }
    }

    private IEnumerable<string> AllChains(int row, int vector) => Enumerable.Range(0, Chains).Select(chain => Accumulator(row, vector, chain));

    private string SumOfChains(int row, int vector) => string.Join(" + ", AllChains(row, vector));

    private void EmitReduction(SourceWriter writer, VectorIsa isa, Reduction reduction, BlockWriter? blocks)
    {
        writer.Line($"// {reduction.Comment}");
        string row = Literals.Plus(RowOperand, reduction.RowStart), vector = Literals.Plus(VectorOperand, reduction.VectorStart);
        if (reduction.Loops.Count == 0 && reduction.RowStart != 0)
        {
            writer.Line($"float* {RowOperand}Rest = {row}, {VectorOperand}Rest = {vector};");
            (row, vector) = (RowOperand + "Rest", VectorOperand + "Rest");
        }
        EmitLoops(writer, isa, reduction, 0, row, vector, blocks);
        // What has no loop to count in is one block or a part of it.
        if (blocks is not null && blocks.DepthOf(reduction) < 0)
            blocks.EndRound(reduction, -1);
    }

    private void EmitLoops(SourceWriter writer, VectorIsa isa, Reduction reduction, int depth, string rowPointer, string vectorPointer, BlockWriter? blocks)
    {
        if (depth == reduction.Loops.Count)
        {
            EmitSteps(writer, isa, reduction, rowPointer, vectorPointer);
            return;
        }

        ReductionLoop loop = reduction.Loops[depth];
        if (loop.Count == "1")
        {
            EmitLoops(writer, isa, reduction, depth + 1, rowPointer, vectorPointer, blocks);
            EndRound();
            return;
        }

        string row = RowOperand + loop.Level, vector = VectorOperand + loop.Level, counter = Camel(loop.Level);
        writer.Line($"float* {row} = {rowPointer}, {vector} = {vectorPointer};");
        using (writer.Block($"for (int {counter} = 0; {counter} < {loop.Count}; {counter}++, {Advance(row, loop.RowStride)}, {Advance(vector, loop.VectorStride)})"))
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

        writer.Line($"float* {RowOperand}Step = {rowPointer}, {VectorOperand}Step = {vectorPointer};");
        string count = reduction.Rounds ?? Literals.Int(reduction.Steps / unroll);
        using (writer.Block($"for (int step = 0; step < {count}; step++, {Advance(RowOperand + "Step", reduction.RowStep * unroll)}, {Advance(VectorOperand + "Step", reduction.VectorStep * unroll)})"))
        {
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
                .Select(v => $"v{Literals.Int(v)} = {isa.Load(VectorOffset(v).AddTo(vectorPointer, vectorBase))}");
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

    private static string Advance(string pointer, Stride stride) => stride switch
    {
        { Name: { } name } => $"{pointer} += {name}",
        { Constant: 1 } => pointer + "++",
        { Constant: >= 0 } => $"{pointer} += {Literals.Int(stride.Constant)}",
        _ => $"{pointer} -= {Literals.Int(-stride.Constant)}",
    };

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
