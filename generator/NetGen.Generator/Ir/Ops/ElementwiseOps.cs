using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>One function of every element.</summary>
internal sealed record ActivationOp(Activation Activation) : Op, IElementwise
{
    public bool KeepsZero => Activation.KeepsZero && Activation.StaysFinite;

    public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands)
        => ActivationFunction.For(Activation).Apply(operands[0]);

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new ActivationGradientOp(Activation), gradient, Activation.NeedsInput
            ? node.Input : node.Output!);

    public override string? ToSteps(IStreamBuilder builder, Node node) => builder.AtEach(node);
}

/// <summary>Inputs: the output's gradient, and the value that the derivative is computed from.</summary>
internal sealed record ActivationGradientOp(Activation Activation) : GradientOp, IElementwise
{
    /// <summary>Where the gradient is zero.</summary>
    public bool KeepsZero => true;

    public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands)
        => ActivationFunction.For(Activation).Derivative(operands[0], operands[1]);
}

/// <summary>The sum of two values of one shape.</summary>
/// <param name="IsBackward">Of gradients.</param>
internal sealed record AddOp(bool IsBackward) : Op, IElementwise
{
    public bool KeepsZero => true;

    public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands) => operands[0] + operands[1];

    public override string Verb => IsBackward ? "InputGradient" : "Forward";

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        foreach (Value operand in node.Inputs)
            builder.Accumulate(operand, gradient, node);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => builder.AtEach(node);
}

/// <summary>
/// x where it is positive, x times a learned slope elsewhere. Slot: <c>weight</c>, one slope for all or one for each channel.
/// </summary>
internal sealed record PReLUOp(bool PerChannel) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        builder.AddParameterGradient(node, new PReLUWeightGradientOp(PerChannel), gradient, node.Input);
        builder.Flow(node.Input, node, new PReLUGradientOp(PerChannel), gradient, node.Input);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => PerChannel && builder.PositionsOf(node.Input) is { Axis: 0 } ? "has a slope for each position" : builder.AtEach(node);
}

/// <summary>Inputs: the output's gradient and the layer's input.</summary>
internal sealed record PReLUGradientOp(bool PerChannel) : GradientOp;

/// <summary>Inputs: the output's gradient and the layer's input. Gives the gradient of the slopes.</summary>
internal sealed record PReLUWeightGradientOp(bool PerChannel) : ParameterGradientOp;
