namespace NetGen.Data;

/// <summary>From bytes to floats from 0 to 1, each divided by 255, channel by channel (C, H, W).</summary>
public sealed class ToTensor : Transform
{
    /// <inheritdoc/>
    public override string ToString() => "ToTensor()";

    internal override void AddTo(TransformPlan.Builder plan) => plan.AddToTensor();
}
