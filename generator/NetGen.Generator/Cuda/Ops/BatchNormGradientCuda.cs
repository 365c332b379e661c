using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>
/// What a batch normalisation of training knows of each channel: seven runs of numbers, which are those of the runtime's
/// <c>BatchNormalization</c>: mean, 1 / √(variance + eps), scale and shift, then slope and offset of the backward pass, dx = scale · dy +
/// slope · (x − mean) + offset, and last the value that sums are taken about.
/// </summary>
internal static class BatchStatistics
{
    public const int Mean = 0, Reciprocal = 1, Scale = 2, Shift = 3, Slope = 4, Offset = 5, Pivot = 6, Runs = 7;

    /// <summary>The runs of a node of the forward pass.</summary>
    public static CudaConstant.OfBatch Of(Node forward) => new(forward, "statistics", (long)Runs * Channels(forward.Input));

    public static int Channels(Value value) => value.Shape.Channels;

    /// <summary>Where a run begins.</summary>
    public static CudaArgument Run(CudaSelection selection, Node forward, int run)
        => selection.Of(Of(forward), (long)run * Channels(forward.Input));

    /// <summary>Computes the statistics of a batch, and moves the running ones.</summary>
    /// <returns>Where scale and shift are then.</returns>
    public static CudaArgument[] Select(CudaSelection selection, Node node, BatchNormOp op)
    {
        int channels = Channels(node.Input), pixels = node.Input.Shape.Size / channels;
        CudaArgument statistics = selection.Of(Of(node)), pivot = Run(selection, node, Pivot);
        if (node.BatchCounter is { } counter)
        {
            CudaKernel count = selection.Kernel(node, "count a batch", EachElementKernel.Threads, name => EachElementKernel.Write(
                name, "Counts a batch.", ["batches"], (writer, pointers, element) => writer.Add(
                    writer.Element(pointers[0], element, "count"), PtxWriter.Number(1f), "counted")), "Count");
            selection.LaunchForEach(count, CudaCount.Of(1), CudaSelection.Of(counter), CudaSelection.Of(counter));
        }
        // Of the first sample: near the mean of all, so that little cancels.
        var first = new ReduceKernel([channels, pixels], [channels, 1]);
        CudaKernel ofFirst = selection.Kernel(node, ("pivot", channels, pixels), first.Team.Threads,
            name => first.Write(name, $"{node.Title}: the means of a sample's channels.", Specs.ReduceFunction.Mean, 0), "Pivot");
        selection.LaunchForRows(ofFirst, first.Team, CudaCount.Of(channels), selection.Of(node.Input), pivot);
        var sum = new BatchSum(channels, pixels, 2, IsOutputInnermost: pixels == 1);
        BatchSums.LaunchParts(selection, node, sum, "statistics", [("input", selection.Of(node.Input)), ("pivot", pivot)],
            (writer, pointers, sample, channel, inner) =>
            {
                PtxFloat x = writer.Element(pointers[0], BiasSums.Place(writer, sum, sample, channel, inner), "x");
                PtxFloat difference = writer.Subtract(x, writer.Element(pointers[1], channel, "pivot"), "difference");
                return [difference, writer.Multiply(difference, difference, "square")];
            }, "Statistics");
        CudaKernel finish = selection.Kernel(node, ("finish", channels, pixels, op with { Activation = null, Residual = null }),
            BatchSum.TotalThreads, name => WriteFinish(name, node.Title, op, channels, pixels), "Finish");
        CudaArgument[] counted = node.BatchCounter is { } batches && op.Momentum is null ? [CudaSelection.Of(batches)] : [];
        BatchSums.Totals(selection, finish, channels, CudaCount.OfSamples(1), sum.Chunk,
        [
            statistics, .. CudaSelection.Of(node, "running_mean"), .. CudaSelection.Of(node, "running_var"),
            .. CudaSelection.Of(node, "weight"), .. CudaSelection.Of(node, "bias"), .. counted,
        ], CudaCount.OfSamples(1));
        return [Run(selection, node, Scale), Run(selection, node, Shift)];
    }

    private static string WriteFinish(string name, string title, BatchNormOp op, int channels, int pixels)
    {
        string[] others =
        [
            "statistics", "runningMean", "runningVariance", .. op.Affine ? new[] { "weight", "bias" } : [],
            .. op.Momentum is null ? new[] { "batches" } : [],
        ];
        return BatchSum.WriteTotals(name, $"{title}: mean, deviation, scale and shift of each channel.", channels, 2, others,
            (writer, pointers, channel, totals) =>
        {
            PtxDouble count = writer.ConvertToDouble(
                writer.Multiply(writer.Count("samples"), PtxWriter.Number(pixels), "elements"), "count");
            PtxDouble Of(PtxLong start, PtxInt at, string stem) => writer.Widen(writer.Element(start, at, stem), stem + "Wide");
            PtxInt At(int run) => run == 0 ? channel : writer.Add(channel, PtxWriter.Number(run * channels), "runAt");
            void Store(int run, PtxDouble value) => writer.Store(writer.ElementAddress(pointers[0], At(run), "to"),
                writer.Narrow(value, "number"));

            PtxDouble mean = writer.Divide(totals[0], count, "mean"), squares = writer.Divide(totals[1], count, "squares");
            PtxDouble difference = writer.Subtract(squares, writer.Multiply(mean, mean, "ofMean"), "difference");
            // Not a maximum, which would hide a NaN.
            PtxDouble variance = writer.Select(writer.Compare("lt", difference, PtxWriter.Number(0d), "isNegative"), PtxWriter.Number(0d),
                difference, "variance");
            mean = writer.Add(mean, Of(pointers[0], At(Pivot), "pivot"), "mean");
            PtxDouble root = writer.SquareRoot(writer.Add(variance, PtxWriter.Number(op.Eps), "sum"), "root");
            PtxDouble reciprocal = writer.Divide(PtxWriter.Number(1d), root, "reciprocal");
            PtxDouble scale = op.Affine ? writer.Multiply(reciprocal, Of(pointers[3], channel, "weight"), "scale") : reciprocal;
            PtxDouble moved = writer.Multiply(mean, scale, "moved");
            Store(Mean, mean);
            Store(Reciprocal, reciprocal);
            Store(Scale, scale);
            Store(Shift, writer.Subtract(op.Affine ? Of(pointers[4], channel, "bias") : PtxWriter.Number(0d), moved, "shift"));
            PtxDouble share = op.Momentum is { } momentum ? PtxWriter.Number(momentum)
                : writer.Divide(PtxWriter.Number(1d), Of(pointers[pointers.Length - 1], PtxWriter.Number(0), "batches"), "share");
            PtxDouble rest = writer.Subtract(PtxWriter.Number(1d), share, "rest");
            void Move(PtxLong running, PtxDouble value)
            {
                PtxDouble kept = writer.Multiply(rest, Of(running, channel, "before"), "kept");
                writer.Store(writer.ElementAddress(running, channel, "runningAt"),
                    writer.Narrow(writer.Add(kept, writer.Multiply(share, value, "added"), "running"), "running"));
            }
            Move(pointers[1], mean);
            PtxDouble unbiased = writer.Divide(writer.Multiply(variance, count, "all"),
                writer.Subtract(count, PtxWriter.Number(1d), "fewer"), "unbiased");
            Move(pointers[2], unbiased);
        });
    }
}

/// <summary>Sums over the batch, the gradients of weight and bias that follow from them, and then what flows back.</summary>
internal sealed class BatchNormGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (BatchNormGradientOp)node.Op;
        (Value gradient, Value input, Node forward) = (node.Inputs[0], node.Inputs[1], node.Forward!);
        int channels = BatchStatistics.Channels(input), pixels = input.Shape.Size / channels;
        CudaArgument Run(int run) => BatchStatistics.Run(selection, forward, run);
        var sum = new BatchSum(channels, pixels, 2, IsOutputInnermost: pixels == 1);
        BatchSums.LaunchParts(selection, node, sum, "normalisation's gradient",
            [("gradient", selection.Of(gradient)), ("input", selection.Of(input)), ("mean", Run(BatchStatistics.Mean))],
            (writer, pointers, sample, channel, inner) =>
            {
                PtxInt place = BiasSums.Place(writer, sum, sample, channel, inner);
                PtxFloat dy = writer.Element(pointers[0], place, "dy");
                PtxFloat distance = writer.Subtract(writer.Element(pointers[1], place, "x"), writer.Element(pointers[2], channel, "mean"),
                    "distance");
                return [dy, writer.Multiply(dy, distance, "product")];
            }, "Sums");
        CudaArgument[] gradients = op.Affine && forward.Parameters.Find(use => use.Slot == "weight") is { Parameter.IsLearned: true }
            ? [CudaSelection.GradientOf(node, "weight")!, CudaSelection.GradientOf(node, "bias")!] : [];
        CudaKernel finish = selection.Kernel(node, ("finish gradient", channels, pixels, gradients.Length), BatchSum.TotalThreads,
            name => WriteFinish(name, node.Title, channels, pixels, gradients.Length > 0), "Finish");
        BatchSums.Totals(selection, finish, channels, CudaCount.OfSamples(1), sum.Chunk,
            [selection.Of(BatchStatistics.Of(forward)), .. gradients], CudaCount.OfSamples(1));
        if (node.Output is not { } output)
            return;
        (ProductPartner? mask, CudaArgument[] saved) = CudaActivations.Mask(selection, node);
        CudaKernel apply = selection.Kernel(node, ("apply gradient", channels, pixels, op.Mask?.Activation), EachElementKernel.Threads,
            name => new ChannelwiseKernel(channels, pixels, 2 + saved.Length, 4).Write(name, node.Title, (writer, values, ofChannel) =>
            {
                PtxFloat distance = writer.Subtract(values[1], ofChannel[1], "distance");
                PtxFloat dx = writer.MultiplyAdd(ofChannel[2], distance, ofChannel[3], "dx");
                dx = writer.MultiplyAdd(ofChannel[0], values[0], dx, "dx");
                return mask is null ? dx : mask.Combine(writer, dx, values[2]);
            }));
        selection.LaunchForEach(apply, CudaCount.OfSamples(input.Shape.Size),
        [
            selection.Of(gradient), selection.Of(input), .. saved, Run(BatchStatistics.Scale), Run(BatchStatistics.Mean),
            Run(BatchStatistics.Slope), Run(BatchStatistics.Offset), selection.Of(output),
        ]);
    }

    private static string WriteFinish(string name, string title, int channels, int pixels, bool isLearned)
        => BatchSum.WriteTotals(name, $"{title}: gradients of weight and bias, and what each channel's input gradient is made of.",
            channels,
            2, ["statistics", .. isLearned ? new[] { "weightGradient", "biasGradient" } : []], (writer, pointers, channel, totals) =>
        {
            PtxDouble count = writer.ConvertToDouble(
                writer.Multiply(writer.Count("samples"), PtxWriter.Number(pixels), "elements"), "count");
            PtxInt At(int run) => writer.Add(channel, PtxWriter.Number(run * channels), "runAt");
            PtxDouble Of(int run, string stem) => writer.Widen(writer.Element(pointers[0], At(run), stem), stem + "Wide");
            void Store(PtxLong start, PtxInt at, PtxDouble value) => writer.Store(writer.ElementAddress(start, at, "to"),
                writer.Narrow(value, "number"));

            PtxDouble reciprocal = Of(BatchStatistics.Reciprocal, "reciprocal"), scale = Of(BatchStatistics.Scale, "scale");
            if (isLearned)
            {
                Store(pointers[1], channel, writer.Multiply(totals[1], reciprocal, "ofWeight"));
                Store(pointers[2], channel, totals[0]);
            }
            PtxDouble share = writer.Negate(writer.Divide(scale, count, "share"), "less");
            PtxDouble squared = writer.Multiply(reciprocal, reciprocal, "squared");
            Store(pointers[0], At(BatchStatistics.Slope), writer.Multiply(writer.Multiply(share, squared, "factor"), totals[1], "slope"));
            Store(pointers[0], At(BatchStatistics.Offset), writer.Multiply(share, totals[0], "offset"));
        });
}

/// <summary>The gradient of a frozen normalisation: times its scale.</summary>
internal sealed class BatchNormScaleGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        Node forward = node.Forward!;
        CudaArgument[] scales = Channelwise.OfNormalization(selection, forward, (BatchNormOp)forward.Op, "", []);
        (ProductPartner? mask, CudaArgument[] saved) = CudaActivations.Mask(selection, node);
        TensorShape shape = node.Input.Shape;
        int channels = shape.Channels, pixels = shape.Size / channels;
        CudaKernel kernel = selection.Kernel(node, ("scale gradient", channels, pixels, node.Mask?.Activation), EachElementKernel.Threads,
            name => new ChannelwiseKernel(channels, pixels, 1 + saved.Length, 1).Write(name, node.Title, (writer, values, ofChannel) =>
            {
                PtxFloat dx = writer.Multiply(values[0], ofChannel[0], "dx");
                return mask is null ? dx : mask.Combine(writer, dx, values[1]);
            }));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size),
            [selection.Of(node.Input), .. saved, scales[0], selection.Of(node.Output!)]);
    }
}
