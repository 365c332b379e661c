using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ActivationLayer))]

namespace NetGen.Generator.Layers;

/// <summary>The layers that apply one function to every element.</summary>
internal sealed class ActivationLayer() : UnaryLayer<ActivationSpec>(
    "NetGen.ReLUAttribute", "NetGen.SigmoidAttribute", "NetGen.TanhAttribute", "NetGen.GELUAttribute", "NetGen.LeakyReLUAttribute",
    "NetGen.ELUAttribute",
    "NetGen.SELUAttribute", "NetGen.SiLUAttribute", "NetGen.MishAttribute", "NetGen.HardswishAttribute", "NetGen.HardsigmoidAttribute",
    "NetGen.ReLU6Attribute",
    "NetGen.HardtanhAttribute", "NetGen.SoftplusAttribute", "NetGen.ExpAttribute",
    "NetGen.ActivationAttribute`1")
{
    /// <summary>What a function of the user's implements.</summary>
    public const string Contract = "NetGen.IActivation";

    public override bool NamesBlocks => false;

    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool TakesLengths(LayerSpec spec, int input) => true;

    public override OutputKind Gives(LayerSpec spec) => ((ActivationSpec)spec).Activation switch
    {
        SigmoidActivation => OutputKind.Probabilities,
        HardsigmoidActivation => OutputKind.Fractions,
        UserActivation => OutputKind.Anything,
        HardtanhActivation { IsReLU6: true } => OutputKind.Rectified,
        _ when spec is ActivationSpec { Activation: var activation } && activation == Activation.ReLU => OutputKind.Rectified,
        _ => OutputKind.Scores,
    };

    /// <summary>Tanh counts half: its derivative reaches 1, but for inputs of unit variance is 0.6 in the mean.</summary>
    public override double Saturation(LayerSpec spec) => ((ActivationSpec)spec).Activation switch
    {
        SigmoidActivation or HardsigmoidActivation => 1,
        TanhActivation => 0.5,
        _ => 0,
    };

    protected override string TypeName(ActivationSpec spec) => spec.Activation.TypeName;

    public override LayerSpec Read(LayerArguments arguments, string name) => new ActivationSpec(name, arguments.TypeName switch
    {
        "ReLU" => Activation.ReLU,
        "Sigmoid" => Activation.Sigmoid,
        "Tanh" => Activation.Tanh,
        "GELU" => arguments.Choice("approximate", "none", "tanh") == "tanh" ? Activation.GELUTanh : Activation.GELU,
        "LeakyReLU" => new LeakyReLUActivation((float)arguments.Double("negativeSlope", 0.01)),
        "ELU" => new ELUActivation((float)arguments.Double("alpha", 1)),
        "SELU" => new SELUActivation(),
        "SiLU" => new SiLUActivation(),
        "Exp" => new ExpActivation(),
        "Mish" => new MishActivation(),
        "Hardswish" => new HardswishActivation(),
        "Hardsigmoid" => new HardsigmoidActivation(),
        "ReLU6" => new HardtanhActivation(0, 6, IsReLU6: true),
        "Hardtanh" => new HardtanhActivation((float)arguments.Double("minVal", -1), (float)arguments.Double("maxVal", 1), IsReLU6: false),
        "Softplus" => new SoftplusActivation((float)arguments.Double("beta", 1), (float)arguments.Double("threshold", 20)),
        _ when arguments.TypeName.StartsWith("Activation<", StringComparison.Ordinal) => ReadUser(arguments),
        _ => throw new InvalidOperationException($"Attribute {arguments.TypeName} is registered as an activation but not read."),
    });

    private static UserActivation ReadUser(LayerArguments arguments)
    {
        (string function, string name) = arguments.Structure(0, Contract);
        return new UserActivation(function, name);
    }

    protected override TensorShape Infer(ActivationSpec spec, TensorShape input, LayerContext context)
    {
        switch (spec.Activation)
        {
            case LeakyReLUActivation a:
                context.RequireFinite(a.NegativeSlope, "negativeSlope");
                break;
            case ELUActivation a:
                context.RequireFinite(a.Alpha, "alpha");
                break;
            case HardtanhActivation a:
                if (context.RequireFinite(a.Lowest, "minVal") && context.RequireFinite(a.Highest, "maxVal") && a.Lowest >= a.Highest)
                    context.Report(DiagnosticDescriptors.ConstantOutOfRange, "maxVal", context.DisplayName, "maxVal",
                        $"above minVal = {MessageText.Fraction(a.Lowest)}", MessageText.Fraction(a.Highest));
                break;
            case SoftplusActivation a:
                if (context.RequireFinite(a.Beta, "beta") && (a.Beta == 0 || float.IsInfinity(1 / a.Beta)))
                    context.Report(DiagnosticDescriptors.ConstantOutOfRange, "beta", context.DisplayName, "beta",
                        "a number to divide by, not 0", MessageText.Fraction(a.Beta));
                context.RequireFinite(a.Threshold, "threshold");
                break;
        }
        return input;
    }

    protected override string Title(ActivationSpec spec, TensorShape input) => spec.Activation.Title;

    protected override Value Lower(ActivationSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new ActivationOp(spec.Activation), [input]);
}
