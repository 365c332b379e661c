using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>ReLU, Sigmoid, Tanh and GELU: one function applied to every element.</summary>
internal sealed class ActivationLayer() : Layer<ActivationSpec>(
    "NetGen.ReLUAttribute", "NetGen.SigmoidAttribute", "NetGen.TanhAttribute", "NetGen.GELUAttribute")
{
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
}
