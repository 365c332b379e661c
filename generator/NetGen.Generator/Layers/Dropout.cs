using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.DropoutLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Dropout of single elements, and Dropout2d, which drops whole channels.</summary>
internal sealed class DropoutLayer() : UnaryLayer<DropoutSpec>("NetGen.DropoutAttribute", "NetGen.Dropout2dAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool IsTransparent => true;

    public override bool TakesLengths(LayerSpec spec, int input) => !((DropoutSpec)spec).Channelwise;

    public override float DropProbability(LayerSpec spec) => ((DropoutSpec)spec).Probability;

    protected override string TypeName(DropoutSpec spec) => spec.Channelwise ? "Dropout2d" : "Dropout";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new DropoutSpec(name, (float)arguments.Double("p", 0.5), arguments.TypeName == "Dropout2d");

    protected override TensorShape Infer(DropoutSpec spec, TensorShape input, LayerContext context)
    {
        // Written so that NaN fails too.
        if (!(spec.Probability >= 0 && spec.Probability <= 1))
            context.ReportProbability(spec.Probability, "p");
        if (spec.Channelwise)
            context.RequireFeatureMap(input);
        return input;
    }

    protected override string Title(DropoutSpec spec, TensorShape input)
        => $"{TypeName(spec)}({Invariant.Text(spec.Probability)})";

    /// <summary>In evaluation, and where nothing is dropped, the layer is its input.</summary>
    protected override Value Lower(DropoutSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int stream = builder.NextRandomStream();
        if (!builder.Training || spec.Probability == 0)
            return input;
        bool channelwise = spec.Channelwise && layer.Input.HasChannels;
        Value output = builder.Add(layer, new DropoutOp(spec.Probability, channelwise, stream), [input]);
        builder.AddPort(output, layer, "Scales", channelwise ? TensorShape.Vector(layer.Input.Channels) : layer.Input);
        return output;
    }
}
