using NetGen.Generator.Graph;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

internal sealed class MaxPool2dLayer() : Layer<MaxPool2dSpec>("NetGen.MaxPool2dAttribute")
{
    protected override string TypeName(MaxPool2dSpec spec) => "MaxPool2d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        Pair kernel = arguments.Pair("kernelSize");
        return new MaxPool2dSpec(
            name,
            kernel,
            arguments.Pair("stride", kernel),
            arguments.Pair("padding", Pair.Both(0)),
            arguments.Bool("ceilMode", false));
    }

    protected override TensorShape Infer(MaxPool2dSpec spec, TensorShape input, LayerContext context)
        => PoolingRules.Infer(WindowOf(spec), input, context);

    protected override string Title(MaxPool2dSpec spec, TensorShape input)
        => $"MaxPool2d({spec.Kernel}{(spec.Stride == spec.Kernel ? "" : $", stride {spec.Stride}")}{Window.Option("padding", spec.Padding, 0)}{(spec.CeilMode ? ", ceil mode" : "")})";

    protected override Value Lower(MaxPool2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        (PoolAxis rows, PoolAxis columns) = PoolingRules.Axes(WindowOf(spec), layer.Input, layer.Output);
        return builder.Add(new PoolNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), isMax: true, rows, columns, countIncludePad: false), layer, input);
    }

    private static Window WindowOf(MaxPool2dSpec spec) => new(spec.Kernel, spec.Stride, spec.Padding, spec.CeilMode, IsPooling: true);
}
