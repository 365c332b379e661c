using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Writes two sums over samples and pixels for each channel: of x about a pivot and of its squares, or, with a gradient, of dy and of its
/// products with x about the channel's mean. Workers divide the channels.
/// </summary>
/// <param name="gradient">Layout of the output's gradient; null for the statistics of the input.</param>
/// <param name="finish">
/// The statement that takes the sums <c>sum</c> and <c>product</c> of <c>channel</c>, over <c>count</c> values; with a measured pivot about
/// <c>middle</c>.
/// </param>
internal abstract class BatchNormSums(SourceWriter writer, VectorIsa isa, Layout input, Layout? gradient, string finish)
{
    private readonly bool _isFlat = !input.HasHalo && gradient is not { HasHalo: true };

    public static BatchNormSums For(SourceWriter writer, VectorIsa isa, Layout input, Layout? gradient, string finish)
        => input.Kind == LayoutKind.Samples
        ? new BatchNormSampleSums(writer, isa, input, gradient, finish)
        : new BatchNormChannelSums(writer, isa, input, gradient, finish);

    public abstract void Emit();

    public static string LaneIndices(VectorIsa isa)
        => $"{isa.Static}.Create({string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => Float(lane)))})";

    protected SourceWriter Writer { get; } = writer;

    protected VectorIsa Isa { get; } = isa;

    protected Layout Input { get; } = input;

    /// <summary>The pivot is the mean of the first sample; otherwise the channel's mean, which is known.</summary>
    protected bool IsPivotMeasured => gradient is null;

    protected PlaneShape Shape => ShapeOf(Input);

    /// <summary>Values of a channel in a sample.</summary>
    protected string Pixels => Int((long)Input.Height * Input.Width);

    protected IEnumerable<(string Name, Layout Layout)> Operands
    {
        get
        {
            yield return ("input", Input);
            if (gradient is not null)
                yield return ("outputGradient", gradient);
        }
    }

    protected PlaneShape ShapeOf(Layout layout) => PlaneShape.Of(layout, _isFlat);

    protected void Line(string text) => Writer.Line(text);

    /// <summary>Adds the vector of one pixel to the sums, of the given number among those of one round.</summary>
    protected void Accumulate(int pixel)
    {
        string at = pixel == 0 ? "" : $" + {Int(pixel * Layout.Block)}", term = $"d{Int(pixel)}", factor = term;
        if (gradient is null)
        {
            Line($"{Isa.Type} {term} = {Isa.Load($"x + i{at}")} - pivot;");
        }
        else
        {
            factor = $"x{Int(pixel)}";
            Line($"{Isa.Type} {term} = {Isa.Load($"dy + i{at}")};");
            Line($"{Isa.Type} {factor} = {Isa.Load($"x + i{at}")} - pivot;");
        }
        Line($"s{Int(pixel)} += {term};");
        Line($"q{Int(pixel)} = {Isa.MultiplyAdd(term, factor, $"q{Int(pixel)}")};");
    }

    /// <summary>Gives the sums of a channel to the runtime.</summary>
    protected void EmitFinish() => Line(finish);

    /// <summary>The first sample's sum, for the pivot.</summary>
    protected void EachRowOfFirst(Action body)
    {
        EachRow(() =>
        {
            DeclareRow("x", "input", Input, "");
            body();
        }, endRow: null);
    }

    /// <summary>A pass over the rows of the sample <c>n</c>.</summary>
    /// <param name="terms">Of a row; where the next row would not fit a block, <paramref name="endBlock"/> ends it.</param>
    protected void EachRowOfSample(Action body, int terms, Action endBlock)
    {
        bool isCounted = terms <= LongSum.MaxTerms && (long)terms * Shape.Rows > LongSum.MaxTerms;
        if (isCounted)
            Line("int terms = 0;");
        EachRow(() =>
        {
            DeclareRow("x", "input", Input, Sample(Input));
            if (gradient is not null)
                DeclareRow("dy", "outputGradient", gradient, Sample(gradient));
            body();
        }, !isCounted ? null : () =>
        {
            using (Writer.Block($"if ((terms += {Int(terms)}) > {Int(LongSum.MaxTerms - terms)})"))
            {
                endBlock();
                Line("terms = 0;");
            }
        });

        static string Sample(Layout layout)
            => layout.Kind == LayoutKind.Samples ? $" + n / 16 * {Int(layout.SampleStride)}L" : $" + n * {Int(layout.SampleStride)}L";
    }

    /// <summary>A loop over the rows of a plane, or one pass where the plane is one run.</summary>
    private void EachRow(Action body, Action? endRow)
    {
        if (Shape.Rows == 1)
        {
            using (Writer.Block())
                body();
            return;
        }
        using (Writer.Block($"for (int row = 0; row < {Int(Shape.Rows)}; row++)"))
        {
            body();
            endRow?.Invoke();
        }
    }

    private void DeclareRow(string row, string operand, Layout layout, string sample)
        => Line($"float* {row} = {ShapeOf(layout).RowAddress($"{operand}Plane{sample}")};");

    /// <summary>
    /// A loop over the pixels of a row, with the end of a block after each <see cref="LongSum.MaxTerms"/> of them where there are more.
    /// </summary>
    protected void EachPixel(string start, int end, int step, Action body, Action endBlock)
    {
        if (!LongSum.IsCut(end, step))
        {
            using (Writer.Block($"for (int i = {start}; i < {Int(end)}; i += {Int(step)})"))
                body();
            return;
        }
        string block = Int(LongSum.MaxTerms * step);
        using (Writer.Block($"for (int first = {start}; first < {Int(end)}; first += {block})"))
        {
            using (Writer.Block($"for (int i = first, blockEnd = Math.Min(first + {block}, {Int(end)}); i < blockEnd; i += {Int(step)})"))
                body();
            endBlock();
        }
    }
}
