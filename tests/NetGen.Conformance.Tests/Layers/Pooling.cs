using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// What poolings over windows of a given size have in common, over images and over sequences, whose windows have one row.
/// </summary>
/// <param name="Dimensions">1 over sequences, 2 over images.</param>
internal abstract record Pooling(Pair Kernel, Pair Stride, Pair Padding, bool CeilMode, int Dimensions) : UnaryOperation
{
    /// <summary>Elements from one of the window to the next.</summary>
    public Pair Dilation { get; init; } = Pair.Both(1);

    public override IEnumerable<string> Options =>
    [
        Windows.Option('k', Kernel, Dimensions), Windows.Option('s', Stride, Dimensions), Windows.Option('p', Padding, Dimensions, 0),
        Windows.Option('d', Dilation, Dimensions, 1), CeilMode ? "ceil" : "",
    ];

    public sealed override Shape Infer(Shape input) => input.WithExtent(input.Channels,
        Extent(input.Height, Kernel.Height, Stride.Height, Padding.Height, Dilation.Height),
        Extent(input.Width, Kernel.Width, Stride.Width, Padding.Width, Dilation.Width));

    /// <summary>The input elements under each output element's window, in row-major order, padding left out.</summary>
    /// <param name="visit">Takes the output element, its window, and the window's size with the padding that counts.</param>
    public void ForEachWindow(Shape input, Shape output, Action<int, List<int>, int> visit)
    {
        var window = new List<int>();
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        {
            window.Clear();
            int top = y * Stride.Height - Padding.Height, left = x * Stride.Width - Padding.Width;
            for (int row = top; row < top + Kernel.Height * Dilation.Height; row += Dilation.Height)
            for (int column = left; column < left + Kernel.Width * Dilation.Width; column += Dilation.Width)
            {
                if ((uint)row < (uint)input.Height && (uint)column < (uint)input.Width)
                    window.Add((c * input.Height + row) * input.Width + column);
            }
            // Padding is counted, but not what ceil mode hangs over beyond it.
            int rows = Math.Min(top + Kernel.Height, input.Height + Padding.Height) - top;
            int columns = Math.Min(left + Kernel.Width, input.Width + Padding.Width) - left;
            visit((c * output.Height + y) * output.Width + x, window, rows * columns);
        }
    }

    /// <summary>A word's window, stride and padding.</summary>
    protected static (Pair Kernel, Pair Stride, Pair Padding) ReadWindow(Word word, Shape input)
    {
        Pair kernel = word.Pair('k') ?? Pair.Both(1);
        return (Windows.Over(input, kernel, 1), Windows.Over(input, word.Pair('s') ?? kernel, 1),
            Windows.Over(input, word.Pair('p') ?? Pair.Both(0), 0));
    }

    protected void DeclareWindow(AttributeWriter attribute)
    {
        string Code(Pair pair) => Dimensions == 1 ? AttributeWriter.Code(pair.Width) : attribute.Code(pair);
        attribute.Argument(Code(Kernel));
        bool numbers = Dimensions == 1 || (!attribute.AsPairs && Kernel.IsSquare && Stride.IsSquare && Padding.IsSquare);
        if (attribute.AsArguments && numbers)
        {
            // Kernel, stride and padding, all numbers.
            attribute.Argument(Code(Stride));
            attribute.Argument(Code(Padding));
        }
        else
        {
            attribute.Property("Stride", Code(Stride), Stride, Kernel);
            attribute.Property("Padding", Code(Padding), Padding, Pair.Both(0));
        }
        attribute.Property("Dilation", Code(Dilation), Dilation, Pair.Both(1));
        attribute.Property("CeilMode", CeilMode, false);
    }

    /// <summary>torch.nn.MaxPool2d's: in ceil mode the last window must start inside the input or its left padding.</summary>
    private int Extent(int extent, int kernel, int stride, int padding, int dilation)
    {
        int count = (extent + 2 * padding - dilation * (kernel - 1) - 1 + (CeilMode ? stride - 1 : 0)) / stride + 1;
        if (CeilMode && (count - 1) * stride >= extent + padding)
            count--;
        return count;
    }

    /// <summary>A pooling of one of the kinds, which are drawn first.</summary>
    public static Gen<string> Draw(Shape x, Gen<string> kinds) =>
        from kind in kinds
        from height in Windows.Draw(x.Height, k => k / 2)
        from width in Windows.Draw(x.Width, k => k / 2)
        from square in Gen.Elements(true, false)
        let h = x.IsSequence || (square && x.Height == x.Width) ? width : height
        from ceil in Gen.Elements("", ",ceil")
        from counted in Gen.Elements("", ",nopad")
        from divisor in Gen.Frequency((5, Gen.Constant("")), (1, from n in Gen.Choose(2, 9) select FormattableString.Invariant($",by{n}")))
        from dilation in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 3)))
        // Only where the spread window still fits and its first element does not lie before the input.
        let spreads = dilation > 1 && h.Padding == 0 && width.Padding == 0
            && (h.Kernel - 1) * dilation < x.Height && (width.Kernel - 1) * dilation < x.Width
        select FormattableString.Invariant($"{kind}:k{h.Kernel}x{width.Kernel},s{h.Stride}x{width.Stride},p{h.Padding}x{width.Padding}")
            + ceil
            + (kind == "max" ? spreads ? FormattableString.Invariant($",d{dilation}") : "" : x.IsSequence ? counted : counted + divisor);
}
