namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Rows of <see cref="NetworkTable"/>: queries and keys around tiles and vectors, heads that fill blocks and that do not, shared heads, one
/// value as all three, causal with more and with fewer keys than queries; residual blocks as transformers have them.
/// </summary>
internal static class AttentionRows
{
    public static IReadOnlyList<string> Attention =>
    [
        "in:5x12 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k linear:3 mse",
        "in:9x12 linear@q:32 from:input linear@k:32 from:input linear:32 attention:q,k,heads2,causal linear:3 mse",
        "in:40x20 linear@q:64 from:input linear@k:64 from:input linear:64 attention:q,k,heads4 linear:16 mean:1 linear:3 ce",
        "in:67x9 linear@q:64 from:input linear@k:32 from:input linear:32 attention:q,k,heads4,kv2,causal linear:5 mse",
        "in:33x16 linear@q:48 from:input linear@k:16 from:input linear:32 attention:q,k,heads3,kv1,scale0.3 linear:5 mse",
        "in:7x10 linear@q:10 from:input linear@k:10 from:input linear:6 attention:q,k,heads2 linear:3 mse",
        "in:35x10 linear@q:20 from:input linear@k:10 from:input linear:14 attention:q,k,heads4,kv2,causal linear:3 mse",
        "in@x:6x16 linear@p:16 attention:p,p linear:3 mse", "in@x:6x16 linear@p:20 attention:p,p,heads5,causal add:p linear:3 mse",
        "in@a:11x12 linear@q:32 in@b:40x8 linear@k:32 from:b linear:48 attention:q,k,heads2,causal out:y mse:of=y",
        "in@a:40x12 linear@q:32 in@b:11x8 linear@k:32 from:b linear:48 attention:q,k,heads2,causal out:y mse:of=y",
        "in@a:1x12 linear@q:24 in@b:17x8 linear@k:24 from:b linear:24 attention:q,k,heads3 out:y mse:of=y",
        "in@a:17x12 linear@q:24 in@b:1x8 linear@k:24 from:b linear:24 attention:q,k,heads3 out:y mse:of=y",
        "in:20x24 res[ layernorm@n:24 linear@q:32 from:n linear@k:32 from:n linear:32 attention:q,k,heads2,causal linear:24 ] res[ layernorm:24 linear:40 gelu linear:24 ] mean:1 linear:2 ce",
        "in:16x20 conv@q:32,k3,p1 from:input conv@k:32,k1 from:input conv:32,k1 attention:q,k,heads4 mse",
    ];
}
