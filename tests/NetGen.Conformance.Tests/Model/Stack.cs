using System.Globalization;
using NetGen.Conformance.Tests.Reference;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// A network written as one line of words, e.g. <c>in:1x28x28 conv:6,k5,p2 relu max:k2 flatten linear:10 ce</c>: the notation
/// of <c>golden/make_golden.py</c>, where it is described, and besides <c>drop:P</c> and <c>drop2d:P</c>.
/// </summary>
/// <remarks>
/// Shapes are computed here by the formulas of PyTorch's documentation and not by the generator's inference, so that the two
/// can be compared.
/// </remarks>
internal sealed record Stack(string Text, string Name, TensorShape Input, IReadOnlyList<InferredLayer> Layers, LossSpec? Loss)
{
    /// <summary>The targets are probabilities, where the loss takes labels too.</summary>
    public bool TakesProbabilities { get; init; }

    public TensorShape Output => Layers.Count == 0 ? Input : Layers[^1].Output;

    public InferredNetwork Network => new(
        new NetworkSpec("Tests", EquatableArray<ContainingTypeSpec>.Empty, Name, "public sealed", Input.Dimensions,
            Layers.Select(l => l.Spec).ToEquatableArray(), Loss, new TargetSpec(true)),
        Input, Output, Layers.ToEquatableArray());

    /// <summary>Tensors in declaration order, which is the order of files.</summary>
    public IReadOnlyList<ParameterInfo> Parameters => ParameterInfo.Of(Layers).ToArray();

    /// <summary>Training needs two samples where a layer's statistics see one value of a channel in each.</summary>
    public int MinimumBatch => NeedsTwo(Layers) ? 2 : 1;

    /// <summary>A layer's result for one sample depends on the others of the batch.</summary>
    public static bool HasBatchStatistics(IEnumerable<InferredLayer> layers) => layers.Any(l => l.Spec is BatchNormSpec || HasBatchStatistics(l.Members));

    private static bool NeedsTwo(IEnumerable<InferredLayer> layers) => layers.Any(l => (l.Spec is BatchNormSpec && l.Input.Size == l.Input.Dimensions[0]) || NeedsTwo(l.Members));

    public override string ToString() => Text;

    public static Stack Parse(string text, string name = "Net")
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string first = words.Dequeue();
        if (!first.StartsWith("in:", StringComparison.Ordinal))
            throw new FormatException($"'{text}' does not start with in:SHAPE.");
        int[] dimensions = first[3..].Split('x').Select(Number).ToArray();
        var input = new TensorShape(dimensions.ToEquatableArray());
        List<InferredLayer> layers = ReadLayers(words, "", input, []);
        LossSpec? loss = null;
        if (words.TryDequeue(out string? last))
            loss = LossWord.Parse(last) ?? throw new FormatException($"'{last}' in '{text}'.");
        return new Stack(text, name, input, layers, loss) { TakesProbabilities = last is not null && LossWord.TakesProbabilities(last) };
    }

    /// <summary>The stack from layers that were made rather than parsed; the text is written from them.</summary>
    public static Stack Of(TensorShape input, IReadOnlyList<InferredLayer> layers, LossSpec? loss, string name = "Net")
    {
        var words = new List<string> { "in:" + string.Join("x", input.Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture))) };
        words.AddRange(layers.Select(Word));
        if (loss is not null)
            words.Add(LossWord.Format(loss, probabilities: false));
        return new Stack(string.Join(" ", words), name, input, layers, loss);
    }

    /// <param name="known">All layers before, by path, to which these are added.</param>
    private static List<InferredLayer> ReadLayers(Queue<string> words, string prefix, TensorShape x, Dictionary<string, InferredLayer> known)
    {
        var layers = new List<InferredLayer>();
        var numbers = new Dictionary<string, int>();
        while (words.TryPeek(out string? word) && word is not ("]" or "|") && LossWord.Parse(word) is null)
        {
            words.Dequeue();
            string[] headAndRest = word.Split(':', 2);
            string[] kindAndName = headAndRest[0].Split('@', 2);
            string[] options = headAndRest.Length == 2 ? headAndRest[1].Split(',') : [];
            string kind = kindAndName[0];
            string prefixName = KindName(kind);
            numbers[prefixName] = numbers.GetValueOrDefault(prefixName) + 1;
            string name = kindAndName.Length == 2 ? kindAndName[1] : prefixName + numbers[prefixName].ToString(CultureInfo.InvariantCulture);
            string path = prefix + name;
            InferredLayer layer;
            if (kind == "res[")
            {
                List<InferredLayer> body = ReadLayers(words, path + ".", x, known);
                TensorShape output = body[^1].Output, other = x;
                var scopes = new List<InferredScope> { Scope("", path, body) };
                if (words.TryPeek(out string? bar) && bar == "|")
                {
                    words.Dequeue();
                    List<InferredLayer> shortcut = ReadLayers(words, path + ".shortcut.", x, known);
                    other = shortcut.Count == 0 ? x : shortcut[^1].Output;
                    scopes.Add(Scope("shortcut", path + ".shortcut", shortcut));
                }
                Close(words);
                if (output != other)
                    throw new FormatException($"The block {path} adds {output} and {other}.");
                var spec = new ResidualSpec(name) { Scopes = scopes.Select(scope => scope.Spec).ToEquatableArray() };
                layer = Layer(spec, path, output, scopes, scopes.Count == 1 ? [x, output] : [x, output, other]);
            }
            else if (kind == "seq[")
            {
                List<InferredLayer> body = ReadLayers(words, path + ".", x, known);
                Close(words);
                InferredScope scope = Scope("", path, body);
                var spec = new SequentialSpec(name, "") { Scopes = new[] { scope.Spec }.ToEquatableArray() };
                layer = Layer(spec, path, body[^1].Output, [scope], x, body[^1].Output);
            }
            else if (kind == "unpool")
            {
                InferredLayer pool = known.GetValueOrDefault(NamedPath(path, options[0], known.ContainsKey) ?? "") ?? throw new FormatException($"There is no pool {options[0]} before {path}.");
                if (pool.Output != x)
                    throw new FormatException($"{path} takes {pool.Output}, not {x}.");
                layer = Layer(new MaxUnpool2dSpec(name, options[0], null, null, null), path, pool.Input, [], x, pool.Output);
            }
            else if (kind == "bil")
            {
                TensorShape second = (known.GetValueOrDefault(NamedPath(path, options[1], known.ContainsKey) ?? "") ?? throw new FormatException($"There is no layer {options[1]} before {path}.")).Output;
                int outFeatures = Number(options[0]);
                var spec = new BilinearSpec(name, x.Features, second.Features, outFeatures, !options.Contains("nobias"), options[1]);
                layer = Layer(spec, path, TensorShape.Vector(outFeatures), [], x, second);
            }
            else
            {
                layer = Infer(ReadSpec(kind, name, options, x), path, x);
            }
            layers.Add(layer);
            known[path] = layer;
            x = layer.Output;
        }
        return layers;
    }

    /// <summary>The layer that an unpooling or a bilinear layer names: beside it, else around the block that holds it, and so on outwards.</summary>
    public static string? NamedPath(string path, string name, Func<string, bool> exists)
    {
        string[] scopes = path.Split('.')[..^1];
        return Enumerable.Range(0, scopes.Length + 1).Select(outwards => string.Join('.', scopes[..^outwards].Append(name))).FirstOrDefault(exists);
    }

    private static void Close(Queue<string> words)
    {
        if (!words.TryDequeue(out string? end) || end != "]")
            throw new FormatException("A block is not closed by ']'.");
    }

    private static string KindName(string kind) => kind switch
    {
        "seq[" => "sequential",
        "res[" => "residual",
        "convt" => "convtranspose",
        "max" => "maxpool",
        "avg" => "avgpool",
        "aavg" => "adaptiveavgpool",
        "amax" => "adaptivemaxpool",
        "unpool" => "maxunpool",
        "bil" => "bilinear",
        "up" => "upsample",
        "drop" => "dropout",
        "drop2d" => "dropout",
        "alphadrop" => "alphadropout",
        "gelutanh" => "gelu",
        "bn" => "batchnorm",
        _ => kind,
    };

    private static LayerSpec ReadSpec(string kind, string name, string[] options, TensorShape x)
    {
        Pair? Option(char letter)
        {
            string? text = options.FirstOrDefault(o => o.Length > 1 && o[0] == letter && char.IsAsciiDigit(o[1]));
            if (text is null)
                return null;
            int[] parts = text[1..].Split('x').Select(Number).ToArray();
            return parts.Length == 1 ? Pair.Both(parts[0]) : new Pair(parts[0], parts[1]);
        }

        EquatableArray<int>? NormalizedShape() => options.Length > 0 && char.IsAsciiDigit(options[0][0]) ? options[0].Split('x').Select(Number).ToEquatableArray() : null;
        double? Named(string option)
        {
            string? text = options.FirstOrDefault(o => o.StartsWith(option, StringComparison.Ordinal));
            return text is null ? null : double.Parse(text[option.Length..], CultureInfo.InvariantCulture);
        }

        // Over a sequence a window has one row.
        Pair Window(Pair pair, int height) => x.IsSequence ? new Pair(height, pair.Width) : pair;

        bool Has(string flag) => options.Contains(flag);
        float Constant(int index, float otherwise) => index < options.Length ? float.Parse(options[index], CultureInfo.InvariantCulture) : otherwise;
        Pair kernel = Option('k') ?? Pair.Both(1), padding = Option('p') ?? Pair.Both(0);
        return kind switch
        {
            "conv" => new Conv2dSpec(name, x.Channels, Number(options[0]), Window(kernel, 1), Window(Option('s') ?? Pair.Both(1), 1), Window(padding, 0), !Has("nobias"))
            {
                Dilation = Window(Option('d') ?? Pair.Both(1), 1),
                Groups = Option('g')?.Height ?? 1,
                IsSequence = x.IsSequence,
                IsSame = Has("same"),
                PaddingMode = Has("reflect") ? PaddingMode.Reflect : Has("replicate") ? PaddingMode.Replicate : Has("circular") ? PaddingMode.Circular : PaddingMode.Zeros,
            },
            "convt" => new ConvTranspose2dSpec(name, x.Channels, Number(options[0]), kernel, Option('s') ?? Pair.Both(1), padding, Option('o') ?? Pair.Both(0), Option('g')?.Height ?? 1, !Has("nobias"),
                Option('d') ?? Pair.Both(1)),
            "zeropad" => new Pad2dSpec(name, Sides(options[0]), PaddingMode.Zeros),
            "reflectionpad" => new Pad2dSpec(name, Sides(options[0]), PaddingMode.Reflect),
            "replicationpad" => new Pad2dSpec(name, Sides(options[0]), PaddingMode.Replicate),
            "linear" => new LinearSpec(name, x.Features, Number(options[0]), !Has("nobias")),
            "max" => new MaxPool2dSpec(name, Window(kernel, 1), Window(Option('s') ?? kernel, 1), Window(padding, 0), Has("ceil"))
            {
                Dimensions = x.IsSequence ? 1 : 2,
                Dilation = Window(Option('d') ?? Pair.Both(1), 1),
                ReturnIndices = Has("indices"),
            },
            "avg" => new AvgPool2dSpec(name, Window(kernel, 1), Window(Option('s') ?? kernel, 1), Window(padding, 0), Has("ceil"), !Has("nopad"))
            {
                Dimensions = x.IsSequence ? 1 : 2,
                Divisor = options.FirstOrDefault(o => o.StartsWith("by", StringComparison.Ordinal)) is { } divisor
                    ? int.Parse(divisor[2..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null,
            },
            "amax" => AdaptivePool(name, isMax: true, options[0], x),
            "aavg" => AdaptivePool(name, isMax: false, options[0], x),
            "relu" => new ActivationSpec(name, Activation.ReLU),
            "sigmoid" => new ActivationSpec(name, Activation.Sigmoid),
            "tanh" => new ActivationSpec(name, Activation.Tanh),
            "gelu" => new ActivationSpec(name, Activation.GELU),
            "gelutanh" => new ActivationSpec(name, Activation.GELUTanh),
            "leakyrelu" => new ActivationSpec(name, new LeakyReLUActivation(Constant(0, 0.01f))),
            "elu" => new ActivationSpec(name, new ELUActivation(Constant(0, 1))),
            "selu" => new ActivationSpec(name, new SELUActivation()),
            "silu" => new ActivationSpec(name, new SiLUActivation()),
            "mish" => new ActivationSpec(name, new MishActivation()),
            "hardswish" => new ActivationSpec(name, new HardswishActivation()),
            "hardsigmoid" => new ActivationSpec(name, new HardsigmoidActivation()),
            "relu6" => new ActivationSpec(name, new HardtanhActivation(0, 6, IsReLU6: true)),
            "hardtanh" => new ActivationSpec(name, new HardtanhActivation(Constant(0, -1), Constant(1, 1), IsReLU6: false)),
            "softplus" => new ActivationSpec(name, new SoftplusActivation(Constant(0, 1), Constant(1, 20))),
            "bn" => new BatchNormSpec(name, !x.IsImage, x.Dimensions[0], Named("eps") ?? 1e-5, Has("cumulative") ? null : Named("momentum") ?? 0.1, !Has("plain")),
            "layernorm" => new LayerNormSpec(name, false, NormalizedShape(), (float)(Named("eps") ?? 1e-5), !Has("plain"), !Has("nobias")),
            "rmsnorm" => new LayerNormSpec(name, true, NormalizedShape(), (float)(Named("eps") ?? 1.1920928955078125e-7), !Has("plain"), false),
            "groupnorm" => new GroupNormSpec(name, Number(options[0]), x.Dimensions[0], (float)(Named("eps") ?? 1e-5), !Has("plain")),
            "instancenorm" => new InstanceNormSpec(name, x.Rank - 1, x.Dimensions[0], (float)(Named("eps") ?? 1e-5), Has("affine"), false),
            "logsoftmax" => new LogSoftmaxSpec(name),
            "prelu" => new PReLUSpec(name, options.Length > 0 ? Number(options[0]) : 1, 0.25f),
            "alphadrop" => new AlphaDropoutSpec(name, float.Parse(options[0], CultureInfo.InvariantCulture)),
            "softmax" => new SoftmaxSpec(name),
            "flatten" => options.Length == 0 ? new FlattenSpec(name) : new FlattenSpec(name) { StartDim = Signed(options[0]), EndDim = Signed(options[1]) },
            "unflatten" => new UnflattenSpec(name, Signed(options[0]), options[1].Split('x').Select(Signed).ToEquatableArray()),
            "identity" => new IdentitySpec(name),
            "up" => Upsampled(name, options, x),
            "drop" => new DropoutSpec(name, float.Parse(options[0], CultureInfo.InvariantCulture), false),
            "drop2d" => new DropoutSpec(name, float.Parse(options[0], CultureInfo.InvariantCulture), true),
            _ => throw new FormatException($"'{kind}' is no layer."),
        };
    }

    /// <summary>From <c>7</c>, <c>5x7</c>, or <c>_x7</c>, which keeps the height; of one number over sequences.</summary>
    private static AdaptivePoolSpec AdaptivePool(string name, bool isMax, string size, TensorShape x)
    {
        static int? Open(string part) => part == "_" ? null : Number(part);
        string[] parts = size.Split('x');
        return x.IsSequence
            ? new AdaptivePoolSpec(name, isMax, 1, null, Number(parts.Single()))
            : new AdaptivePoolSpec(name, isMax, 2, Open(parts[0]), Open(parts[^1]));
    }

    /// <summary><c>up:o5x7</c> to a size, <c>up:2</c> or <c>up:2x1.5</c> by factors; then <c>linear</c>, <c>align</c>.</summary>
    private static UpsampleSpec Upsampled(string name, string[] options, TensorShape x)
    {
        string[] parts = options[0].TrimStart('o').Split('x');
        bool toSize = options[0][0] == 'o', linear = options.Contains("linear");
        double[] factors = toSize ? [] : parts.Select(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new UpsampleSpec(name, toSize ? new Pair(Number(parts[0]), Number(parts[^1])) : null, toSize ? null : factors[0], toSize ? null : factors[^1],
            linear ? UpsampleMode.Linear : UpsampleMode.Nearest, options.Contains("align") ? true : null)
        {
            ModeName = !linear ? "nearest" : x.IsSequence ? "linear" : "bilinear",
        };
    }

    private static int Signed(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static TensorShape Merged(FlattenSpec f, TensorShape x)
    {
        int start = f.StartDim < 0 ? f.StartDim + x.Rank : f.StartDim - 1, end = f.EndDim < 0 ? f.EndDim + x.Rank : f.EndDim - 1;
        int[] all = x.Dimensions.ToArray();
        return new TensorShape(all[..start].Append(all[start..(end + 1)].Aggregate(1, (a, b) => a * b)).Concat(all[(end + 1)..]).ToEquatableArray());
    }

    private static TensorShape Divided(UnflattenSpec u, TensorShape x)
    {
        int dim = u.Dim < 0 ? u.Dim + x.Rank : u.Dim - 1;
        int[] all = x.Dimensions.ToArray();
        int rest = all[dim] / u.Sizes.Where(s => s > 0).Aggregate(1, (a, b) => a * b);
        return new TensorShape(all[..dim].Concat(u.Sizes.Select(s => s < 0 ? rest : s)).Concat(all[(dim + 1)..]).ToEquatableArray());
    }

    /// <summary>The layer with its output shape.</summary>
    public static InferredLayer Infer(LayerSpec spec, string path, TensorShape x)
    {
        TensorShape output = spec switch
        {
            Conv2dSpec { IsSame: true } c => x.WithExtent(c.OutChannels, x.Height, x.Width),
            Conv2dSpec c => x.WithExtent(c.OutChannels,
                ConvolutionExtent(x.Height, c.Kernel.Height, c.Stride.Height, c.Padding.Height, c.Dilation.Height),
                ConvolutionExtent(x.Width, c.Kernel.Width, c.Stride.Width, c.Padding.Width, c.Dilation.Width)),
            ConvTranspose2dSpec c => TensorShape.Image(c.OutChannels,
                TransposedExtent(x.Height, c.Kernel.Height, c.Stride.Height, c.Padding.Height, c.OutputPadding.Height, c.Dilation.Height),
                TransposedExtent(x.Width, c.Kernel.Width, c.Stride.Width, c.Padding.Width, c.OutputPadding.Width, c.Dilation.Width)),
            Pad2dSpec { Pads: var p } => TensorShape.Image(x.Channels, x.Height + p.Top + p.Bottom, x.Width + p.Left + p.Right),
            MaxPool2dSpec p => Pooled(x, p.Kernel, p.Stride, p.Padding, p.Dilation, p.CeilMode),
            AvgPool2dSpec p => Pooled(x, p.Kernel, p.Stride, p.Padding, Pair.Both(1), p.CeilMode),
            AdaptivePoolSpec p => x.WithExtent(x.Channels, p.Height ?? x.Height, p.Width ?? x.Width),
            LinearSpec l => TensorShape.Vector(l.OutFeatures),
            FlattenSpec f => Merged(f, x),
            UnflattenSpec u => Divided(u, x),
            UpsampleSpec { Size: Pair size } => x.WithExtent(x.Channels, size.Height, size.Width),
            UpsampleSpec u => x.WithExtent(x.Channels, (int)(x.Height * u.ScaleHeight!.Value), (int)(x.Width * u.ScaleWidth!.Value)),
            _ => x,
        };
        return Layer(spec, path, output, [], x);
    }

    /// <summary>A layer with its shapes; which layers give its inputs is not told.</summary>
    private static InferredLayer Layer(LayerSpec spec, string path, TensorShape output, IEnumerable<InferredScope> scopes, params TensorShape[] inputs) => new(
        spec,
        path,
        inputs.Select(shape => new InferredInput(default, shape)).ToEquatableArray(),
        new[] { new InferredOutput("", output) }.ToEquatableArray(),
        scopes.ToEquatableArray());

    private static InferredScope Scope(string name, string path, IReadOnlyList<InferredLayer> layers)
        => new(new ScopeSpec(name, "", layers.Select(layer => layer.Spec).ToEquatableArray()), path, layers.ToEquatableArray(), default, default);

    private static TensorShape Pooled(TensorShape x, Pair kernel, Pair stride, Pair padding, Pair dilation, bool ceil) => x.WithExtent(x.Channels,
        PoolingExtent(x.Height, kernel.Height, stride.Height, padding.Height, ceil, dilation.Height),
        PoolingExtent(x.Width, kernel.Width, stride.Width, padding.Width, ceil, dilation.Width));

    public static string PadKind(PaddingMode mode) => mode switch
    {
        PaddingMode.Zeros => "zeropad",
        PaddingMode.Reflect => "reflectionpad",
        PaddingMode.Replicate => "replicationpad",
        _ => throw new NotSupportedException(mode.ToString()),
    };

    /// <summary>floor((in + 2p − d(k − 1) − 1)/s + 1), from torch.nn.Conv2d's documentation.</summary>
    public static int ConvolutionExtent(int extent, int kernel, int stride, int padding, int dilation) => (extent + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;

    /// <summary>(in − 1)s − 2p + d(k − 1) + output padding + 1, from torch.nn.ConvTranspose2d's documentation.</summary>
    public static int TransposedExtent(int extent, int kernel, int stride, int padding, int outputPadding, int dilation)
        => (extent - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;

    /// <summary>torch.nn.MaxPool2d's: in ceil mode the last window must start inside the input or its left padding.</summary>
    public static int PoolingExtent(int extent, int kernel, int stride, int padding, bool ceil, int dilation = 1)
    {
        int count = (extent + 2 * padding - dilation * (kernel - 1) - 1 + (ceil ? stride - 1 : 0)) / stride + 1;
        if (ceil && (count - 1) * stride >= extent + padding)
            count--;
        return count;
    }

    /// <summary>One number, or left, right, top and bottom, as in <c>1x2x0x1</c>.</summary>
    private static Pads Sides(string text)
    {
        int[] sides = text.Split('x').Select(Number).ToArray();
        return sides.Length == 1 ? Pads.All(sides[0]) : new Pads(sides[0], sides[1], sides[2], sides[3]);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string ActivationWord(Activation activation) => activation.Stem.ToLowerInvariant() + activation switch
    {
        LeakyReLUActivation a => string.Create(CultureInfo.InvariantCulture, $":{a.NegativeSlope}"),
        ELUActivation a => string.Create(CultureInfo.InvariantCulture, $":{a.Alpha}"),
        HardtanhActivation { IsReLU6: false } a => string.Create(CultureInfo.InvariantCulture, $":{a.Lowest},{a.Highest}"),
        SoftplusActivation a => string.Create(CultureInfo.InvariantCulture, $":{a.Beta},{a.Threshold}"),
        _ => "",
    };

    private static string Word(InferredLayer layer)
    {
        static string Open(int? size) => size?.ToString(CultureInfo.InvariantCulture) ?? "_";
        static string P(Pair p) => p.Height == p.Width ? $"{p.Height}" : $"{p.Height}x{p.Width}";
        static string Window(Pair kernel, Pair stride, Pair padding) =>
            $"k{P(kernel)},s{P(stride)}" + (padding == Pair.Both(0) ? "" : $",p{P(padding)}");
        static string Pool(Pair kernel, Pair stride, Pair padding, Pair dilation, int dimensions)
        {
            // Over sequences the columns say it all; a pair of the same numbers reads the same.
            Pair Along(Pair pair) => dimensions == 1 ? Pair.Both(pair.Width) : pair;
            return Window(Along(kernel), Along(stride), Along(padding)) + (dilation == Pair.Both(1) ? "" : $",d{P(Along(dilation))}");
        }
        return layer.Spec switch
        {
            Conv2dSpec c => $"conv:{c.OutChannels},{Window(c.Kernel, c.Stride, c.Padding)}{(c.Dilation == Pair.Both(1) ? "" : ",d" + P(c.Dilation))}{(c.Groups == 1 ? "" : $",g{c.Groups}")}{(c.IsSame ? ",same" : "")}{(c.PaddingMode == PaddingMode.Zeros ? "" : "," + c.PaddingMode.ToString().ToLowerInvariant())}{(c.Bias ? "" : ",nobias")}",
            ConvTranspose2dSpec c => $"convt:{c.OutChannels},{Window(c.Kernel, c.Stride, c.Padding)},o{P(c.OutputPadding)},d{P(c.Dilation)}{(c.Groups == 1 ? "" : $",g{c.Groups}")}{(c.Bias ? "" : ",nobias")}",
            Pad2dSpec p => $"{PadKind(p.Mode)}:{p.Pads.Left}x{p.Pads.Right}x{p.Pads.Top}x{p.Pads.Bottom}",
            LinearSpec l => $"linear:{l.OutFeatures}{(l.Bias ? "" : ",nobias")}",
            BilinearSpec b => $"bil:{b.OutFeatures},{b.From}{(b.Bias ? "" : ",nobias")}",
            MaxPool2dSpec p => $"max:{Pool(p.Kernel, p.Stride, p.Padding, p.Dilation, p.Dimensions)}{(p.CeilMode ? ",ceil" : "")}{(p.ReturnIndices ? ",indices" : "")}",
            MaxUnpool2dSpec u => "unpool:" + u.Indices,
            AvgPool2dSpec p => $"avg:{Pool(p.Kernel, p.Stride, p.Padding, Pair.Both(1), p.Dimensions)}{(p.CeilMode ? ",ceil" : "")}{(p.CountIncludePad ? "" : ",nopad")}"
                + (p.Divisor is int divisor ? $",by{divisor.ToString(CultureInfo.InvariantCulture)}" : ""),
            AdaptivePoolSpec { Dimensions: 1 } p => $"a{(p.IsMax ? "max" : "avg")}:{p.Width}",
            AdaptivePoolSpec p => $"a{(p.IsMax ? "max" : "avg")}:{Open(p.Height)}x{Open(p.Width)}",
            ActivationSpec a => ActivationWord(a.Activation),
            LayerNormSpec l => (l.IsRms ? "rmsnorm:" : "layernorm:") + string.Join(",", new[] { l.NormalizedShape is { } shape ? string.Join("x", shape) : "", string.Create(CultureInfo.InvariantCulture, $"eps{l.Eps}"),
                l.Affine ? "" : "plain", l.Bias || l.IsRms ? "" : "nobias" }.Where(o => o != "")),
            GroupNormSpec n => string.Create(CultureInfo.InvariantCulture, $"groupnorm:{n.Groups},eps{n.Eps}{(n.Affine ? "" : ",plain")}"),
            InstanceNormSpec n => string.Create(CultureInfo.InvariantCulture, $"instancenorm:eps{n.Eps}{(n.Affine ? ",affine" : "")}"),
            BatchNormSpec b => "bn:" + string.Join(",", new[]
            {
                string.Create(CultureInfo.InvariantCulture, $"eps{b.Eps:R}"),
                b.Momentum is double m ? string.Create(CultureInfo.InvariantCulture, $"momentum{m:R}") : "cumulative",
            }.Concat(b.Affine ? [] : ["plain"])),
            LogSoftmaxSpec => "logsoftmax",
            PReLUSpec p => string.Create(CultureInfo.InvariantCulture, $"prelu:{p.Parameters}"),
            AlphaDropoutSpec d => string.Create(CultureInfo.InvariantCulture, $"alphadrop:{d.Probability}"),
            SoftmaxSpec => "softmax",
            FlattenSpec { StartDim: 1, EndDim: -1 } => "flatten",
            FlattenSpec f => string.Create(CultureInfo.InvariantCulture, $"flatten:{f.StartDim},{f.EndDim}"),
            UnflattenSpec u => string.Create(CultureInfo.InvariantCulture, $"unflatten:{u.Dim},{string.Join("x", u.Sizes)}"),
            IdentitySpec => "identity",
            UpsampleSpec u => "up:" + (u.Size is Pair size ? $"o{size.Height}x{size.Width}" : string.Create(CultureInfo.InvariantCulture, $"{u.ScaleHeight}x{u.ScaleWidth}"))
                + (u.Mode == UpsampleMode.Linear ? ",linear" : "") + (u.AlignCorners == true ? ",align" : ""),
            DropoutSpec d => string.Create(CultureInfo.InvariantCulture, $"{(d.Channelwise ? "drop2d" : "drop")}:{d.Probability}"),
            ResidualSpec => $"res[ {string.Join(" | ", layer.Scopes.Select(scope => string.Join(" ", scope.Layers.Select(Word))))} ]",
            SequentialSpec => $"seq[ {string.Join(" ", layer.Members.Select(Word))} ]",
            _ => throw new NotSupportedException(layer.Spec.ToString()),
        };
    }
}

/// <summary>A tensor as files and PyTorch know it.</summary>
internal sealed record ParameterInfo(string Name, int[] Shape, int FanIn, bool IsWeight)
{
    /// <summary>Optimisers work on it; otherwise it is a buffer.</summary>
    public bool IsLearned { get; init; } = true;

    public int Length => Shape.Aggregate(1, (a, b) => a * b);

    public static IEnumerable<ParameterInfo> Of(IEnumerable<InferredLayer> layers)
    {
        foreach (InferredLayer layer in layers)
        {
            int fanIn;
            switch (layer.Spec)
            {
                case Conv2dSpec c:
                    fanIn = layer.Input.Channels / c.Groups * c.Kernel.Area;
                    int[] extents = c.IsSequence ? [c.Kernel.Width] : [c.Kernel.Height, c.Kernel.Width];
                    yield return new(layer.Path + ".weight", [c.OutChannels, layer.Input.Channels / c.Groups, .. extents], fanIn, true);
                    if (c.Bias)
                        yield return new(layer.Path + ".bias", [c.OutChannels], fanIn, false);
                    break;
                case ConvTranspose2dSpec c:
                    fanIn = c.OutChannels / c.Groups * c.Kernel.Area;
                    yield return new(layer.Path + ".weight", [layer.Input.Channels, c.OutChannels / c.Groups, c.Kernel.Height, c.Kernel.Width], fanIn, true);
                    if (c.Bias)
                        yield return new(layer.Path + ".bias", [c.OutChannels], fanIn, false);
                    break;
                case LinearSpec l:
                    fanIn = layer.Input.Features;
                    yield return new(layer.Path + ".weight", [l.OutFeatures, fanIn], fanIn, true);
                    if (l.Bias)
                        yield return new(layer.Path + ".bias", [l.OutFeatures], fanIn, false);
                    break;
                case BilinearSpec b:
                    fanIn = layer.Input.Features * layer.Inputs[1].Shape.Features;
                    yield return new(layer.Path + ".weight", [b.OutFeatures, layer.Input.Features, layer.Inputs[1].Shape.Features], fanIn, true);
                    if (b.Bias)
                        yield return new(layer.Path + ".bias", [b.OutFeatures], fanIn, false);
                    break;
                case BatchNormSpec b:
                    int[] features = [layer.Input.Dimensions[0]];
                    if (b.Affine)
                    {
                        yield return new(layer.Path + ".weight", features, 1, true);
                        yield return new(layer.Path + ".bias", features, 1, false);
                    }
                    yield return new(layer.Path + ".running_mean", features, 1, false) { IsLearned = false };
                    yield return new(layer.Path + ".running_var", features, 1, false) { IsLearned = false };
                    yield return new(layer.Path + ".num_batches_tracked", [], 1, false) { IsLearned = false };
                    break;
                case PReLUSpec p:
                    yield return new(layer.Path + ".weight", [p.Parameters], 1, true);
                    break;
                case LayerNormSpec or GroupNormSpec or InstanceNormSpec when SampleNormalization.Parameters(layer.Spec, layer.Input) is var (affineShape, hasBias):
                    yield return new(layer.Path + ".weight", affineShape, affineShape.Skip(1).Aggregate(1, (a, b) => a * b), true);
                    if (hasBias)
                        yield return new(layer.Path + ".bias", affineShape, 1, false);
                    break;
                case ResidualSpec or SequentialSpec:
                    foreach (ParameterInfo inner in Of(layer.Members))
                        yield return inner;
                    break;
            }
        }
    }

    /// <summary>
    /// The values that golden files and comparisons use: weights U(±√(3 / fan in)), biases and running means U(±0.25), running variances
    /// 1 + U(±0.25), three batches so far.
    /// </summary>
    public static float[][] Values(IReadOnlyList<ParameterInfo> parameters, int seed) => parameters.Select((p, number) =>
    {
        if (p.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
            return [3];
        float[] values = Numbers.Uniform(unchecked(seed * 1000 + 1 + number), p.Length, p.IsWeight ? MathF.Sqrt(3f / p.FanIn) : 0.25f);
        return p.Name.EndsWith(".running_var", StringComparison.Ordinal) ? Array.ConvertAll(values, v => 1 + v) : values;
    }).ToArray();
}
