using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A value whose place moves with the steps of a recurrent layer: a row at each position.</summary>
internal sealed record RecurrentStream(string Name, Layout Layout)
{
    public int Row => Layout.PlaneStride;

    /// <summary>
    /// Where kernels of cells have it: at their first row, or, where each row has a place of its own, at the first of all.
    /// </summary>
    public string Base => Layout.HasLengths ? Name + "Base" : Name;

    /// <summary>At the position of a step, the first sample of a block; of all samples where each has steps of its own.</summary>
    public string At => Layout.HasLengths
        ? Name : $"{Name} + first * {Literals.Int(Layout.SampleStride)}L + position * {Literals.Int(Row)}";

    /// <summary>Those that there are.</summary>
    public static RecurrentStream[] Of(params (string Name, Layout? Layout)[] values)
        => [.. values.Where(value => value.Layout is not null).Select(value => new RecurrentStream(value.Name, value.Layout!))];
}

/// <summary>Working memory that has a row for each sample of a block.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Features">Floats of a row, without what pads them.</param>
internal sealed record RecurrentRows(string Name, int Offset, int Features)
{
    /// <summary>Floats from one sample's to the next one's.</summary>
    public int Stride => Layout.ForRows(Features).SampleStride;

    /// <summary>Floats of a row with what pads them.</summary>
    public int Lanes => Layout.RoundUp(Features);

    public string At => Literals.Plus("scratch", Offset);

    public string OfRow => $"{At} + row * {Literals.Int(Stride)}";
}

/// <summary>
/// The loops of a recurrent layer's kernels: over blocks of samples, over steps and, in a step, over the samples of the block and vectors
/// of units.
/// </summary>
internal sealed class RecurrentLoops(RecurrentGeometry g)
{
    /// <summary>Within a block, the number of a row's sample.</summary>
    public string SampleOfRow => g.HasLengths ? "first + order[row]" : "first + row";

    /// <summary>Kernels ask for the samples of rows, which lengths put in another order.</summary>
    public bool KeepsOrder { get; init; }

    public string Remarks(IReadOnlyList<RecurrentStream> streams)
        => $"{(g.HasLengths ? "As many steps as a sample has positions," : $"{Literals.Int(g.Steps)} steps")} "
            + $"from the {(g.IsReverse ? "last position to the first" : "first position to the last")}, "
            + $"{Literals.Int(g.Rows)} samples at a time. "
            + string.Join(", ", streams.Select(stream => $"{stream.Name} {stream.Layout}")) + ".";

    /// <summary>How many rows of a block a step has.</summary>
    public string Active => g.HasLengths ? "active" : "rows";

    /// <summary>The argument of cells that says where each row is.</summary>
    public string Places => g.HasLengths ? ", places" : "";

    /// <summary>The call of a step's cells.</summary>
    /// <param name="more">Arguments behind the working memory, with a comma in front of each.</param>
    public string Call(string cell, IReadOnlyList<RecurrentStream> streams, string more = "")
        => $"{cell}({string.Join(", ", streams.Select(stream => stream.At))}{Places}, scratch{more}, {Active});";

    /// <summary>The loops over blocks of samples and over steps; what goes on from step to step begins with zero.</summary>
    /// <param name="carried">Where that is.</param>
    /// <param name="isBackward">From the last step to the first.</param>
    /// <param name="begin">Writes what is done before the first step of a block.</param>
    /// <param name="end">Writes what is done behind the last.</param>
    public void EmitBlocks(SourceWriter writer, IReadOnlyList<RecurrentRows> carried, bool isBackward, Action emitStep,
        Action? begin = null, Action? end = null)
    {
        string rows = Literals.Int(g.Rows);
        string steps = g.HasLengths ? "lengths[0]" : Literals.Int(g.Steps);
        string loop = isBackward ? $"int step = {steps} - 1{{0}}; step >= 0; step--" : $"int step = 0{{0}}; step < {steps}; step++";
        if (g.HasLengths)
        {
            string order = KeepsOrder ? $", order = stackalloc int[{rows}]" : "";
            writer.Line($"int* lengths = stackalloc int[{rows}], places = stackalloc int[{rows}]{order};");
        }
        using (writer.Block($"for (int first = 0; first < samples; first += {rows})"))
        {
            writer.Line($"int rows = Math.Min({rows}, samples - first);");
            foreach (RecurrentRows own in carried)
                writer.Line($"new Span<float>({own.At}, rows * {Literals.Int(own.Stride)}).Clear();");
            if (g.HasLengths)
            {
                EmitSteps(writer, loop, isBackward, emitStep, begin);
            }
            else
            {
                begin?.Invoke();
                using (writer.Block($"for ({loop.Replace("{0}", "")})"))
                {
                    writer.Line(g.IsReverse ? $"int position = {Literals.Int(g.Steps - 1)} - step;" : "int position = step;");
                    emitStep();
                }
            }
            end?.Invoke();
        }
    }

    /// <summary>The longest samples come first, so that those which a step has are the first of their block.</summary>
    private void EmitSteps(SourceWriter writer, string loop, bool isBackward, Action emitStep, Action? begin)
    {
        string isAtEnd = IsRising(isBackward) ? "false" : "true";
        writer.Line("// The longest samples first: those that have a step are the first of the block.");
        writer.Line($"LengthOrder.Sort(starts + first, rows, starts[0], fromEnd: {isAtEnd}, lengths, places"
            + $"{(KeepsOrder ? ", order" : "")});");
        begin?.Invoke();
        using (writer.Block($"for ({loop.Replace("{0}", isBackward ? ", active = 0" : ", active = rows")})"))
        {
            writer.Line(isBackward ? "while (active < rows && lengths[active] > step)" : "while (lengths[active - 1] <= step)");
            using (writer.Indent())
                writer.Line(isBackward ? "active++;" : "active--;");
            emitStep();
        }
    }

    /// <summary>Copies a vector of each sample of the block to its row.</summary>
    /// <param name="from">The pointer to the vectors of all samples.</param>
    public void EmitToRows(SourceWriter writer, string from, RecurrentRows to)
    {
        string length = Literals.Int(to.Lanes);
        using (writer.Block("for (int row = 0; row < rows; row++)"))
        {
            writer.Line($"new ReadOnlySpan<float>({OfSample(from, to)}, {length}).CopyTo(new Span<float>({to.OfRow}, {length}));");
        }
    }

    private string OfSample(string pointer, RecurrentRows rows) => $"{pointer} + ({SampleOfRow}) * {Literals.Int(rows.Stride)}L";

    /// <summary>Adds up rows, and gives each sample of the block its sum.</summary>
    /// <param name="to">The pointer to the vectors of all samples.</param>
    public void EmitFromRows(SourceWriter writer, VectorIsa isa, string to, params RecurrentRows[] rows)
    {
        using (writer.Block("for (int row = 0; row < rows; row++)"))
        {
            writer.Line($"float* target = {OfSample(to, rows[0])};");
            writer.Line($"float* {string.Join(", ", rows.Select(own => $"{own.Name} = {own.OfRow}"))};");
            string sum = string.Join(" + ", rows.Select(own => isa.Load(own.Name + " + i")));
            using (writer.Block($"for (int i = 0; i < {Literals.Int(rows[0].Lanes)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store(rows.Length == 1 ? sum : $"({sum})", "target + i"));
        }
    }

    /// <summary>Where the row of a step in hand is in a value, for the sample <c>n</c>.</summary>
    /// <param name="hasPassed">The cells of the step are done, which move the places on.</param>
    public string OfRow(RecurrentStream stream, bool isBackward, bool hasPassed) => g.HasLengths
        ? $"{stream.Name} + {Place(isBackward, hasPassed)} * {Literals.Int(stream.Row)}L"
        : $"{stream.Name} + n * {Literals.Int(stream.Layout.SampleStride)}L + position * {Literals.Int(stream.Row)}";

    private string Place(bool isBackward, bool hasPassed)
        => hasPassed ? $"(places[row] {(IsRising(isBackward) ? "-" : "+")} 1)" : "places[row]";

    /// <summary>From the first position to the last.</summary>
    private bool IsRising(bool isBackward) => g.IsReverse == isBackward;

    /// <summary>The loop over the rows that a step has, for what is done with each row of working memory and its place in values.</summary>
    public void EmitRows(SourceWriter writer, Action emit)
    {
        using (writer.Block($"for (int row = 0; row < {Active}; row++)"))
        {
            if (!g.HasLengths)
                writer.Line($"int n = {SampleOfRow};");
            emit();
        }
    }

    /// <summary>The loops over samples and over vectors of units.</summary>
    /// <param name="memory">Working memory besides the units: each has a pointer of its name to the row in hand.</param>
    public void EmitUnits(SourceWriter writer, VectorIsa isa, IReadOnlyList<RecurrentStream> streams, bool isBackward, Action emit,
        params RecurrentRows[] memory)
    {
        writer.Line($"float* {string.Join(", ", memory.Select(own => $"{own.Name} = {own.At}"))};");
        string advance = string.Join(", ", streams.Where(_ => !g.HasLengths)
            .Select(stream => $"{stream.Name} += {Literals.Int(stream.Layout.SampleStride)}")
            .Append($"scratch += {Literals.Int(g.UnitStride)}")
            .Concat(memory.Select(own => $"{own.Name} += {Literals.Int(own.Stride)}")));
        using (writer.Block($"for (int row = 0; row < rows; row++, {advance})"))
        {
            if (g.HasLengths)
            {
                string here = string.Join(", ", streams.Select(stream =>
                    $"{stream.Name} = {stream.Base} + places[row] * {Literals.Int(stream.Row)}L"));
                writer.Line($"float* {here};");
                writer.Line($"places[row]{(IsRising(isBackward) ? "++" : "--")};");
            }
            using (writer.Block($"for (int i = 0; i < {Literals.Int(g.Lanes)}; i += {Literals.Int(isa.Lanes)})"))
                emit();
        }
    }
}
