namespace NetGen.Generator.Cuda.Kernels;

/// <summary>A function of each element and of numbers of its channel.</summary>
/// <param name="Channels">Channels of a sample; 1 where all have the same numbers.</param>
/// <param name="Pixels">Elements of a channel.</param>
/// <param name="Values">How many values have an element there.</param>
/// <param name="Numbers">How many numbers a channel has.</param>
internal sealed record ChannelwiseKernel(int Channels, int Pixels, int Values, int Numbers)
{
    /// <param name="function">From the elements and the numbers to the result.</param>
    /// <remarks>Its parameters are the values, the channels' numbers, the output, and how many elements that has.</remarks>
    public string Write(string name, string summary, Func<PtxWriter, PtxFloat[], PtxFloat[], PtxFloat> function)
    {
        string[] inputs = [.. Enumerable.Range(0, Values).Select(i => $"input{i}"), .. Enumerable.Range(0, Numbers).Select(i => $"of{i}")];
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            PtxInt channel = new ElementPlace(writer, element, [Channels, Pixels])[0];
            return function(writer, [.. pointers.Take(Values).Select(pointer => writer.Element(pointer, element, "x"))],
                [.. pointers.Skip(Values).Select(pointer => writer.Element(pointer, channel, "ofChannel"))]);
        });
    }

    /// <summary>
    /// Scale and shift of a batch normalisation in inference, a thread for each channel: in doubles, as <c>BatchNormalization.Prepare</c>.
    /// </summary>
    /// <param name="hasWeight">Whether the normalisation has a weight and a bias.</param>
    /// <param name="hasBias">Whether there is a bias in front of it, which goes into the shift.</param>
    /// <remarks>
    /// Its parameters are mean, variance, weight and bias, the bias in front, the scales, behind which are the shifts, and how many
    /// channels there are.
    /// </remarks>
    public static string WriteScales(string name, string summary, int channels, double eps, bool hasWeight, bool hasBias)
    {
        var writer = new PtxWriter(name, summary, EachElementKernel.Threads);
        PtxLong mean = writer.Pointer("mean"), variance = writer.Pointer("variance");
        PtxLong? weight = hasWeight ? writer.Pointer("weight") : null, bias = hasWeight ? writer.Pointer("bias") : null;
        PtxLong? before = hasBias ? writer.Pointer("before") : null;
        PtxLong scales = writer.Pointer("scales");
        PtxInt count = writer.Count("count"), channel = writer.ThreadOfGrid("channel");
        writer.ReturnIf(writer.Compare("ge", channel, count, "isBehind"));
        PtxDouble Of(PtxLong start, string stem) => writer.Widen(writer.Element(start, channel, stem), stem + "Wide");
        PtxDouble root = writer.SquareRoot(writer.Add(Of(variance, "ofVariance"), PtxWriter.Number(eps), "sum"), "root");
        PtxDouble factor = writer.Divide(weight is null ? PtxWriter.Number(1d) : Of(weight, "ofWeight"), root, "factor");
        PtxDouble moved = writer.Multiply(Of(mean, "ofMean"), factor, "moved");
        PtxFloat scale = writer.Narrow(factor, "scale");
        PtxFloat shift = writer.Narrow(
            writer.Subtract(bias is null ? PtxWriter.Number(0d) : Of(bias, "ofBias"), moved, "difference"), "shift");
        if (before is not null)
            shift = writer.Add(shift, writer.Multiply(writer.Element(before, channel, "ofBefore"), scale, "scaled"), "shift");
        writer.Store(writer.ElementAddress(scales, channel, "scaleAt"), scale);
        writer.Store(writer.ElementAddress(scales, writer.Add(channel, PtxWriter.Number(channels), "behind"), "shiftAt"), shift);
        return writer.Render();
    }
}
