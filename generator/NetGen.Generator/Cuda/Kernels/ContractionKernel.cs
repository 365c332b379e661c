using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Products of two values' elements, summed over common indices: a thread for each sum.</summary>
internal sealed class ContractionKernel(ContractionIndices indices, TensorShape left, TensorShape right, TensorShape result)
{
    private readonly Dictionary<char, int> _extents = Extents((indices.Left, left), (indices.Right, right), (indices.Result, result));

    /// <remarks>Its parameters are left and right, the output, and how many elements that has.</remarks>
    public string Write(string name, string summary) => EachElementKernel.Write(name, summary, ["left", "right"],
        (writer, pointers, element) =>
    {
        char[] summed = [.. indices.Summed];
        int count = summed.Aggregate(1, (product, index) => product * _extents[index]);
        var place = new ElementPlace(writer, element, Dimensions(result));
        var kept = new Dictionary<char, PtxInt>();
        for (int i = 0; i < indices.Result.Length; i++)
        {
            if (indices.Result[i] != ContractionIndices.One)
                kept[indices.Result[i]] = place[i];
        }
        PtxInt ofLeft = Index(writer, place.Sample, indices.Left, left, kept),
            ofRight = Index(writer, place.Sample, indices.Right, right, kept);
        var sum = new LongSum(writer, count);
        writer.Loop("k", PtxWriter.Number(count), 1, k =>
        {
            PtxInt rest = k, leftAt = ofLeft, rightAt = ofRight;
            for (int i = summed.Length - 1; i >= 0; i--)
            {
                PtxInt along = rest;
                if (i > 0)
                    (rest, along) = writer.Divide(rest, _extents[summed[i]], "rest", "along");
                leftAt = Step(writer, leftAt, along, summed[i], indices.Left, left);
                rightAt = Step(writer, rightAt, along, summed[i], indices.Right, right);
            }
            sum.Accumulate(writer.Element(pointers[0], leftAt, "a"), writer.Element(pointers[1], rightAt, "b"), k);
        });
        return sum.Total;
    });

    /// <summary>Where an operand's element is whose summed indices are zero.</summary>
    private static PtxInt Index(PtxWriter writer, PtxInt sample, string letters, TensorShape shape, Dictionary<char, PtxInt> kept)
    {
        PtxInt at = writer.Multiply(sample, PtxWriter.Number(shape.Size), "sampleAt");
        foreach (char letter in letters.Distinct().Where(kept.ContainsKey))
            at = Step(writer, at, kept[letter], letter, letters, shape);
        return at;
    }

    private static PtxInt Step(PtxWriter writer, PtxInt at, PtxInt along, char letter, string letters, TensorShape shape)
    {
        int stride = 0, inner = 1;
        int[] dimensions = Dimensions(shape);
        for (int i = dimensions.Length - 1; i >= 0; i--)
        {
            if (letters[i] == letter)
                stride += inner;
            inner *= dimensions[i];
        }
        return stride == 0 ? at : writer.MultiplyAdd(along, PtxWriter.Number(stride), at, "at");
    }

    private static int[] Dimensions(TensorShape shape)
        => shape.IsVector ? [shape.Features, 1, 1] : [shape.Channels, shape.Height, shape.Width];

    private static Dictionary<char, int> Extents(params (string Letters, TensorShape Shape)[] values)
    {
        var extents = new Dictionary<char, int>();
        foreach ((string letters, TensorShape shape) in values)
        {
            int[] dimensions = Dimensions(shape);
            for (int i = 0; i < dimensions.Length; i++)
            {
                if (letters[i] != ContractionIndices.One)
                    extents[letters[i]] = dimensions[i];
            }
        }
        return extents;
    }
}
