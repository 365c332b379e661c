using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>
/// A convolution as a product: a row for each channel of the result, a column for each window of each sample, as deep as channels and
/// taps. The windows are read from the image as they are needed.
/// </summary>
internal sealed class Conv2dCuda : CudaOp
{
    public override string? Refuse(Node node) => CudaActivations.Refuse(((Conv2dOp)node.Op).Activation);

    public override bool FoldsNormalization(Node node) => true;

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (Conv2dOp)node.Op;
        Convolutions.Select(selection, node, op.Window, op.Groups, isTransposed: false);
    }
}

/// <summary>
/// A transposed convolution as a product for each phase of the stride: a column for each pixel of the result, which reads the pixels whose
/// windows it is under.
/// </summary>
internal sealed class ConvTranspose2dCuda : CudaOp
{
    public override string? Refuse(Node node) => CudaActivations.Refuse(((ConvTranspose2dOp)node.Op).Activation);

    public override bool FoldsNormalization(Node node) => true;

    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ConvTranspose2dOp)node.Op;
        Convolutions.Select(selection, node, op.Window, op.Groups, isTransposed: true);
    }
}

/// <summary>What both have in common.</summary>
internal static class Convolutions
{
    /// <summary>Channels of a group's result below which a product's tile would be all but empty.</summary>
    public const int FewRows = 4;

    /// <summary>Phases of a stride beyond which each has too few pixels for a tile.</summary>
    private const int ManyPhases = 16;

    public static void Select(CudaSelection selection, Node node, ConvolutionWindow window, int groups, bool isTransposed)
    {
        var added = Channelwise.Of(selection, node);
        (ProductPartner? partner, CudaArgument[] residual) = node.Residual is { } other
            ? (ProductPartner.Residual, new[] { selection.Of(other) }) : (null, []);
        Select(selection, node, window, groups, isTransposed, added, partner, residual,
            CudaActivations.Epilogue(((IHasEpilogue)node.Op).Activation));
    }

    /// <summary>The gradient of an input is a convolution of the other kind, of the output's gradient.</summary>
    public static void SelectGradient(CudaSelection selection, Node node, ConvolutionWindow window, int groups, bool isTransposed)
    {
        (ProductPartner? partner, CudaArgument[] saved) = CudaActivations.Mask(selection, node);
        Select(selection, node, window, groups, isTransposed, new Channelwise(false, false, []), partner, saved, epilogue: null);
    }

    private static void Select(CudaSelection selection, Node node, ConvolutionWindow window, int groups, bool isTransposed,
        Channelwise added, ProductPartner? partner, CudaArgument[] partners, Func<PtxWriter, PtxFloat, PtxFloat>? epilogue)
    {
        TensorShape input = node.Input.Shape, output = node.Output!.Shape;
        int pixels = output.Height * output.Width;
        CudaArgument[] arguments =
        [
            .. CudaSelection.Of(node, "weight"), selection.Of(node.Input), .. added.Arguments, .. partners, selection.Of(node.Output),
        ];
        int outPer = output.Channels / groups;
        object key = (node.Op, input, output, added.HasScale, added.HasBias);
        TransposedPhases? phases = isTransposed ? new TransposedPhases(window, input, output) : null;
        if (phases?.Count > ManyPhases || (groups > 1 && outPer <= FewRows))
        {
            CudaKernel direct = selection.Kernel(node, key, EachElementKernel.Threads, name =>
                new DirectConvolutionKernel(window, groups, input, output, isTransposed)
                {
                    HasScale = added.HasScale,
                    HasBias = added.HasBias,
                    Partner = partner,
                }.Write(name, node.Title, epilogue));
            selection.LaunchForEach(direct, CudaCount.OfSamples(output.Size), arguments);
            return;
        }
        int taps = window.Kernel.Height * window.Kernel.Width, inPer = input.Channels / groups, depth = inPer * (phases?.Taps ?? taps);
        ProductTile tile = ProductTile.For(outPer, columns: null, depth);
        ProductOperand weights = phases is null
            ? new MatrixOperand("weight", IsDepthContiguous: true, depth) : new TransposedWeightOperand("weight", outPer, phases);
        ProductOperand windows = phases is null
            ? new WindowOperand("input", window, input, output) : new TransposedWindowOperand("input", phases);
        CudaKernel kernel = selection.Kernel(node, key, new ProductKernel(weights, windows, tile)
        {
            Rows = outPer,
            Depth = depth,
            Result = phases is null ? new ImageResult(output.Channels, pixels) : new PhasedResult(phases),
            HasScale = added.HasScale,
            HasBias = added.HasBias,
            IsBiasOfRows = true,
            Partner = partner,
            Groups = groups,
            Phases = phases?.Count ?? 1,
            GroupStrides = (outPer * inPer * taps, inPer * input.Height * input.Width),
            Epilogue = epilogue,
        });
        CudaCount columns = CudaCount.OfSamples(phases?.Pixels ?? pixels);
        CudaExtent across = new(columns, tile.Columns), down = new(CudaCount.Of(outPer), tile.Rows);
        selection.Launches.Add(new CudaLaunch(node, kernel, across, down, [.. arguments, CudaSelection.Of(columns)])
        {
            Layers = groups * (phases?.Count ?? 1),
        });
    }
}
