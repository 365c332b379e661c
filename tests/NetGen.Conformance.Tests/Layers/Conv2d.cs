using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Cross-correlation over images; <c>Conv1d</c> over sequences, as one of height 1.</summary>
internal sealed record Conv2d(int OutChannels, Pair Kernel, Pair Stride, Pair Padding, Pair Dilation, int Groups, bool Bias)
    : Convolution(OutChannels, Kernel, Stride, Padding, Dilation, Groups, Bias), ILayer
{
    public static IReadOnlyList<string> Kinds => ["conv"];

    public static int Frequency => 28;

    public bool IsSequence { get; init; }

    /// <summary>The output is as large as the input, and <see cref="Convolution.Padding"/> has no meaning.</summary>
    public bool IsSame { get; init; }

    /// <summary>What makes it so is all added in front.</summary>
    public bool IsCausal { get; init; }

    public PaddingMode PaddingMode { get; init; }

    public override string Stem => "conv";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(OutChannels), Windows.Option('k', Kernel, Dimensions), Windows.Option('s', Stride, Dimensions),
        Windows.Option('p', Padding, Dimensions, 0), Windows.Option('d', Dilation, Dimensions, 1),
        Groups == 1 ? "" : FormattableString.Invariant($"g{Groups}"), IsCausal ? "causal" : IsSame ? "same" : "",
        PaddingMode == PaddingMode.Zeros ? "" : ModeName, Bias ? "" : "nobias",
    ];

    private int Dimensions => IsSequence ? 1 : 2;

    private string ModeName => PaddingMode.ToString().ToLowerInvariant();

    /// <summary>What is added on each side; where the two sides cannot be equal, the right and the lower one has one more.</summary>
    private Sides Pads
    {
        get
        {
            if (!IsSame)
                return new Sides(Padding.Width, Padding.Width, Padding.Height, Padding.Height);
            if (IsCausal)
                return new Sides(Dilation.Width * (Kernel.Width - 1), 0, 0, 0);
            int rows = Dilation.Height * (Kernel.Height - 1), columns = Dilation.Width * (Kernel.Width - 1);
            return new Sides(columns / 2, columns - columns / 2, rows / 2, rows - rows / 2);
        }
    }

    public static Layer Read(Word word, Shape input)
    {
        Pair Read(char letter, int usual, int rows) => Windows.Over(input, word.Pair(letter) ?? Pair.Both(usual), rows);
        bool causal = word.Has("causal"), same = causal || word.Has("same");
        Pair padding = same ? Windows.Over(input, Pair.Both(0), 0) : Read('p', 0, 0);
        return new Conv2d(word.Number(0), Read('k', 1, 1), Read('s', 1, 1), padding, Read('d', 1, 1), word.Pair('g')?.Height ?? 1,
            !word.Has("nobias"))
        {
            IsSequence = input.IsSequence,
            IsSame = same,
            IsCausal = causal,
            PaddingMode = word.Has("reflect") ? PaddingMode.Reflect
                : word.Has("replicate") ? PaddingMode.Replicate : word.Has("circular") ? PaddingMode.Circular : PaddingMode.Zeros,
        };
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Channels);
        attribute.Argument(OutChannels);
        if (attribute.WritesInput && attribute.AsArguments && !IsSame)
        {
            DeclareAsArguments(attribute);
        }
        else
        {
            attribute.Argument(Code(attribute, Kernel));
            attribute.Property("Stride", Code(attribute, Stride), Stride, Pair.Both(1));
            if (!IsSame)
                attribute.Property("Padding", Code(attribute, Padding), Padding, Windows.Over(inputs[0], Pair.Both(0), 0));
            attribute.Property("Dilation", Code(attribute, Dilation), Dilation, Pair.Both(1));
            attribute.Property("Groups", Groups, 1);
        }
        if (IsSame)
            attribute.Property("Padding", IsCausal ? "\"causal\"" : "\"same\"");
        attribute.Property("PaddingMode", $"\"{ModeName}\"", PaddingMode, PaddingMode.Zeros);
        attribute.Property("Bias", Bias, true);
        return IsSequence ? "Conv1d" : "Conv2d";
    }

    /// <summary>Kernel, stride, padding and dilation, all numbers or all pairs, then the groups.</summary>
    private void DeclareAsArguments(AttributeWriter attribute)
    {
        Pair[] pairs = [Kernel, Stride, Padding, Dilation];
        bool square = pairs.All(pair => pair.IsSquare) && !attribute.AsPairs;
        foreach (Pair pair in pairs)
            attribute.Argument(IsSequence || square ? AttributeWriter.Code(pair.Width) : AttributeWriter.Code([pair.Height, pair.Width]));
        if (IsSequence || Groups != 1)
            attribute.Argument(Groups);
    }

    private string Code(AttributeWriter attribute, Pair pair) => IsSequence ? AttributeWriter.Code(pair.Width) : attribute.Code(pair);

    public override Shape Infer(Shape input) => IsSame
        ? input.WithExtent(OutChannels, input.Height, input.Width)
        : input.WithExtent(OutChannels,
            Windows.ConvolutionExtent(input.Height, Kernel.Height, Stride.Height, Padding.Height, Dilation.Height),
            Windows.ConvolutionExtent(input.Width, Kernel.Width, Stride.Width, Padding.Width, Dilation.Width));

    public override IEnumerable<ParameterInfo> Tensors(Shape input)
    {
        int channels = input.Channels / Groups, fanIn = channels * Kernel.Area;
        int[] extents = IsSequence ? [Kernel.Width] : [Kernel.Height, Kernel.Width];
        yield return ParameterInfo.Weight(fanIn, [OutChannels, channels, .. extents]);
        if (Bias)
            yield return ParameterInfo.Bias(fanIn, OutChannels);
    }

    public override long Work(Shape input) => (long)Infer(input).Size * input.Channels * Kernel.Area;

    /// <summary>Where rows of five taps may run at the points of Toom and Cook: five times.</summary>
    protected override double SharedForwardRounding(Shape input) =>
        Kernel.Width == 5 && Stride.Width == 1 && Dilation.Width == 1 ? 5 : base.SharedForwardRounding(input);

    protected override void ForEachProduct<TVisitor>(Shape input, Shape output, TVisitor visitor)
    {
        int inputChannels = input.Channels / Groups, inputHeight = input.Height, inputWidth = input.Width;
        int outputChannels = output.Channels, outputHeight = output.Height, outputWidth = output.Width;
        Sides pads = Pads;
        for (int o = 0; o < outputChannels; o++)
        for (int y = 0; y < outputHeight; y++)
        for (int x = 0; x < outputWidth; x++)
        {
            int outputIndex = (o * outputHeight + y) * outputWidth + x;
            int top = y * Stride.Height - pads.Top, left = x * Stride.Width - pads.Left;
            int firstChannel = o / (outputChannels / Groups) * inputChannels;
            for (int i = 0; i < inputChannels; i++)
            for (int ky = 0; ky < Kernel.Height; ky++)
            {
                int row = PaddingModes.Source(PaddingMode, top + ky * Dilation.Height, inputHeight);
                if (row < 0)
                    continue;
                int inputRow = ((firstChannel + i) * inputHeight + row) * inputWidth;
                int weightRow = ((o * inputChannels + i) * Kernel.Height + ky) * Kernel.Width;
                for (int kx = 0; kx < Kernel.Width; kx++)
                {
                    int column = PaddingModes.Source(PaddingMode, left + kx * Dilation.Width, inputWidth);
                    if (column >= 0)
                        visitor.Visit(outputIndex, inputRow + column, weightRow + kx);
                }
            }
        }
    }

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? null : Draw(place.Shape);

    private static Gen<string> Draw(Shape x) =>
        from channels in Place.Channels
        from height in Windows.Draw(x.Height, k => k - 1)
        from width in Windows.Draw(x.Width, k => k - 1)
        from square in Gen.Elements(true, false)
        let w = square && x.Height == x.Width ? height : width
        from spread in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
        let dilation = new Pair(Spread(x.Height, height, spread), Spread(x.Width, w, spread))
        from groups in Gen.Frequency((3, Gen.Constant(1)), (1, DrawGroups(x.Channels)), (1, Gen.Constant(x.Channels)))
        from same in Gen.Elements(true, false)
        let outChannels = same && groups > 1 ? x.Channels : Math.Max(1, channels / groups) * groups
        from mode in Gen.Frequency((2, Gen.Constant("")), (1, DrawMode(x, height, w, dilation)))
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select FormattableString.Invariant($"conv:{outChannels},k{height.Kernel}x{w.Kernel},s{height.Stride}x{w.Stride},")
            + FormattableString.Invariant($"p{height.Padding}x{w.Padding},d{dilation.Height}x{dilation.Width},g{groups}{mode}{bias}");

    /// <summary>How the border is made, as far as it is possible there.</summary>
    private static Gen<string> DrawMode(
        Shape x, (int Kernel, int Stride, int Padding) height, (int Kernel, int Stride, int Padding) width, Pair dilation)
    {
        var modes = new List<string> { "", "", "", ",replicate" };
        if (height.Padding < x.Height && width.Padding < x.Width)
            modes.Add(",reflect");
        if (height.Padding <= x.Height && width.Padding <= x.Width)
            modes.Add(",circular");
        if (height.Stride == 1 && width.Stride == 1)
        {
            modes.AddRange([",same", ",same,replicate"]);
            if (dilation.Height * (height.Kernel - 1) < x.Height && dilation.Width * (width.Kernel - 1) < x.Width)
                modes.AddRange([",same,reflect", ",same,circular"]);
        }
        return Gen.Elements(modes.ToArray());
    }

    /// <summary>The wanted dilation, or less where the window would not fit.</summary>
    private static int Spread(int extent, (int Kernel, int Stride, int Padding) window, int wanted) =>
        window.Kernel == 1 ? wanted : Math.Clamp((extent + 2 * window.Padding - 1) / (window.Kernel - 1), 1, wanted);
}
