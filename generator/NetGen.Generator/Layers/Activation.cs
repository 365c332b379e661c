using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>ReLU, Sigmoid, Tanh and GELU: one function applied to every element.</summary>
internal sealed class ActivationLayer() : Layer<ActivationSpec>(
    "NetGen.ReLUAttribute", "NetGen.SigmoidAttribute", "NetGen.TanhAttribute", "NetGen.GELUAttribute")
{
    public override bool KeepsShape => true;

    protected override string TypeName(ActivationSpec spec) => spec.Kind switch
    {
        ActivationKind.ReLU => "ReLU",
        ActivationKind.Sigmoid => "Sigmoid",
        ActivationKind.Tanh => "Tanh",
        ActivationKind.GELU or ActivationKind.GELUTanh => "GELU",
        _ => throw new InvalidOperationException($"Activation {spec.Kind} has no name."),
    };

    public override LayerSpec Read(LayerArguments arguments, string name) => new ActivationSpec(name, arguments.TypeName switch
    {
        "ReLU" => ActivationKind.ReLU,
        "Sigmoid" => ActivationKind.Sigmoid,
        "Tanh" => ActivationKind.Tanh,
        "GELU" => arguments.Choice("approximate", "none", "tanh") == "tanh" ? ActivationKind.GELUTanh : ActivationKind.GELU,
        _ => throw new InvalidOperationException($"Attribute {arguments.TypeName} is registered as an activation but not read."),
    });

    protected override TensorShape Infer(ActivationSpec spec, TensorShape input, LayerContext context) => input;

    protected override string Title(ActivationSpec spec, TensorShape input) => spec.Kind == ActivationKind.GELUTanh ? "GELU(tanh)" : spec.Kind.ToString();

    protected override Value Lower(ActivationSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new ActivationNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), spec.Kind), layer, input);
}

internal sealed class ActivationNode(string name, string title, ActivationKind kind) : Node(name, title)
{
    public ActivationKind Kind { get; } = kind;

    public override string Verb => "Forward";

    public override VectorOrder Order => VectorOrder.Kept;

    public override void Differentiate(Differentiate pass, Value gradient)
        => pass.Flow(Input, new ActivationGradientNode(this), gradient, ActivationGradientNode.NeedsInput(Kind) ? Input : Output!);

    public override void SelectKernels(SelectKernels selection)
        => selection.Call(Elementwise.Activation(selection.NameOf(this), selection.SummaryOf(this), Kind, Input.Layout, Output!.Layout), this, Input, Output);
}

/// <summary>Inputs: the output's gradient, and the value <see cref="Saved"/> that the derivative is computed from.</summary>
internal sealed class ActivationGradientNode(ActivationNode forward) : Node(forward.Name, forward.Title)
{
    public ActivationNode Forward { get; } = forward;

    public Value Saved => Inputs[1];

    /// <summary>GELU's derivative needs its input; the others follow from the output.</summary>
    public static bool NeedsInput(ActivationKind kind) => kind is ActivationKind.GELU or ActivationKind.GELUTanh;

    public override string Verb => "InputGradient";

    public override void SelectKernels(SelectKernels selection)
        => selection.Call(Elementwise.ActivationGradient(selection.NameOf(this), selection.SummaryOf(this), Forward.Kind, Input.Layout, Saved.Layout, Output!.Layout), this, Input, Saved, Output);
}
