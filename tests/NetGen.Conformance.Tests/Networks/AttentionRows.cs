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
        // Windows that begin in tiles and between them, that are longer than the sequence, of one key, beyond all keys.
        "in:67x12 linear@q:32 from:input linear@k:32 from:input linear:32 attention:q,k,heads2,causal,window10 linear:3 mse",
        "in:90x9 linear@q:64 from:input linear@k:32 from:input linear:32 attention:q,k,heads4,kv2,causal,window33 linear:3 mse",
        "in:35x10 linear@q:10 from:input linear@k:10 from:input linear:6 attention:q,k,heads2,causal,window1 linear:3 mse",
        "in:20x10 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k,causal,window50 linear:3 mse",
        "in@a:80x12 linear@q:32 in@b:11x8 linear@k:32 from:b linear:48 attention:q,k,heads2,causal,window7 out:y mse:of=y",
        "in@a:11x12 linear@q:20 in@b:80x8 linear@k:20 from:b linear:20 attention:q,k,heads4,causal,window3 out:y mse:of=y",
        // Slopes of the distance: heads that are a power of two and that are not, keys in front of and behind the query.
        "in:40x12 linear@q:64 from:input linear@k:64 from:input linear:64 attention:q,k,heads4,causal,alibi linear:3 mse",
        "in:39x12 linear@q:48 from:input linear@k:48 from:input linear:48 attention:q,k,heads6,alibi linear:3 mse",
        "in:33x16 linear@q:36 from:input linear@k:12 from:input linear:15 attention:q,k,heads3,kv1,scale1,causal,window12,alibi linear:5 mse",
        "in:18x16 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k,scale1,alibi linear:5 mse",
        // Masks: of all heads and of each, of all queries and of each; inputs, and what layers give.
        "in@x:21x12 linear@q:32 from:x linear@k:32 from:x linear@v:32 in@m:21x21 from:v attention:q,k,heads2,mask=m linear:3 out:y mse:of=y",
        "in@x:9x12 linear@q:24 from:x linear@k:24 from:x linear@v:24 in@m:3x9x9 from:v attention:q,k,heads3,causal,mask=m out:y mse:of=y",
        "in@a:35x12 linear@q:32 in@b:40x8 linear@k:32 from:b linear@v:48 in@m:1x40 from:v attention:q,k,heads2,mask=m out:y mse:of=y",
        "in@a:35x12 linear@q:32 in@b:50x8 linear@k:16 from:b linear@v:16 in@m:2x1x50 from:v attention:q,k,heads2,kv1,alibi,mask=m out:y mse:of=y",
        "in:33x16 linear@m:33 tanh@t from:input linear@q:20 from:input linear@k:20 from:input linear:20 attention:q,k,heads4,causal,window20,mask=t linear:2 mse",
        "in@x:16x16 linear@q:16 attention:q,q,mask=q linear:2 mse",
    ];
}
