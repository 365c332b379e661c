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
