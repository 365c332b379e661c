namespace NetGen.Generator.Ir;

/// <summary>
/// Which channel of an image goes where: source i · SourceOuter + j · SourceInner to target i · TargetOuter + j · TargetInner, for all
/// i &lt; Outer and j &lt; Inner. Targets that no source goes to are zero.
/// </summary>
internal sealed record ChannelMap(int Outer, int Inner, int SourceOuter, int SourceInner, int TargetOuter, int TargetInner)
{
    /// <summary>Groups of channels, each as far from the next as a pitch that is larger than the group.</summary>
    public static ChannelMap Spread(int groups, int channels, int pitch) => new(groups, channels, channels, 1, pitch, 1);

    /// <summary>The way back of <see cref="Spread"/>.</summary>
    public static ChannelMap Gather(int groups, int channels, int pitch) => new(groups, channels, pitch, 1, channels, 1);

    /// <summary>Every channel several times, side by side.</summary>
    public static ChannelMap Repeat(int channels, int times) => new(channels, times, 1, 0, times, 1);
}

/// <summary>Channels of an image at other places. Slot: <c>bias</c>, where the layer has one left to add.</summary>
internal sealed record ChannelMapOp(ChannelMap Map) : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        if (node.OptionalParameter("bias") is not null)
            builder.AddParameterGradient(node, new BiasGradientOp(), gradient);
        builder.Flow(node.Input, node, new ChannelMapGradientOp(Map), gradient);
    }
}

/// <summary>Input: the gradient of the channels at their new places.</summary>
internal sealed record ChannelMapGradientOp(ChannelMap Map) : GradientOp;

/// <summary>Input: the output's gradient. Gives the gradient of a bias that no other node's gradient takes care of.</summary>
internal sealed record BiasGradientOp : ParameterGradientOp
{
    public override string Verb => "BiasGradient";
}
