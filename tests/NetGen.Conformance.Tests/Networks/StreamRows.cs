using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Networks whose layers are all causal, with streams: each layer that keeps something, with sizes that fill vectors and that do not, each
/// that works at every position, and outputs that have no positions. No input has as many positions as features.
/// </summary>
internal static class StreamRows
{
    public static IReadOnlyList<string> Texts { get; } =
    [
        // Recurrent layers.
        "in:40x1 lstm:16 linear:1", "in:9x7 lstm:9 linear:3", "in:11x16 lstm:33,l2 linear:4", "in:9x5 gru:9",
        "in:11x20 gru:16,l2,nobias linear:5",
        "in:9x7 rnn:20 tanh", "in:12x4 rnn:20,relu,nobias linear:3", "in:70x3 lstm:130 linear:2",
        "in:9x7 lstm:20,proj5", "in:11x16 lstm:33,l2,proj18,nobias linear:4", "in:9x7 lstm@l:18,proj3 out:y from:l.h out:h from:l.c out:c",
        "in:9x7 lstm@l:9 out:y from:l.h out:h from:l.c out:c", "in:9x7 lstm@l:18,l2 from:l.h flatten linear:3",
        "in:9x10 lstm:10 add:input gru:10 relu linear:4",
        "in:12x8 res[ layernorm:8 lstm:8 ] res[ rmsnorm:8 gru:8 ] select:1,-1 linear:3 softmax",
        // Layers that work at each position.
        "in:9x20 linear:17 layernorm:17 gelu linear:5 normalize:2", "in:9x20 linear@a:16 tanh mul:a linear@b:8 concat:a,dim2 linear:3",
        "in:9x20 linear:12 mean:2,keep add:input maxof:2,keep", "in:9x20 drop:0.5 linear:33 prelu rmsnorm:33,plain slice:2,3,9",
        "in:20x9 conv:5,k1 relu bn conv:7,k1 transpose:1,2 linear:4",
        "in:9x6 linear:20 chunk:2,1,d2 linear:3", "in@a:9x6 linear@p:8 in@b:9x5 linear:8 add:p lstm:7 out:y",
        "in@source:9x6 linear@p:8 in@target:9x5 linear:8 add:p out:y",
        "in@t:9,int emb:13,8 gru:8 linear:13", "in@t:9,int emb@e:21,8 gru:8 linear:21,nobias,&e", "in:9 unsqueeze:2 lstm:5 linear:1",
        // What numbers the positions.
        "in:9x20 sinusoids linear:5", "in:9x17 positions linear:5", "in:9x32 rotary:heads2 linear:4",
        "in@t:14,int emb:7,10 positions lstm:9",
        // Attention: heads that fill vectors and that do not, shared ones, one value as all three, residual blocks.
        "in:9x12 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k,causal linear:3",
        "in:40x20 linear@q:64 from:input linear@k:32 from:input linear:32 attention:q,k,heads4,kv2,causal linear:16",
        "in:35x10 linear@q:20 from:input linear@k:10 from:input linear:14 attention:q,k,heads4,kv2,causal,scale0.3 linear:3",
        "in@x:6x16 linear@p:20 attention:p,p,heads5,causal add:p linear:3",
        "in:33x24 res[ layernorm@n:24 linear:32 rotary@q:heads2 from:n linear:32 rotary@k:heads2 from:n linear:32 attention:q,k,heads2,causal linear:24 ] res[ layernorm:24 linear:40 gelu linear:24 ] linear:2",
        "in@t:20,int emb:11,24 positions res[ layernorm@n:24 linear@q:200 from:n linear@k:200 from:n linear:260 attention:q,k,heads2,causal linear:24 ] linear:11",
        "in:40x12 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k,causal,heads2,window5 linear:3",
        "in:40x12 linear@q:24 from:input linear@k:24 from:input linear:24 attention:q,k,causal,heads3,alibi linear:3",
        "in:50x12 linear@q:64 from:input linear@k:32 from:input linear:32 attention:q,k,heads2,kv1,causal,window20,alibi linear:3",
        // Convolutions.
        "in:1x40 conv:16,k3,d4,causal tanh conv:1,k1", "in:16x40 conv:32,k3,causal relu conv:17,k5,d3,causal",
        "in:20x9 conv:20,k4,d2,causal,g20 relu conv:8,k7,causal", "in:6x12 conv:9,k3,d5,causal,g3 sigmoid conv:4,k1,causal",
        "in:3x33 conv:150,k2,d9,causal gelu conv:3,k33,causal,nobias",
        "in:24x30 res[ conv:24,k3,causal bn relu conv:24,k3,d2,causal ] conv:2,k1",
        "in:33x20 transpose:1,2 conv:40,k3,causal relu transpose:1,2 lstm:12 linear:2",
        "in:32x40 conv:64,k3,causal,g2 relu conv:10,k2,causal,g2",
        .. RandomStreams.Texts,
    ];

    public static IReadOnlyList<Stack> Stacks { get; } = [.. Texts.Select((text, i) => Stack.Parse(text, FormattableString.Invariant($"Sequence{i}")))];
}
