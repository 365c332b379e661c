namespace NetGen.Generator.Cpu.Kernels;

/// <summary>One loop around the innermost steps of a reduction: both operands' pointers advance by constant strides.</summary>
/// <param name="Level">What one iteration covers, in Pascal case: ends the names of the pointers inside, e.g. <c>inputRow</c>.</param>
internal sealed record ReductionLoop(string Level, Quantity Count, Stride RowStride, Stride VectorStride)
{
    /// <summary>The most that a count can be which is only known at run time; null where it has no bound.</summary>
    public int? Most { get; init; }

    /// <summary>
    /// The terms of all its rounds are counted at once, behind it: they are no more than a block of a long sum has.
    /// </summary>
    public bool IsCountedWhole { get; init; }

    /// <summary>The count, or the most that it can be; null where it has no bound.</summary>
    public int? Bound => Count.Number ?? Most;
}

/// <summary>
/// A reduction that adds into the accumulators: loops, and inside them <paramref name="Steps"/> steps, each one broadcast per row
/// of the tile times the same vectors.
/// </summary>
/// <param name="RowStart">Offset from the row operand's pointer at which the reduction starts; likewise
/// <paramref name="VectorStart"/>.</param>
internal sealed record Reduction(IReadOnlyList<ReductionLoop> Loops, int Steps,
    long RowStep, long VectorStep, string Comment, long RowStart = 0, long VectorStart = 0)
{
    /// <summary>The parameter that holds the number of rounds of the steps; null where it is written down.</summary>
    public string? Rounds { get; init; }

    /// <summary>The number of terms, or the most that it can be; null where it has no bound.</summary>
    public long? Terms => Rounds is not null || Loops.Any(loop => loop.Bound is null)
        ? null : Loops.Aggregate((long)Steps, (terms, loop) => terms * loop.Bound!.Value);

    /// <summary>
    /// The same in reductions whose steps are no more than a block's terms, side by side: a loop over whole blocks, and what is left.
    /// </summary>
    public IEnumerable<Reduction> InBlocks()
    {
        int blocks = Steps / LongSum.MaxTerms, rest = Steps % LongSum.MaxTerms;
        if (Rounds is not null || Steps <= LongSum.MaxTerms)
        {
            yield return this;
            yield break;
        }
        var loop = new ReductionLoop("Run", blocks, LongSum.MaxTerms * RowStep, LongSum.MaxTerms * VectorStep);
        yield return this with { Loops = Loops.Append(loop).ToList(), Steps = LongSum.MaxTerms };
        if (rest > 0)
        {
            long row = RowStart + blocks * loop.RowStride.Constant, vector = VectorStart + blocks * loop.VectorStride.Constant;
            yield return this with { Steps = rest, RowStart = row, VectorStart = vector };
        }
    }
}
