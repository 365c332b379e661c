using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.FlattenLayer))]

namespace NetGen.Generator.Layers;

/// <summary>Dimensions of a sample merged into one: by default all of them, so that a feature map becomes a vector.</summary>
internal sealed class FlattenLayer() : UnaryLayer<FlattenSpec>("NetGen.FlattenAttribute")
{
    public override bool IsTransparent => true;

    public override bool MergesDimensions => true;

    protected override string TypeName(FlattenSpec spec) => "Flatten";

    public override LayerSpec Read(LayerArguments arguments, string name) => new FlattenSpec(name)
    {
        StartDim = arguments.OptionalInt("startDim") ?? 1,
        EndDim = arguments.OptionalInt("endDim") ?? -1,
    };

    protected override TensorShape Infer(FlattenSpec spec, TensorShape input, LayerContext context)
    {
        if (spec is { StartDim: 1, EndDim: -1 })
            return TensorShape.Vector(input.Size);
        if (input.IsUnknown)
            return TensorShape.Unknown;
        int start = Reshape.Dimension(spec.StartDim, input), end = Reshape.Dimension(spec.EndDim, input);
        bool valid = Reshape.RequireDimension(start, spec.StartDim, "startDim", "StartDim", input, context)
            & Reshape.RequireDimension(end, spec.EndDim, "endDim", "EndDim", input, context);
        if (!valid)
            return TensorShape.Unknown;
        if (start > end)
        {
            context.Report(DiagnosticDescriptors.DimensionOutOfRange, "endDim", context.DisplayName, "EndDim",
                MessageText.Number(spec.EndDim),
                $"must not lie before StartDim, {MessageText.Number(spec.StartDim)}", context.Source, input.InWords);
            return TensorShape.Unknown;
        }
        int merged = 1;
        for (int i = start - 1; i < end; i++)
            merged *= input.Dimensions[i];
        return new TensorShape(input.Dimensions.Take(start - 1).Append(merged).Concat(input.Dimensions.Skip(end)).ToEquatableArray());
    }

    protected override string Title(FlattenSpec spec, TensorShape input)
        => spec is { StartDim: 1, EndDim: -1 } ? "Flatten" : $"Flatten({Invariant.Text(spec.StartDim)}, {Invariant.Text(spec.EndDim)})";

    protected override Value Lower(FlattenSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => Reshape.Lower(layer, input, builder);
}

/// <summary>What Flatten and Unflatten share: the same elements in the same order, under another shape.</summary>
internal static class Reshape
{
    /// <summary>A dimension as PyTorch counts it, 0 being the batch and negative ones counted from the end.</summary>
    public static int Dimension(int declared, TensorShape input) => declared < 0 ? declared + input.Rank + 1 : declared;

    /// <summary>Reports NG1068 for the batch, whose size is not known, and for a dimension that is not there.</summary>
    /// <param name="element">Which of several values of the argument it is.</param>
    /// <param name="rank">The dimensions that are counted, where they are not those of the input.</param>
    public static bool RequireDimension(int dimension, int declared, string argument, string name, TensorShape input, LayerContext context,
        int? element = null, int? rank = null)
    {
        int last = rank ?? input.Rank;
        if (dimension >= 1 && dimension <= last)
            return true;
        string reason = dimension == 0
            ? "is the batch, which keeps its own dimension"
            : $"must lie between 1 and {MessageText.Number(last)} (or −{MessageText.Number(last)} and −1), the batch being 0";
        context.ReportElement(DiagnosticDescriptors.DimensionOutOfRange, argument, element, context.DisplayName, name,
            MessageText.Number(declared), reason, context.Source, input.InWords);
        return false;
    }

    /// <summary>Reports NG1069 where sizes are none that a dimension can be divided into.</summary>
    public static bool RequireSizes(IReadOnlyCollection<int> sizes, string argument, LayerContext context)
    {
        if (sizes.Count > 0 && sizes.Count(size => size == -1) <= 1 && sizes.All(size => size >= 1 || size == -1))
            return true;
        ReportSizes(sizes, argument, "must be sizes of at least 1, one of which may be −1 to follow from the others", context);
        return false;
    }

    /// <summary>The sizes, where one is −1 with what follows from the others; reports NG1069 where they do not fit.</summary>
    /// <param name="total">The number of elements that is divided; 0 if it is not known.</param>
    /// <param name="whole">In words.</param>
    public static IReadOnlyList<int>? Fit(
        IReadOnlyCollection<int> sizes, string argument, int total, string whole, LayerContext context)
    {
        bool isOpen = sizes.Contains(-1);
        int[] given = [.. sizes.Where(size => size != -1)];
        BigInteger product = given.Aggregate(BigInteger.One, (p, size) => p * size);
        if (total != 0 && (isOpen ? total % product != 0 : total != product))
        {
            string arithmetic = string.Join(" · ", given.Select(size => MessageText.Number(size)))
                + (given.Length > 1 ? $" = {MessageText.Number(product)}" : "");
            ReportSizes(sizes, argument, $"{(isOpen ? "does not divide" : "does not multiply to")} {whole}: {arithmetic}", context);
            return null;
        }
        int rest = total == 0 ? 0 : (int)(total / product);
        return [.. sizes.Select(size => size == -1 ? rest : size)];
    }

    /// <summary>Reports NG1069.</summary>
    public static void ReportSizes(IEnumerable<int> sizes, string argument, string reason, LayerContext context)
        => context.Report(DiagnosticDescriptors.SizesDoNotFit, argument, context.DisplayName, argument, Moves.ListText(sizes), reason);

    /// <summary>Between two shapes that both have channels the way leads through a vector in PyTorch's order.</summary>
    public static Value Lower(InferredLayer layer, Value input, GraphBuilder builder)
    {
        if (layer.Input == layer.Output)
            return input;
        if (layer.Output.IsVector || layer.Input.IsVector)
            return builder.Add(layer, new FlattenOp(ToImage: !layer.Output.IsVector), [input]);
        Value vector = builder.AddInner(layer, new FlattenOp(ToImage: false), "Vector", "Vector", TensorShape.Vector(layer.Input.Size),
            [input]);
        return builder.Add(layer, new FlattenOp(ToImage: true), [vector]);
    }
}
