using NetGen.Generator.Emit;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Passes;

/// <summary>From graph to kernel calls: for each node the kernel of its layouts, in the order of execution.</summary>
internal sealed class SelectKernels
{
    private readonly Graph.Graph _graph;
    private readonly string _nameSuffix;
    private readonly TransposedWeights? _transposed;
    private readonly Value? _scratch;
    private readonly List<KernelCall> _calls = [];

    private SelectKernels(Graph.Graph graph, string nameSuffix, TransposedWeights? transposed)
    {
        _graph = graph;
        _nameSuffix = nameSuffix;
        _transposed = transposed;
        // Training has its scratch memory from the trainer; inference keeps it in the arena.
        long scratch = transposed is null ? WinogradNodes.ScratchLength(graph) : 0;
        if (scratch > 0)
            _scratch = Workspace("scratch", scratch);
    }

    /// <param name="nameSuffix">Tells apart the kernels of a second graph of the same network, e.g. <c>Lanes</c>.</param>
    public static IReadOnlyList<KernelCall> Run(Graph.Graph graph, string nameSuffix, TransposedWeights? transposed)
    {
        var selection = new SelectKernels(graph, nameSuffix, transposed);
        foreach (Node node in graph.Nodes)
            selection.Select(node, graph.ForwardNodes.Contains(node) ? Stage.Forward : Stage.Backward);
        return selection._calls;
    }

    private void Select(Node node, Stage stage)
    {
        string name = node.Name + _nameSuffix + node.Verb;
        string shapes = node.Output is null ? "" : $": {node.Input.Shape} → {node.Output.Shape}";
        string summary = $"{node.Name}, {node.Title}, {Words(node.Verb)}{shapes}.";
        switch (node)
        {
            case Conv2dNode conv:
            {
                ConvolutionGeometry geometry = ConvolutionGeometries.Forward(conv, conv.Input.Layout, conv.Output!.Layout);
                Layout? residual = conv.Residual?.Layout;
                if (Winograd.Applies(geometry, conv.Activation))
                {
                    Call(Winograd.Convolution(name, summary, geometry, conv.Bias is not null, conv.Activation, residual, mask: null), stage, node,
                        conv.Input, WinogradWeights(conv, geometry), conv.Bias is null ? null : Weights(conv.Bias), conv.Output, conv.Residual, Scratch);
                    break;
                }
                Kernel kernel = geometry.Source.Kind == LayoutKind.Samples
                    ? SampleConvolution.Create(name, summary, geometry, conv.Bias is not null, conv.Activation, residual, mask: null)
                    : ChannelConvolution.Create(name, summary, geometry, conv.Bias is not null, conv.Activation, residual, mask: null);
                Call(kernel, stage, node, conv.Input, Weights(conv.Weight), conv.Bias is null ? null : Weights(conv.Bias), conv.Output, conv.Residual);
                break;
            }
            case Conv2dInputGradientNode gradient:
                SelectConvolutionInputGradient(gradient, name, summary);
                break;
            case Conv2dWeightGradientNode gradient:
            {
                Conv2dNode conv = gradient.Forward;
                ConvolutionGeometry geometry = ConvolutionGeometries.Forward(conv, gradient.Input.Layout, gradient.OutputGradient.Layout);
                if (Winograd.Applies(geometry))
                {
                    Call(Winograd.WeightGradient(name, $"{summary} {Shape(conv.Weight)}.", geometry), Stage.WeightGradient, node,
                        gradient.Input, gradient.OutputGradient, Gradients(conv.Weight), Transposed(_transposed!.Sums[gradient]), "scratch");
                }
                else
                {
                    Call(ConvolutionWeightGradient.Create(name, $"{summary} {Shape(conv.Weight)}.", geometry), Stage.WeightGradient, node, gradient.Input, gradient.OutputGradient, Gradients(conv.Weight));
                }
                if (conv.Bias is not null)
                    Call(RowKernels.BiasGradient(node.Name + "BiasGradient", $"{node.Name}, {node.Title}, bias gradient.", gradient.OutputGradient.Layout), Stage.WeightGradient, node, gradient.OutputGradient, Gradients(conv.Bias));
                break;
            }
            case LinearNode linear:
            {
                LinearKernels.Geometry geometry = Linear(linear.InFeatures, linear.OutFeatures, linear.Input.Layout, linear.Output!.Layout);
                Call(LinearKernels.Create(name, summary, geometry, linear.Bias is not null, linear.Activation, mask: null), stage, node,
                    linear.Input, Weights(linear.Weight), linear.Bias is null ? null : Weights(linear.Bias), linear.Output);
                break;
            }
            case LinearInputGradientNode gradient:
            {
                LinearNode linear = gradient.Forward;
                LinearKernels.Geometry geometry = Linear(linear.OutFeatures, linear.InFeatures, gradient.Input.Layout, gradient.Output!.Layout);
                (ActivationKind, long)? mask = gradient.Mask is { } m ? (m.Kind, m.Output.Layout.SampleStride) : null;
                Call(LinearKernels.Create(name, summary, geometry, hasBias: false, activation: null, mask), stage, node,
                    gradient.Input, Transposed(_transposed!.Offsets[gradient]), gradient.Output, gradient.Mask?.Output);
                break;
            }
            case LinearWeightGradientNode gradient:
            {
                LinearNode linear = gradient.Forward;
                LinearKernels.Geometry geometry = Linear(linear.InFeatures, linear.OutFeatures, gradient.Input.Layout, gradient.OutputGradient.Layout);
                Call(LinearKernels.WeightGradient(name, $"{summary} {Shape(linear.Weight)}.", geometry), Stage.WeightGradient, node, gradient.Input, gradient.OutputGradient, Gradients(linear.Weight));
                if (linear.Bias is not null)
                    Call(RowKernels.BiasGradient(node.Name + "BiasGradient", $"{node.Name}, {node.Title}, bias gradient.", gradient.OutputGradient.Layout), Stage.WeightGradient, node, gradient.OutputGradient, Gradients(linear.Bias));
                break;
            }
            case ActivationNode activation:
                Call(Elementwise.Activation(name, summary, activation.Kind, node.Input.Layout, node.Output!.Layout), stage, node, node.Input, node.Output);
                break;
            case ActivationGradientNode gradient:
                Call(Elementwise.ActivationGradient(name, summary, gradient.Forward.Kind, node.Input.Layout, gradient.Saved.Layout, node.Output!.Layout), stage, node, node.Input, gradient.Saved, node.Output);
                break;
            case SoftmaxNode:
                Call(RowKernels.Softmax(name, summary, node.Input.Layout, node.Output!.Layout), stage, node, node.Input, node.Output);
                break;
            case SoftmaxGradientNode gradient:
                Call(RowKernels.SoftmaxGradient(name, summary, node.Input.Layout, gradient.Saved.Layout, node.Output!.Layout), stage, node, node.Input, gradient.Saved, node.Output);
                break;
            case PoolNode pool:
                Call(Pooling.Forward(name, summary, pool, node.Input.Layout, node.Output!.Layout), stage, node, node.Input, node.Output);
                break;
            case PoolGradientNode gradient:
            {
                PoolNode pool = gradient.Forward;
                (ActivationKind, Layout)? mask = gradient.Mask is { } m ? (m.Kind, m.Output.Layout) : null;
                Kernel kernel = Pooling.Gradient(name, summary, pool, node.Input.Layout, pool.IsMax ? node.Inputs[1].Layout : null, pool.IsMax ? node.Inputs[2].Layout : null, node.Output!.Layout, mask);
                if (pool.IsMax)
                    Call(kernel, stage, node, node.Input, node.Inputs[1], node.Inputs[2], node.Output);
                else
                    Call(kernel, stage, node, node.Input, gradient.Mask?.Output, node.Output);
                break;
            }
            case DropoutNode dropout:
                Call(Relayouts.DrawScales(node.Name + "Draw", $"{node.Name}, {node.Title}: draws the factors.", dropout.Scales.Layout, dropout.Probability, dropout.Stream), stage, node,
                    dropout.Scales, "seed", "step", "firstSample");
                Call(Multiply(dropout, name, summary, node.Input.Layout, node.Output!.Layout), stage, node, node.Input, dropout.Scales, node.Output);
                break;
            case DropoutGradientNode gradient:
                Call(Multiply(gradient.Forward, name, summary, node.Input.Layout, node.Output!.Layout), stage, node, node.Input, gradient.Forward.Scales, node.Output);
                break;
            case FlattenNode { Backward: false }:
                if (node.Output!.AliasOf is null)
                    Call(Relayouts.Flatten(name, summary, node.Input.Layout, node.Output.Layout, node.Output.FlattenedFrom is not null), stage, node, perSample: true, node.Input, node.Output);
                break;
            case FlattenNode:
                if (node.Output!.AliasOf is null)
                    Call(Relayouts.Unflatten(name, summary, node.Input.Layout, node.Output.Layout, node.Input.FlattenedFrom is not null), stage, node, perSample: true, node.Input, node.Output);
                break;
            case AddNode:
                Call(Elementwise.Add(name, summary, node.Inputs[0].Layout, node.Inputs[1].Layout, node.Output!.Layout), stage, node, node.Inputs[0], node.Inputs[1], node.Output);
                break;
            case LossNode { Kind: LossKind.CrossEntropy }:
                Call(RowKernels.CrossEntropy("CrossEntropyLoss", node.Input.Layout, node.Output!.Layout), stage, node, node.Input, "labels", node.Output, "losses", "scale");
                break;
            case LossNode:
                // The mean squared error is computed in the caller's order, by the trainer itself.
                break;
            default:
                throw new NotSupportedException($"No kernel for {node.GetType().Name}.");
        }
    }

    private void SelectConvolutionInputGradient(Conv2dInputGradientNode gradient, string name, string summary)
    {
        var phases = ConvolutionGeometries.InputGradient(gradient.Forward, gradient.Input.Layout, gradient.Output!.Layout);
        bool lanes = gradient.Input.Layout.Kind == LayoutKind.Samples;
        (ActivationKind, Layout)? mask = gradient.Mask is { } m ? (m.Kind, m.Output.Layout) : null;
        if (phases.Count == 1 && Winograd.Applies(phases[0].Geometry))
        {
            Call(Winograd.Convolution(name, summary, phases[0].Geometry, hasBias: false, activation: null, residual: null, mask), Stage.Backward, gradient,
                gradient.Input, Transposed(_transposed!.Winograd[gradient]), gradient.Output, gradient.Mask?.Output, "scratch");
            return;
        }
        for (int phase = 0; phase < phases.Count; phase++)
        {
            string phaseName = phases.Count == 1 ? name : name + "Phase" + Literals.Int(phase);
            string phaseSummary = phases.Count == 1 ? summary
                : $"{summary} Phase ({Literals.Int(phases[phase].Rows.Start)}, {Literals.Int(phases[phase].Columns.Start)}) of stride {gradient.Forward.Spec.Stride}.";
            Kernel kernel = lanes
                ? SampleConvolution.Create(phaseName, phaseSummary, phases[phase].Geometry, hasBias: false, activation: null, residual: null, mask)
                : ChannelConvolution.Create(phaseName, phaseSummary, phases[phase].Geometry, hasBias: false, activation: null, residual: null, mask);
            string weights = lanes ? Weights(gradient.Forward.Weight) : Transposed(_transposed!.Offsets[gradient]);
            Call(kernel, Stage.Backward, gradient, gradient.Input, weights, gradient.Output, gradient.Mask?.Output);
        }
    }

    private object Scratch => _scratch is null ? "scratch" : _scratch;

    private static string Transposed(long offset) => Literals.Plus("transposed", offset);

    /// <summary>The weights at Winograd's points: prepared by the trainer, or in the arena before the first sample.</summary>
    private object WinogradWeights(Conv2dNode conv, ConvolutionGeometry geometry)
    {
        if (_transposed is not null)
            return Transposed(_transposed.Winograd[conv]);
        Value points = Workspace(Naming.Camel(conv.Name) + "Points", Winograd.WeightLength(geometry));
        _calls.Add(new KernelCall(WinogradNodes.Weights(conv, geometry), Stage.Forward, [Weights(conv.Weight), points, "0"], conv) { LastArgument = "1" });
        return points;
    }

    private Value Workspace(string name, long length)
    {
        var shape = TensorShape.Vector(checked((int)length));
        return new Value(name, shape) { IsWorkspace = true, Layout = Layout.ForRows(shape.Features) };
    }

    private static Kernel Multiply(DropoutNode dropout, string name, string summary, Layout input, Layout output)
        => dropout.Channelwise
            ? Elementwise.MultiplyPlanes(name, summary, input, dropout.Scales.Layout, output)
            : Elementwise.Multiply(name, summary, input, dropout.Scales.Layout, output);

    private static LinearKernels.Geometry Linear(int inFeatures, int outFeatures, Layout input, Layout output) => new()
    {
        InFeatures = inFeatures,
        OutFeatures = outFeatures,
        InputStride = input.SampleStride,
        OutputStride = output.SampleStride,
    };

    private static string Weights(ParameterInfo parameter) => Literals.Plus("parameters", parameter.Offset);

    private static string Gradients(ParameterInfo parameter) => Literals.Plus("gradients", parameter.Offset);

    private static string Shape(ParameterInfo parameter) => "[" + string.Join(", ", parameter.Shape.Select(d => Literals.Int(d))) + "]";

    private static string Words(string verb) => verb switch
    {
        "Forward" => "forward",
        "InputGradient" => "gradient of the input",
        "WeightGradient" => "gradient of the weights",
        _ => "gradient",
    };

    private void Call(Kernel kernel, Stage stage, Node node, params object?[] arguments)
        => Call(kernel, stage, node, perSample: (node.Output ?? node.Input).Shape.IsImage, arguments);

    private void Call(Kernel kernel, Stage stage, Node node, bool perSample, params object?[] arguments)
    {
        object[] present = arguments.Where(a => a is not null).Select(a => a!).ToArray();
        _calls.Add(new KernelCall(kernel, stage, present, node)
        {
            IsPerSample = perSample && stage != Stage.WeightGradient,
            ForInputGradientOnly = _transposed?.ForInputGradientOnly.Contains(node) ?? false,
        });
    }
}

/// <summary>What the passes know about convolutions that run at Winograd's points.</summary>
internal static class WinogradNodes
{
    public static Kernel Weights(Conv2dNode conv, ConvolutionGeometry geometry)
        => Winograd.Weights(conv.Name + "Weights", $"{conv.Name}, {conv.Title}: the weights at Winograd's points.", geometry);

    /// <summary>Floats that one worker needs for the largest of the graph's convolutions; 0 if none runs this way.</summary>
    public static long ScratchLength(Graph.Graph graph)
    {
        long length = 0;
        foreach (Node node in graph.Nodes)
        {
            switch (node)
            {
                case Conv2dNode conv:
                    ConvolutionGeometry forward = ConvolutionGeometries.Forward(conv, conv.Input.Layout, conv.Output!.Layout);
                    if (Winograd.Applies(forward, conv.Activation))
                        length = Math.Max(length, Winograd.ScratchLength(forward));
                    break;
                case Conv2dInputGradientNode gradient when InputGradient(gradient) is { } backward:
                    length = Math.Max(length, Winograd.ScratchLength(backward));
                    break;
                case Conv2dWeightGradientNode gradient:
                    ConvolutionGeometry weights = ConvolutionGeometries.Forward(gradient.Forward, gradient.Input.Layout, gradient.OutputGradient.Layout);
                    if (Winograd.Applies(weights))
                        length = Math.Max(length, Winograd.GradientScratchLength(weights));
                    break;
            }
        }
        return length;
    }

    /// <summary>The input gradient as one correlation at Winograd's points; null if it runs otherwise.</summary>
    public static ConvolutionGeometry? InputGradient(Conv2dInputGradientNode node)
    {
        var phases = ConvolutionGeometries.InputGradient(node.Forward, node.Input.Layout, node.Output!.Layout);
        return phases.Count == 1 && Winograd.Applies(phases[0].Geometry) ? phases[0].Geometry : null;
    }
}

/// <summary>
/// What training derives from the weights, in one buffer: copies with inputs and outputs exchanged, for the input gradients, and weights at
/// Winograd's points. Made anew before each pass, since the parameters may have changed.
/// </summary>
internal sealed class TransposedWeights
{
    public TransposedWeights(Graph.Graph graph)
    {
        ForInputGradientOnly = FindForInputGradientOnly(graph);
        ScratchLength = WinogradNodes.ScratchLength(graph);
        long offset = 0;
        foreach (Node node in graph.Nodes)
        {
            switch (node)
            {
                case Conv2dNode conv:
                    ConvolutionGeometry geometry = ConvolutionGeometries.Forward(conv, conv.Input.Layout, conv.Output!.Layout);
                    if (Kernels.Winograd.Applies(geometry, conv.Activation))
                    {
                        Winograd[node] = offset;
                        Packs.Add(new Pack(node, WinogradNodes.Weights(conv, geometry),
                            $"{Literals.Plus("parameters", conv.Weight.Offset)}, {Literals.Plus("transposed", offset)}"));
                        offset += Kernels.Winograd.WeightLength(geometry);
                    }
                    break;
                case Conv2dInputGradientNode conv when conv.Input.Layout.Kind != LayoutKind.Samples:
                    Offsets[node] = offset;
                    PackConvolution(conv, offset);
                    offset += ConvolutionGeometries.TransposedLength(conv.Forward);
                    if (WinogradNodes.InputGradient(conv) is { } backward)
                    {
                        // The same worker has just transposed these blocks.
                        Winograd[node] = offset;
                        Packs.Add(new Pack(node, Kernels.Winograd.Weights(node.Name + "TransposedWeights", $"{node.Name}, {node.Title}: the transposed weights at Winograd's points.", backward),
                            $"{Literals.Plus("transposed", Offsets[node])}, {Literals.Plus("transposed", offset)}"));
                        offset += Kernels.Winograd.WeightLength(backward);
                    }
                    break;
                case Conv2dWeightGradientNode gradient:
                    ConvolutionGeometry weights = ConvolutionGeometries.Forward(gradient.Forward, gradient.Input.Layout, gradient.OutputGradient.Layout);
                    if (Kernels.Winograd.Applies(weights))
                    {
                        Sums[node] = offset;
                        offset += Kernels.Winograd.WeightLength(weights);
                    }
                    break;
                case LinearInputGradientNode linear:
                    Offsets[node] = offset;
                    LinearNode forward = linear.Forward;
                    Packs.Add(new Pack(node, null, $"Packing.TransposeLinear(parameters + {Literals.Int(forward.Weight.Offset)}, transposed + {Literals.Int(offset)}, {Literals.Int(forward.InFeatures)}, {Literals.Int(forward.OutFeatures)}, worker, workers);"));
                    offset += (long)Layout.RoundUp(forward.InFeatures) * forward.OutFeatures;
                    break;
            }
        }
        Length = offset;
    }

    /// <summary>What prepares one node's weights: a kernel, or a call of the runtime. Each divides its work among the workers.</summary>
    public sealed record Pack(Node Node, Kernel? Kernel, string Arguments);

    /// <summary>Transposed weights of input gradients.</summary>
    public Dictionary<Node, long> Offsets { get; } = [];

    /// <summary>Weights at Winograd's points, of convolutions and of their input gradients.</summary>
    public Dictionary<Node, long> Winograd { get; } = [];

    /// <summary>Sums at Winograd's points, of weight gradients.</summary>
    public Dictionary<Node, long> Sums { get; } = [];

    public List<Pack> Packs { get; } = [];

    /// <summary>Floats of scratch memory that each worker needs.</summary>
    public long ScratchLength { get; }

    public long Length { get; }

    /// <summary>Backward nodes that no gradient of a parameter depends on.</summary>
    public HashSet<Node> ForInputGradientOnly { get; }

    private void PackConvolution(Conv2dInputGradientNode node, long offset)
    {
        Conv2dNode conv = node.Forward;
        foreach ((ConvolutionGeometry geometry, ConvolutionGeometry.Phase rows, ConvolutionGeometry.Phase columns) in ConvolutionGeometries.InputGradient(conv, node.Input.Layout, node.Output!.Layout))
        {
            if (rows.Taps == 0 || columns.Taps == 0)
                continue;
            IReadOnlyList<PackedDimension> weights = conv.Weight.Dimensions;
            PackedDimension channels = weights[1];
            // Offset of the phase's last tap, and strides back to the first: the correlation runs over the taps in reverse.
            long start = (rows.FirstTap + conv.Spec.Stride.Height * (rows.Taps - 1)) * (long)weights[2].OuterStride
                + (columns.FirstTap + conv.Spec.Stride.Width * (columns.Taps - 1)) * (long)weights[3].OuterStride;
            long channelStride = channels.Block == 1 ? channels.OuterStride : channels.InnerStride;
            long blockStride = channels.Block == 1 ? (long)Layout.Block * channels.OuterStride : channels.OuterStride;
            Packs.Add(new Pack(node, null, $"Packing.TransposeConvolution(parameters + {Literals.Int(conv.Weight.Offset + start)}, transposed + {Literals.Int(offset + geometry.WeightStart)}, "
                + $"inChannels: {Literals.Int(conv.Weight.Shape[1])}, outChannels: {Literals.Int(conv.Weight.Shape[0])}, tapRows: {Literals.Int(rows.Taps)}, tapColumns: {Literals.Int(columns.Taps)}, "
                + $"outBlockStride: {Literals.Int(weights[0].OuterStride)}, inBlockStride: {Literals.Int(blockStride)}, inStride: {Literals.Int(channelStride)}, "
                + $"tapRowStride: {Literals.Int(-(long)conv.Spec.Stride.Height * weights[2].OuterStride)}, tapColumnStride: {Literals.Int(-(long)conv.Spec.Stride.Width * weights[3].OuterStride)}, worker, workers);"));
        }
    }

    private static HashSet<Node> FindForInputGradientOnly(Graph.Graph graph)
    {
        var needed = new HashSet<Node>();
        var open = new Stack<Node>(graph.BackwardNodes.Where(n => n is Conv2dWeightGradientNode or LinearWeightGradientNode));
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (!needed.Add(node))
                continue;
            foreach (Value input in node.Inputs)
            {
                if (input.Producer is { } producer)
                    open.Push(producer);
            }
        }
        return new HashSet<Node>(graph.BackwardNodes.Where(n => n is not LossNode && !needed.Contains(n)));
    }
}
