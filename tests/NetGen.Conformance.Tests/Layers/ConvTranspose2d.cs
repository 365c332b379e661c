using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A convolution's gradient of its input as a layer: each input pixel adds a window to the output.</summary>
internal sealed record ConvTranspose2d(
    int OutChannels, Pair Kernel, Pair Stride, Pair Padding, Pair OutputPadding, int Groups, bool Bias, Pair Dilation)
    : Convolution(OutChannels, Kernel, Stride, Padding, Dilation, Groups, Bias), ILayer
{
    public static IReadOnlyList<string> Kinds => ["convt"];

    public static int Frequency => 5;

    public override string Stem => "convtranspose";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(OutChannels), Windows.Option('k', Kernel, 2), Windows.Option('s', Stride, 2),
        Windows.Option('p', Padding, 2, 0), Windows.Option('o', OutputPadding, 2), Windows.Option('d', Dilation, 2),
        Groups == 1 ? "" : FormattableString.Invariant($"g{Groups}"), Bias ? "" : "nobias",
    ];

    public static Layer Read(Word word, Shape input)
    {
        Pair Read(char letter, int usual) => word.Pair(letter) ?? Pair.Both(usual);
        return new ConvTranspose2d(word.Number(0), Read('k', 1), Read('s', 1), Read('p', 0), Read('o', 0), word.Pair('g')?.Height ?? 1,
            !word.Has("nobias"), Read('d', 1));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Channels);
        attribute.Argument(OutChannels);
        if (attribute.WritesInput && attribute.AsArguments)
        {
            // All numbers or all pairs.
            Pair[] pairs = [Kernel, Stride, Padding, OutputPadding];
            bool numbers = pairs.All(pair => pair.IsSquare) && Dilation.IsSquare && !attribute.AsPairs;
            string Either(Pair pair) => numbers ? AttributeWriter.Code(pair.Height) : AttributeWriter.Code([pair.Height, pair.Width]);
            foreach (Pair pair in pairs)
                attribute.Argument(Either(pair));
            attribute.Argument(Groups);
            attribute.Argument(Bias ? "true" : "false");
            attribute.Argument(Either(Dilation));
            return "ConvTranspose2d";
        }
        attribute.Argument(Kernel);
        attribute.Property("Stride", attribute.Code(Stride), Stride, Pair.Both(1));
        attribute.Property("Padding", attribute.Code(Padding), Padding, Pair.Both(0));
        attribute.Property("OutputPadding", attribute.Code(OutputPadding), OutputPadding, Pair.Both(0));
        attribute.Property("Groups", Groups, 1);
        attribute.Property("Bias", Bias, true);
        attribute.Property("Dilation", attribute.Code(Dilation), Dilation, Pair.Both(1));
        return "ConvTranspose2d";
    }

    public override Shape Infer(Shape input) => new(OutChannels,
        Extent(input.Height, Kernel.Height, Stride.Height, Padding.Height, OutputPadding.Height, Dilation.Height),
        Extent(input.Width, Kernel.Width, Stride.Width, Padding.Width, OutputPadding.Width, Dilation.Width));

    /// <summary>(in − 1)s − 2p + d(k − 1) + output padding + 1, from torch.nn.ConvTranspose2d's documentation.</summary>
    private static int Extent(int extent, int kernel, int stride, int padding, int outputPadding, int dilation) =>
        (extent - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;

    public override IEnumerable<ParameterInfo> Tensors(Shape input)
    {
        int channels = OutChannels / Groups, fanIn = channels * Kernel.Area;
        yield return ParameterInfo.Weight(fanIn, input.Channels, channels, Kernel.Height, Kernel.Width);
        if (Bias)
            yield return ParameterInfo.Bias(fanIn, OutChannels);
    }

    public override long Work(Shape input) => (long)input.Size * OutChannels * Kernel.Area;

    protected override void ForEachProduct<TVisitor>(Shape input, Shape output, TVisitor visitor)
    {
        int inputChannels = input.Channels / Groups, outputChannels = output.Channels / Groups;
        int inputHeight = input.Height, inputWidth = input.Width, outputHeight = output.Height, outputWidth = output.Width;
        for (int i = 0; i < input.Channels; i++)
        for (int y = 0; y < inputHeight; y++)
        for (int x = 0; x < inputWidth; x++)
        for (int o = 0; o < outputChannels; o++)
        for (int ky = 0; ky < Kernel.Height; ky++)
        for (int kx = 0; kx < Kernel.Width; kx++)
        {
            int row = y * Stride.Height - Padding.Height + ky * Dilation.Height;
            int column = x * Stride.Width - Padding.Width + kx * Dilation.Width;
            if ((uint)row < (uint)outputHeight && (uint)column < (uint)outputWidth)
            {
                visitor.Visit(((i / inputChannels * outputChannels + o) * outputHeight + row) * outputWidth + column,
                    (i * inputHeight + y) * inputWidth + x, ((i * outputChannels + o) * Kernel.Height + ky) * Kernel.Width + kx);
            }
        }
    }

    public static Gen<string>? Draw(Place place) => place.Shape.IsImage ? Draw(place.Shape) : null;

    private static Gen<string> Draw(Shape x) =>
        from channels in Place.Channels
        from height in DrawWindow(x.Height)
        from width in DrawWindow(x.Width)
        from groups in Gen.Frequency((3, Gen.Constant(1)), (1, DrawGroups(x.Channels)))
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select FormattableString.Invariant($"convt:{Math.Max(1, channels / groups) * groups},k{height.Kernel}x{width.Kernel},")
            + FormattableString.Invariant($"s{height.Stride}x{width.Stride},")
            + FormattableString.Invariant($"p{height.Padding}x{width.Padding},o{height.Output}x{width.Output},")
            + FormattableString.Invariant($"d{height.Dilation}x{width.Dilation},g{groups}{bias}");

    /// <summary>One dimension, such that something is left of the output.</summary>
    private static Gen<(int Kernel, int Stride, int Padding, int Output, int Dilation)> DrawWindow(int extent) =>
        from kernel in Gen.Choose(1, 4)
        from stride in Gen.Frequency((2, Gen.Constant(1)), (3, Gen.Choose(1, 3)))
        from dilation in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(1, 3)))
        from output in Gen.Choose(0, Math.Max(stride, dilation) - 1)
        from padding in Gen.Choose(0, Math.Min(3, ((extent - 1) * stride + dilation * (kernel - 1) + output) / 2))
        select (kernel, stride, padding, output, dilation);
}
