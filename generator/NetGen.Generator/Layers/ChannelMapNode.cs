using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Passes;

namespace NetGen.Generator.Layers;

/// <summary>Channels of an image at other places, with a bias where the layer has one left to add. Layers lower to it; none declares it.</summary>
internal sealed class ChannelMapNode(string name, string title, ChannelMap map, ParameterInfo? bias = null) : Node(name, title)
{
    public ChannelMap Map { get; } = map;

    public override string Verb => "Forward";

    public static Value Add(GraphBuilder builder, string name, string title, ChannelMap map, string outputName, int channels, Value input)
        => builder.Graph.Add(new ChannelMapNode(name, title, map), outputName, input.Shape.WithExtent(channels, input.Shape.Height, input.Shape.Width), input);

    public override void PackParameters(Graph graph, LayoutFacts facts) => bias?.PackAsVector();

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        if (bias is not null)
            pass.AddParameterGradient(new BiasGradientNode(Name, Title, bias), gradient);
        pass.Flow(Input, new ChannelMapGradientNode(this), gradient);
    }

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(ChannelMaps.Forward(selection.NameOf(this), selection.SummaryOf(this), Map, Input.Layout, Output!.Layout, bias is not null), this,
            Input, bias is null ? null : KernelSelection.Parameter(bias), Output);
}

/// <summary>Input: the gradient of the channels at their new places.</summary>
internal sealed class ChannelMapGradientNode(ChannelMapNode forward) : Node(forward.Name, forward.Title)
{
    public override string Verb => "InputGradient";

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(ChannelMaps.Gradient(selection.NameOf(this), selection.SummaryOf(this), forward.Map, Input.Layout, Output!.Layout), this, Input, Output);
}

/// <summary>Input: the output's gradient. Gives the gradient of a bias that no other node's gradient takes care of.</summary>
internal sealed class BiasGradientNode(string name, string title, ParameterInfo bias) : Node(name, title)
{
    public override string Verb => "BiasGradient";

    public override bool IsParameterGradient => true;

    public override void SelectKernels(KernelSelection selection) => selection.CallBiasGradient(this, bias, Input);
}
