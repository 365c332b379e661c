using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>One element of many, along the dimensions where the output has extent 1 and the input more.</summary>
/// <param name="Correction">By how much the divisor of a variance is smaller than the number of elements.</param>
internal sealed record ReduceOp(ReduceFunction Function, int Correction = 0) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        Value[] inputs = Function switch
        {
            ReduceFunction.Sum or ReduceFunction.Mean => [gradient],
            ReduceFunction.Var => [gradient, node.Input],
            _ => [gradient, node.Input, node.Output!],
        };
        builder.Flow(node.Input, node, new ReduceGradientOp(Function, Correction), inputs);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.PositionsOf(node.Input)! is var positions && node.Output!.Shape.Dimensions[positions.Axis] == positions.Count
            ? builder.AtEach(node) : "takes all positions together";
}

/// <summary>Inputs: the output's gradient, then the input for a variance, input and output for the largest or smallest.</summary>
internal sealed record ReduceGradientOp(ReduceFunction Function, int Correction) : GradientOp;

/// <summary>Vectors along a dimension divided by their Euclidean norms, which count as <paramref name="Eps"/> at least.</summary>
/// <param name="Axis">Which of a sample's dimensions, from 0.</param>
internal sealed record NormalizeOp(int Axis, float Eps) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new NormalizeGradientOp(Axis, Eps), gradient, node.Input);

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.PositionsOf(node.Input)! is var positions && positions.Axis == Axis ? "divides by a norm over all positions"
            : builder.AtEach(node, new NormalizeOp(StreamSteps.Behind(Axis, positions), Eps));
}

/// <summary>Inputs: the output's gradient and the input.</summary>
internal sealed record NormalizeGradientOp(int Axis, float Eps) : GradientOp;
