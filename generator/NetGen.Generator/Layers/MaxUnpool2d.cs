using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>The partial inverse of a MaxPool2d that is named.</summary>
internal sealed class MaxUnpool2dLayer() : Layer<MaxUnpool2dSpec>("NetGen.MaxUnpool2dAttribute")
{
    protected override string TypeName(MaxUnpool2dSpec spec) => "MaxUnpool2d";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        Pair? kernel = arguments.OptionalPair("kernelSize");
        // As in PyTorch, what is left out beside a kernel size has its default; without one the pool says it all.
        return new MaxUnpool2dSpec(name, arguments.OptionalText("indices", "the name of a MaxPool2d, such as \"pool1\""), kernel,
            arguments.OptionalPair("stride") ?? kernel, arguments.OptionalPair("padding") ?? (kernel is null ? null : Pair.Both(0)));
    }

    protected override TensorShape Infer(MaxUnpool2dSpec spec, TensorShape input, LayerContext context)
    {
        input = context.RequireFeatureMap(input);
        TensorShape unknown = TensorShape.Image(input.Channels, 0, 0);
        if (spec.Indices is null)
        {
            context.Report(DiagnosticDescriptors.UnpoolWithoutPool, null, context.DisplayName, $"no pool is named: write Indices = \"…\"{Choices(context)}");
            return unknown;
        }
        InferredLayer? found = context.Known.Find(context.Path, spec.Indices);
        if (found is null)
        {
            // A block by itself does not see the layers around it; it is checked again at each use.
            if (context.Known.IsWhole)
                context.Report(DiagnosticDescriptors.UnpoolWithoutPool, "indices", context.DisplayName, $"no layer in front of it is called '{spec.Indices}'{Choices(context)}");
            return unknown;
        }
        if (found.Spec is UnreadableSpec)
            return unknown;
        if (found.Spec is not MaxPool2dSpec { Dimensions: 2 } pool)
        {
            context.Report(DiagnosticDescriptors.UnpoolWithoutPool, "indices", context.DisplayName,
                $"'{found.Path}' is {LayerRegistry.For(found.Spec).TypeName(found.Spec)}{Choices(context)}");
            return unknown;
        }
        if (!pool.ReturnIndices)
            context.Report(DiagnosticDescriptors.UnpoolWithoutPool, "indices", context.DisplayName, $"MaxPool2d '{found.Path}' does not return them: write ReturnIndices = true there");
        CheckWindow("kernelSize", "kernel size", spec.Kernel, pool.Kernel);
        CheckWindow("stride", "stride", spec.Stride, pool.Stride);
        CheckWindow("padding", "padding", spec.Padding, pool.Padding);
        if (input.IsComplete && found.Output.IsComplete && input != found.Output)
        {
            context.Report(DiagnosticDescriptors.UnpoolMismatch, null, context.DisplayName, found.Path,
                $"takes one value for each of its windows, {MessageText.Shape(found.Output)}, but {context.Source} gives {MessageText.Shape(input)}");
        }
        return found.Input.IsImage ? found.Input : unknown;

        void CheckWindow(string argument, string noun, Pair? declared, Pair pools)
        {
            if (declared is Pair given && given != pools)
            {
                context.Report(DiagnosticDescriptors.UnpoolMismatch, argument, context.DisplayName, found.Path,
                    $"must have its {noun}, {LayerContext.PairText(pools)}, but is given {LayerContext.PairText(given)}");
            }
        }
    }

    protected override string Title(MaxUnpool2dSpec spec, TensorShape input) => $"MaxUnpool2d({spec.Indices})";

    protected override Value Lower(MaxUnpool2dSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        Node pool = KnownLayers.Candidates(layer.Path, spec.Indices!).Where(builder.Pools.ContainsKey).Select(path => builder.Pools[path]).First();
        return builder.Add(layer, new MaxUnpoolOp(((PoolOp)pool.Op).Windows), [input, pool.Input, pool.Output!]);
    }

    private static string Choices(LayerContext context)
    {
        string[] pools = context.Known.ByPath.Values.Where(layer => layer.Spec is MaxPool2dSpec { ReturnIndices: true }).Select(layer => $"'{layer.Path}'").ToArray();
        return pools.Length == 0 ? "; no MaxPool2d in front of it has ReturnIndices = true" : $"; with ReturnIndices = true there is {MessageText.List(pools)}";
    }
}
