using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ChunkLayer))]

namespace NetGen.Generator.Layers;

/// <summary>One part of PyTorch's <c>chunk</c>.</summary>
internal sealed record ChunkSpec(string Name, int Chunks, int Index, int Dim) : LayerSpec(Name);

/// <summary>One of the equal parts of a dimension, the last of which may be smaller.</summary>
internal sealed class ChunkLayer() : UnaryLayer<ChunkSpec>("NetGen.ChunkAttribute")
{
    /// <summary>Some of the features of each position.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => ((ChunkSpec)spec).Dim is -1 or 2;

    protected override string TypeName(ChunkSpec spec) => "Chunk";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new ChunkSpec(name, arguments.Int("chunks"), arguments.Int("index"), arguments.OptionalInt("dim") ?? 1);

    protected override TensorShape Infer(ChunkSpec spec, TensorShape input, LayerContext context)
    {
        bool valid = context.RequireAtLeastOne(spec.Chunks, "chunks", "number of chunks") != 0;
        if (input.IsUnknown)
            return TensorShape.Unknown;
        int dimension = Reshape.Dimension(spec.Dim, input);
        if (!Reshape.RequireDimension(dimension, spec.Dim, "dim", "dim", input, context))
            return TensorShape.Unknown;
        int size = input.Dimensions[dimension - 1], count = 0;
        if (valid && size > 0)
        {
            (int each, int chunks) = Parts(spec, size);
            count = spec.Index < chunks && spec.Index >= -chunks ? Range(spec, size).Count : 0;
            if (count == 0)
            {
                string sizes = $"⌈{MessageText.Number(size)} / {MessageText.Number(spec.Chunks)}⌉ = {MessageText.Number(each)}";
                context.Report(DiagnosticDescriptors.ElementsOutOfRange, "index", context.DisplayName,
                    $"index {MessageText.Number(spec.Index)}",
                    $"must lie between −{MessageText.Number(chunks)} and {MessageText.Number(chunks - 1)}: in chunks of {sizes} "
                        + $"dimension {MessageText.Number(dimension)} makes {MessageText.Number(chunks)}", context.Source, input.InWords);
            }
        }
        return Moves.With(input, (i, extent) => i == dimension - 1 ? count : extent);
    }

    protected override string Title(ChunkSpec spec, TensorShape input)
        => $"Chunk({Invariant.Text(spec.Chunks)}, {Invariant.Text(spec.Index)}{(spec.Dim == 1 ? "" : $", dim {Invariant.Text(spec.Dim)}")})";

    protected override Value Lower(ChunkSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int axis = Reshape.Dimension(spec.Dim, layer.Input) - 1;
        (int start, int count) = Range(spec, layer.Input.Dimensions[axis]);
        return Moves.Lower(layer, input, Moves.Slice(layer.Input, axis, start, 1, count), layer.Output, builder);
    }

    /// <summary>Elements of a chunk, and how many chunks there are.</summary>
    private static (int Each, int Chunks) Parts(ChunkSpec spec, int size)
    {
        int each = (int)(((long)size + spec.Chunks - 1) / spec.Chunks);
        return (each, (size + each - 1) / each);
    }

    private static (int Start, int Count) Range(ChunkSpec spec, int size)
    {
        (int each, int chunks) = Parts(spec, size);
        int start = (spec.Index < 0 ? spec.Index + chunks : spec.Index) * each;
        return (start, Math.Min(each, size - start));
    }
}
