using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The phases of a transposed convolution: pixels of the result that are a whole number of strides apart have the same taps, and are a
/// product of their own, which blocks along z compute.
/// </summary>
/// <param name="Window">Of the convolution from <paramref name="Output"/> to <paramref name="Input"/>.</param>
/// <param name="Input">The shape of a sample.</param>
/// <param name="Output">The shape of its result.</param>
internal sealed record TransposedPhases(ConvolutionWindow Window, TensorShape Input, TensorShape Output)
{
    public PhaseAxis Rows { get; } = PhaseAxis.Rows(Window, Input, isTransposed: true);

    public PhaseAxis Columns { get; } = PhaseAxis.Columns(Window, Input, isTransposed: true);

    private int PhaseColumns => Math.Min(Window.Stride.Width, Output.Width);

    /// <summary>How many there are.</summary>
    public int Count => Math.Min(Window.Stride.Height, Output.Height) * PhaseColumns;

    /// <summary>The most taps that a pixel has.</summary>
    public int Taps => Rows.Taps * Columns.Taps;

    /// <summary>Rows of a phase, the last of which may be beyond the result; likewise <see cref="Width"/>.</summary>
    private int Height => (Output.Height + Window.Stride.Height - 1) / Window.Stride.Height;

    private int Width => (Output.Width + Window.Stride.Width - 1) / Window.Stride.Width;

    /// <summary>Pixels of a phase in a sample.</summary>
    public int Pixels => Height * Width;

    /// <summary>The first pixel of a block's phase.</summary>
    public (PtxInt Row, PtxInt Column) First(PtxWriter writer)
    {
        if (Count == 1)
            return (PtxWriter.Number(0), PtxWriter.Number(0));
        PtxInt phase = writer.Divide(writer.Block("z", "layer"), Count, "group", "phase").Remainder;
        return writer.Divide(phase, PhaseColumns, "phaseRow", "phaseColumn");
    }

    /// <summary>The sample and the pixel that a column of the product is.</summary>
    public (PtxInt Sample, PtxInt Row, PtxInt Column) PixelOf(PtxWriter writer, PtxInt column)
    {
        (PtxInt firstRow, PtxInt firstColumn) = First(writer);
        (PtxInt sample, PtxInt pixel) = writer.Divide(column, Pixels, "sample", "pixel");
        (PtxInt row, PtxInt across) = writer.Divide(pixel, Width, "ofPhaseRow", "ofPhaseColumn");
        return (sample, writer.MultiplyAdd(row, PtxWriter.Number(Window.Stride.Height), firstRow, "pixelRow"),
            writer.MultiplyAdd(across, PtxWriter.Number(Window.Stride.Width), firstColumn, "pixelColumn"));
    }

    /// <summary>A depth's channel and its step along the taps of each direction.</summary>
    public (PtxInt Channel, PtxInt Row, PtxInt Column) StepOf(PtxWriter writer, PtxInt depth)
    {
        (PtxInt channel, PtxInt step) = writer.Divide(depth, Taps, "channel", "step");
        (PtxInt row, PtxInt column) = writer.Divide(step, Columns.Taps, "stepRow", "stepColumn");
        return (channel, row, column);
    }
}

/// <summary>
/// The pixels that windows lie on, seen from the pixels that they lie over: a line is a pixel of a sample's result, a depth a channel with
/// one of its taps, and the pixel that has the line under that tap is what is read.
/// </summary>
internal sealed record TransposedWindowOperand(string Name, TransposedPhases Phases) : ProductOperand(Name, IsDepthContiguous: false)
{
    public override bool CanRead(int count, int? length) => count == 1;

    public override ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k)
    {
        (PtxInt sample, PtxInt row, PtxInt column) = Phases.PixelOf(writer, line);
        (PtxInt top, PtxInt firstRow) = Phases.Rows.Begin(writer, row);
        (PtxInt left, PtxInt firstColumn) = Phases.Columns.Begin(writer, column);
        TensorShape input = Phases.Input;
        PtxInt image = writer.Multiply(sample, PtxWriter.Number(input.Channels * input.Height * input.Width), "image");
        return new Fetch(Phases, start, image, (top, firstRow), (left, firstColumn), k);
    }

    private sealed class Fetch(TransposedPhases phases, PtxLong start, PtxInt image, (PtxInt Start, PtxInt Tap) rows,
        (PtxInt Start, PtxInt Tap) columns, PtxInt k) : ProductFetch
    {
        public override (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere)
        {
            (PtxInt channel, PtxInt stepRow, PtxInt stepColumn) = phases.StepOf(writer, writer.Add(k, next, "depthAt"));
            (_, PtxInt y, PtxPredicate isRow) = phases.Rows.At(writer, rows.Start, rows.Tap, stepRow);
            (_, PtxInt x, PtxPredicate isColumn) = phases.Columns.At(writer, columns.Start, columns.Tap, stepColumn);
            PtxInt line = writer.MultiplyAdd(channel, PtxWriter.Number(phases.Input.Height), y, "line");
            PtxInt pixel = writer.MultiplyAdd(line, PtxWriter.Number(phases.Input.Width), x, "pixel");
            PtxPredicate isUnder = writer.And(isRow, isColumn, "isUnder");
            return (writer.ElementAddress(start, writer.Add(image, pixel, "pixelAt"), "at"), writer.And(isThere, isUnder, "isThere"));
        }
    }
}

/// <summary>Weights that lie by channel of the depth, then by line, then by tap: of a block's phase those taps that it has.</summary>
/// <param name="Lines">Lines of each channel.</param>
internal sealed record TransposedWeightOperand(string Name, int Lines, TransposedPhases Phases)
    : ProductOperand(Name, IsDepthContiguous: true)
{
    public override bool CanRead(int count, int? length) => count == 1;

    public override ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k)
    {
        (PtxInt row, PtxInt column) = Phases.First(writer);
        return new Fetch(this, start, line, Phases.Rows.Begin(writer, row).Tap, Phases.Columns.Begin(writer, column).Tap, k);
    }

    private sealed class Fetch(TransposedWeightOperand operand, PtxLong start, PtxInt line, PtxInt firstRow, PtxInt firstColumn, PtxInt k)
        : ProductFetch
    {
        public override (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere)
        {
            TransposedPhases phases = operand.Phases;
            (PtxInt channel, PtxInt stepRow, PtxInt stepColumn) = phases.StepOf(writer, writer.Add(k, next, "depthAt"));
            (PtxInt row, PtxPredicate isRow) = phases.Rows.TapOf(writer, firstRow, stepRow);
            (PtxInt column, PtxPredicate isColumn) = phases.Columns.TapOf(writer, firstColumn, stepColumn);
            PtxInt filter = writer.MultiplyAdd(channel, PtxWriter.Number(operand.Lines), line, "filter");
            PtxInt tapRow = writer.MultiplyAdd(filter, PtxWriter.Number(phases.Window.Kernel.Height), row, "tapRow");
            PtxInt place = writer.MultiplyAdd(tapRow, PtxWriter.Number(phases.Window.Kernel.Width), column, "place");
            return (writer.ElementAddress(start, place, "at"), writer.And(isThere, writer.And(isRow, isColumn, "isTaps"), "isThere"));
        }
    }
}

/// <summary>Images of samples, of which a block's columns are the pixels of one phase.</summary>
internal sealed record PhasedResult(TransposedPhases Phases) : ProductResult
{
    public override (Func<PtxInt, PtxInt> Places, PtxPredicate? IsThere) Column(PtxWriter writer, PtxInt column)
    {
        TensorShape output = Phases.Output;
        (PtxInt sample, PtxInt row, PtxInt across) = Phases.PixelOf(writer, column);
        PtxInt pixel = writer.MultiplyAdd(row, PtxWriter.Number(output.Width), across, "ofPixel");
        PtxInt first = writer.MultiplyAdd(sample, PtxWriter.Number(output.Channels * output.Height * output.Width), pixel, "firstChannel");
        PtxPredicate isThere = writer.And(
            writer.IsWithin(row, output.Height, "isOfRows"), writer.IsWithin(across, output.Width, "isOfColumns"), "isPixel");
        return (channel => writer.MultiplyAdd(channel, PtxWriter.Number(output.Height * output.Width), first, "place"), isThere);
    }
}
