using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.MaxUnpool2dLayer))]

namespace NetGen.Generator.Layers;

/// <summary>The partial inverse of a MaxPool2d that is named.</summary>
internal sealed class MaxUnpool2dLayer() : Layer<MaxUnpool2dSpec>("NetGen.MaxUnpool2dAttribute")
{
    protected override string TypeName(MaxUnpool2dSpec spec) => "MaxUnpool2d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        Pair? kernel = arguments.OptionalPair("kernelSize");
        // As in PyTorch, what is left out beside a kernel size has its default; without one the pool says it all.
        return new MaxUnpool2dSpec(name, arguments.OptionalValueName("indices", "the name of a MaxPool2d, such as \"pool1\""), kernel,
            arguments.OptionalPair("stride") ?? kernel, arguments.OptionalPair("padding") ?? (kernel is null ? null : Pair.Both(0)));
    }

    protected override IReadOnlyList<NamedInput> Reads(MaxUnpool2dSpec spec) =>
    [
        new NamedInput("indices", spec.Indices, DiagnosticDescriptors.UnpoolWithoutPool)
        {
            Port = MaxPool2dLayer.IndicesPort,
            Missing = "no pool is named: write Indices = \"…\"",
            Choices = Choices,
        },
    ];

    protected override IReadOnlyList<TensorShape> Infer(MaxUnpool2dSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape input = context.RequireFeatureMap(inputs[0]), unknown = TensorShape.Image(input.Channels, 0, 0);
        if (context.Named[0]?.Layer is not { Spec: not UnreadableSpec } found)
            return [unknown];
        if (found.Spec is not MaxPool2dSpec { Dimensions: 2 } pool)
        {
            context.Report(DiagnosticDescriptors.UnpoolWithoutPool, "indices", context.DisplayName,
                $"'{found.Path}' is {LayerRegistry.For(found.Spec).TypeName(found.Spec)}{Choices(context.Known)}");
            return [unknown];
        }
        if (!pool.ReturnIndices)
        {
            context.Report(DiagnosticDescriptors.UnpoolWithoutPool, "indices", context.DisplayName,
                $"MaxPool2d '{found.Path}' does not return them: write ReturnIndices = true there");
        }
        CheckWindow("kernelSize", "kernel size", spec.Kernel, pool.Kernel);
        CheckWindow("stride", "stride", spec.Stride, pool.Stride);
        CheckWindow("padding", "padding", spec.Padding, pool.Padding);
        if (input.IsComplete && found.Output.IsComplete && input != found.Output)
        {
            context.Report(DiagnosticDescriptors.UnpoolMismatch, null, context.DisplayName, found.Path,
                $"takes one value for each of its windows, {found.Output.InWords}, but {context.Source} gives {input.InWords}");
        }
        return [found.Input.IsImage ? found.Input : unknown];

        void CheckWindow(string argument, string noun, Pair? declared, Pair pools)
        {
            if (declared is Pair given && given != pools)
            {
                context.Report(DiagnosticDescriptors.UnpoolMismatch, argument, context.DisplayName, found.Path,
                    $"must have its {noun}, {LayerContext.PairText(pools)}, but is given {LayerContext.PairText(given)}");
            }
        }
    }

    protected override string Title(MaxUnpool2dSpec spec, InferredLayer layer) => $"MaxUnpool2d({spec.Indices})";

    protected override IReadOnlyList<Value> Lower(MaxUnpool2dSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs,
        GraphBuilder builder)
    {
        Node pool = inputs[1].Producer!;
        return [builder.Add(layer, new MaxUnpoolOp(((PoolOp)pool.Op).Windows), [inputs[0], pool.Input, inputs[1]])];
    }

    private static string Choices(KnownLayers known)
    {
        string[] pools = known.All.Where(layer => layer.Spec is MaxPool2dSpec { ReturnIndices: true }).Select(layer => $"'{layer.Path}'")
            .ToArray();
        return pools.Length == 0
            ? "; no MaxPool2d in front of it has ReturnIndices = true"
            : $"; with ReturnIndices = true there is {MessageText.List(pools)}";
    }
}
