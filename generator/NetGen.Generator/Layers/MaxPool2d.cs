using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.MaxPool2dLayer))]

namespace NetGen.Generator.Layers;

/// <summary>
/// MaxPool1d and MaxPool2d. Where the maxima came from is never stored: who reads the port <c>indices</c> finds it again by comparing the
/// pool's input with its output.
/// </summary>
internal sealed class MaxPool2dLayer() : Layer<MaxPool2dSpec>("NetGen.MaxPool1dAttribute", "NetGen.MaxPool2dAttribute")
{
    public const string IndicesPort = "indices";

    protected override string TypeName(MaxPool2dSpec spec) => $"MaxPool{Invariant.Text(spec.Dimensions)}d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        Pair kernel = PoolingRules.ReadPair(arguments, "kernelSize", 1, null);
        return new MaxPool2dSpec(
            name,
            kernel,
            PoolingRules.ReadPair(arguments, "stride", 1, kernel),
            PoolingRules.ReadPair(arguments, "padding", 0, Pair.Both(0)),
            arguments.Bool("ceilMode", false))
        {
            Dimensions = PoolingRules.DimensionsOf(arguments),
            Dilation = PoolingRules.ReadPair(arguments, "dilation", 1, Pair.Both(1)),
            ReturnIndices = arguments.Bool("returnIndices", false),
        };
    }

    protected override IReadOnlyList<string> Ports(MaxPool2dSpec spec) => spec.ReturnIndices ? [IndicesPort] : [];

    protected override IReadOnlyList<TensorShape> Infer(MaxPool2dSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape output = PoolingRules.Infer(WindowOf(spec), inputs[0], context);
        return spec.ReturnIndices ? [output, output] : [output];
    }

    protected override string Title(MaxPool2dSpec spec, InferredLayer layer) => $"{TypeName(spec)}({PoolingRules.Options(WindowOf(spec))})";

    protected override IReadOnlyList<Value> Lower(MaxPool2dSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs,
        GraphBuilder builder)
    {
        (PoolAxis rows, PoolAxis columns) = PoolingRules.Axes(WindowOf(spec), layer.Input, layer.Output);
        Value output = builder.Add(layer, new PoolOp(new PoolWindows(IsMax: true, rows, columns, CountIncludePad: false)), [inputs[0]]);
        return spec.ReturnIndices ? [output, output] : [output];
    }

    private static Window WindowOf(MaxPool2dSpec spec)
        => new(spec.Kernel, spec.Stride, spec.Padding, spec.CeilMode, IsPooling: true, spec.Dilation, IsSequence: spec.Dimensions == 1);
}
