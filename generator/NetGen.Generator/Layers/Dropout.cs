using System.Globalization;
using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>Dropout of single elements, and Dropout2d, which drops whole channels.</summary>
internal sealed class DropoutLayer() : Layer<DropoutSpec>("NetGen.DropoutAttribute", "NetGen.Dropout2dAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(DropoutSpec spec) => spec.Channelwise ? "Dropout2d" : "Dropout";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new DropoutSpec(name, (float)arguments.Double("p", 0.5), arguments.TypeName == "Dropout2d");

    protected override TensorShape Infer(DropoutSpec spec, TensorShape input, LayerContext context)
    {
        // Written so that NaN fails too.
        if (!(spec.Probability >= 0 && spec.Probability <= 1))
            context.Report(DiagnosticDescriptors.ProbabilityOutOfRange, "p", context.TypeName, MessageText.Fraction(spec.Probability));
        if (spec.Channelwise)
            context.RequireFeatureMap(input);
        return input;
    }

    protected override string Title(DropoutSpec spec, TensorShape input)
        => $"{TypeName(spec)}({spec.Probability.ToString("R", CultureInfo.InvariantCulture)})";

    /// <summary>In evaluation, and where nothing is dropped, the layer is its input.</summary>
    protected override Value Lower(DropoutSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int stream = builder.NextRandomStream();
        if (!builder.Training || spec.Probability == 0)
            return input;
        bool channelwise = spec.Channelwise && layer.Input.HasChannels;
        var node = new DropoutNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), spec.Probability, channelwise, stream);
        Value output = builder.Add(node, layer, input);
        node.Scales = builder.AddExtra(node, layer, "Scales", channelwise ? TensorShape.Vector(layer.Input.Channels) : layer.Input);
        return output;
    }
}

internal sealed class DropoutNode(string name, string title, float probability, bool channelwise, int stream) : Node(name, title)
{
    public float Probability { get; } = probability;

    public bool Channelwise { get; } = channelwise;

    /// <summary>Which sequence of the counter-based generator this layer draws from.</summary>
    public int Stream { get; } = stream;

    /// <summary>The factors, 0 or 1 / (1 − p), kept for the backward pass.</summary>
    public Value Scales { get; set; } = null!;

    public override string Verb => "Forward";

    public override VectorOrder Order => VectorOrder.Kept;

    public override IEnumerable<Value> ExtraOutputs => [Scales];

    public override void Differentiate(Differentiate pass, Value gradient) => pass.Flow(Input, new DropoutGradientNode(this), gradient, Scales);

    public override void ChooseExtraLayouts()
    {
        Layout input = Input.Layout;
        if (!Channelwise)
        {
            // Factors lie as the elements do, without a halo.
            Scales.Layout = input with { Left = 0, Right = 0 };
        }
        else if (input.Kind == LayoutKind.Samples)
        {
            Scales.Layout = new Layout(LayoutKind.Samples, input.Channels, 1, 1, 0, 0);
        }
        else
        {
            Scales.Layout = Layout.ForRows(input.Channels);
        }
    }

    public override void SelectKernels(KernelSelection selection)
    {
        selection.Call(
            Relayouts.DrawScales(Name + "Draw", $"{Name}, {Title}: draws the factors.", Scales.Layout, Probability, Stream),
            this, Scales, new RandomArgument(RandomKey.Seed), new RandomArgument(RandomKey.Step), new RandomArgument(RandomKey.FirstSample));
        selection.Call(Multiply(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output!.Layout), this, Input, Scales, Output);
    }

    public Kernel Multiply(string name, string summary, Layout input, Layout output)
        => Channelwise
            ? Elementwise.MultiplyPlanes(name, summary, input, Scales.Layout, output)
            : Elementwise.Multiply(name, summary, input, Scales.Layout, output);
}

internal sealed class DropoutGradientNode(DropoutNode forward) : Node(forward.Name, forward.Title)
{
    public override string Verb => "InputGradient";

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(forward.Multiply(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output!.Layout), this, Input, forward.Scales, Output);
}
