using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>Generates small networks that are valid: every word is drawn for the shape that arrives at it.</summary>
internal static class RandomNetworks
{
    /// <summary>Multiply-adds of one sample: the reference interpreter is slow, and odd shapes matter more than large ones.</summary>
    private const long MaximumWork = 120_000;

    private static readonly Gen<int> Channels = Gen.Frequency(
        (3, Gen.Choose(1, 9)),
        (2, Gen.Elements(15, 16, 17, 31, 32, 33)),
        (1, Gen.Choose(10, 40)));

    public static Gen<Stack> Networks { get; } =
        (from input in Input
         from length in Gen.Choose(1, 6)
         from words in Words(input, length, 0)
         let output = After(input, words)
         from loss in Gen.Frequency((2, Gen.Elements("", " ce", " mse")), (3, Loss), (1, WeightedLoss(output)))
         select Stack.Parse($"in:{Text(input)} {words}{(TakesVectors(loss) && !output.IsVector ? "" : loss)}"))
        .Where(stack => Work(stack.Layers) <= MaximumWork && stack.Input.Size <= 2000 && stack.Output.Size <= 3000);

    /// <summary>Losses that take any number as output.</summary>
    private static Gen<string> Loss =>
        from kind in Gen.Elements("ce:i=0", "ce:e=0.1", "ce:prob", "ce:e=0.3,prob", "nll", "l1", "huber:d=0.3", "smoothl1:b=0.3", "bcelogits", "bcelogits:w=0.5,p=2", "kl", "kl:log", "cosine:m=0.2")
        from sum in Gen.Elements(false, true)
        select " " + kind + (!sum ? "" : kind.Contains(':') ? ",sum" : ":sum");

    /// <summary>Losses with a weight for each class, feature or channel; for <c>BCELoss</c> behind the sigmoid that it needs.</summary>
    private static Gen<string> WeightedLoss(TensorShape output) =>
        from kind in Gen.Elements("ce", "ce:i=0,e=0.2", "ce:prob", "nll:i=0", "bcelogits", "bcelogits,p", "bce", "bce:sum")
        let factors = string.Join('/', Enumerable.Range(0, output.Channels).Select(i => ((i % 5 + 1) * 0.5).ToString(CultureInfo.InvariantCulture)))
        let name = kind.Split(',', ':')[0]
        let weights = kind == "bcelogits,p" ? $"w=0.5,p={factors}" : $"w={factors}"
        select (name == "bce" ? " sigmoid " : " ") + (kind.Contains(':') ? $"{kind},{weights}" : $"{name}:{weights}");

    private static bool TakesVectors(string loss) => loss.Length > 0 && loss[1..].Split(':')[0] is "ce" or "nll" or "cosine";

    private static Gen<TensorShape> Input => Gen.Frequency(
        (1, from n in Channels select TensorShape.Vector(n)),
        (1, from c in Channels
            from l in Gen.Choose(1, 30)
            select TensorShape.Sequence(c, l)),
        (3, from c in Channels
            from h in Gen.Choose(1, 12)
            from w in Gen.Choose(1, 14)
            select TensorShape.Image(c, h, w)));

    /// <summary>A stack of that many words, a residual counting as one.</summary>
    private static Gen<string> Words(TensorShape x, int length, int depth) => length == 0
        ? Gen.Constant("")
        : from first in Word(x, depth)
          from rest in Words(After(x, first), length - 1, depth)
          select rest == "" ? first : first + " " + rest;

    private static Gen<string> Word(TensorShape x, int depth)
    {
        Gen<string> activation = Gen.Frequency((3, Gen.Constant("relu")), (2, Gen.Elements("sigmoid", "tanh", "gelu", "gelutanh")),
            (2, Gen.Elements("leakyrelu", "leakyrelu:0.25", "elu", "elu:0.5", "selu", "silu", "mish", "hardswish", "hardsigmoid", "relu6", "hardtanh", "hardtanh:-0.5,2", "softplus", "softplus:2,1")));
        Gen<string> residual = depth < 2 ? Residual(x, depth) : activation;
        return x.IsVector
            ? Gen.Frequency((12, Linear), (8, activation), (2, Gen.Elements("softmax", "logsoftmax", "prelu", $"prelu:{Text(x)}")), (2, SampleNorm(x)), (2, residual), (2, Normalization), (2, Unflatten(x)), (1, Named(x, depth)))
            : Gen.Frequency((14, Convolution(x)), (x.IsImage ? 2 : 0, x.IsImage ? Border(x) : activation), (x.IsImage ? 3 : 0, x.IsImage ? Transposed(x) : activation), (8, activation), (4, Normalization), (3, SampleNorm(x)),
                (2, Gen.Elements("prelu", string.Create(CultureInfo.InvariantCulture, $"prelu:{x.Channels}"))), (4, Pool(x)), (2, AdaptivePool(x)), (3, Upsampling(x)), (2, residual), (2, Flattening(x)),
                (1, x.IsSequence ? Unflatten(x) : Unpooling(x, activation)), (1, Named(x, depth)));
    }

    /// <summary>By factors or to a size, mostly larger than before.</summary>
    private static Gen<string> Upsampling(TensorShape x)
    {
        Gen<(double Factor, int Size)> Extent(int extent) =>
            from factor in Gen.Elements(1, 1.5, 1.7, 2, 2, 2, 3, 0.6)
            from size in Gen.Choose(1, 2 * extent + 1)
            select ((int)(extent * factor) < 1 ? 2 : factor, size);
        return from height in Extent(x.Height)
               from width in Extent(x.Width)
               from alike in Gen.Elements(true, false)
               from toSize in Gen.Elements(true, false)
               from mode in Gen.Elements("", "", ",linear", ",linear", ",linear,align")
               // PyTorch ignores the factors' fractions only where corners are aligned; sizes say it all there.
               let sized = toSize || mode.EndsWith("align", StringComparison.Ordinal)
               let rows = alike && (int)(x.Height * width.Factor) >= 1 ? width.Factor : height.Factor
               select x.IsSequence
                   ? FormattableString.Invariant(sized ? $"up:o{width.Size}{mode}" : (FormattableString)$"up:{width.Factor}{mode}")
                   : FormattableString.Invariant(sized ? $"up:o{height.Size}x{width.Size}{mode}" : (FormattableString)$"up:{rows}x{width.Factor}{mode}");
    }

    /// <summary>A maximum pooling and, perhaps behind a layer that keeps the shape, its inverse.</summary>
    private static Gen<string> Unpooling(TensorShape x, Gen<string> activation) =>
        from height in Window(x.Height, k => k / 2)
        from width in Window(x.Width, k => k / 2)
        from ceil in Gen.Elements("", ",ceil")
        let pool = FormattableString.Invariant($"max@pool:k{height.Kernel}x{width.Kernel},s{height.Stride}x{width.Stride},p{height.Padding}x{width.Padding}{ceil},indices")
        from between in Gen.Frequency((1, Gen.Constant("")), (2, from a in activation select a + " "), (1, Gen.Constant(FormattableString.Invariant($"conv:{x.Channels},k3,p1 "))))
        select $"seq[ {pool} {between}unpool:pool ]";

    /// <summary>All dimensions into one, or some of them.</summary>
    private static Gen<string> Flattening(TensorShape x) => x.IsImage
        ? Gen.Elements("flatten", "flatten", "flatten:2,-1", "flatten:1,2", "flatten:-3,-1")
        : Gen.Elements("flatten", "flatten:1,2", "flatten:-2,-1");

    /// <summary>A vector to a sequence or an image, a sequence to an image.</summary>
    private static Gen<string> Unflatten(TensorShape x) =>
        from dim in Gen.Choose(1, x.Rank)
        let size = x.Dimensions[dim - 1]
        from first in Divisor(size)
        from second in Divisor(size / first)
        from two in Gen.Elements(true, false)
        from open in Gen.Elements(true, false)
        from negative in Gen.Elements(true, false)
        let shownDim = negative ? dim - x.Rank - 1 : dim
        select two || x.Rank == 2
            ? FormattableString.Invariant($"unflatten:{shownDim},{first}x{(open ? -1 : size / first)}")
            : FormattableString.Invariant($"unflatten:{shownDim},{first}x{(open ? -1 : second)}x{size / first / second}");

    private static Gen<int> Divisor(int size) => Gen.Elements(Enumerable.Range(1, size).Where(n => size % n == 0).ToArray());

    /// <summary>Layers that do nothing by themselves: the identity, and one or two layers under a name of their own.</summary>
    private static Gen<string> Named(TensorShape x, int depth) => depth >= 2
        ? Gen.Constant("identity")
        : Gen.Frequency((1, Gen.Constant("identity")), (1, from length in Gen.Choose(1, 2)
                                                           from words in Words(x, length, depth + 1)
                                                           select $"seq[ {words} ]"));

    private static Gen<string> Normalization => Gen.Elements("bn", "bn", "bn:plain", "bn:eps0.01,momentum0.5", "bn:cumulative");

    /// <summary>A normalisation of single samples, with enough eps that a set of equal values does not blow up its rounding.</summary>
    private static Gen<string> SampleNorm(TensorShape x)
    {
        string shape = Text(x), last = x.Dimensions[x.Rank - 1].ToString(CultureInfo.InvariantCulture);
        Gen<string> layer = from kind in Gen.Elements("layernorm", "rmsnorm")
                            from over in Gen.Elements(shape, last, x.Rank == 3 ? shape[(shape.IndexOf('x') + 1)..] : shape)
                            from options in Gen.Elements("", ",plain", ",nobias")
                            select $"{kind}:{over},eps0.05{options}";
        Gen<string> group = from groups in Gen.Elements(Enumerable.Range(1, x.Dimensions[0]).Where(n => x.Dimensions[0] % n == 0))
                            from options in Gen.Elements("", ",plain")
                            select string.Create(CultureInfo.InvariantCulture, $"groupnorm:{groups},eps0.05{options}");
        return x.Rank > 1 && x.Size > x.Dimensions[0]
            ? Gen.Frequency((2, layer), (2, group), (1, Gen.Elements("instancenorm:eps0.05", "instancenorm:affine,eps0.05")))
            : Gen.Frequency((1, layer), (1, group));
    }

    private static Gen<string> Linear =>
        from features in Channels
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select string.Create(CultureInfo.InvariantCulture, $"linear:{features}{bias}");

    private static Gen<string> Convolution(TensorShape x) =>
        from channels in Channels
        from height in Window(x.Height, k => k - 1)
        from width in Window(x.Width, k => k - 1)
        from square in Gen.Elements(true, false)
        let w = square && x.Height == x.Width ? height : width
        from spread in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
        let dilation = new Pair(Spread(x.Height, height, spread), Spread(x.Width, w, spread))
        from groups in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Elements(Enumerable.Range(1, x.Channels).Where(g => x.Channels % g == 0).ToArray())), (1, Gen.Constant(x.Channels)))
        from same in Gen.Elements(true, false)
        let outChannels = same && groups > 1 ? x.Channels : Math.Max(1, channels / groups) * groups
        from mode in Gen.Frequency((2, Gen.Constant("")), (1, Mode(x, height, w, dilation)))
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select string.Create(CultureInfo.InvariantCulture,
            $"conv:{outChannels},k{height.Kernel}x{w.Kernel},s{height.Stride}x{w.Stride},p{height.Padding}x{w.Padding},d{dilation.Height}x{dilation.Width},g{groups}{mode}{bias}");

    private static Gen<string> Transposed(TensorShape x) =>
        from channels in Channels
        from height in TransposedWindow(x.Height)
        from width in TransposedWindow(x.Width)
        from groups in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Elements(Enumerable.Range(1, x.Channels).Where(g => x.Channels % g == 0).ToArray())))
        from bias in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant(",nobias")))
        select string.Create(CultureInfo.InvariantCulture,
            $"convt:{Math.Max(1, channels / groups) * groups},k{height.Kernel}x{width.Kernel},s{height.Stride}x{width.Stride},p{height.Padding}x{width.Padding},o{height.Output}x{width.Output},d{height.Dilation}x{width.Dilation},g{groups}{bias}");

    /// <summary>One dimension of a transposed convolution, such that something is left of the output.</summary>
    private static Gen<(int Kernel, int Stride, int Padding, int Output, int Dilation)> TransposedWindow(int extent) =>
        from kernel in Gen.Choose(1, 4)
        from stride in Gen.Frequency((2, Gen.Constant(1)), (3, Gen.Choose(1, 3)))
        from dilation in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(1, 3)))
        from output in Gen.Choose(0, Math.Max(stride, dilation) - 1)
        from padding in Gen.Choose(0, Math.Min(3, ((extent - 1) * stride + dilation * (kernel - 1) + output) / 2))
        select (kernel, stride, padding, output, dilation);

    /// <summary>How the border is made, as far as it is possible there.</summary>
    private static Gen<string> Mode(TensorShape x, (int Kernel, int Stride, int Padding) height, (int Kernel, int Stride, int Padding) width, Pair dilation)
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

    private static Gen<string> Border(TensorShape x) =>
        from kind in Gen.Elements("zeropad", "reflectionpad", "replicationpad")
        from left in Gen.Choose(0, Math.Min(3, x.Width - 1))
        from right in Gen.Choose(0, Math.Min(3, x.Width - 1))
        from top in Gen.Choose(0, Math.Min(3, x.Height - 1))
        from bottom in Gen.Choose(0, Math.Min(3, x.Height - 1))
        select string.Create(CultureInfo.InvariantCulture, $"{kind}:{left}x{right}x{top}x{bottom}");

    /// <summary>The wanted dilation, or less where the window would not fit.</summary>
    private static int Spread(int extent, (int Kernel, int Stride, int Padding) window, int wanted)
        => window.Kernel == 1 ? wanted : Math.Clamp((extent + 2 * window.Padding - 1) / (window.Kernel - 1), 1, wanted);

    private static Gen<string> Pool(TensorShape x) =>
        from kind in Gen.Elements("max", "avg")
        from height in Window(x.Height, k => k / 2)
        from width in Window(x.Width, k => k / 2)
        from square in Gen.Elements(true, false)
        let h = x.IsSequence || (square && x.Height == x.Width) ? width : height
        from ceil in Gen.Elements("", ",ceil")
        from counted in Gen.Elements("", ",nopad")
        from divisor in Gen.Frequency((5, Gen.Constant("")), (1, from n in Gen.Choose(2, 9) select string.Create(CultureInfo.InvariantCulture, $",by{n}")))
        from dilation in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 3)))
        // Only where the spread window still fits and its first element does not lie before the input.
        let spreads = dilation > 1 && h.Padding == 0 && width.Padding == 0 && (h.Kernel - 1) * dilation < x.Height && (width.Kernel - 1) * dilation < x.Width
        select string.Create(CultureInfo.InvariantCulture, $"{kind}:k{h.Kernel}x{width.Kernel},s{h.Stride}x{width.Stride},p{h.Padding}x{width.Padding}")
            + ceil + (kind == "max" ? spreads ? string.Create(CultureInfo.InvariantCulture, $",d{dilation}") : "" : x.IsSequence ? counted : counted + divisor);

    private static Gen<string> AdaptivePool(TensorShape x)
    {
        // Mostly fewer elements than before, at times the same, and at times more.
        Gen<string> Extent(int size) => Gen.Frequency(
            (2, Gen.Constant("1")),
            (3, from n in Gen.Choose(1, size) select n.ToString(CultureInfo.InvariantCulture)),
            (1, Gen.Constant("_")),
            (1, from n in Gen.Choose(1, size + 3) select n.ToString(CultureInfo.InvariantCulture)));
        return from kind in Gen.Elements("aavg", "amax")
               from height in Extent(x.Height)
               from width in x.IsSequence ? Gen.Choose(1, x.Width + 1).Select(n => n.ToString(CultureInfo.InvariantCulture)) : Extent(x.Width)
               select x.IsSequence ? $"{kind}:{width}" : $"{kind}:{height}x{width}";
    }

    /// <summary>Kernel, stride and padding of one dimension, such that at least one window fits.</summary>
    private static Gen<(int Kernel, int Stride, int Padding)> Window(int extent, Func<int, int> largestPadding) =>
        from kernel in Gen.Frequency((1, Gen.Constant(1)), (3, Gen.Choose(1, Math.Min(5, extent + 2))))
        from drawn in Gen.Choose(0, largestPadding(kernel))
        let needed = Math.Max(0, (kernel - extent + 1) / 2)
        let fits = needed <= largestPadding(kernel)
        from stride in Gen.Frequency((2, Gen.Constant(1)), (2, Gen.Choose(1, 3)))
        select fits ? (kernel, stride, Math.Max(drawn, needed)) : (Math.Min(kernel, extent), stride, 0);

    /// <summary>x + body(x): layers that keep the shape, or two that leave it and come back.</summary>
    private static Gen<string> Residual(TensorShape x, int depth)
    {
        Gen<string> activation = Gen.Elements("relu", "tanh", "gelu");
        if (x.IsVector)
        {
            return from inner in Channels
                   from a in activation
                   from form in Gen.Choose(0, 3)
                   from nested in Word(x, 2)
                   let same = After(x, nested) == x ? nested + " " : ""
                   select FormattableString.Invariant(form switch
                   {
                       0 => $"res[ {a} ]",
                       1 => (FormattableString)$"res[ {same}linear:{x.Features} ]",
                       2 => $"res[ linear:{inner} {a} linear:{x.Features} ]",
                       _ => $"res[ linear:{x.Features} {a} res[ linear:{x.Features} ] ]",
                   });
        }
        if (x.IsSequence)
        {
            return from kind in Gen.Elements("max", "avg")
                   from a in activation
                   select $"res[ {kind}:k3,s1,p1 {a} ]";
        }
        return from inner in Channels
               from a in activation
               from form in Gen.Choose(0, 6)
               from stride in Gen.Choose(1, 2)
               select FormattableString.Invariant(form switch
               {
                   5 => $"res[ conv:{inner},k3,s{stride},p1,nobias bn {a} conv:{inner},k3,p1,nobias bn | conv:{inner},k1,s{stride},nobias bn ] {a}",
                   6 => $"res[ conv:{inner},k3,p1 | seq[ {a} conv:{inner},k1 ] ]",
                   0 => $"res[ conv:{x.Channels},k3,p1 ]",
                   1 => (FormattableString)$"res[ conv:{inner},k3,p1 {a} conv:{x.Channels},k3,p1 ]",
                   2 => $"res[ conv:{inner},k1 {a} conv:{x.Channels},k1,nobias ] {a}",
                   3 => $"res[ max:k3,s1,p1 {a} ]",
                   _ => $"res[ conv:{x.Channels},k3x1,p1x0 {a} res[ conv:{x.Channels},k1x3,p0x1 ] ]",
               });
    }

    private static TensorShape After(TensorShape x, string words) => Stack.Parse($"in:{Text(x)} {words}").Output;

    private static string Text(TensorShape shape) => string.Join("x", shape.Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)));

    private static long Work(IEnumerable<InferredLayer> layers) => layers.Sum(l => l.Spec switch
    {
        ConvTranspose2dSpec c => (long)l.Input.Size * l.Output.Channels * c.Kernel.Area,
        Conv2dSpec c => (long)l.Output.Size * l.Input.Channels * c.Kernel.Area,
        LinearSpec => (long)l.Output.Size * l.Input.Size,
        BilinearSpec => (long)l.Output.Size * l.Input.Size * l.Inputs[1].Shape.Size,
        ResidualSpec or SequentialSpec => Work(l.Members),
        _ => 0,
    });
}
