using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>Input times random factors, 0 or 1 / (1 − p). Port 1: the factors, kept for the backward pass.</summary>
/// <param name="Channelwise">One factor for each channel of an image.</param>
/// <param name="Stream">Which sequence of the counter-based generator they are drawn from.</param>
internal sealed record DropoutOp(float Probability, bool Channelwise, int Stream) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new DropoutGradientOp(Channelwise), gradient, node.Outputs[1]);
}

/// <summary>Inputs: the output's gradient and the factors.</summary>
internal sealed record DropoutGradientOp(bool Channelwise) : GradientOp;

/// <summary>
/// Dropout for SELU: dropped elements become what SELU tends to at −∞, and mean and variance stay. Port 1: dropout's factors.
/// </summary>
internal sealed record AlphaDropoutOp(float Probability, int Stream) : Op
{
    /// <summary>PyTorch's a = 1 / √((α′² p + 1)(1 − p)), times 1 − p to take dropout's own factor back; 0 where all is dropped.</summary>
    public double Scale => Probability == 1 ? 0 : (1 - Probability) / Math.Sqrt((Alpha * Alpha * Probability + 1) * (1 - Probability));

    /// <summary>a times what dropped elements become, −α′: its negative.</summary>
    public double DroppedScale => Scale * Alpha;

    /// <summary>What is added: y = a (m x − α′ (1 − m)) + a α′ p, with m = s (1 − p) from dropout's factor s.</summary>
    public double Shift => Probability == 1 ? 0 : Scale / (1 - Probability) * Alpha * (Probability - 1);

    /// <summary>λα, what SELU tends to at −∞, with its sign turned.</summary>
    private static double Alpha => SELUActivation.Lambda * SELUActivation.Alpha;

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new AlphaDropoutGradientOp(Scale), gradient, node.Outputs[1]);
}

/// <summary>Inputs: the output's gradient and the factors.</summary>
internal sealed record AlphaDropoutGradientOp(double Scale) : GradientOp;
