using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Writes what cuts the sums of a tile into blocks: a count of terms, and totals in memory, since the registers are taken.
/// </summary>
internal sealed class TileBlocks(RegisterTile tile, SourceWriter writer, VectorIsa isa)
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
            if (loop.Count.Number is not int count)
                return loop.IsCountedWhole && depth > 0 ? depth - 1 : depth;
            terms *= count;
        }
        return terms <= LongSum.MaxTerms ? -1 : depth;
    }

    /// <summary>At the end of a round of that loop.</summary>
    public void EndRound(Reduction reduction, int depth)
    {
        long number = reduction.Steps;
        string expression = "";
        foreach (ReductionLoop loop in reduction.Loops.Skip(depth + 1))
        {
            if (loop.Count.Number is int count)
                number *= count;
            else
                expression = loop.Count.ToString();
        }
        string most = Literals.Int(LongSum.MaxTerms), variable = number == 1 ? expression : $"{Literals.Int(number)} * {expression}";
        using (writer.Block(expression.Length > 0 ? $"if ((terms += {variable}) > {most} - {variable})"
            : number == 1 ? $"if (++terms == {most})"
            : $"if ((terms += {Literals.Int(number)}) > {Literals.Int(LongSum.MaxTerms - number)})"))
        {
            // The accumulators end here and begin anew, so that the registers are free for the call: kept over it, they would be spilled in
            // the loop too.
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

    private void Store(bool withChains) => ForEach((row, vector, address) =>
    {
        string sum = withChains ? tile.SumOfChains(row, vector) : tile.Accumulator(row, vector);
        return isa.Store(sum, address);
    });

    private void ForEach(Func<int, int, string, string> statement)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, tile.Vectors).Select(vector =>
                statement(row, vector, Literals.Plus("blockSums", (row * tile.Vectors + vector) * isa.Lanes)))));
        }
    }
}
