using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ReductionLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>sum</c>, <c>mean</c>, <c>amax</c>, <c>amin</c> and <c>var</c> along dimensions.</summary>
/// <param name="Dims">0 is the batch, −1 the last.</param>
/// <param name="Unbiased">A variance divides by one less than the number of elements; false for the other functions.</param>
internal sealed record ReductionSpec(string Name, ReduceFunction Function, EquatableArray<int> Dims, bool KeepDim, bool Unbiased)
    : LayerSpec(Name);

/// <summary>One element of all along some dimensions, which the result is without, or has with one element.</summary>
internal sealed class ReductionLayer() : UnaryLayer<ReductionSpec>(
    "NetGen.SumAttribute", "NetGen.MeanAttribute", "NetGen.AmaxAttribute", "NetGen.AminAttribute", "NetGen.VarAttribute")
{
    /// <summary>A variance of few positions, or of one, would be nothing that a declaration says.</summary>
    public override bool TakesLengths(LayerSpec spec, int input)
        => spec is ReductionSpec { Function: not ReduceFunction.Var, KeepDim: false, Dims: { Count: 1 } dims } && dims[0] is 1 or -2;

    protected override string TypeName(ReductionSpec spec) => spec.Function.ToString();

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        var function = (ReduceFunction)Enum.Parse(typeof(ReduceFunction), arguments.TypeName);
        return new ReductionSpec(name, function, arguments.OptionalInts("dim") ?? EquatableArray<int>.Empty,
            arguments.Bool("keepDim", false), function == ReduceFunction.Var && arguments.Bool("unbiased", true));
    }

    protected override TensorShape Infer(ReductionSpec spec, TensorShape input, LayerContext context)
    {
        if (input.IsUnknown || Moves.RequireDistinct(spec.Dims, "dim", "dim", input, context) is not { } axes)
            return TensorShape.Unknown;
        if (spec.Unbiased && axes.All(axis => input.Dimensions[axis] == 1))
        {
            context.ReportFixable(DiagnosticDescriptors.VarianceOfOne, "dim", new ProblemFix(FixProperties.AddOption, "Unbiased = false"),
                context.DisplayName, DimText(spec), context.Source, input.InWords);
        }
        return spec.KeepDim ? Kept(input, axes) : Moves.Without(input, [.. axes]);
    }

    protected override string Title(ReductionSpec spec, TensorShape input)
    {
        string options = (spec.Function == ReduceFunction.Var && !spec.Unbiased ? ", biased" : "") + (spec.KeepDim ? ", kept" : "");
        return $"{TypeName(spec)}({DimText(spec)}{options})";
    }

    protected override Value Lower(ReductionSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        int[] axes = [.. spec.Dims.Select(dim => Reshape.Dimension(dim, layer.Input) - 1)];
        if (layer.Input.HasLengths)
            return builder.Add(layer, new ReducePositionsOp(spec.Function), [input]);
        TensorShape kept = Kept(layer.Input, axes);
        if (kept == layer.Input && spec.Function != ReduceFunction.Var)
            return Moves.Drop(layer, input, builder);
        Op op = Pool(spec.Function, axes, layer.Input) is { } pool ? pool : new ReduceOp(spec.Function, spec.Unbiased ? 1 : 0);
        return kept == layer.Output ? builder.Add(layer, op, [input])
            : Moves.Drop(layer, builder.AddInner(layer, op, "Kept", "Kept", kept, [input]), builder);
    }

    /// <summary>Sums and means over pixels are pooling: its kernels are theirs, and what fuses with it.</summary>
    private static PoolOp? Pool(ReduceFunction function, IReadOnlyCollection<int> axes, TensorShape input)
    {
        if (function is not (ReduceFunction.Sum or ReduceFunction.Mean) || !input.HasChannels || axes.Contains(0))
            return null;
        bool rows = input.IsImage && axes.Contains(1), columns = axes.Contains(input.Rank - 1);
        return new PoolOp(new PoolWindows(IsMax: false, PoolAxis.Adaptive(input.Height, rows ? 1 : input.Height),
            PoolAxis.Adaptive(input.Width, columns ? 1 : input.Width), CountIncludePad: false,
            function == ReduceFunction.Sum ? 1 : null));
    }

    private static TensorShape Kept(TensorShape input, IReadOnlyCollection<int> axes)
        => Moves.With(input, (axis, extent) => axes.Contains(axis) ? 1 : extent);

    private static string DimText(ReductionSpec spec)
        => spec.Dims.Count == 1 ? MessageText.Number(spec.Dims[0]) : Moves.ListText(spec.Dims);
}
