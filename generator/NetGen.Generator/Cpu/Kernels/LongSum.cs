using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Sums over samples and pixels have no bound, and in single precision a sum of n numbers alike is off by n halves of its last digit. So
/// a register takes at most <see cref="MaxTerms"/> terms; such blocks are added up in double precision. Where blocks begin depends on sizes
/// alone, never on threads.
/// </summary>
/// <remarks>
/// One object writes one sum or several that are taken together: <see cref="Declare"/>, loops whose blocks end with <see cref="EndBlock"/>,
/// and
/// <see cref="End"/>, behind which the vectors hold the totals. Register tiles do the same with totals in memory
/// (<see cref="RegisterTile"/>).
/// </remarks>
/// <param name="sums">The names of the vectors that the loops add to.</param>
internal sealed class LongSum(SourceWriter writer, VectorIsa isa, params string[] sums)
{
    /// <summary>Terms of a block: rounding is at most 3e-5 of the sum of magnitudes, and about 2e-6 where it goes either way.</summary>
    public const int MaxTerms = 1024;

    /// <summary>Products that are summed for one output or input stay in one register up to this number: layers seldom have more.</summary>
    public const int MaxProducts = 8192;

    private string Wide => $"{isa.Static}<double>";

    /// <summary>Declares the sums and their totals.</summary>
    public void Declare()
    {
        writer.Line($"{isa.Type} {string.Join(", ", sums.Select(sum => $"{sum} = {isa.Zero}"))};");
        DeclareTotals();
    }

    /// <summary>Declares the totals of sums that are declared.</summary>
    public void DeclareTotals()
        => writer.Line($"{Wide} {string.Join(", ", sums.Select(sum => $"{sum}Lower = {Wide}.Zero, {sum}Upper = {Wide}.Zero"))};");

    /// <summary>The block is full: it goes on in double precision, and the next begins at zero.</summary>
    public void EndBlock()
    {
        foreach (string sum in sums)
        {
            using (writer.Block())
            {
                writer.Line($"({Wide} lower, {Wide} upper) = {isa.Static}.Widen({sum});");
                writer.Line($"{sum}Lower += lower;");
                writer.Line($"{sum}Upper += upper;");
                writer.Line($"{sum} = {isa.Zero};");
            }
        }
    }

    /// <summary>Declares the count of terms that <see cref="EndRound"/> looks at.</summary>
    public void DeclareCount() => writer.Line("int terms = 0;");

    /// <summary>
    /// At the end of a round of a loop, for loops that nest too deeply to be cut: ends the block if another round would not fit.
    /// </summary>
    /// <param name="terms">What a round adds.</param>
    public void EndRound(long terms)
    {
        using (writer.Block($"if ((terms += {Literals.Int(terms)}) > {Literals.Int(MaxTerms - terms)})"))
        {
            EndBlock();
            writer.Line("terms = 0;");
        }
    }

    /// <summary>After the last block: the totals, rounded once.</summary>
    public void End()
    {
        foreach (string sum in sums)
            writer.Line($"{sum} = {isa.Static}.Narrow({sum}Lower, {sum}Upper);");
    }

    /// <summary>The total of a sum over all lanes, as a <c>double</c>.</summary>
    public string OfLanes(string sum) => $"{isa.Static}.Sum({sum}Lower + {sum}Upper)";

    /// <summary>
    /// A loop over a run of vectors; every block of <see cref="MaxTerms"/> of them ends with <see cref="EndBlock"/>, where there is more
    /// than one.
    /// </summary>
    /// <param name="step">What the index <c>i</c> advances by.</param>
    public void EachVector(int length, int step, Action body)
    {
        if (length <= 0)
            return;
        if (!IsCut(length, step))
        {
            using (writer.Block($"for (int i = 0; i < {Literals.Int(length)}; i += {Literals.Int(step)})"))
                body();
            return;
        }
        int block = MaxTerms * step;
        using (writer.Block($"for (int first = 0; first < {Literals.Int(length)}; first += {Literals.Int(block)})"))
        {
            string end = length % block == 0 ? $"first + {Literals.Int(block)}"
                : $"Math.Min(first + {Literals.Int(block)}, {Literals.Int(length)})";
            using (writer.Block($"for (int i = first, blockEnd = {end}; i < blockEnd; i += {Literals.Int(step)})"))
                body();
            EndBlock();
        }
    }

    /// <summary>Writes the sum over all lanes of a run of vectors, and gives it as an expression of type <c>float</c>.</summary>
    /// <param name="step">What the index <c>i</c> advances by.</param>
    public string OverVectors(int length, int step, Action body) => AllOverVectors(length, step, body, isFloat: true)[0];

    /// <summary>Writes the sums over all lanes of a run of vectors, and gives an expression for each.</summary>
    /// <param name="isFloat">The expressions are of type <c>float</c>; otherwise those of long sums are a <c>double</c>.</param>
    public IReadOnlyList<string> AllOverVectors(int length, int step, Action body, bool isFloat = false)
    {
        bool isCut = IsCut(length, step);
        writer.Line($"{isa.Type} {string.Join(", ", sums.Select(sum => $"{sum} = {isa.Zero}"))};");
        if (isCut)
            DeclareTotals();
        EachVector(length, step, body);
        return sums.Select(sum => isCut ? (isFloat ? "(float)" : "") + OfLanes(sum) : $"{isa.Static}.Sum({sum})").ToArray();
    }

    /// <summary>A loop over samples <c>n</c>, in blocks.</summary>
    /// <param name="terms">What each sample adds.</param>
    public void EachSample(string samples, Action body, int terms = 1)
    {
        string group = Literals.Int(Math.Max(1, MaxTerms / terms));
        using (writer.Block($"for (int first = 0; first < {samples}; first += {group})"))
        {
            using (writer.Block($"for (int n = first, blockEnd = Math.Min({samples}, first + {group}); n < blockEnd; n++)"))
                body();
            EndBlock();
        }
    }

    /// <summary>Whether <see cref="EachVector"/> makes blocks; otherwise no totals are needed.</summary>
    public static bool IsCut(int length, int step) => length > (long)MaxTerms * step;

    /// <summary>Loops over the pixels of samples, or of one: in blocks.</summary>
    /// <param name="length">Floats of a row.</param>
    /// <param name="step">What the index <c>i</c> advances by.</param>
    public void EachPixel(string? samples, int height, int length, int step, Action? sample, Action row, Action body)
        => EachPixel(samples, height, length / step, sample, row, (first, end) =>
        {
            using (writer.Block($"for (int i = {first.Times(step)}; i < {end.Times(step)}; i += {Literals.Int(step)})"))
                body();
        });

    /// <summary>
    /// Loops over samples <c>n</c>, rows <c>row</c> and what a row has, in blocks: of several samples, of rows of one, or of a part of a
    /// row, whichever holds <see cref="MaxTerms"/> terms. One sample that is one block needs no totals
    /// (<see cref="IsCut(int, int, int)"/>).
    /// </summary>
    /// <param name="samples">The variable with the number of samples; null where the sum is of one.</param>
    /// <param name="width">Terms of a row.</param>
    /// <param name="sample">At the start of each sample.</param>
    /// <param name="row">At the start of each row: declares its pointers.</param>
    /// <param name="run">The terms of the row from a first to before an end.</param>
    private void EachPixel(string? samples, int height, int width, Action? sample, Action row, Action<Quantity, Quantity> run)
    {
        long pixels = (long)height * width;
        if (pixels <= MaxTerms)
        {
            if (samples is null)
            {
                Rows(0, height, width);
                return;
            }
            long group = MaxTerms / pixels;
            using (writer.Block($"for (int first = 0; first < {samples}; first += {Literals.Int(group)})"))
            {
                using (writer.Block($"for (int n = first, blockEnd = Math.Min({samples}, "
                    + $"first + {Literals.Int(group)}); n < blockEnd; n++)"))
                {
                    sample?.Invoke();
                    Rows(0, height, width);
                }
                EndBlock();
            }
            return;
        }
        using (samples is null ? (SourceWriter.Scope?)null : writer.Block($"for (int n = 0; n < {samples}; n++)"))
        {
            sample?.Invoke();
            if (width <= MaxTerms)
            {
                string rows = Literals.Int(MaxTerms / width);
                using (writer.Block($"for (int first = 0; first < {Literals.Int(height)}; first += {rows})"))
                {
                    Rows("first", $"Math.Min({Literals.Int(height)}, first + {rows})", width);
                    EndBlock();
                }
                return;
            }
            using (writer.Block($"for (int row = 0; row < {Literals.Int(height)}; row++)"))
            {
                row();
                using (writer.Block($"for (int first = 0; first < {Literals.Int(width)}; first += {Literals.Int(MaxTerms)})"))
                {
                    run("first", $"Math.Min({Literals.Int(width)}, first + {Literals.Int(MaxTerms)})");
                    EndBlock();
                }
            }
        }

        void Rows(Quantity firstRow, Quantity endRow, int end)
        {
            using (writer.Block(endRow.Number is null
                ? $"for (int row = {firstRow}, blockEnd = {endRow}; row < blockEnd; row++)"
                : $"for (int row = {firstRow}; row < {endRow}; row++)"))
            {
                row();
                run(0, end);
            }
        }
    }

    /// <summary>Whether sums over the pixels of one sample take more than one block.</summary>
    public static bool IsCut(int height, int length, int step) => (long)height * (length / step) > MaxTerms;
}
