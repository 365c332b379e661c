using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.AlphaDropoutLayer))]

namespace NetGen.Generator.Layers;

/// <summary>AlphaDropout: what is dropped becomes α′, and all are scaled and shifted so that SELU's mean and variance remain.</summary>
internal sealed class AlphaDropoutLayer() : UnaryLayer<AlphaDropoutSpec>("NetGen.AlphaDropoutAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool IsTransparent => true;

    protected override string TypeName(AlphaDropoutSpec spec) => "AlphaDropout";

    public override LayerSpec Read(LayerArguments arguments, string name) => new AlphaDropoutSpec(name, (float)arguments.Double("p", 0.5));

    protected override TensorShape Infer(AlphaDropoutSpec spec, TensorShape input, LayerContext context)
    {
        // Written so that NaN fails too.
        if (!(spec.Probability >= 0 && spec.Probability <= 1))
            context.ReportProbability(spec.Probability, "p");
        return input;
    }

    protected override string Title(AlphaDropoutSpec spec, TensorShape input) => $"AlphaDropout({Invariant.Text(spec.Probability)})";

    /// <summary>In evaluation, and where nothing is dropped, the layer is its input.</summary>
    protected override Value Lower(AlphaDropoutSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int stream = builder.NextRandomStream();
        if (!builder.Training || spec.Probability == 0)
            return input;
        Value output = builder.Add(layer, new AlphaDropoutOp(spec.Probability, stream), [input]);
        builder.AddPort(output, layer, "Scales", layer.Input);
        return output;
    }
}
