using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// A linear map in each direction, given by the weights of the inputs of each output. Its derivative is the transposed map.
/// </summary>
internal sealed record ResampleOp(ResampleAxis Rows, ResampleAxis Columns, bool IsGradient) : Op
{
    public override string Verb => IsGradient ? "InputGradient" : "Forward";

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new ResampleOp(Rows.Transpose(), Columns.Transpose(), IsGradient: true), gradient);
}

/// <summary>An image with a border around it.</summary>
internal sealed record PadOp(Pads Pads, PaddingMode Mode) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new PadGradientOp(Pads, Mode), gradient);

    public override string? ToSteps(IStreamBuilder builder, Node node) => "pads with what comes later or is elsewhere in the sequence";
}

/// <summary>Input: the gradient of the padded image.</summary>
internal sealed record PadGradientOp(Pads Pads, PaddingMode Mode) : GradientOp;

/// <summary>Image to vector in PyTorch's meaning, or the way back; a view where memory allows, else a copy.</summary>
/// <param name="ToImage">From vector to image.</param>
/// <param name="IsGradient">What is carried over is a gradient.</param>
internal sealed record FlattenOp(bool ToImage, bool IsGradient = false) : Op
{
    public override string Verb => IsGradient ? "InputGradient" : "Forward";

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new FlattenOp(!ToImage, IsGradient: true), gradient);

    /// <summary>Where a position is one number, or there is but the last, only dimensions of one element come and go.</summary>
    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        Positions positions = builder.PositionsOf(node.Input)!;
        if (node.Output!.Shape.Size != positions.Count)
            return "puts all positions into one vector";
        int axis = Enumerable.Range(0, node.Output.Shape.Rank).First(i => node.Output.Shape.Dimensions[i] == positions.Count);
        builder.Pass(node.Output, builder.StepOf(node.Input), positions with { Axis = axis });
        return null;
    }
}
