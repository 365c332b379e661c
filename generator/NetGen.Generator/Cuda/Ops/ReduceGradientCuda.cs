using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>
/// What flows back through one element of many. Of sums and means each element has the same: a thread for each. Of others a team takes an
/// output's elements.
/// </summary>
internal sealed class ReduceGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (ReduceGradientOp)node.Op;
        int[] input = [.. node.Output!.Shape.Dimensions], output = [.. node.Input.Shape.Dimensions];
        var reduction = new ReduceKernel(input, output);
        object key = (op, input.ToEquatableArray(), output.ToEquatableArray());
        if (op.Function is ReduceFunction.Sum or ReduceFunction.Mean)
        {
            CudaKernel each = selection.Kernel(node, key, EachElementKernel.Threads, name => EachElementKernel.Write(
                name, node.Title, ["gradient"], (writer, pointers, element) =>
                {
                    PtxFloat dy = writer.Element(pointers[0], new ElementPlace(writer, element, input).In(output), "dy");
                    return op.Function == ReduceFunction.Sum ? dy
                        : writer.Divide(dy, PtxWriter.Number((float)reduction.Count), "share");
                }));
            selection.LaunchForEach(each, CudaCount.OfSamples(node.Output.Shape.Size), selection.Of(node.Input), selection.Of(node.Output));
            return;
        }
        CudaKernel kernel = selection.Kernel(node, key, reduction.Team.Threads,
            name => reduction.WriteGradient(name, node.Title, op.Function, op.Correction));
        selection.LaunchForRows(kernel, reduction.Team, CudaCount.OfSamples(node.Input.Shape.Size),
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }
}

/// <summary>What flows back to vectors along a dimension that were divided by their norms: a team for each.</summary>
internal sealed class NormalizeGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (NormalizeGradientOp)node.Op;
        int[] input = [.. node.Output!.Shape.Dimensions], norms = [.. input.Select((extent, axis) => axis == op.Axis ? 1 : extent)];
        var reduction = new ReduceKernel(input, norms);
        CudaKernel kernel = selection.Kernel(node, (op, input.ToEquatableArray()), reduction.Team.Threads,
            name => reduction.WriteNormalizeGradient(name, node.Title, op.Eps));
        selection.LaunchForRows(kernel, reduction.Team, CudaCount.OfSamples(norms.Aggregate(1, (product, extent) => product * extent)),
            [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }
}

/// <summary>What flows back to one of two vectors from their cosine: a team for each pair.</summary>
internal sealed class CosineSimilarityGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (CosineSimilarityGradientOp)node.Op;
        int features = node.Output!.Shape.Size;
        RowTeam team = RowTeam.For(features);
        CudaKernel kernel = selection.Kernel(node, ("cosine gradient", op.Eps, features), team.Threads,
            name => CosineKernel.WriteGradient(name, node.Title, features, op.Eps));
        selection.LaunchForRows(kernel, team, CudaCount.OfSamples(1), [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }
}

/// <summary>What flows back to one of two vectors from all products of their elements: a team for each element.</summary>
internal sealed class OuterProductGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        var op = (OuterProductGradientOp)node.Op;
        int own = node.Output!.Shape.Size, other = node.Inputs[1].Shape.Size;
        RowTeam team = RowTeam.For(other);
        CudaKernel kernel = selection.Kernel(node, (op, own, other), team.Threads, name => Write(name, node.Title, op, own, other, team));
        selection.LaunchForRows(kernel, team, CudaCount.OfSamples(own), [.. node.Inputs.Select(selection.Of), selection.Of(node.Output)]);
    }

    private static string Write(string name, string summary, OuterProductGradientOp op, int own, int other, RowTeam team)
    {
        var writer = new PtxWriter(name, summary, team.Threads);
        PtxLong gradient = writer.Pointer("gradient"), factors = writer.Pointer("other"), output = writer.Pointer("output");
        RowWork work = team.Begin(writer);
        (PtxInt sample, PtxInt element) = writer.Divide(work.Row, own, "sample", "element");
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(own * other), "products"),
            firstFactor = writer.Multiply(sample, PtxWriter.Number(other), "factors");
        first = writer.MultiplyAdd(element, PtxWriter.Number(op.IsOfSecond ? 1 : other), first, "first");
        PtxFloat sum = work.Sum(PtxWriter.Number(other), other, place =>
        {
            PtxInt at = writer.MultiplyAdd(place, PtxWriter.Number(op.IsOfSecond ? own : 1), first, "at");
            return writer.Multiply(writer.Element(gradient, at, "dy"),
                writer.Element(factors, writer.Add(firstFactor, place, "factorAt"), "factor"), "product");
        });
        work.IfFirst(() => writer.Store(writer.ElementAddress(output, work.Row, "to"), sum));
        return writer.Render();
    }
}

/// <summary>The gradient of an operand of a contraction is a contraction too.</summary>
internal sealed class ContractionGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
        => ContractionCuda.Select(selection, node, ((ContractionGradientOp)node.Op).Indices);
}

/// <summary>Channels back to where they came from; those that went to several places have the sum.</summary>
internal sealed class ChannelMapGradientCuda : CudaOp
{
    public override void Select(CudaSelection selection, Node node)
    {
        ChannelMap map = ((ChannelMapGradientOp)node.Op).Map;
        TensorShape shape = node.Output!.Shape;
        int channels = shape.Channels, pixels = shape.Size / channels, targets = node.Input.Shape.Channels;
        CudaKernel kernel = selection.Kernel(node, (map, channels, pixels, targets), EachElementKernel.Threads, name =>
            EachElementKernel.Write(
            name, node.Title, ["gradient"], (writer, pointers, element) =>
            {
                var place = new ElementPlace(writer, element, [channels, pixels]);
                (PtxInt outer, PtxInt rest) = writer.Divide(place[0], map.SourceOuter, "outer", "rest");
                PtxInt from = writer.Multiply(place.Sample, PtxWriter.Number(targets), "firstTarget");
                from = writer.MultiplyAdd(outer, PtxWriter.Number(map.TargetOuter), from, "ofOuter");
                PtxFloat At(PtxInt inner)
                {
                    PtxInt channel = writer.MultiplyAdd(inner, PtxWriter.Number(map.TargetInner), from, "target");
                    return writer.Element(pointers[0], writer.MultiplyAdd(channel, PtxWriter.Number(pixels), place[1], "at"), "dy");
                }
                if (map.SourceInner != 0)
                    return At(map.SourceInner == 1 ? rest : writer.Divide(rest, map.SourceInner, "inner", "odd").Quotient);
                PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
                writer.Loop("inner", PtxWriter.Number(map.Inner), 1, inner => writer.Set(sum, writer.Add(sum, At(inner), "total")));
                return sum;
            }));
        selection.LaunchForEach(kernel, CudaCount.OfSamples(shape.Size), selection.Of(node.Input), selection.Of(node.Output));
    }
}
