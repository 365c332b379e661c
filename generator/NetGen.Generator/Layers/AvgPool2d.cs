using NetGen.Generator.Graph;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

internal sealed class AvgPool2dLayer() : Layer<AvgPool2dSpec>("NetGen.AvgPool2dAttribute")
{
    protected override string TypeName(AvgPool2dSpec spec) => "AvgPool2d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        Pair kernel = arguments.Pair("kernelSize");
        return new AvgPool2dSpec(
            name,
            kernel,
            arguments.Pair("stride", kernel),
            arguments.Pair("padding", Pair.Both(0)),
            arguments.Bool("ceilMode", false),
            arguments.Bool("countIncludePad", true));
    }

    protected override TensorShape Infer(AvgPool2dSpec spec, TensorShape input, LayerContext context)
        => PoolingRules.Infer(WindowOf(spec), input, context);

    protected override string Title(AvgPool2dSpec spec, TensorShape input)
        => $"AvgPool2d({spec.Kernel}{(spec.Stride == spec.Kernel ? "" : $", stride {spec.Stride}")}{Window.Option("padding", spec.Padding, 0)}{(spec.CeilMode ? ", ceil mode" : "")}{(spec.CountIncludePad ? "" : ", padding not counted")})";

    protected override Value Lower(AvgPool2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        (PoolAxis rows, PoolAxis columns) = PoolingRules.Axes(WindowOf(spec), layer.Input, layer.Output);
        return builder.Add(new PoolNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), isMax: false, rows, columns, spec.CountIncludePad), layer, input);
    }

    private static Window WindowOf(AvgPool2dSpec spec) => new(spec.Kernel, spec.Stride, spec.Padding, spec.CeilMode, IsPooling: true);
}
