using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>What is done with each channel of a node's result: a scale and a shift, or the layer's bias.</summary>
/// <param name="Arguments">The scale and the bias, as far as there are such.</param>
internal sealed record Channelwise(bool HasScale, bool HasBias, CudaArgument[] Arguments)
{
    /// <summary>The node's bias, or what a batch normalisation in it makes of that.</summary>
    public static Channelwise Of(CudaSelection selection, Node node)
    {
        if (node.Op is IFoldsNormalization { Normalization: { } normalization })
        {
            return new Channelwise(true, true,
                OfNormalization(selection, node, normalization, BatchNormOp.FoldedPrefix, CudaSelection.Of(node, "bias")));
        }
        CudaArgument[] bias = CudaSelection.Of(node, "bias");
        return new Channelwise(false, bias.Length > 0, bias);
    }

    /// <summary>Scale and shift of a batch normalisation, which are computed when parameters have changed.</summary>
    /// <param name="prefix">Before the names of its slots.</param>
    /// <param name="before">The bias in front of it; nothing where there is none.</param>
    public static CudaArgument[] OfNormalization(
        CudaSelection selection, Node node, BatchNormOp normalization, string prefix, CudaArgument[] before)
    {
        int channels = node.Parameter(prefix + "running_mean").Length;
        var scales = new CudaConstant.Prepared(node, "scales and shifts", 2L * channels);
        // The gradient of a frozen normalisation reads them too.
        if (selection.Constants.Contains(scales))
            return [selection.Of(scales), selection.Of(scales, channels)];
        bool hasBias = before.Length > 0;
        CudaKernel kernel = selection.Kernel(node, ("scales", channels, normalization.Eps, normalization.Affine, hasBias),
            EachElementKernel.Threads, name => ChannelwiseKernel.WriteScales(name, $"{node.Title}: scale and shift of each channel.",
                channels, normalization.Eps, normalization.Affine, hasBias), "Scales");
        CudaCount count = CudaCount.Of(channels);
        selection.Preparations.Add(new CudaLaunch(node, kernel, new CudaExtent(count, kernel.Threads), CudaExtent.One,
        [
            .. CudaSelection.Of(node, prefix + "running_mean"), .. CudaSelection.Of(node, prefix + "running_var"),
            .. CudaSelection.Of(node, prefix + "weight"), .. CudaSelection.Of(node, prefix + "bias"), .. before, selection.Of(scales),
            CudaSelection.Of(count),
        ]));
        return [selection.Of(scales), selection.Of(scales, channels)];
    }
}

/// <summary>A scale and a shift of each channel, where no product in front takes them.</summary>
internal sealed class BatchNormCuda : CudaOp
{
    public override string? Refuse(Node node) => CudaActivations.Refuse(((BatchNormOp)node.Op).Activation);

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (BatchNormOp)node.Op;
        CudaArgument[] scales = op.IsTraining ? BatchStatistics.Select(selection, node, op)
            : Channelwise.OfNormalization(selection, node, op, "", []);
        int channels = node.Input.Shape.Channels, pixels = node.Input.Shape.Size / channels;
        bool hasResidual = node.Residual is not null;
        object key = ("normalise", channels, pixels, op.Activation, hasResidual);
        CudaKernel kernel = selection.Kernel(node, key, EachElementKernel.Threads, name =>
            new ChannelwiseKernel(channels, pixels, hasResidual ? 2 : 1, 2).Write(name, node.Title, (writer, x, ofChannel) =>
            {
                PtxFloat y = writer.MultiplyAdd(x[0], ofChannel[0], ofChannel[1], "y");
                if (hasResidual)
                    y = writer.Add(y, x[1], "y");
                return CudaActivations.Epilogue(op.Activation)?.Invoke(writer, y) ?? y;
            }));
        CudaArgument[] residual = node.Residual is { } other ? [selection.Of(other)] : [];
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Input.Shape.Size),
            [selection.Of(node.Input), .. residual, .. scales, selection.Of(node.Output!)]);
    }
}

/// <summary>x where it is positive, x times its channel's slope elsewhere.</summary>
internal sealed class PReLUCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        int channels = ((PReLUOp)node.Op).PerChannel ? node.Input.Shape.Channels : 1, pixels = node.Input.Shape.Size / channels;
        // One slope is the channel's whose number is that of a value with one channel.
        var shape = new ChannelwiseKernel(channels, pixels, 1, 1);
        CudaKernel kernel = selection.Kernel(node, ("prelu", shape), EachElementKernel.Threads, name => shape.Write(name, node.Title,
            (writer, x, slopes) => new PtxCode(writer).With("x", x[0]).With("slope", slopes[0])
                .Float(Functions.PReLUFunction.Apply(Functions.ElementValue.Named("x"), Functions.ElementValue.Named("slope")), "y")));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(node.Input.Shape.Size),
            [selection.Of(node.Input), .. CudaSelection.Of(node, "weight"), selection.Of(node.Output!)]);
    }
}
