using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>MaxPool1d and MaxPool2d.</summary>
internal sealed class MaxPool2dLayer() : Layer<MaxPool2dSpec>("NetGen.MaxPool1dAttribute", "NetGen.MaxPool2dAttribute")
{
    protected override string TypeName(MaxPool2dSpec spec) => $"MaxPool{Literals.Int(spec.Dimensions)}d";

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

    protected override TensorShape Infer(MaxPool2dSpec spec, TensorShape input, LayerContext context) => PoolingRules.Infer(WindowOf(spec), input, context);

    protected override string Title(MaxPool2dSpec spec, TensorShape input) => $"{TypeName(spec)}({PoolingRules.Options(WindowOf(spec))})";

    protected override Value Lower(MaxPool2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        (PoolAxis rows, PoolAxis columns) = PoolingRules.Axes(WindowOf(spec), layer.Input, layer.Output);
        Value output = builder.Add(layer, new PoolOp(new PoolWindows(IsMax: true, rows, columns, CountIncludePad: false)), [input]);
        builder.Pools[layer.Path] = output.Producer!;
        return output;
    }

    private static Window WindowOf(MaxPool2dSpec spec)
        => new(spec.Kernel, spec.Stride, spec.Padding, spec.CeilMode, IsPooling: true, spec.Dilation, IsSequence: spec.Dimensions == 1);
}
