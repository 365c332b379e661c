using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.SliceLayer))]

namespace NetGen.Generator.Layers;

/// <summary>A part of one dimension, by the rules of Python's slices.</summary>
/// <param name="End">As declared; <c>int.MaxValue</c> where nothing is said.</param>
internal sealed record SliceSpec(string Name, int Dim, int Start, int End, int Step) : LayerSpec(Name);

/// <summary>Some elements of a dimension, in equal steps.</summary>
internal sealed class SliceLayer() : UnaryLayer<SliceSpec>("NetGen.SliceAttribute")
{
    /// <summary>Some of the features of each position.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => ((SliceSpec)spec).Dim is -1 or 2;

    protected override string TypeName(SliceSpec spec) => "Slice";

    public override LayerSpec Read(LayerArguments arguments, string name) => new SliceSpec(name, arguments.Int("dim"),
        arguments.Int("start"), arguments.OptionalInt("end") ?? int.MaxValue, arguments.OptionalInt("step") ?? 1);

    protected override TensorShape Infer(SliceSpec spec, TensorShape input, LayerContext context)
    {
        bool valid = context.RequireAtLeastOne(spec.Step, "step", "step") != 0;
        if (input.IsUnknown)
            return TensorShape.Unknown;
        int dimension = Reshape.Dimension(spec.Dim, input);
        if (!Reshape.RequireDimension(dimension, spec.Dim, "dim", "dim", input, context))
            return TensorShape.Unknown;
        int axis = dimension - 1, size = input.Dimensions[axis], count = 0;
        if (valid && size > 0)
        {
            (int start, int end) = Range(spec, size);
            count = Count(start, end, spec.Step);
            if (count == 0)
            {
                context.Report(DiagnosticDescriptors.ElementsOutOfRange, "start", context.DisplayName, Text(spec),
                    $"leaves nothing of dimension {MessageText.Number(dimension)}, which has {MessageText.Count(size, "element")}: from "
                        + $"{MessageText.Number(start)} to before {MessageText.Number(end)}", context.Source, input.InWords);
            }
        }
        return Moves.With(input, (i, extent) => i == axis ? count : extent);
    }

    protected override string Title(SliceSpec spec, TensorShape input)
        => $"Slice({Invariant.Text(spec.Dim)}, {Invariant.Text(spec.Start)}"
            + (spec.End == int.MaxValue ? "" : $", {Invariant.Text(spec.End)}")
            + (spec.Step == 1 ? ")" : $", step {Invariant.Text(spec.Step)})");

    protected override Value Lower(SliceSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int axis = Reshape.Dimension(spec.Dim, layer.Input) - 1;
        (int start, _) = Range(spec, layer.Input.Dimensions[axis]);
        MoveOp op = Moves.Slice(layer.Input, axis, start, spec.Step, layer.Output.Dimensions[axis]);
        return Moves.Lower(layer, input, op, layer.Output, builder);
    }

    /// <summary>
    /// First element, and the one behind the last: negative numbers count from the end, and what lies outside is the end.
    /// </summary>
    private static (int Start, int End) Range(SliceSpec spec, int size)
    {
        return (Clamp(spec.Start), Clamp(spec.End));

        int Clamp(int index) => (int)Math.Max(0, Math.Min(size, index < 0 ? (long)index + size : index));
    }

    private static int Count(int start, int end, int step) => end <= start ? 0 : (end - start - 1) / step + 1;

    private static string Text(SliceSpec spec) => $"range {MessageText.Number(spec.Start)}:"
        + (spec.End == int.MaxValue ? "" : MessageText.Number(spec.End)) + (spec.Step == 1 ? "" : $":{MessageText.Number(spec.Step)}");
}
