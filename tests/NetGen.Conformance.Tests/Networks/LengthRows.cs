namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Rows of <see cref="NetworkTable"/>: sequences of which each sample has as many positions as it brings, one to as many as there may be.
/// What a sample gives is what a network of its own length gives, whatever stands beside it.
/// </summary>
internal static class LengthRows
{
    public static IReadOnlyList<string> Lengths =>
    [
        // Position by position, and one vector of all.
        "in@tokens:9,int,upto emb:11,20 linear:24 gelu mean:1 linear:3 ce",
        "in@x:12x7,upto linear:20 layernorm:20,eps0.05 relu sum:1 linear:3 mse", "in@x:40x16,upto linear:33 tanh maxof:1 linear:2 ce",
        "in@x:5x3,upto linear:16 sigmoid minof:1 mse", "in@x:6x9,upto select:1,-1 linear:3 ce", "in@x:6x9,upto linear:20 select:1,0 mse",
        "in@x:7x10,upto linear:10 softplus", "in@x:1x8,upto linear:5 mean:1", "in@tokens:20,int,upto emb@e:7,5 mulc:0.5 add:e maxof:1 mse",
        "in@x:9x12,upto res[ rmsnorm:12,eps0.05 linear:30 silu linear:12 ] mul:x linear:7",
        "in@x:9x12,upto linear@a:7 from:x linear:16 concat:a,dim2 linear:5 mean:1 mse", "in@x:6x20,upto slice:2,3,17 chunk:2,1,d2 linear:4",
        "in@x:9x10,upto positions:12 sinusoids linear:6 mean:1 ce", "in@x:8x24,upto rotary:heads3 linear:6 select:1,-1 mse",
        "in@x:8x12,upto rotary:heads2,interleaved linear:6", "in@x:6x5,upto out:x2 linear:7 mean:1 out:y mse:of=y",
        "in@x:9x5,upto softmax:1", "in@x:40x20,upto linear@v:16 from:x linear:16 softmax:1 mul:v sum:1 linear:2 ce",
        "in@t:12,int,upto emb:9,7 linear:33 softmax:-2 linear:4 mse", "in@x:1x3,upto linear:17 softmax:1 mse",
        "in@x:9x5,upto linear@v:20 from:x linear:1 softmax:1 mul:v sum:1 linear:2 ce",
        // Lengths of one input, of another, and a vector beside them.
        "in@a:7x6,upto linear@p:10 in@b:7x4,like=a linear:10 mul:p mean:1 linear:3 ce",
        "in@a:7x6,upto linear:10 mean:1 out:x in@b:12x6,upto linear:9 maxof:1 out:y mse:of=x l1:of=y",
        "in@v:9 linear@w:8 in@a:7,int,upto emb:13,8 sum:1 mul:w linear:3 ce",
        // Bags.
        "in@t:9,int,upto bag:11,7 linear:3 ce", "in@t:9,int,upto bag:11,20,sum,pad0 linear:3 mse", "in@t:9,int,upto bag:11,5,max,pad2 mse",
        "in@t:9,int,upto in@w:9x1,like=t from:t bag:11,20,sum,pad0,weights=w linear:3 out:y ce:of=y",
        "in@t:9,int,upto emb@e:11,1 from:t bag:11,33,sum,weights=e linear:3 mse",
        "in@t:7,int,upto emb:13,8 gru:6 linear@s:1 sigmoid@g from:t bag:13,5,sum,weights=g mse",
        "in@t:9,int,upto bag:11,33,pad1 linear:3 ce", "in@t:4,int,upto bag:7,16,max linear:3 mse",
        // Recurrent: fewer samples than go through the steps together, and more.
        "in@x:7x6,upto lstm:9 linear:4", "in@x:12x16,upto gru:16 select:1,-1 linear:3 ce", "in@x:9x5,upto rnn:20 mean:1 mse",
        "in@x:9x5,upto rnn:17,relu,bi linear:3", "in@x:6x7,upto lstm:20,bi,l2 maxof:1 linear:2 ce",
        "in@x:8x7,upto lstm@l:9 from:l.h linear:3 ce", "in@x:8x7,upto lstm@l:16 from:l.c linear:3 mse",
        "in@x:5x8,upto gru@l:10,bi,l2 from:l.h flatten linear:3 mse", "in@tokens:16,int,upto emb:19,12 gru:20,bi lstm:8 select:1,-1 linear:2 ce",
        "in@x:1x4,upto lstm:5 gru:5 rnn:5 select:1,-1 mse", "in@a:6x5,upto lstm@l:7 out:y from:l.h out:h in@b:9x5,upto lstm:7,&l out:z mse:of=h",
        "in@x:7x6,upto lstm:9,proj4 linear:4", "in@x:8x7,upto lstm@l:20,proj17,bi,l2 from:l.h flatten linear:3 ce",
        "in@x:5x7,upto lstm@l:16,proj3 from:l.c linear:3 mse",
        "in@a:9x6,upto lstm@e:20,bi,proj9 in@b:7x4,upto lstm:20,bi,proj9,initial=e.h,cell=e.c linear:3 out:y mse:of=y",
        "in@a:9x6,upto lstm@e:12,bi in@b:7x4,upto lstm:12,bi,initial=e.h,cell=e.c linear:3 out:y mse:of=y",
        "in@a:9 linear@h:20 in@b:7x4,upto gru@g:20,initial=h from:g.h linear:3 out:y mse:of=y",
        // Recurrent with a memory: either of them, or both, of their own lengths.
        "in@m:11x8,upto gru@e:12 in@x:7x6,upto attgru:12,e,initial=e.h,size20 linear:5 out:y ce:of=y,dim=-1",
        "in@m:40x16,upto in@x:9x5 attgru:16,m,dot linear:3 out:y mse:of=y", "in@x:8x6,upto linear@m:9 from:x attgru:9,m,nobias out:y mse:of=y",
        "in@m:9x10 in@x:13x5,upto attgru@d:18,m from:d.context linear:3 out:c from:d.attention out:a mse:of=c mse:of=a",
        // Losses of the positions that there are.
        "in@tokens:9,int,upto emb:11,20 linear:24 relu linear:11 ce:dim=-1", "in@x:12x7,upto linear:5 ce:w=1/0.5/2/1/3,i=2,dim=-1",
        "in@x:5x6,upto linear:17 ce:e=0.1,sum,dim=-1", "in@x:5x6,upto linear:7 nll:i=0,dim=-1", "in@x:6x9,upto gru:12,bi linear:4 ce:dim=-1",
        "in@x:9x6,upto linear:10 mse", "in@x:9x6,upto linear:20 l1:sum", "in@x:7x5,upto linear:1 bcelogits:p=3", "in@x:3x5,upto linear:16 huber",
        "in@x:6x5,upto linear:8 tanh out:y mean:1 linear:3 out:z mse:of=y ce:of=z,factor=0.5",
        "in@x:6x5,upto linear:8 out:y linear:5 out:z ce:of=y,dim=-1 nll:of=z,dim=-1,factor=2",
    ];

    /// <summary>Fewer positions than a tile has rows, as many and more; attention to another input of its own length, and of a fixed one.</summary>
    public static IReadOnlyList<string> Attention =>
    [
        "in@x:5x12,upto linear@q:16 from:x linear@k:16 from:x linear:16 attention:q,k linear:3 mse",
        "in@x:40x12,upto linear@q:32 from:x linear@k:32 from:x linear:32 attention:q,k,heads2,causal linear:3 select:1,-1 mse",
        "in@x:67x9,upto linear@q:64 from:x linear@k:32 from:x linear:32 attention:q,k,heads4,kv2 linear:5 mean:1 ce",
        "in@x:21x10,upto linear@q:20 from:x linear@k:10 from:x linear:14 attention:q,k,heads4,kv2,causal linear:3 mse",
        "in@x:6x16,upto linear@p:20 attention:p,p,heads5 add:p linear:3",
        "in@a:11x12,upto linear@q:32 in@b:40x8,upto linear@k:32 from:b linear:48 attention:q,k,heads2 out:y mse:of=y",
        "in@a:19x12,upto linear@q:24 in@b:13x8 linear@k:24 from:b linear:24 attention:q,k,heads3,causal out:y mse:of=y",
        "in@a:9x12 linear@q:24 in@b:35x8,upto linear@k:24 from:b linear:24 attention:q,k,heads3 out:y mse:of=y",
        "in@x:50x16,upto linear@q:32 from:x linear@k:32 from:x linear:32 attention:q,k,heads2,causal,window5 linear:3 mse",
        "in@x:20x16,upto linear@q:32 from:x linear@k:32 from:x linear:32 attention:q,k,heads2,alibi linear:3 mse",
        "in@t:30,int,upto emb:17,24 positions:30 res[ layernorm@n:24 linear@q:32 from:n linear@k:32 from:n linear:32 attention:q,k,heads2 linear:24 ] res[ layernorm:24 linear:40 gelu linear:24 ] mean:1 linear:2 ce",
        "in@x:21x32,upto mha:4 linear:3 mse", "in@m:14x32,upto in@x:9x32,upto mha:4,key=m out:y mse:of=y",
        "in@t:15,int,upto emb:13,32 enc:32,heads4,ff48,drop0 enc:32,heads2,ff20,drop0,gelu,prenorm,eps0.001 mean:1 linear:3 ce",
        "in@s:11x24,upto enc@memory:24,heads3,ff16,drop0 in@t:8x24,upto dec:24,heads2,memory=memory,ff40,drop0 linear:9 out:y ce:of=y,dim=-1",
    ];
}
