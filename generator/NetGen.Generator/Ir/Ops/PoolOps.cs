using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>Maximum or average over windows.</summary>
/// <param name="CountIncludePad">Padded elements count in the divisor of an average.</param>
/// <param name="Divisor">What an average divides by; null for the number of elements.</param>
internal sealed record PoolWindows(bool IsMax, PoolAxis Rows, PoolAxis Columns, bool CountIncludePad, int? Divisor = null)
{
    public Pair Kernel => new(Rows.Kernel, Columns.Kernel);

    /// <summary>The one window is the whole plane.</summary>
    public bool IsGlobal => Rows.Covers && Columns.Covers && Rows.Outputs == 1 && Columns.Outputs == 1;
}

internal sealed record PoolOp(PoolWindows Windows) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        // The maximum is found again by comparing the input with the output.
        if (Windows.IsMax)
            builder.Flow(node.Input, node, new PoolGradientOp(Windows), gradient, node.Input, node.Output!);
        else
            builder.Flow(node.Input, node, new PoolGradientOp(Windows), gradient);
    }

    /// <summary>A mean or a sum over the features of each position is one that an image has of its columns.</summary>
    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        if (Windows.IsMax || !Windows.IsGlobal || node.Input.Shape.Rank != 2 || builder.PositionsOf(node.Input) is not { Axis: 0 })
            return "takes windows of positions";
        return builder.AtEach(node, new ReduceOp(Windows.Divisor == 1 ? ReduceFunction.Sum : ReduceFunction.Mean));
    }
}

/// <summary>Inputs: the output's gradient; for the maximum also the pool's input and output.</summary>
internal sealed record PoolGradientOp(PoolWindows Windows) : GradientOp, IHasGradientMask
{
    public GradientMask? Mask { get; init; }

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}

/// <summary>Values back to the places of a pooling's maxima. Inputs: the values, the pool's input and the pool's output.</summary>
/// <param name="Pool">The windows of that pooling.</param>
internal sealed record MaxUnpoolOp(PoolWindows Pool) : Op
{
    /// <summary>The places are constants to the derivative: nothing flows to the pool from here.</summary>
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new MaxUnpoolGradientOp(Pool), gradient, node.Inputs[1], node.Inputs[2]);
}

/// <summary>Inputs: the output's gradient, the pool's input and the pool's output.</summary>
internal sealed record MaxUnpoolGradientOp(PoolWindows Pool) : GradientOp;
