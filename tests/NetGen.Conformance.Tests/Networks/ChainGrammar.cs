using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// The chains of layers that there were before words could name values. Its networks, which seeds stand for in tests and reports, stay what
/// they are: a new layer is drawn by <see cref="GraphGrammar"/>.
/// </summary>
internal sealed class ChainGrammar : Grammar
{
    public override Gen<string> Word(Place place)
    {
        Shape x = place.Shape;
        Gen<string> residual = place.Depth < 2 ? Residual.DrawOver(place) : Activation;
        return x.IsVector
            ? Gen.Frequency(
                (12, Linear.Draw(place)!),
                (8, Activation),
                (2, Gen.Elements<string>(["softmax", "logsoftmax", .. PReLU.Drawn(x)])),
                (2, SampleNorm(place)),
                (2, residual),
                (2, BatchNorm.Drawn),
                (2, Unflatten.Draw(place)!),
                (1, Named(place)))
            : Gen.Frequency(
                (14, Conv2d.Draw(place)!),
                (x.IsImage ? 2 : 0, Pad2d.Draw(place) ?? Activation),
                (x.IsImage ? 3 : 0, ConvTranspose2d.Draw(place) ?? Activation),
                (8, Activation),
                (4, BatchNorm.Drawn),
                (3, SampleNorm(place)),
                (2, PReLU.Draw(place)!),
                (4, Pooling.Draw(x, Gen.Elements("max", "avg"))),
                (2, AdaptivePool.Draw(place)!),
                (3, Upsample.Draw(place)!),
                (2, residual),
                (2, Flatten.Draw(place)!),
                (1, x.IsSequence ? Unflatten.Draw(place)! : MaxUnpool2d.Draw(place)!),
                (1, Named(place)));
    }

    public override Gen<string> Loss(Shape output) => Gen.Frequency(
        (2, Gen.Elements("", " ce", " mse")),
        (3, AnyLoss(
        [
            .. CrossEntropyLoss.Drawn, .. NLLLoss.Drawn, .. L1Loss.Drawn, .. HuberLoss.Drawn, .. SmoothL1Loss.Drawn,
            .. BCEWithLogitsLoss.Drawn, .. KLDivLoss.Drawn, .. CosineEmbeddingLoss.Drawn,
        ])),
        (1, from loss in Gen.Elements<string>(
            [
                .. CrossEntropyLoss.DrawnWith(output), .. NLLLoss.DrawnWith(output), .. BCEWithLogitsLoss.DrawnWith(output),
                .. BCELoss.DrawnWith(output),
            ])
            select " " + loss));

    /// <summary>A normalisation of single samples.</summary>
    private static Gen<string> SampleNorm(Place place)
    {
        Gen<string> layer = LayerNorm.Draw(place)!, group = GroupNorm.Draw(place)!;
        return InstanceNorm.Draw(place) is { } instance
            ? Gen.Frequency((2, layer), (2, group), (1, instance))
            : Gen.Frequency((1, layer), (1, group));
    }

    /// <summary>Layers that do nothing by themselves: the identity, and one or two layers under a name of their own.</summary>
    private static Gen<string> Named(Place place) => Sequential.Draw(place) is { } block
        ? Gen.Frequency((1, Gen.Constant("identity")), (1, block))
        : Gen.Constant("identity");
}
