using NetGen.Generator.Diagnostics;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>Dropout of single elements, and Dropout2d, which drops whole channels.</summary>
internal sealed class DropoutLayer() : Layer<DropoutSpec>("NetGen.DropoutAttribute", "NetGen.Dropout2dAttribute")
{
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
}
