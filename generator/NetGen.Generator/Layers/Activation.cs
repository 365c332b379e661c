using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>The layers that apply one function to every element.</summary>
internal sealed class ActivationLayer() : Layer<ActivationSpec>(
    "NetGen.ReLUAttribute", "NetGen.SigmoidAttribute", "NetGen.TanhAttribute", "NetGen.GELUAttribute")
{
    public override bool KeepsShape => true;

    protected override string TypeName(ActivationSpec spec) => spec.Activation.TypeName;

    public override LayerSpec Read(LayerArguments arguments, string name) => new ActivationSpec(name, arguments.TypeName switch
    {
        "ReLU" => Activation.ReLU,
        "Sigmoid" => Activation.Sigmoid,
        "Tanh" => Activation.Tanh,
        "GELU" => arguments.Choice("approximate", "none", "tanh") == "tanh" ? Activation.GELUTanh : Activation.GELU,
        _ => throw new InvalidOperationException($"Attribute {arguments.TypeName} is registered as an activation but not read."),
    });

    protected override TensorShape Infer(ActivationSpec spec, TensorShape input, LayerContext context) => input;

    protected override string Title(ActivationSpec spec, TensorShape input) => spec.Activation.Title;

    protected override Value Lower(ActivationSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new ActivationNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), spec.Activation), layer, input);
}

internal sealed class ActivationNode(string name, string title, Activation activation) : Node(name, title)
{
    public Activation Activation { get; } = activation;

    public override string Verb => "Forward";

    public override VectorOrder Order => VectorOrder.Kept;

    public override void Differentiate(Differentiate pass, Value gradient)
        => pass.Flow(Input, new ActivationGradientNode(this), gradient, Activation.NeedsInput ? Input : Output!);

    public override void SelectKernels(SelectKernels selection)
        => selection.Call(Elementwise.Activate(selection.NameOf(this), selection.SummaryOf(this), Activation, Input.Layout, Output!.Layout), this, Input, Output);
}

/// <summary>Inputs: the output's gradient, and the value <see cref="Saved"/> that the derivative is computed from.</summary>
internal sealed class ActivationGradientNode(ActivationNode forward) : Node(forward.Name, forward.Title)
{
    public ActivationNode Forward { get; } = forward;

    public Value Saved => Inputs[1];

    public override string Verb => "InputGradient";

    public override void SelectKernels(SelectKernels selection)
        => selection.Call(Elementwise.ActivationGradient(selection.NameOf(this), selection.SummaryOf(this), Forward.Activation, Input.Layout, Saved.Layout, Output!.Layout), this, Input, Saved, Output);
}
