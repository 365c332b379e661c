using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>What dropout multiplies an element with: 0 or 1/(1 − p). Element is the index in C, H, W order, or the channel's for Dropout2d.</summary>
internal delegate double DropoutScale(string layerPath, int sample, int element);

/// <summary>
/// Results for a batch of n samples, as PyTorch defines them: loss and gradients reduced as the loss says.
/// For a network without loss the gradients are those of Σ output · target.
/// </summary>
internal sealed record ReferenceResult(int Count, Estimate Output, double Loss, double LossError, Estimate InputGradient, IReadOnlyList<Estimate> ParameterGradients)
{
    /// <summary>What a session gives: <see cref="Output"/>, but for networks that normalise otherwise in inference.</summary>
    public required Estimate Evaluation { get; init; }

    /// <summary>By the name of the tensor, what one forward pass of training leaves in buffers such as running statistics.</summary>
    public IReadOnlyDictionary<string, Estimate> Buffers { get; init; } = new Dictionary<string, Estimate>();
}

/// <summary>
/// Runs a network forward and backward in double precision, sample by sample where no layer looks at the batch, in naive loops that follow the layers'
/// definitions. Knows nothing of the generator but the specs and shapes.
/// </summary>
internal sealed partial class ReferenceInterpreter
{
    private readonly InferredNetwork _network;
    private readonly Dictionary<string, double[]> _parameters = [];
    private readonly IReadOnlyList<ParameterInfo> _infos;
    private readonly DropoutScale? _dropout;

    /// <summary>The layers that have run on the current samples, with their inputs and outputs, by path: what names another layer looks it up.</summary>
    private readonly Dictionary<string, (InferredLayer Layer, Estimate[] Inputs, Estimate[] Outputs)> _ran = [];

    /// <summary>The path of the layer that each layer names, as it was found in forward: layers that run later may have the name too.</summary>
    private readonly Dictionary<string, string> _meant = [];

    /// <summary>In backward, what flows to a layer's output from those that name it, by its path.</summary>
    private readonly Dictionary<string, Estimate[]> _named = [];

    /// <summary>One layer's run on some samples: what backward needs.</summary>
    private sealed record Step(InferredLayer Layer, Estimate[] Inputs, Estimate[] Outputs, List<Step> Body, List<Step> Shortcut);

    public ReferenceInterpreter(InferredNetwork network, IReadOnlyList<double[]> parameters, DropoutScale? dropout = null)
    {
        _network = network;
        _dropout = dropout;
        _infos = ParameterInfo.Of(network.Layers).ToArray();
        Assert.Equal(_infos.Count, parameters.Count);
        for (int i = 0; i < parameters.Count; i++)
        {
            Assert.Equal(_infos[i].Length, parameters[i].Length);
            _parameters.Add(_infos[i].Name, parameters[i]);
        }
    }

    public ReferenceInterpreter(InferredNetwork network, IReadOnlyList<float[]> parameters, DropoutScale? dropout = null)
        : this(network, parameters.Select(p => Array.ConvertAll(p, x => (double)x)).ToArray(), dropout)
    {
    }

    /// <summary>Results for the first n samples, for each n asked for: the samples are run once.</summary>
    public IReadOnlyList<ReferenceResult> Run(ReadOnlySpan<float> input, Target target, params ReadOnlySpan<int> counts) =>
        Run(Array.ConvertAll(input.ToArray(), x => (double)x), target, counts);

    /// <summary>What a session gives for one sample.</summary>
    public Estimate Evaluate(ReadOnlySpan<float> sample) => Run([Estimate.Exact(sample)], 0, [], training: false)[0];

    public IReadOnlyList<ReferenceResult> Run(double[] input, Target target, params ReadOnlySpan<int> counts)
    {
        // A network that normalises by its batch gives other results for every number of samples.
        if (Stack.HasBatchStatistics(_network.Layers))
            return counts.ToArray().Select(count => RunBatches(input, target, count, [count])[0]).ToArray();
        int total = 0;
        foreach (int count in counts)
            total = Math.Max(total, count);
        return RunBatches(input, target, 1, Enumerable.Repeat(1, total).ToArray(), counts);
    }

    /// <summary>Runs batches one after the other, and sums up after those where a count asked for is reached.</summary>
    private List<ReferenceResult> RunBatches(double[] input, Target target, int batch, int[] batches, params ReadOnlySpan<int> counts)
    {
        int inputSize = _network.Input.Size, outputSize = _network.Output.Size, total = batches.Sum();
        var results = new List<ReferenceResult>();
        var outputs = new Estimate(total * outputSize);
        var evaluations = Stack.HasBatchStatistics(_network.Layers) ? new Estimate(total * outputSize) : outputs;
        var inputGradients = new Estimate(total * inputSize);
        var parameterGradients = _parameters.ToDictionary(p => p.Key, p => new Accumulator(p.Value.Length, correlated: true));
        double lossSum = 0, lossErrors = 0, divisor = 0;

        for (int first = 0; first < total; first += batch)
        {
            var steps = new List<Step>();
            var x = new Estimate[batch];
            for (int i = 0; i < batch; i++)
                x[i] = Estimate.Exact(input.AsSpan((first + i) * inputSize, inputSize));
            _buffers.Clear();
            Estimate[] y = Run(x, first, steps, training: true);
            var dy = new Estimate[batch];
            for (int i = 0; i < batch; i++)
            {
                Copy(y[i], outputs, first + i);
                SampleLoss loss = Loss(y[i], target, first + i);
                dy[i] = loss.Gradient;
                lossSum += loss.Loss;
                lossErrors += loss.Error;
                divisor += loss.Divisor;
            }
            Estimate[] dx = Backward(steps, dy, first, parameterGradients);
            for (int i = 0; i < batch; i++)
                Copy(dx[i], inputGradients, first + i);
            if (evaluations != outputs)
            {
                Estimate[] evaluated = Run(x, first, [], training: false);
                for (int i = 0; i < batch; i++)
                    Copy(evaluated[i], evaluations, first + i);
            }

            int done = first + batch;
            if (counts.Length > 0 && !counts.Contains(done))
                continue;
            // Batchwise the sum is divided by the samples. Where everything is ignored, the mean is nothing by nothing, and the gradient zero.
            double divided = _network.Spec.Loss?.Reduction switch { LossReduction.Mean => divisor, LossReduction.BatchMean => done, _ => 1 };
            double scale = divided == 0 ? 0 : 1 / divided;
            results.Add(new ReferenceResult(done, First(outputs, done * outputSize, 1), lossSum / divided, lossErrors / Math.Abs(divided),
                First(inputGradients, done * inputSize, scale), _infos.Select(p => parameterGradients[p.Name].ToEstimate(scale)).ToArray())
            {
                Evaluation = First(evaluations, done * outputSize, 1),
                Buffers = new Dictionary<string, Estimate>(_buffers),
            });
        }
        return results;
    }

    private static void Copy(Estimate from, Estimate to, int sample)
    {
        from.Values.CopyTo(to.Values, sample * from.Length);
        from.Errors.CopyTo(to.Errors, sample * from.Length);
    }

    private static Estimate First(Estimate all, int count, double scale)
    {
        var result = new Estimate(count);
        for (int i = 0; i < count; i++)
        {
            result.Values[i] = all.Values[i] * scale;
            result.Errors[i] = all.Errors[i] * scale;
        }
        return result;
    }

    // --- softmax, for losses too ---------------------------------------------------------------------------------------------------------

    private static double[] SoftmaxValues(double[] x, out double logarithmOfSum)
    {
        double maximum = x.Max(), sum = 0;
        var p = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            sum += p[i] = Math.Exp(x[i] - maximum);
        for (int i = 0; i < x.Length; i++)
            p[i] /= sum;
        logarithmOfSum = maximum + Math.Log(sum);
        return p;
    }

    // --- forward ------------------------------------------------------------------------------------------------------

    /// <summary>The whole network, for which no layer has run yet: a name must not reach one behind it.</summary>
    private Estimate[] Run(Estimate[] x, int first, List<Step> steps, bool training)
    {
        _ran.Clear();
        _meant.Clear();
        return Forward(_network.Layers, x, first, steps, training);
    }

    /// <param name="first">Number of the first of the samples.</param>
    private Estimate[] Forward(IEnumerable<InferredLayer> layers, Estimate[] x, int first, List<Step> steps, bool training)
    {
        foreach (InferredLayer layer in layers)
        {
            List<Step> body = [], shortcut = [];
            Estimate[] input = x, output = layer.Spec switch
            {
                BatchNormSpec b => Normalize(layer, b, input, training),
                ResidualSpec r => Sum(
                    r.Scopes.Count == 1 ? input : Forward(layer.Scopes[1].Layers, input, first, shortcut, training),
                    Forward(layer.Scopes[0].Layers, input, first, body, training)),
                SequentialSpec => Forward(layer.Members, input, first, body, training),
                MaxUnpool2dSpec u => EachSample(input, (sample, i) => Unpool(layer, Pooled(layer, u), sample, i)),
                BilinearSpec b => EachSample(input, (sample, i) => Bilinear(layer, b, sample, Named(layer, b.From!).Outputs[i])),
                _ => EachSample(input, (sample, i) => Forward(layer, sample, first + i)),
            };
            Assert.All(output, y => Assert.Equal(layer.Output.Size, y.Length));
            steps.Add(new Step(layer, input, output, body, shortcut));
            _ran[layer.Path] = (layer, input, output);
            x = output;
        }
        return x;
    }

    private Estimate Forward(InferredLayer layer, Estimate x, int sample) => layer.Spec switch
    {
        Conv2dSpec c => Convolve(layer, c, x),
        LinearSpec l => Linear(layer, l, x),
        MaxPool2dSpec p => MaxPool(layer, MaxWindows(layer, p), x),
        AvgPool2dSpec p => AveragePool(layer, p, x),
        ConvTranspose2dSpec c => ConvolveTransposed(layer, c, x),
        Pad2dSpec p => Pad(layer, p, x),
        AdaptivePoolSpec p => p.IsMax ? MaxPool(layer, AdaptiveWindows(layer), x) : AdaptiveAveragePool(layer, x),
        ActivationSpec a => Activate(a.Activation, x),
        LogSoftmaxSpec => LogSoftmax(x),
        PReLUSpec p => ParametricReLU(layer, x),
        SoftmaxSpec => Softmax(x),
        DropoutSpec d => Drop(layer, d, x, sample),
        FlattenSpec or UnflattenSpec or IdentitySpec => x,
        UpsampleSpec u => Interpolate(layer, u, x),
        LayerNormSpec or GroupNormSpec or InstanceNormSpec => SampleNormalization.Forward(layer.Spec, layer.Input, x, Tensor(layer, "weight"), Tensor(layer, "bias")),
        _ => throw new NotSupportedException(layer.Spec.ToString()),
    };

    /// <summary>A tensor that the layer may do without.</summary>
    private double[]? Tensor(InferredLayer layer, string name) => _parameters.GetValueOrDefault(layer.Path + "." + name);

    private Estimate[] Backward(List<Step> steps, Estimate[] dy, int first, Dictionary<string, Accumulator> gradients)
    {
        for (int s = steps.Count - 1; s >= 0; s--)
        {
            Step step = steps[s];
            Estimate[] gradient = _named.Remove(step.Layer.Path, out Estimate[]? besides) ? Sum(dy, besides) : dy;
            dy = step.Layer.Spec switch
            {
                BatchNormSpec b => NormalizeBackward(step.Layer, b, step.Inputs, gradient, gradients),
                ResidualSpec => Sum(Backward(step.Shortcut, gradient, first, gradients), Backward(step.Body, gradient, first, gradients)),
                SequentialSpec => Backward(step.Body, gradient, first, gradients),
                MaxUnpool2dSpec u => EachSample(gradient, (sample, i) => UnpoolBackward(Pooled(step.Layer, u), sample, i)),
                BilinearSpec b => BilinearBackward(step, b, gradient, gradients),
                _ => EachSample(gradient, (sample, i) => Backward(step.Layer, step.Inputs[i], step.Outputs[i], sample, first + i, gradients)),
            };
        }
        return dy;
    }

    private Estimate Backward(InferredLayer layer, Estimate x, Estimate y, Estimate dy, int sample, Dictionary<string, Accumulator> gradients) => layer.Spec switch
    {
        Conv2dSpec c => ConvolveBackward(layer, c, x, dy, gradients),
        LinearSpec l => LinearBackward(layer, l, x, dy, gradients),
        MaxPool2dSpec p => MaxPoolBackward(MaxWindows(layer, p), x, dy),
        AvgPool2dSpec p => AveragePoolBackward(layer, p, x, dy),
        ConvTranspose2dSpec c => ConvolveTransposedBackward(layer, c, x, dy, gradients),
        Pad2dSpec p => PadBackward(layer, p, dy),
        AdaptivePoolSpec p => p.IsMax ? MaxPoolBackward(AdaptiveWindows(layer), x, dy) : AdaptiveAveragePoolBackward(layer, x, dy),
        ActivationSpec a => ActivateBackward(a.Activation, x, dy),
        LogSoftmaxSpec => LogSoftmaxBackward(y, dy),
        PReLUSpec p => ParametricReLUBackward(layer, x, dy, gradients[layer.Path + ".weight"]),
        SoftmaxSpec => SoftmaxBackward(y, dy),
        DropoutSpec d => Drop(layer, d, dy, sample),
        FlattenSpec or UnflattenSpec or IdentitySpec => dy,
        UpsampleSpec u => InterpolateBackward(layer, u, x, dy),
        LayerNormSpec or GroupNormSpec or InstanceNormSpec => SampleNormalization.Backward(layer.Spec, layer.Input, x, dy, Tensor(layer, "weight"),
            gradients.GetValueOrDefault(layer.Path + ".weight"), gradients.GetValueOrDefault(layer.Path + ".bias")),
        _ => throw new NotSupportedException(layer.Spec.ToString()),
    };

    private static Estimate[] Sum(Estimate[] a, Estimate[] b) => EachSample(a, (sample, i) => Add(sample, b[i]));

    private static Estimate[] EachSample(Estimate[] samples, Func<Estimate, int, Estimate> compute) => samples.Select(compute).ToArray();

    private static Estimate Add(Estimate a, Estimate b)
    {
        var y = new Estimate(a.Length);
        for (int i = 0; i < y.Length; i++)
        {
            y.Values[i] = a.Values[i] + b.Values[i];
            y.Errors[i] = Estimate.Hypotenuse(Estimate.Hypotenuse(a.Errors[i], b.Errors[i]), Estimate.Unit * Math.Abs(y.Values[i]));
        }
        return y;
    }

    private static Estimate Scale(Estimate x, double[] factors)
    {
        var y = new Estimate(x.Length);
        for (int i = 0; i < y.Length; i++)
        {
            y.Values[i] = x.Values[i] * factors[i];
            y.Errors[i] = x.Errors[i] * Math.Abs(factors[i]) + Estimate.Unit * Math.Abs(y.Values[i]);
        }
        return y;
    }

    // --- Conv2d -------------------------------------------------------------------------------------------------------

    /// <summary>What to do with one product; a struct, so that the loops are compiled around it.</summary>
    private interface IProductVisitor
    {
        void Visit(int output, int input, int weight);
    }

    private readonly struct ForwardVisitor(Accumulator sums, Estimate x, double[] weight) : IProductVisitor
    {
        public void Visit(int o, int i, int w) => sums.Add(o, x.Values[i], x.Errors[i], weight[w], 0);
    }

    private readonly struct BackwardVisitor(Accumulator dx, Accumulator dWeight, Estimate x, double[] weight, Estimate dy) : IProductVisitor
    {
        public void Visit(int o, int i, int w)
        {
            dx.Add(i, dy.Values[o], dy.Errors[o], weight[w], 0);
            dWeight.Add(w, dy.Values[o], dy.Errors[o], x.Values[i], x.Errors[i]);
        }
    }

    /// <summary>Visits every product of the cross-correlation: indices of output, input and weight.</summary>
    private static void ForEachProduct<TVisitor>(InferredLayer layer, Conv2dSpec c, TVisitor visitor)
        where TVisitor : struct, IProductVisitor
    {
        int inputChannels = layer.Input.Channels / c.Groups, inputHeight = layer.Input.Height, inputWidth = layer.Input.Width;
        int outputChannels = layer.Output.Channels, outputHeight = layer.Output.Height, outputWidth = layer.Output.Width;
        for (int o = 0; o < outputChannels; o++)
        for (int y = 0; y < outputHeight; y++)
        for (int x = 0; x < outputWidth; x++)
        {
            int outputIndex = (o * outputHeight + y) * outputWidth + x;
            int top = y * c.Stride.Height - c.Pads.Top, left = x * c.Stride.Width - c.Pads.Left;
            int firstChannel = o / (outputChannels / c.Groups) * inputChannels;
            for (int i = 0; i < inputChannels; i++)
            for (int ky = 0; ky < c.Kernel.Height; ky++)
            {
                int row = Source(top + ky * c.Dilation.Height, inputHeight, c.PaddingMode);
                if (row < 0)
                    continue;
                int inputRow = ((firstChannel + i) * inputHeight + row) * inputWidth;
                int weightRow = ((o * inputChannels + i) * c.Kernel.Height + ky) * c.Kernel.Width;
                for (int kx = 0; kx < c.Kernel.Width; kx++)
                {
                    int column = Source(left + kx * c.Dilation.Width, inputWidth, c.PaddingMode);
                    if (column >= 0)
                        visitor.Visit(outputIndex, inputRow + column, weightRow + kx);
                }
            }
        }
    }

    /// <summary>Visits every product of the transposed convolution: each input pixel adds a window to the output.</summary>
    private static void ForEachProduct<TVisitor>(InferredLayer layer, ConvTranspose2dSpec c, TVisitor visitor)
        where TVisitor : struct, IProductVisitor
    {
        TensorShape input = layer.Input, output = layer.Output;
        int inputChannels = input.Channels / c.Groups, outputChannels = output.Channels / c.Groups;
        for (int i = 0; i < input.Channels; i++)
        for (int y = 0; y < input.Height; y++)
        for (int x = 0; x < input.Width; x++)
        for (int o = 0; o < outputChannels; o++)
        for (int ky = 0; ky < c.Kernel.Height; ky++)
        for (int kx = 0; kx < c.Kernel.Width; kx++)
        {
            int row = y * c.Stride.Height - c.Padding.Height + ky * c.Dilation.Height, column = x * c.Stride.Width - c.Padding.Width + kx * c.Dilation.Width;
            if ((uint)row < (uint)output.Height && (uint)column < (uint)output.Width)
            {
                visitor.Visit(((i / inputChannels * outputChannels + o) * output.Height + row) * output.Width + column,
                    (i * input.Height + y) * input.Width + x, ((i * outputChannels + o) * c.Kernel.Height + ky) * c.Kernel.Width + kx);
            }
        }
    }

    private static double SharedRounding(InferredLayer layer, ConvTranspose2dSpec c)
        => c.Kernel.Height == c.Kernel.Width && c.Kernel.Width is 3 or 5 && c.Stride == Pair.Both(1) && c.Dilation == Pair.Both(1) && c.Groups == 1
            && layer.Input.Channels >= 16 && layer.Output.Channels >= 16 ? 3 : 0;

    private Estimate ConvolveTransposed(InferredLayer layer, ConvTranspose2dSpec c, Estimate x)
    {
        var sums = new Accumulator(layer.Output.Size) { SharedRounding = SharedRounding(layer, c) };
        if (c.Bias)
        {
            double[] bias = _parameters[layer.Path + ".bias"];
            int plane = layer.Output.Height * layer.Output.Width;
            for (int o = 0; o < layer.Output.Size; o++)
                sums.Add(o, bias[o / plane], 0, 1, 0);
        }
        ForEachProduct(layer, c, new ForwardVisitor(sums, x, _parameters[layer.Path + ".weight"]));
        return sums.ToEstimate();
    }

    private Estimate ConvolveTransposedBackward(InferredLayer layer, ConvTranspose2dSpec c, Estimate x, Estimate dy, Dictionary<string, Accumulator> gradients)
    {
        Accumulator dWeight = gradients[layer.Path + ".weight"];
        dWeight.SharedRounding = SharedRounding(layer, c);
        var dx = new Accumulator(x.Length) { SharedRounding = SharedRounding(layer, c) };
        ForEachProduct(layer, c, new BackwardVisitor(dx, dWeight, x, _parameters[layer.Path + ".weight"], dy));
        if (c.Bias)
        {
            int plane = layer.Output.Height * layer.Output.Width;
            for (int o = 0; o < dy.Length; o++)
                gradients[layer.Path + ".bias"].Add(o / plane, dy.Values[o], dy.Errors[o], 1, 0);
        }
        return dx.ToEstimate();
    }

    /// <summary>Where a position of the padded image comes from; −1 for a zero of the padding.</summary>
    private static int Source(int position, int extent, PaddingMode mode)
    {
        if (position >= 0 && position < extent)
            return position;
        return mode switch
        {
            PaddingMode.Reflect => position < 0 ? -position : 2 * (extent - 1) - position,
            PaddingMode.Replicate => position < 0 ? 0 : extent - 1,
            PaddingMode.Circular => position < 0 ? position + extent : position - extent,
            _ => -1,
        };
    }

    /// <summary>Visits every element of the padded image with the element that it comes from, if any.</summary>
    private static void ForEachPadded(InferredLayer layer, Pad2dSpec p, Action<int, int> visit)
    {
        TensorShape input = layer.Input, output = layer.Output;
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        {
            int row = Source(y - p.Pads.Top, input.Height, p.Mode), column = Source(x - p.Pads.Left, input.Width, p.Mode);
            if (row >= 0 && column >= 0)
                visit((c * output.Height + y) * output.Width + x, (c * input.Height + row) * input.Width + column);
        }
    }

    private static Estimate Pad(InferredLayer layer, Pad2dSpec p, Estimate x)
    {
        var y = new Estimate(layer.Output.Size);
        ForEachPadded(layer, p, (o, i) => (y.Values[o], y.Errors[o]) = (x.Values[i], x.Errors[i]));
        return y;
    }

    private static Estimate PadBackward(InferredLayer layer, Pad2dSpec p, Estimate dy)
    {
        var dx = new Accumulator(layer.Input.Size);
        ForEachPadded(layer, p, (o, i) => dx.Add(i, dy.Values[o], dy.Errors[o], 1, 0));
        return dx.ToEstimate();
    }

    /// <summary>
    /// The stated error of convolutions that may run at Winograd's points: three times the largest direct rounding of the tensor
    /// (docs/numerics.md).
    /// </summary>
    private static double SharedRounding(InferredLayer layer, Conv2dSpec c)
        => c.Kernel.Height == c.Kernel.Width && c.Kernel.Width is 3 or 5 && c.Stride == Pair.Both(1) && c.Dilation == Pair.Both(1) && c.Groups == 1
            && layer.Input.Channels >= 16 && layer.Output.Channels >= 16 ? 3 : 0;

    /// <summary>The same forward, where rows of five taps may run at the points of Toom and Cook: five times.</summary>
    private static double SharedForwardRounding(InferredLayer layer, Conv2dSpec c)
        => c.Kernel.Width == 5 && c.Stride.Width == 1 && c.Dilation.Width == 1 ? 5 : SharedRounding(layer, c);

    private Estimate Convolve(InferredLayer layer, Conv2dSpec c, Estimate x)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        var sums = new Accumulator(layer.Output.Size) { SharedRounding = SharedForwardRounding(layer, c) };
        if (c.Bias)
        {
            double[] bias = _parameters[layer.Path + ".bias"];
            int plane = layer.Output.Height * layer.Output.Width;
            for (int o = 0; o < layer.Output.Size; o++)
                sums.Add(o, bias[o / plane], 0, 1, 0);
        }
        ForEachProduct(layer, c, new ForwardVisitor(sums, x, weight));
        return sums.ToEstimate();
    }

    private Estimate ConvolveBackward(InferredLayer layer, Conv2dSpec c, Estimate x, Estimate dy, Dictionary<string, Accumulator> gradients)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        Accumulator dWeight = gradients[layer.Path + ".weight"];
        dWeight.SharedRounding = SharedRounding(layer, c);
        var dx = new Accumulator(x.Length) { SharedRounding = SharedRounding(layer, c) };
        ForEachProduct(layer, c, new BackwardVisitor(dx, dWeight, x, weight, dy));
        if (c.Bias)
        {
            int plane = layer.Output.Height * layer.Output.Width;
            for (int o = 0; o < dy.Length; o++)
                gradients[layer.Path + ".bias"].Add(o / plane, dy.Values[o], dy.Errors[o], 1, 0);
        }
        return dx.ToEstimate();
    }

    // --- Linear -------------------------------------------------------------------------------------------------------

    private Estimate Linear(InferredLayer layer, LinearSpec l, Estimate x)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        var sums = new Accumulator(l.OutFeatures);
        for (int o = 0; o < l.OutFeatures; o++)
        {
            if (l.Bias)
                sums.Add(o, _parameters[layer.Path + ".bias"][o], 0, 1, 0);
            for (int i = 0; i < x.Length; i++)
                sums.Add(o, x.Values[i], x.Errors[i], weight[o * x.Length + i], 0);
        }
        return sums.ToEstimate();
    }

    private Estimate LinearBackward(InferredLayer layer, LinearSpec l, Estimate x, Estimate dy, Dictionary<string, Accumulator> gradients)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        Accumulator dWeight = gradients[layer.Path + ".weight"];
        var dx = new Accumulator(x.Length);
        for (int o = 0; o < l.OutFeatures; o++)
        {
            if (l.Bias)
                gradients[layer.Path + ".bias"].Add(o, dy.Values[o], dy.Errors[o], 1, 0);
            for (int i = 0; i < x.Length; i++)
            {
                dx.Add(i, dy.Values[o], dy.Errors[o], weight[o * x.Length + i], 0);
                dWeight.Add(o * x.Length + i, dy.Values[o], dy.Errors[o], x.Values[i], x.Errors[i]);
            }
        }
        return dx.ToEstimate();
    }

    // --- Bilinear -----------------------------------------------------------------------------------------------------

    /// <summary>All products of the two inputs, row by row.</summary>
    private static Estimate Products(Estimate first, Estimate second)
    {
        var products = new Estimate(first.Length * second.Length);
        for (int i = 0; i < first.Length; i++)
        {
            for (int j = 0; j < second.Length; j++)
            {
                int k = i * second.Length + j;
                products.Values[k] = first.Values[i] * second.Values[j];
                products.Errors[k] = Estimate.Hypotenuse(Estimate.Hypotenuse(first.Values[i] * second.Errors[j], first.Errors[i] * second.Values[j]), Estimate.Unit * Math.Abs(products.Values[k]));
            }
        }
        return products;
    }

    private Estimate Bilinear(InferredLayer layer, BilinearSpec b, Estimate first, Estimate second)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        Estimate products = Products(first, second);
        var sums = new Accumulator(b.OutFeatures);
        for (int o = 0; o < b.OutFeatures; o++)
        {
            if (b.Bias)
                sums.Add(o, _parameters[layer.Path + ".bias"][o], 0, 1, 0);
            for (int k = 0; k < products.Length; k++)
                sums.Add(o, products.Values[k], products.Errors[k], weight[o * products.Length + k], 0);
        }
        return sums.ToEstimate();
    }

    /// <summary>Gives the first input's gradients, and keeps the second's for the layer that is named.</summary>
    private Estimate[] BilinearBackward(Step step, BilinearSpec b, Estimate[] dy, Dictionary<string, Accumulator> gradients)
    {
        (InferredLayer named, _, Estimate[] seconds) = Named(step.Layer, b.From!);
        double[] weight = _parameters[step.Layer.Path + ".weight"];
        Accumulator dWeight = gradients[step.Layer.Path + ".weight"];
        var toNamed = new Estimate[dy.Length];
        Estimate[] result = EachSample(dy, (gradient, sample) =>
        {
            Estimate first = step.Inputs[sample], second = seconds[sample], products = Products(first, second);
            var dProducts = new Accumulator(products.Length);
            for (int o = 0; o < b.OutFeatures; o++)
            {
                if (b.Bias)
                    gradients[step.Layer.Path + ".bias"].Add(o, gradient.Values[o], gradient.Errors[o], 1, 0);
                for (int k = 0; k < products.Length; k++)
                {
                    dProducts.Add(k, gradient.Values[o], gradient.Errors[o], weight[o * products.Length + k], 0);
                    dWeight.Add(o * products.Length + k, gradient.Values[o], gradient.Errors[o], products.Values[k], products.Errors[k]);
                }
            }
            Estimate dz = dProducts.ToEstimate();
            Accumulator dFirst = new(first.Length), dSecond = new(second.Length);
            for (int i = 0; i < first.Length; i++)
            {
                for (int j = 0; j < second.Length; j++)
                {
                    int k = i * second.Length + j;
                    dFirst.Add(i, dz.Values[k], dz.Errors[k], second.Values[j], second.Errors[j]);
                    dSecond.Add(j, dz.Values[k], dz.Errors[k], first.Values[i], first.Errors[i]);
                }
            }
            toNamed[sample] = dSecond.ToEstimate();
            return dFirst.ToEstimate();
        });
        _named[named.Path] = _named.TryGetValue(named.Path, out Estimate[]? others) ? Sum(others, toNamed) : toNamed;
        return result;
    }

    // --- pooling ------------------------------------------------------------------------------------------------------

    /// <summary>The input elements under each output element's window, in row-major order, padding left out.</summary>
    private static void ForEachWindow(InferredLayer layer, Pair kernel, Pair stride, Pair padding, Pair dilation, Action<int, List<int>, int> visit)
    {
        TensorShape input = layer.Input, output = layer.Output;
        var window = new List<int>();
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        {
            window.Clear();
            int top = y * stride.Height - padding.Height, left = x * stride.Width - padding.Width;
            for (int row = top; row < top + kernel.Height * dilation.Height; row += dilation.Height)
            for (int column = left; column < left + kernel.Width * dilation.Width; column += dilation.Width)
            {
                if ((uint)row < (uint)input.Height && (uint)column < (uint)input.Width)
                    window.Add((c * input.Height + row) * input.Width + column);
            }
            // Padding is counted, but not what ceil mode hangs over beyond it.
            int padded = (Math.Min(top + kernel.Height, input.Height + padding.Height) - top) * (Math.Min(left + kernel.Width, input.Width + padding.Width) - left);
            visit((c * output.Height + y) * output.Width + x, window, padded);
        }
    }

    /// <summary>The first of the largest, and PyTorch's rule that a NaN is the largest of all.</summary>
    private static int Largest(List<int> window, double[] values)
    {
        int best = window[0];
        foreach (int i in window)
        {
            if (values[i] > values[best] || double.IsNaN(values[i]))
                best = i;
        }
        return best;
    }

    private static bool IsOpen(Estimate x, int best, int other) =>
        other != best && x.Values[best] - x.Values[other] < Estimate.Tolerance * (x.Errors[best] + x.Errors[other]);

    /// <summary>The largest of each window, where <paramref name="forEachWindow"/> gives the windows of all outputs.</summary>
    private static Estimate MaxPool(InferredLayer layer, Action<Action<int, List<int>>> forEachWindow, Estimate x)
    {
        var y = new Estimate(layer.Output.Size);
        forEachWindow((o, window) =>
        {
            int best = Largest(window, x.Values);
            y.Values[o] = x.Values[best];
            y.Errors[o] = x.Errors[best];
            foreach (int i in window)
            {
                if (IsOpen(x, best, i))
                    y.Errors[o] = Math.Max(y.Errors[o], x.Errors[i]);
            }
        });
        return y;
    }

    private static Estimate MaxPoolBackward(Action<Action<int, List<int>>> forEachWindow, Estimate x, Estimate dy)
    {
        var dx = new Estimate(x.Length);
        var magnitudes = new double[x.Length];
        forEachWindow((o, window) =>
        {
            int best = Largest(window, x.Values);
            dx.Values[best] += dy.Values[o];
            dx.Errors[best] = Estimate.Hypotenuse(dx.Errors[best], dy.Errors[o]);
            magnitudes[best] += Math.Abs(dy.Values[o]);
            foreach (int i in window)
            {
                if (!IsOpen(x, best, i))
                    continue;
                dx.Errors[i] = Estimate.Hypotenuse(dx.Errors[i], dy.Values[o]);
                dx.Errors[best] = Estimate.Hypotenuse(dx.Errors[best], dy.Values[o]);
            }
        });
        for (int i = 0; i < dx.Length; i++)
            dx.Errors[i] = Estimate.Hypotenuse(dx.Errors[i], Estimate.Unit * magnitudes[i]);
        return dx;
    }

    private (InferredLayer Layer, Estimate[] Inputs, Estimate[] Outputs) Named(InferredLayer layer, string name)
    {
        if (!_meant.TryGetValue(layer.Path, out string? path))
            _meant.Add(layer.Path, path = Stack.NamedPath(layer.Path, name, _ran.ContainsKey)!);
        return _ran[path];
    }

    private (InferredLayer Layer, Estimate[] Inputs) Pooled(InferredLayer unpool, MaxUnpool2dSpec u)
    {
        (InferredLayer layer, Estimate[] inputs, _) = Named(unpool, u.Indices!);
        return (layer, inputs);
    }

    /// <summary>Each value to where the maximum of its window came from; the last of several stays.</summary>
    private static Estimate Unpool(InferredLayer layer, (InferredLayer Layer, Estimate[] Inputs) pool, Estimate values, int sample)
    {
        Estimate x = pool.Inputs[sample];
        var y = new Estimate(layer.Output.Size);
        MaxWindows(pool.Layer, (MaxPool2dSpec)pool.Layer.Spec)((o, window) =>
        {
            int best = Largest(window, x.Values);
            double before = y.Values[best], error = values.Errors[o];
            y.Values[best] = values.Values[o];
            foreach (int i in window)
            {
                if (!IsOpen(x, best, i))
                    continue;
                y.Errors[i] = Estimate.Hypotenuse(y.Errors[i], values.Values[o] - y.Values[i]);
                error = Estimate.Hypotenuse(error, values.Values[o] - before);
            }
            y.Errors[best] = error;
        });
        return y;
    }

    private static Estimate UnpoolBackward((InferredLayer Layer, Estimate[] Inputs) pool, Estimate dy, int sample)
    {
        Estimate x = pool.Inputs[sample];
        var dValues = new Estimate(pool.Layer.Output.Size);
        MaxWindows(pool.Layer, (MaxPool2dSpec)pool.Layer.Spec)((o, window) =>
        {
            int best = Largest(window, x.Values);
            dValues.Values[o] = dy.Values[best];
            dValues.Errors[o] = dy.Errors[best];
            foreach (int i in window)
            {
                if (IsOpen(x, best, i))
                    dValues.Errors[o] = Estimate.Hypotenuse(dValues.Errors[o], dy.Values[i] - dy.Values[best]);
            }
        });
        return dValues;
    }

    private static Action<Action<int, List<int>>> MaxWindows(InferredLayer layer, MaxPool2dSpec p)
        => visit => ForEachWindow(layer, p.Kernel, p.Stride, p.Padding, p.Dilation, (o, window, _) => visit(o, window));

    private static Action<Action<int, List<int>>> AdaptiveWindows(InferredLayer layer) => visit => ForEachAdaptiveWindow(layer, visit);

    private static Estimate AveragePool(InferredLayer layer, AvgPool2dSpec p, Estimate x)
    {
        var sums = new Accumulator(layer.Output.Size);
        var factors = new double[layer.Output.Size];
        ForEachWindow(layer, p.Kernel, p.Stride, p.Padding, Pair.Both(1), (o, window, padded) =>
        {
            foreach (int i in window)
                sums.Add(o, x.Values[i], x.Errors[i], 1, 0);
            factors[o] = 1.0 / (p.Divisor ?? (p.CountIncludePad ? padded : window.Count));
        });
        return Scale(sums.ToEstimate(), factors);
    }

    private static Estimate AveragePoolBackward(InferredLayer layer, AvgPool2dSpec p, Estimate x, Estimate dy)
    {
        var sums = new Accumulator(x.Length);
        ForEachWindow(layer, p.Kernel, p.Stride, p.Padding, Pair.Both(1), (o, window, padded) =>
        {
            double factor = 1.0 / (p.Divisor ?? (p.CountIncludePad ? padded : window.Count));
            foreach (int i in window)
                sums.Add(i, dy.Values[o], dy.Errors[o], factor, Estimate.Unit * Math.Abs(factor));
        });
        return sums.ToEstimate();
    }

    /// <summary>The input elements under each output element of adaptive pooling: rows floor(i · H / h) to ceil((i + 1) · H / h) − 1, columns alike.</summary>
    private static void ForEachAdaptiveWindow(InferredLayer layer, Action<int, List<int>> visit)
    {
        TensorShape input = layer.Input, output = layer.Output;
        var window = new List<int>();
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        {
            window.Clear();
            int endRow = (int)Math.Ceiling((y + 1.0) * input.Height / output.Height), endColumn = (int)Math.Ceiling((x + 1.0) * input.Width / output.Width);
            for (int row = y * input.Height / output.Height; row < endRow; row++)
            for (int column = x * input.Width / output.Width; column < endColumn; column++)
                window.Add((c * input.Height + row) * input.Width + column);
            visit((c * output.Height + y) * output.Width + x, window);
        }
    }

    /// <summary>
    /// The inputs of output i along one direction, by the formulas of torch.nn.functional.interpolate: nearest in single precision as PyTorch
    /// computes it, linear in double.
    /// </summary>
    private static (int Index, double Weight)[] Sources(UpsampleSpec u, int i, int size, int outputs, double? factor)
    {
        if (u.Mode == UpsampleMode.Nearest)
        {
            float scale = factor is double given ? (float)(1 / given) : (float)size / outputs;
            return [(outputs == size ? i : outputs == 2 * size ? i / 2 : Math.Min((int)MathF.Floor(i * scale), size - 1), 1)];
        }
        double position;
        if (outputs == size)
            position = i;
        else if (u.AlignCorners == true)
            position = outputs > 1 ? i * ((size - 1.0) / (outputs - 1)) : 0;
        else
            position = Math.Max(0, (i + 0.5) * (factor is double given ? 1 / given : (double)size / outputs) - 0.5);
        int low = (int)position, high = low < size - 1 ? low + 1 : low;
        return [(low, 1 - (position - low)), (high, position - low)];
    }

    private static void ForEachInterpolation(InferredLayer layer, UpsampleSpec u, Action<int, int, double> visit)
    {
        TensorShape input = layer.Input, output = layer.Output;
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        foreach ((int row, double rowWeight) in Sources(u, y, input.Height, output.Height, input.IsSequence ? null : u.ScaleHeight))
        foreach ((int column, double columnWeight) in Sources(u, x, input.Width, output.Width, u.ScaleWidth))
            visit((c * output.Height + y) * output.Width + x, (c * input.Height + row) * input.Width + column, rowWeight * columnWeight);
    }

    private static Estimate Interpolate(InferredLayer layer, UpsampleSpec u, Estimate x)
    {
        var sums = new Accumulator(layer.Output.Size);
        // A weight next to 1 leaves a small one with the rounding of 1.
        ForEachInterpolation(layer, u, (o, i, weight) => sums.Add(o, x.Values[i], x.Errors[i], weight, Estimate.Unit));
        return sums.ToEstimate();
    }

    private static Estimate InterpolateBackward(InferredLayer layer, UpsampleSpec u, Estimate x, Estimate dy)
    {
        var sums = new Accumulator(x.Length);
        ForEachInterpolation(layer, u, (o, i, weight) => sums.Add(i, dy.Values[o], dy.Errors[o], weight, Estimate.Unit));
        return sums.ToEstimate();
    }

    private static Estimate AdaptiveAveragePool(InferredLayer layer, Estimate x)
    {
        var sums = new Accumulator(layer.Output.Size);
        var factors = new double[layer.Output.Size];
        ForEachAdaptiveWindow(layer, (o, window) =>
        {
            foreach (int i in window)
                sums.Add(o, x.Values[i], x.Errors[i], 1, 0);
            factors[o] = 1.0 / window.Count;
        });
        return Scale(sums.ToEstimate(), factors);
    }

    private static Estimate AdaptiveAveragePoolBackward(InferredLayer layer, Estimate x, Estimate dy)
    {
        var sums = new Accumulator(x.Length);
        ForEachAdaptiveWindow(layer, (o, window) =>
        {
            foreach (int i in window)
                sums.Add(i, dy.Values[o], dy.Errors[o], 1.0 / window.Count, Estimate.Unit / window.Count);
        });
        return sums.ToEstimate();
    }

    // --- elementwise --------------------------------------------------------------------------------------------------

    private static Estimate Activate(Activation kind, Estimate x)
    {
        var y = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double v = x.Values[i], room = Estimate.Tolerance * x.Errors[i];
            y.Values[i] = Activations.Value(kind, v);
            // The steepest slope that the input's error may meet.
            double slope = Math.Max(Math.Abs(Activations.Derivative(kind, v)), Math.Max(Math.Abs(Activations.Derivative(kind, v - room)), Math.Abs(Activations.Derivative(kind, v + room))));
            // Four units of the function's own: absolute for those that end at ±1, relative to x for x times something that cancels, else relative.
            double own = kind switch
            {
                ReLUActivation or HardtanhActivation => 0,
                SigmoidActivation or TanhActivation or HardsigmoidActivation => 1,
                GELUActivation or GELUTanhActivation or HardswishActivation => Math.Abs(v),
                // The product βx is rounded before it is an exponent.
                SoftplusActivation a => Math.Abs(y.Values[i]) * (1 + Math.Min(Math.Abs(a.Beta * v), 90) / 8),
                _ => Math.Abs(y.Values[i]),
            };
            y.Errors[i] = slope * x.Errors[i] + 4 * Estimate.Unit * own;
        }
        return y;
    }

    private static Estimate ActivateBackward(Activation kind, Estimate x, Estimate dy)
    {
        var dx = new Estimate(x.Length);
        double[] kinks = Activations.Kinks(kind);
        // How much the slope bends for each unit of the input; nothing where it is constant between kinks.
        double bend = kind switch
        {
            ReLUActivation or LeakyReLUActivation or HardtanhActivation or HardsigmoidActivation => 0,
            ELUActivation a => Math.Max(1, Math.Abs(a.Alpha)),
            SELUActivation => 2,
            SoftplusActivation a => Math.Max(1, Math.Abs(a.Beta)),
            _ => 1,
        };
        for (int i = 0; i < x.Length; i++)
        {
            double v = x.Values[i], room = Estimate.Tolerance * x.Errors[i], slope = Activations.Derivative(kind, v);
            dx.Values[i] = dy.Values[i] * slope;
            double slopeError = bend * (x.Errors[i] + 4 * Estimate.Unit * (1 + Math.Min(Math.Abs(v), 3)));
            if (bend == 0 && kind is not ReLUActivation)
                slopeError = Estimate.Unit * Math.Abs(slope);
            foreach (double kink in kinks)
            {
                if (Math.Abs(v - kink) < room)
                    slopeError += Math.Abs(Activations.Derivative(kind, kink + room) - Activations.Derivative(kind, kink - room));
            }
            dx.Errors[i] = Estimate.Hypotenuse(Math.Abs(slope) * dy.Errors[i], Math.Abs(dy.Values[i]) * slopeError);
        }
        return dx;
    }

    private static Estimate Softmax(Estimate x)
    {
        double[] p = SoftmaxValues(x.Values, out double logarithmOfSum);
        var y = new Estimate(p, new double[p.Length]);
        double meanError = Math.Sqrt(p.Select((v, i) => v * v * x.Errors[i] * x.Errors[i]).Sum());
        for (int i = 0; i < p.Length; i++)
            y.Errors[i] = p[i] * (x.Errors[i] + meanError + 4 * Estimate.Unit * (1 + Math.Abs(x.Values[i] - logarithmOfSum)));
        return y;
    }

    /// <summary>dx = y (dy − Σ y dy).</summary>
    private static Estimate SoftmaxBackward(Estimate y, Estimate dy)
    {
        var sum = new Accumulator(1);
        for (int i = 0; i < y.Length; i++)
            sum.Add(0, y.Values[i], y.Errors[i], dy.Values[i], dy.Errors[i]);
        Estimate mean = sum.ToEstimate();
        var dx = new Estimate(y.Length);
        for (int i = 0; i < y.Length; i++)
        {
            double difference = dy.Values[i] - mean.Values[0];
            dx.Values[i] = y.Values[i] * difference;
            dx.Errors[i] = Estimate.Hypotenuse(Math.Abs(difference) * y.Errors[i], y.Values[i] * Estimate.Hypotenuse(dy.Errors[i], mean.Errors[0]))
                + 2 * Estimate.Unit * (Math.Abs(dx.Values[i]) + y.Values[i] * Math.Abs(mean.Values[0]));
        }
        return dx;
    }

    private static Estimate LogSoftmax(Estimate x)
    {
        double[] p = SoftmaxValues(x.Values, out double logarithmOfSum);
        var y = new Estimate(x.Length);
        double meanError = Math.Sqrt(p.Select((v, i) => v * v * x.Errors[i] * x.Errors[i]).Sum());
        for (int i = 0; i < p.Length; i++)
        {
            y.Values[i] = x.Values[i] - logarithmOfSum;
            y.Errors[i] = x.Errors[i] + meanError + 4 * Estimate.Unit * (1 + Math.Abs(y.Values[i]));
        }
        return y;
    }

    /// <summary>dx = dy − e^y Σ dy.</summary>
    private static Estimate LogSoftmaxBackward(Estimate y, Estimate dy)
    {
        var total = new Accumulator(1);
        for (int i = 0; i < y.Length; i++)
            total.Add(0, dy.Values[i], dy.Errors[i], 1, 0);
        Estimate sum = total.ToEstimate();
        var dx = new Estimate(y.Length);
        for (int i = 0; i < y.Length; i++)
        {
            double p = Math.Exp(y.Values[i]);
            dx.Values[i] = dy.Values[i] - p * sum.Values[0];
            dx.Errors[i] = dy.Errors[i] + p * sum.Errors[0] + p * Math.Abs(sum.Values[0]) * (y.Errors[i] + 4 * Estimate.Unit * (1 + Math.Abs(y.Values[i]))) + Estimate.Unit * Math.Abs(dy.Values[i]);
        }
        return dx;
    }

    private Estimate ParametricReLU(InferredLayer layer, Estimate x)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        int plane = layer.Input.Size / layer.Input.Dimensions[0];
        var y = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double slope = weight.Length == 1 ? weight[0] : weight[i / plane], steepest = Math.Max(1, Math.Abs(slope));
            y.Values[i] = x.Values[i] > 0 ? x.Values[i] : slope * x.Values[i];
            y.Errors[i] = (Math.Abs(x.Values[i]) < Estimate.Tolerance * x.Errors[i] ? steepest : x.Values[i] > 0 ? 1 : Math.Abs(slope)) * x.Errors[i] + Estimate.Unit * Math.Abs(y.Values[i]);
        }
        return y;
    }

    private Estimate ParametricReLUBackward(InferredLayer layer, Estimate x, Estimate dy, Accumulator gradient)
    {
        double[] weight = _parameters[layer.Path + ".weight"];
        int plane = layer.Input.Size / layer.Input.Dimensions[0];
        var dx = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            int w = weight.Length == 1 ? 0 : i / plane;
            double slope = x.Values[i] > 0 ? 1 : weight[w];
            dx.Values[i] = slope * dy.Values[i];
            dx.Errors[i] = Math.Abs(slope) * dy.Errors[i] + Estimate.Unit * Math.Abs(dx.Values[i]);
            if (Math.Abs(x.Values[i]) < Estimate.Tolerance * x.Errors[i])
                dx.Errors[i] += Math.Abs((1 - weight[w]) * dy.Values[i]);
            gradient.Add(w, dy.Values[i], dy.Errors[i], Math.Min(x.Values[i], 0), x.Values[i] < Estimate.Tolerance * x.Errors[i] ? x.Errors[i] : 0);
        }
        return dx;
    }

    private Estimate Drop(InferredLayer layer, DropoutSpec d, Estimate x, int sample)
    {
        if (_dropout is null)
            return x;
        int plane = d.Channelwise ? layer.Input.Size / layer.Input.Channels : 1;
        var factors = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            factors[i] = _dropout(layer.Path, sample, i / plane);
        return Scale(x, factors);
    }
}
