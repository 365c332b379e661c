using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

// Of sequences with as many positions as each sample brings: what a fixed length would say with constant places.

/// <summary>The first or the last position of each sample, as a vector or a sequence of one position.</summary>
internal sealed record PickPositionOp(bool IsLast) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new PickPositionGradientOp(IsLast), gradient);

    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        if (!IsLast)
            return "takes a position that is not the last";
        builder.Pass(node.Output!, builder.StepOf(node.Input), node.Output!.Shape.IsVector ? null : new Positions(0, 1, IsLast: true));
        return null;
    }
}

/// <summary>Input: the output's gradient. Zero at all other positions.</summary>
internal sealed record PickPositionGradientOp(bool IsLast) : GradientOp;

/// <summary>Sum, mean, largest or smallest of all positions of each sample, as a vector.</summary>
internal sealed record ReducePositionsOp(ReduceFunction Function) : Op
{
    /// <summary>Its gradient is found from the elements and the result.</summary>
    public static bool IsExtreme(ReduceFunction function) => function is ReduceFunction.Amax or ReduceFunction.Amin;

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        Value[] saved = IsExtreme(Function) ? [node.Input, node.Output!] : [];
        builder.Flow(node.Input, node, new ReducePositionsGradientOp(Function), [gradient, .. saved]);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => "takes all positions together";
}

/// <summary>Inputs: the output's gradient, then input and output for the largest or smallest.</summary>
internal sealed record ReducePositionsGradientOp(ReduceFunction Function) : GradientOp;
