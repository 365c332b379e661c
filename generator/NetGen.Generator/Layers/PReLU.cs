using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.PReLULayer))]

namespace NetGen.Generator.Layers;

/// <summary>LeakyReLU with learned slopes.</summary>
internal sealed class PReLULayer() : UnaryLayer<PReLUSpec>("NetGen.PReLUAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool HasParameters(LayerSpec spec) => true;

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ["Weight"];

    protected override string TypeName(PReLUSpec spec) => "PReLU";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new PReLUSpec(name, arguments.OptionalInt("numParameters") ?? 1, (float)arguments.Double("init", 0.25));

    protected override TensorShape Infer(PReLUSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireFinite(spec.Init, "init");
        if (context.RequireAtLeastOne(spec.Parameters, "numParameters", "number of parameters") > 1 && !input.IsUnknown
            && input.Dimensions[0] is > 0 and int channels && channels != spec.Parameters)
        {
            context.Report(DiagnosticDescriptors.PReLUParameters, "numParameters", context.DisplayName,
                MessageText.Count(channels, input.IsVector ? "feature" : "channel"), context.Source,
                MessageText.Number(spec.Parameters));
        }
        return input;
    }

    protected override BigInteger CountParameters(PReLUSpec spec, TensorShape input) => spec.Parameters;

    protected override IReadOnlyList<LayerParameter> Parameters(PReLUSpec spec, TensorShape input)
        => [new LayerParameter("weight", [spec.Parameters], ParameterRole.Weight, 1, 1) { InitialValue = spec.Init }];

    protected override string Title(PReLUSpec spec, TensorShape input)
        => $"PReLU({Invariant.Text(spec.Parameters)}{(spec.Init == 0.25f ? "" : $", init {Invariant.Text(spec.Init)}")})";

    protected override Value Lower(PReLUSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new PReLUOp(PerChannel: spec.Parameters > 1), [input], "weight");
}
