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
        // MultiheadAttention: of what arrives, over another sequence of the same and of other features; features that fill blocks and not.
        "in:21x32 mha:4 linear:3 mse", "in:20x20 linear:20 mha:4,causal mean:1 linear:3 ce", "in:9x48 mha:3,nobias,causal,window4 mse",
        "in@m:14x32 in@x:9x32 mha:4,key=m out:y mse:of=y", "in@m:14x20 in@x:9x20 linear:20 mha:5,key=m,nobias linear:2 out:y mse:of=y",
        "in@m:17x12 in@x:33x32 mha:2,key=m,alibi linear:2 out:y mse:of=y",
        "in@m:17x12 linear@n:24 in@x:9x20 linear:20 mha:4,key=m,value=n linear:2 out:y mse:of=y",
        "in@x:19x16 in@mask:19x19 from:x mha:2,mask=mask out:y mse:of=y",
        // One set of tensors in several places: of itself and over another, in blocks.
        "in@m:11x20 in@x:9x20 mha@a:4 tanh mha:4,key=m,&a linear:2 out:y mse:of=y",
        "in:9x16 seq[@e mha:2,causal linear:16 ] tanh seq[:&e mha:2,causal linear:16 ] mse",
        // What one attribute declares.
        "in:13x32 enc:32,heads4,ff48,drop0 enc:32,heads2,ff20,drop0,gelu,prenorm,eps0.001 mean:1 linear:3 ce",
        "in:9x20 enc@e:20,heads4,ff24,drop0,nobias,causal,window4,alibi tanh enc:20,heads4,ff24,drop0,nobias,causal,window4,alibi,&e mse",
        "in@s:11x24 enc@memory:24,heads3,ff16,drop0 in@t:8x24 dec:24,heads2,memory=memory,ff40,drop0 "
            + "dec:24,heads4,memory=memory,ff40,drop0,prenorm,gelu,all linear:3 out:y mse:of=y",
        "in:10x24 enc:24,heads3,ff32,drop0,deep6 enc:24,heads3,ff32,drop0,deep6 mean:1 linear:3 ce",
        "in:7x20 swiglu:20,33 geglu:20,16,bias mse", "in:20 swiglu:20,33,bias res[ geglu:20,40,tanh ] linear:3 ce",
    ];
}
