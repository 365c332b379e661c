using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>How the scale and shift of a normalisation are indexed.</summary>
internal enum NormAffine
{
    None,

    /// <summary>By channel, or by feature of a vector.</summary>
    Channel,

    /// <summary>By channel, row and column.</summary>
    Element,

    /// <summary>By row and column, alike for all channels.</summary>
    Plane,

    /// <summary>By column, alike for all channels and rows.</summary>
    Row,
}

/// <summary>
/// A normalisation within single samples: which elements share mean and variance, and how the result is scaled. LayerNorm, RMSNorm,
/// GroupNorm and InstanceNorm differ in nothing else.
/// </summary>
/// <param name="Shape">Shape of a sample.</param>
/// <param name="Groups">
/// Sets of neighbouring channels with statistics of their own: 1 for the whole sample, the channels' number for planes.
/// </param>
/// <param name="PerRow">Each row of each channel is a set; there are as many groups as channels then.</param>
/// <param name="Centred">The mean is subtracted; otherwise only the mean square counts.</param>
internal sealed record NormSets(TensorShape Shape, int Groups, bool PerRow, bool Centred, NormAffine Affine, bool HasBias, float Eps)
{
    /// <summary>What shares statistics, and has weights of its own, is the last dimension of a shape with several.</summary>
    public bool IsOfLastDimension => Shape.Rank switch
    {
        2 => Groups == Shape.Channels && Affine is NormAffine.Plane or NormAffine.None,
        3 => PerRow && Affine is NormAffine.Row or NormAffine.None,
        _ => false,
    };
}

/// <summary>
/// A normalisation within single samples. Slots: <c>weight</c>, <c>bias</c>. Port 1: mean, deviation and what rounding has left of the
/// mean, of each set of elements, kept for the backward pass.
/// </summary>
internal sealed record SampleNormOp(NormSets Sets) : Op, IHasEpilogue
{
    public Activation? Activation { get; init; }

    public Op WithActivation(Activation activation) => this with { Activation = activation };

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        if (node.OptionalParameter("weight") is not null)
            builder.AddParameterGradient(node, new SampleNormParameterGradientOp(Sets), gradient, node.Input, node.Outputs[1]);
        builder.Flow(node.Input, node, new SampleNormGradientOp(Sets), gradient, node.Input, node.Outputs[1]);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        const string Otherwise = "normalises over all positions";
        NormAffine affine = Sets.Affine == NormAffine.None ? NormAffine.None : NormAffine.Channel;
        return !Sets.IsOfLastDimension ? Otherwise : builder.AtEachRow(
            node,
            new SampleNormOp(Sets with { Shape = TensorShape.Vector(Sets.Shape.Width), Groups = 1, PerRow = false, Affine = affine }),
            Otherwise);
    }
}

/// <summary>Inputs: the output's gradient, the layer's input and its statistics.</summary>
internal sealed record SampleNormGradientOp(NormSets Sets) : GradientOp;

/// <summary>Inputs: the output's gradient, the layer's input and its statistics. Gives the gradients of weight and bias.</summary>
internal sealed record SampleNormParameterGradientOp(NormSets Sets) : ParameterGradientOp;
