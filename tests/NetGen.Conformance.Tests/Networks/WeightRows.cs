namespace NetGen.Conformance.Tests.Networks;

/// <summary>Networks for inference only, which keep their weights in 16 bits.</summary>
internal static class WeightRows
{
    /// <summary>
    /// What kernels read weights with: vectors of one and of several blocks, single rows and tiles, parts of one tensor, groups of gates,
    /// images whose order is packed, tables, rows of lengths of their own, and weights too large to be read for each sample.
    /// </summary>
    public static IReadOnlyList<string> Sessions { get; } =
    [
        "in:7 linear:5 relu linear:3", "in:20 linear:33,nobias gelu linear:16", "in:16x3x3 flatten linear:40 tanh linear:2",
        "in:3x8x8 conv:16,k3,p1 relu max:2 flatten linear:10 softmax", "in:300 linear:1100 relu linear:18",
        "in:9x12 mha:3 linear:4", "in:6x10 lstm:9 linear:3", "in:11x16 gru:16,bi,l2 linear:4", "in:9x6 rnn:7",
        "in@t:9,int emb:13,20 linear:8", "in@t:9,int emb:13,7,pad2,max1.5,scale2 linear:8",
        "in@t:9,int,upto emb:11,24 linear:33 silu mean:1", "in@x:12x7,upto lstm:9 select:1,-1 linear:3",
        "in:20 res[ layernorm:20 linear:44 relu linear:20 ] linear:3", "in:9x10 linear@m:6 from:input attgru:6,m out:y",
        "in@t:9,int emb@e:50,20 linear:20 tanh linear:50,nobias,&e", "in@t:9,int emb@e:13,7,scale2 linear:7 linear:13,nobias,&e",
        "in:40x600 linear:1100 gelu linear:20", "in:9 linear@a:5 tanh from:input linear:7 bil:4,a",
    ];

    /// <summary>The same with streams.</summary>
    public static IReadOnlyList<string> Streams { get; } =
    [
        "in@t:20,int emb:11,24 positions res[ layernorm@n:24 linear@q:40 from:n linear@k:40 from:n linear:40 attention:q,k,heads2,causal linear:24 ] linear:11",
        "in@t:20,int emb@e:33,24 res[ rmsnorm:24 gru:24 ] linear:33,nobias,&e",
        "in:12x8 res[ layernorm:8 lstm:8 ] res[ rmsnorm:8 gru:8 ] select:1,-1 linear:3 softmax",
        "in:9x20 linear:17 layernorm:17 gelu linear:5",
    ];
}
