namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Rows of <see cref="NetworkTable"/>: images of few channels, which have sample lanes where whole batches are computed, beside images of many,
/// which have channel lanes. Vectors lie between them.
/// </summary>
internal static class RegionRows
{
    public static IReadOnlyList<string> Regions =>
    [
        // Channel lanes before and behind sample lanes; three regions.
        "in:16x4x4 conv:16,k3,p1 relu flatten linear:72 relu unflatten:1,2x6x6 conv:3,k3,p1 relu conv:2,k3,p1 flatten linear:3 ce",
        "in:2x8x8 conv:6,k5 tanh avg:k2 flatten linear:64 unflatten:1,16x2x2 convt:16,k2,s2 relu conv:16,k3,p1 mse",
        "in:16x5x5 conv:17,k3 relu flatten linear:32 unflatten:1,2x4x4 conv:5,k3,p1 relu flatten unflatten:1,16x5 conv:32,k3 max:k3 flatten linear:3 ce",
        "in:20x9 conv:16,k3 relu flatten linear:24 unflatten:1,2x12 conv:3,k3,p1 tanh conv:2,k1 mse",
        // Statistics of the batch in both; normalisations of the sample; pooling, padding and movement in a region without convolutions.
        "in:16x6x6 conv:16,k3,p1,nobias bn relu flatten linear:98 bn tanh unflatten:1,2x7x7 conv:5,k3,p1 bn relu conv:5,k3,p1 bn sigmoid mse",
        "in:2x6x6 conv:4,k3,p1 groupnorm:2 relu flatten linear:48 unflatten:1,16x3x1 conv:16,k3,p1 layernorm:16x3x1 gelu mse",
        "in:3x8x8 conv:6,k3,p1 flatten unflatten:1,6x8x8 max:k2 reflectionpad:1 flatten linear:32 unflatten:1,32x1x1 conv:16,k1 relu conv:16,k1 mse",
        // Groups that are spread in one and not in the other.
        "in:30x5x5 conv:30,k3,p1,g2 relu flatten linear:32 unflatten:1,2x4x4 conv:2,k3,p1,g2 relu mse",
        // Towers, one behind the other and one between the other; their parameters shared by images of both kinds.
        "in@a:1x12x12 conv:6,k5 sigmoid avg:k2 flatten linear@f:16 in@b:3x9x9 conv:16,k3,p1 relu conv:32,k3,s2 relu flatten linear:16 mul:f linear:4 ce",
        "in@a:2x8x8 in@b:16x6x6 from:a conv@c:6,k3,p1 from:b conv@d:16,k3,p1 relu@r from:c relu conv@e:4,k3 from:r conv:16,k3 flatten linear@f:5 from:e flatten linear:5 add:f ce",
        "in@a:4x6x6 seq[@t conv:4,k3,p1 bn ] relu conv:64,k3,p1 relu flatten linear@f:8 in@b:4x6x6 seq[@u:&t conv:4,k3,p1 bn ] relu conv:4,k3,p1 flatten linear:8 mul:f linear:3 ce",
        // The caller's outputs and losses of both.
        "in:16x5x5 conv:16,k3,p1 relu out:a flatten linear:50 unflatten:1,2x5x5 conv:2,k3,p1 out:b mse:of=a l1:of=b,factor=0.5",
        "in@image:16x4x4 conv:16,k3,p1 tanh flatten linear:16 in@noise:16 mul:linear1 linear:32 relu unflatten:1,2x4x4 convt:2,k2,s2 out:y bcelogits:of=y",
    ];
}
