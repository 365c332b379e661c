using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.AvgPool2dLayer))]

namespace NetGen.Generator.Layers;

/// <summary>AvgPool1d and AvgPool2d.</summary>
internal sealed class AvgPool2dLayer() : UnaryLayer<AvgPool2dSpec>("NetGen.AvgPool1dAttribute", "NetGen.AvgPool2dAttribute")
{
    protected override string TypeName(AvgPool2dSpec spec) => $"AvgPool{Invariant.Text(spec.Dimensions)}d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        Pair kernel = PoolingRules.ReadPair(arguments, "kernelSize", 1, null);
        return new AvgPool2dSpec(
            name,
            kernel,
            PoolingRules.ReadPair(arguments, "stride", 1, kernel),
            PoolingRules.ReadPair(arguments, "padding", 0, Pair.Both(0)),
            arguments.Bool("ceilMode", false),
            arguments.Bool("countIncludePad", true))
        {
            Dimensions = PoolingRules.DimensionsOf(arguments),
            Divisor = arguments.OptionalInt("divisorOverride"),
        };
    }

    protected override TensorShape Infer(AvgPool2dSpec spec, TensorShape input, LayerContext context)
    {
        if (spec.Divisor == 0)
            context.ReportFixable(DiagnosticDescriptors.DivisorZero, "divisorOverride", ProblemFix.RemoveArgument, context.TypeName);
        return PoolingRules.Infer(WindowOf(spec), input, context);
    }

    protected override string Title(AvgPool2dSpec spec, TensorShape input)
        => $"{TypeName(spec)}({PoolingRules.Options(WindowOf(spec))}{(spec.CountIncludePad ? "" : ", padding not counted")}"
            + $"{(spec.Divisor is int divisor ? $", divisor {Invariant.Text(divisor)}" : "")})";

    protected override Value Lower(AvgPool2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        (PoolAxis rows, PoolAxis columns) = PoolingRules.Axes(WindowOf(spec), layer.Input, layer.Output);
        return builder.Add(layer, new PoolOp(new PoolWindows(IsMax: false, rows, columns, spec.CountIncludePad, spec.Divisor)), [input]);
    }

    private static Window WindowOf(AvgPool2dSpec spec)
        => new(spec.Kernel, spec.Stride, spec.Padding, spec.CeilMode, IsPooling: true, IsSequence: spec.Dimensions == 1);
}
