namespace NetGen.Conformance.Tests.Networks;

/// <summary>Rows of <see cref="NetworkTable"/>: layers and blocks that training leaves as they are.</summary>
internal static class FrozenRows
{
    public static IReadOnlyList<string> Frozen =>
    [
        // In front, in the middle, behind, everything; each kind of layer that has tensors.
        "in:9 linear:17,frozen relu linear:5 ce", "in:9 linear:17 relu linear:16,frozen tanh linear:5 ce", "in:9 linear:17 relu linear:5,frozen ce",
        "in:9 linear:17,frozen relu linear:5,frozen ce", "in:9 seq[:frozen linear:16 tanh linear:3 ]",
        "in:3x8x8 conv:16,k3,p1,frozen relu conv:20,k3,s2 relu convt:9,k2,s2,frozen relu flatten linear:4 mse",
        "in:16x6x6 prelu:16 conv:16,k3,p1 prelu:16,frozen groupnorm:4,frozen conv:16,k1 rmsnorm:frozen mse",
        "in:24 linear:24 layernorm:frozen tanh linear:24 prelu:frozen linear:3 ce", "in:7 linear:5 bil:4,input,frozen tanh linear:3 ce",
        "in:8x6x6 conv:8,k3,p1 instancenorm:affine,frozen relu conv:6,k3,p1,g2,frozen flatten linear:2 ce",
        // Normalisations go by their running statistics: whatever function is before or behind, in either layout, of vectors too.
        "in:3x8x8 conv:16,k3,p1,nobias bn:frozen relu conv:17,k3,p1 bn relu flatten linear:3 ce",
        "in:3x8x8 conv:6,k3,p1,nobias bn:frozen relu conv:5,k3,p1 bn:frozen,plain sigmoid flatten linear:3 ce",
        "in:20 linear:33 gelu bn:frozen linear:5 mse", "in:20 linear:33 sigmoid bn:cumulative,frozen relu linear:16 bn linear:5 mse",
        "in:5x7 conv:16,k3,p1 tanh bn:frozen conv:9,k3 flatten linear:3 ce", "in:16x5x5 relu bn:frozen", "in:33 bn:frozen mse",
        "in:16x6x6 res[ conv:16,k3,p1 bn:frozen relu conv:16,k3,p1 bn:frozen ] relu flatten linear:3 ce",
        // What nothing before needs is computed for the caller alone; a part that is trained between two that rest.
        "in:3x9x9 seq[@features:frozen conv:16,k3,p1,nobias bn relu conv:20,k3,s2 bn relu ] aavg:1 flatten linear:5 ce",
        "in:4x6x6 seq[:frozen conv:16,k3,p1 bn relu ] conv:16,k3,p1 bn relu seq[:frozen conv:8,k3 bn relu ] flatten linear:2,frozen ce",
        "in@a:3x6x6 seq[:frozen conv:16,k3,p1 bn relu ] in@b:5x6x6 conv:16,k3,p1 bn relu add:sequential1 flatten linear:3 ce",
        // Shared by layers that rest both; beside some that do not.
        "in@a:9 seq[@t:frozen linear:16 bn tanh ] in@b:9 seq[@v:&t,frozen linear:16 bn tanh ] sub:t linear:4 mse",
        "in:9 linear@a:9,frozen tanh linear@b:9 tanh linear:9,&a,frozen tanh linear:9,&b mse",
        // In blocks and their repetitions: what rests lies apart from what is trained.
        "in:6x5x5 res[ conv:6,k3,p1 bn:frozen prelu:6 conv:6,k3,p1,frozen bn ] relu flatten linear:3 ce",
        "in:12 seq[ linear:12,frozen bn relu linear:12 ] seq[ linear:12,frozen bn relu linear:12 ] seq[ linear:12,frozen bn relu linear:12 ] mse",
        "in:16x5x5 concat[@c conv:8,k3,p1,frozen | conv:8,k1 bn ] conv:16,k3,p1 flatten linear:2 ce",
    ];
}
