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

/// <summary>AlphaDropout: what is dropped becomes α′, and all are scaled and shifted so that SELU's mean and variance remain.</summary>
internal sealed class AlphaDropoutLayer() : Layer<AlphaDropoutSpec>("NetGen.AlphaDropoutAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(AlphaDropoutSpec spec) => "AlphaDropout";

    public override LayerSpec Read(LayerArguments arguments, string name) => new AlphaDropoutSpec(name, (float)arguments.Double("p", 0.5));

    protected override TensorShape Infer(AlphaDropoutSpec spec, TensorShape input, LayerContext context)
    {
        // Written so that NaN fails too.
        if (!(spec.Probability >= 0 && spec.Probability <= 1))
            context.Report(DiagnosticDescriptors.ProbabilityOutOfRange, "p", context.TypeName, MessageText.Fraction(spec.Probability));
        return input;
    }

    protected override string Title(AlphaDropoutSpec spec, TensorShape input) => $"AlphaDropout({spec.Probability.ToString("R", CultureInfo.InvariantCulture)})";

    /// <summary>In evaluation, and where nothing is dropped, the layer is its input.</summary>
    protected override Value Lower(AlphaDropoutSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int stream = builder.NextRandomStream();
        if (!builder.Training || spec.Probability == 0)
            return input;
        var node = new AlphaDropoutNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), spec.Probability, stream);
        Value output = builder.Add(node, layer, input);
        node.Scales = builder.AddExtra(node, layer, "Scales", layer.Input);
        return output;
    }
}

internal sealed class AlphaDropoutNode(string name, string title, float probability, int stream) : Node(name, title)
{
    /// <summary>Dropout's factors, 0 or 1 / (1 − p), kept for the backward pass.</summary>
    public Value Scales { get; set; } = null!;

    public override string Verb => "Forward";

    public override VectorOrder Order => VectorOrder.Kept;

    public override IEnumerable<Value> ExtraOutputs => [Scales];

    /// <summary>PyTorch's a = 1 / √((α′² p + 1)(1 − p)), times 1 − p to take dropout's own factor back; 0 where all is dropped.</summary>
    public double Scale => probability == 1 ? 0 : (1 - probability) / Math.Sqrt((Alpha * Alpha * probability + 1) * (1 - probability));

    /// <summary>λα, what SELU tends to at −∞, with its sign turned.</summary>
    private static double Alpha => SELUActivation.Lambda * SELUActivation.Alpha;

    public override void Differentiate(Differentiate pass, Value gradient) => pass.Flow(Input, new AlphaDropoutGradientNode(this), gradient, Scales);

    public override void ChooseExtraLayouts() => Scales.Layout = Input.Layout with { Left = 0, Right = 0 };

    public override void SelectKernels(KernelSelection selection)
    {
        // y = a (m x − α (1 − m)) + a α p, with m = s (1 − p) from dropout's factor s.
        double scale = Scale, shift = probability == 1 ? 0 : scale / (1 - probability) * Alpha * (probability - 1);
        selection.Call(
            Relayouts.DrawScales(Name + "Draw", $"{Name}, {Title}: draws the factors.", Scales.Layout, probability, stream),
            this, Scales, new RandomArgument(RandomKey.Seed), new RandomArgument(RandomKey.Step), new RandomArgument(RandomKey.FirstSample));
        selection.Call(Elementwise.AlphaDrop(selection.NameOf(this), selection.SummaryOf(this), (float)scale, (float)(scale * Alpha), (float)shift, Input.Layout, Scales.Layout, Output!.Layout), this, Input, Scales, Output);
    }
}

/// <summary>Inputs: the output's gradient and the factors.</summary>
internal sealed class AlphaDropoutGradientNode(AlphaDropoutNode forward) : Node(forward.Name, forward.Title)
{
    public override string Verb => "InputGradient";

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(Elementwise.MultiplyScaled(selection.NameOf(this), selection.SummaryOf(this), (float)forward.Scale, Input.Layout, forward.Scales.Layout, Output!.Layout), this, Input, forward.Scales, Output);
}
