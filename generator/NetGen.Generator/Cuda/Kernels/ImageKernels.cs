using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Images with a border, and images of another size: a thread for each pixel of the result.</summary>
internal static class ImageKernels
{
    /// <remarks>Its parameters are the input, the output, and how many elements that has.</remarks>
    public static string WritePad(string name, string summary, Pads pads, PaddingMode mode, TensorShape input, TensorShape output)
        => EachElementKernel.Write(name, summary, ["input"], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [output.Height, output.Width]);
            PtxInt y = writer.Add(place[0], PtxWriter.Number(-pads.Top), "y"), x = writer.Add(place[1], PtxWriter.Number(-pads.Left), "x");
            if (mode == PaddingMode.Zeros)
            {
                PtxPredicate isInside = writer.And(writer.IsWithin(y, input.Height, "isRow"), writer.IsWithin(x, input.Width, "isColumn"),
                    "isInside");
                return writer.LoadOrZero(isInside, writer.ElementAddress(pointers[0], At(y, x), "at"), 1, "value")[0];
            }
            y = Source(writer, mode, y, input.Height);
            x = Source(writer, mode, x, input.Width);
            return writer.Element(pointers[0], At(y, x), "value");

            PtxInt At(PtxInt row, PtxInt column)
            {
                PtxInt line = writer.MultiplyAdd(place.Sample, PtxWriter.Number(input.Height), row, "line");
                return writer.MultiplyAdd(line, PtxWriter.Number(input.Width), column, "pixel");
            }
        });

    /// <summary>
    /// What flows back: to each pixel the gradients of all that was taken from it, its own and, at the border, those that are equal to it.
    /// </summary>
    /// <remarks>Its parameters are the gradient, the output, and how many elements that has.</remarks>
    public static string WritePadGradient(string name, string summary, Pads pads, PaddingMode mode, TensorShape image, TensorShape padded)
        => EachElementKernel.Write(name, summary, ["gradient"], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [image.Height, image.Width]);
            PtxInt plane = writer.Multiply(place.Sample, PtxWriter.Number(padded.Height * padded.Width), "plane");
            PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
            EachSource(writer, mode, place[0], image.Height, padded.Height, pads.Top, row => EachSource(
                writer, mode, place[1], image.Width, padded.Width, pads.Left, column =>
            {
                PtxInt at = writer.Add(plane, writer.MultiplyAdd(row, PtxWriter.Number(padded.Width), column, "pixel"), "at");
                writer.Set(sum, writer.Add(sum, writer.Element(pointers[0], at, "dy"), "total"));
            }));
            return sum;
        });

    /// <summary>The rows or columns of the padded image that one is the source of: its own, and those of the border.</summary>
    private static void EachSource(PtxWriter writer, PaddingMode mode, PtxInt at, int size, int padded, int before, Action<PtxInt> body)
    {
        PtxInt own = writer.Add(at, PtxWriter.Number(before), "own");
        // A negative padding cuts off.
        writer.If(writer.IsWithin(own, padded, "isThere"), () => body(own));
        if (mode == PaddingMode.Zeros)
            return;
        foreach ((int first, int end) in new[] { (0, before), (before + size, padded) }.Where(border => border.Item1 < border.Item2))
        {
            writer.For("border", PtxWriter.Number(first), PtxWriter.Number(end), 1, border =>
            {
                PtxInt source = Source(writer, mode, writer.Add(border, PtxWriter.Number(-before), "beside"), size);
                writer.If(writer.Compare("eq", source, at, "isSource"), () => body(border));
            });
        }
    }

    /// <summary>The row or column that one beside the image is taken from; one in it is its own.</summary>
    private static PtxInt Source(PtxWriter writer, PaddingMode mode, PtxInt at, int size)
    {
        PtxInt zero = PtxWriter.Number(0), last = PtxWriter.Number(size - 1);
        switch (mode)
        {
            case PaddingMode.Replicate:
                return writer.Minimum(writer.Maximum(at, zero, "notBefore"), last, "source");
            case PaddingMode.Reflect:
                PtxInt mirrored = writer.Maximum(at, writer.Subtract(zero, at, "mirrored"), "notBefore");
                return writer.Minimum(mirrored, writer.Subtract(PtxWriter.Number(2 * (size - 1)), mirrored, "mirrored"), "source");
            default:
                PtxInt next = writer.Select(writer.Compare("lt", at, zero, "isBefore"), writer.Add(at, PtxWriter.Number(size), "round"), at,
                    "notBefore");
                return writer.Select(writer.Compare("gt", next, last, "isBehind"), writer.Add(next, PtxWriter.Number(-size), "round"),
                    next, "source");
        }
    }

    /// <remarks>Its parameters are the input, the output, and how many elements that has.</remarks>
    public static string WriteResample(string name, string summary, ResampleMap rows, ResampleMap columns)
        => EachElementKernel.Write(name, summary, ["input"], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [rows.Outputs, columns.Outputs]);
            (PtxInt top, PtxFloat? down) = Position(writer, rows, place[0]);
            (PtxInt left, PtxFloat? right) = Position(writer, columns, place[1]);
            PtxInt plane = writer.Multiply(place.Sample, PtxWriter.Number(rows.Size), "plane");
            PtxFloat Row(PtxInt row)
            {
                PtxInt line = writer.Multiply(writer.Add(plane, row, "line"), PtxWriter.Number(columns.Size), "lineStart");
                return Between(writer, right, left, columns.Size,
                    column => writer.Element(pointers[0], writer.Add(line, column, "pixel"), "x"));
            }
            return Between(writer, down, top, rows.Size, Row);
        });

    /// <summary>What flows back: to each element the gradients of those outputs that it counts in, as it counts.</summary>
    /// <remarks>Its parameters are the gradient, the output, and how many elements that has.</remarks>
    public static string WriteResampleGradient(string name, string summary, ResampleMap rows, ResampleMap columns)
        => EachElementKernel.Write(name, summary, ["gradient"], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [rows.Size, columns.Size]);
            PtxInt plane = writer.Multiply(place.Sample, PtxWriter.Number(rows.Outputs), "plane");
            PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
            EachReader(writer, rows, place[0], (row, down) => EachReader(writer, columns, place[1], (column, across) =>
            {
                PtxInt line = writer.Multiply(writer.Add(plane, row, "line"), PtxWriter.Number(columns.Outputs), "lineStart");
                PtxFloat weight = writer.Multiply(down, across, "weight");
                writer.Accumulate(sum, weight, writer.Element(pointers[0], writer.Add(line, column, "pixel"), "dy"));
            }));
            return sum;
        });

    /// <summary>The outputs of a direction in which an element counts, and how much.</summary>
    private static void EachReader(PtxWriter writer, ResampleMap map, PtxInt at, Action<PtxInt, PtxFloat> body)
    {
        if (map.Outputs == map.Size)
        {
            body(at, PtxWriter.Number(1f));
            return;
        }
        // Outputs per element; a few more on both sides are looked at, and do not count.
        double step = map.IsLinear && map.AlignCorners ? map.Outputs > 1 ? (map.Size - 1.0) / (map.Outputs - 1) : 0
            : map.Factor > 0 ? 1 / map.Factor : (double)map.Size / map.Outputs;
        PtxInt first = PtxWriter.Number(0), end = PtxWriter.Number(map.Outputs);
        if (step > 0 && map.Outputs > 4)
        {
            PtxDouble number = writer.ConvertToDouble(at, "number");
            PtxInt Bound(double beside, int more, string stem) => writer.Add(writer.Truncate(writer.Multiply(
                writer.Add(number, PtxWriter.Number(beside), "beside"), PtxWriter.Number(1 / step), "outputs"), "whole"),
                PtxWriter.Number(more), stem);
            first = writer.Maximum(Bound(-1.5, -2, "before"), first, "firstReader");
            end = writer.Minimum(Bound(1.5, 3, "behind"), end, "endReader");
        }
        writer.For("reader", first, end, 1, reader =>
        {
            (PtxInt near, PtxFloat? beyond) = Position(writer, map, reader);
            PtxFloat zero = PtxWriter.Number(0f), one = PtxWriter.Number(1f);
            PtxPredicate isNear = writer.Compare("eq", near, at, "isNear");
            if (beyond is null)
            {
                writer.If(isNear, () => body(reader, one));
                return;
            }
            PtxInt next = writer.Minimum(writer.Add(near, PtxWriter.Number(1), "next"), PtxWriter.Number(map.Size - 1), "far");
            PtxFloat ofNear = writer.Select(isNear, writer.Subtract(one, beyond, "rest"), zero, "ofNear");
            PtxFloat ofFar = writer.Select(writer.Compare("eq", next, at, "isFar"), beyond, zero, "ofFar");
            PtxFloat weight = writer.Add(ofNear, ofFar, "counts");
            // What counts nothing takes no part, whatever its gradient is.
            writer.If(writer.Compare("gt", weight, zero, "doesCount"), () => body(reader, weight));
        });
    }

    /// <summary>The value at a place, or between two: the second takes no part where it counts nothing, whatever it is.</summary>
    /// <param name="beyond">What the second counts; null where there is none.</param>
    private static PtxFloat Between(PtxWriter writer, PtxFloat? beyond, PtxInt first, int size, Func<PtxInt, PtxFloat> at)
    {
        PtxFloat near = at(first);
        if (beyond is null)
            return near;
        PtxFloat far = at(writer.Minimum(writer.Add(first, PtxWriter.Number(1), "next"), PtxWriter.Number(size - 1), "second"));
        PtxFloat rest = writer.Subtract(PtxWriter.Number(1f), beyond, "rest");
        PtxFloat both = writer.MultiplyAdd(beyond, far, writer.Multiply(rest, near, "ofFirst"), "between");
        return writer.Select(writer.Compare("gt", beyond, PtxWriter.Number(0f), "isBetween"), both, near, "value");
    }

    /// <summary>As <see cref="ResamplePositions"/>.</summary>
    private static (PtxInt First, PtxFloat? Beyond) Position(PtxWriter writer, ResampleMap map, PtxInt output)
    {
        if (map.Outputs == map.Size)
            return (output, null);
        double step = map.Factor > 0 ? 1 / map.Factor : (double)map.Size / map.Outputs;
        if (!map.IsLinear)
        {
            if (map.Outputs == 2L * map.Size)
                return (writer.Divide(output, 2, "half", "odd").Quotient, null);
            float single = map.Factor > 0 ? (float)(1 / map.Factor) : (float)map.Size / map.Outputs;
            PtxFloat at = writer.Multiply(writer.Convert(output, "number"), PtxWriter.Number(single), "position");
            return (writer.Minimum(writer.Floor(at, "whole"), PtxWriter.Number(map.Size - 1), "nearest"), null);
        }
        PtxDouble number = writer.ConvertToDouble(output, "number"), position;
        if (map.AlignCorners)
        {
            double scale = map.Outputs > 1 ? (map.Size - 1.0) / (map.Outputs - 1) : 0;
            position = writer.Multiply(number, PtxWriter.Number(scale), "position");
        }
        else
        {
            PtxDouble middle = writer.Multiply(writer.Add(number, PtxWriter.Number(0.5), "middle"), PtxWriter.Number(step), "scaled");
            position = writer.Maximum(writer.Subtract(middle, PtxWriter.Number(0.5), "corner"), PtxWriter.Number(0d), "position");
        }
        PtxInt last = PtxWriter.Number(map.Size - 1);
        PtxInt first = writer.Minimum(writer.Truncate(position, "whole"), last, "first");
        PtxFloat beyond = writer.Narrow(writer.Subtract(position, writer.ConvertToDouble(first, "wide"), "distance"), "beyond");
        return (first, writer.Select(writer.Compare("lt", first, last, "hasNext"), beyond, PtxWriter.Number(0f), "beyond"));
    }
}
