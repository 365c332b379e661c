namespace NetGen.Conformance.Tests.Networks;

/// <summary>Rows of <see cref="NetworkTable"/>: several inputs, outputs and losses, and layers that share their parameters.</summary>
internal static class PortRows
{
    public static IReadOnlyList<string> Ports =>
    [
        // Two inputs of different rank; one that only a concatenation reads; an input of another name than the usual.
        "in@image:3x8x8 conv:20,k3,p1 relu aavg:1 flatten linear:17 tanh@seen in@position:5 linear:17 add:seen out:features linear:4 out:kind from:features linear:3 out:box from:seen out:unused ce:of=kind smoothl1:of=box,factor=0.5",
        "in:3x7 conv:16,k3,p1 relu flatten linear:9 in@b:9 mul:linear1 linear:3 ce", "in:5 linear:17 relu in@b:16 concat:relu1 linear:4 ce",
        "in@x:16x5x5 conv:16,k3,p1 relu in@y:5x5x5 concat:relu1 conv:7,k3,p1 mse", "in:3 in@b:4 in@c:16 concat:input,b linear:3 mse",
        // Three outputs of which one has no loss; one value published twice, with a loss each; none has a loss.
        "in:9 linear:17 tanh out:a linear:5 out:b from:a linear:3 out:c mse:of=b l1:of=c,sum,factor=-0.25",
        "in:7 linear:16 tanh linear:5 out:p out:q mse:of=p ce:of=q,factor=2", "in:7 linear:16 tanh out:a linear:5 out:b",
        "in:4x6x6 conv:16,k3,p1 out:a relu max:k2 out:b flatten linear:3 out:c",
        // Called like variables of the emitted methods.
        "in@source:7 linear:5 in@target:5 add:linear1 linear:3 out:y", "in:7 linear:5 out:target tanh out:source",
        // Read on behind: nothing of it may be fused away, nor the gradient of an input that another's gradient is made of.
        "in@x:15x3x4 in@z:15x3x4 add@v:z,x out:p out:q concat:z,.,dim2 conv:5,k1 out:y mse:of=y", "in@x:9 in@z:9 add:z,x out:p concat:z,. linear:3 out:y",
        "in:3x8x8 conv:16,k3,p1 out:raw relu max:k2 flatten linear:4 out:y ce:of=y", "in:16x6x6 conv:16,k3,p1 bn out:n relu out:r conv:5,k1 out:y mse:of=y mse:of=n",
        "in:5x6x6 conv:5,k3,p1 relu out:r conv:17,k3,p1 out:y mse:of=r l1:of=y",
        // An input as an output; images as outputs, in either layout.
        "in:7 out:same linear:3 out:y mse:of=y", "in:5x4x4 out:same conv:16,k3,p1 out:y mse:of=same mse:of=y,factor=0.5",
        "in:1x8x8 conv:3,k3,p1 tanh out:small conv:32,k3,p1 out:large mse:of=small mse:of=large,sum",
        "in@a:32x5x5 conv:32,k3,p1 relu out:u in@b:32x5x5 conv:32,k3,p1 add:u out:v mse:of=u huber:of=v",
        // The whole batch first.
        "in@a:3x6x6 conv:16,k3,p1 bn relu in@b:5x6x6 conv:16,k3,p1 bn relu add:relu1 out:m aavg:1 flatten linear:3 out:y ce:of=y mse:of=m",
        "in@a:9 linear:16 bn tanh in@b:5 linear:16 bn add:tanh1 linear:3 ce",
        // All kinds of losses beside each other.
        "in:9 linear:16 tanh@t linear:5 out:a from:t linear:5 sigmoid out:b from:t linear:5 out:c from:t logsoftmax out:d from:t linear:4 out:e ce:of=a,e=0.1,factor=0.5 bce:of=b bcelogits:of=c,sum,factor=0.1 kl:of=d,batchmean cosine:of=e,factor=3",
        "in:9 linear:5 logsoftmax out:a from:input linear:6 out:b from:input linear:7 out:c nll:of=a,i=0 ce:of=b,prob huber:of=c,factor=1.5",
        "in:5 linear:4 out:y out:z ce:of=z,factor=0.5",
    ];

    /// <summary>Losses that compare outputs with one another.</summary>
    public static IReadOnlyList<string> OutputLosses =>
    [
        // Towers of either layout; features that fill no vector; statistics of the batch in front.
        "in@a:9 linear:17 normalize out:x in@b:5 linear:17 normalize out:y contrastive:of=x/y,t=0.07",
        "in@a:3x6x6 conv:16,k3,p1 relu aavg:1 flatten linear:16 normalize out:image in@b:9 linear:20 tanh linear:16 normalize out:text contrastive:of=image/text,t=0.2",
        "in@a:1x8x8 conv:6,k3,p1 relu max:k2 flatten linear:20 out:x in@b:1x8x8 conv:6,k3 relu flatten linear:20 out:y contrastive:of=x/y",
        "in@a:7 linear:3 out:x in@b:7 linear:3 out:y contrastive:of=y/x,sum",
        "in@a:9 linear:16 bn tanh out:x in@b:9 linear:16 bn out:y contrastive:of=x/y,t=4",
        // Vectors compared with themselves; several such losses beside one with a target.
        "in:9 linear:8 normalize out:a out:b contrastive:of=a/b,t=0.3",
        "in:9 linear:33 normalize out:a out:b from:input linear:33 tanh out:c out:d linear:4 out:k contrastive:of=a/c,t=0.5,factor=0.5 contrastive:of=d/b ce:of=k,factor=2",
        "in@a:9 linear@l:17 tanh out:x in@b:9 linear:17,&l out:y cosine:of=x/y,m=0.2", "in:9 linear:33 out:x from:input linear:33 out:y linear:3 out:z cosine:of=y/x,sum mse:of=z",
        "in@a:9 linear@l:17 tanh out:anchor in@p:9 linear:17,&l tanh out:positive in@n:9 linear:17,&l tanh out:negative triplet:of=anchor/positive/negative",
        "in:5 linear:33 out:x from:input linear:33 out:y from:input linear:33 out:z triplet:of=x/y/z,p=1,m=0.3",
        "in:5 linear:33 out:x from:input linear:33 out:y from:input linear:33 out:z triplet:of=z/x/y,swap,m=0.5,eps=0.001",
        "in:5 linear:3 out:x from:input linear:3 out:y from:input linear:3 out:z triplet:of=x/y/z,p=3,swap,sum",
        "in:5 linear:16 out:x from:input linear:16 out:y from:input linear:16 out:z triplet:of=x/y/z,p=1,swap,m=0.1",
        "in:5 linear:18 out:x from:input linear:18 out:y from:input linear:18 out:z triplet:of=x/y/z,p=inf,swap",
        "in:5 linear:19 out:x from:input linear:19 out:y from:input linear:19 out:z triplet:of=x/y/z,p=1.5,m=-0.25",
        "in:9 linear:17 out:a out:b from:input linear:17 out:c linear:2 out:d triplet:of=a/b/c,factor=0.5 mse:of=d",
    ];

    public static IReadOnlyList<string> Shared =>
    [
        // Two towers, in sample lanes and channel lanes, with and without statistics of the batch.
        "in@a:3x8x8 conv@c:6,k3,p1 relu max:k2 flatten linear@l:5 tanh@u in@b:3x8x8 conv:6,k3,p1,&c relu max:k2 flatten linear:5,&l tanh sub:u linear:2 ce",
        "in@a:16x6x6 seq[@t conv:32,k3,p1 relu conv:32,k3,p1 relu aavg:1 flatten ] in@b:16x6x6 seq[@v:&t conv:32,k3,p1 relu conv:32,k3,p1 relu aavg:1 flatten ] sub:t linear:3 mse",
        "in@a:3x6x6 seq[@t conv:16,k3,p1,nobias bn relu aavg:1 flatten ] in@b:3x6x6 seq[@v:&t conv:16,k3,p1,nobias bn relu aavg:1 flatten ] mul:t linear:3 ce",
        "in@a:9 seq[@t linear:16 bn:cumulative tanh ] in@b:9 seq[@v:&t linear:16 bn:cumulative tanh ] out:v2 sub:t out:d mse:of=d",
        // Tied layers; other strides, paddings and extents of one kernel.
        "in:17 linear@a:17 tanh linear:17,&a relu linear:17,&a mse", "in:16 linear@a:16 linear@b:16,&a linear:16,&b",
        "in:16x6x6 conv@a:16,k3,p1 relu conv:16,k3,s2,&a relu conv:16,k3,p2,d2,&a mse", "in:3x5x5 conv@a:3,k3,p1 relu conv:3,k3,p1,&a flatten linear:2 ce",
        // Behind blocks of channels and behind a vector.
        "in:20x3x3 conv:20,k3,p1 relu flatten linear@l:6 tanh@t in@v:180 linear:6,&l add:t linear:3 ce",
        "in:5x4x4 flatten linear@l:6 tanh@t in@v:80 relu linear:6,&l mul:t mse",
        "in:9 bn@b:cumulative tanh bn:cumulative,&b tanh bn:cumulative,&b mse", "in:5x4x4 bn@b:cumulative relu bn:cumulative,&b conv:3,k1 mse",
        // Equal layers, each of which shares: one kernel adds the gradients of all.
        "in:9 linear@a:9 tanh linear@b:9 tanh linear:9,&a tanh linear:9,&b mse",
        // Tables that are the weights of products too: rows of one block and of several, columns that fill lanes and that do not, several
        // uses of each kind, padding, lengths, in blocks, frozen, and a product whose weight is a table only later.
        "in@t:9,int emb@e:11,24 linear:24 gelu linear:11,nobias,&e ce:dim=-1", "in@t:12,int emb@e:40,16,pad3 layernorm:16 linear:40,nobias,&e mse",
        "in@t:5,int emb@e:16,7,scale2.5 tanh linear:16,nobias,&e relu linear:3 mse", "in@t:7,int emb@e:33,50 mean:1 linear:33,nobias,&e ce",
        "in@t:9,int,upto emb@e:21,20 lstm:20 linear:21,nobias,&e ce:dim=-1", "in@t:4,int emb@e:5,3,frozen linear:3 linear:5,nobias,frozen,&e mse",
        "in@a:6,int emb@e:13,16 mean:1 tanh@t in@b:9,int emb:13,16,scale0.5,&e mean:1 mul:t linear@l:13,nobias,&e linear:16 linear:13,nobias,&l ce",
        "in@x:6 linear@l:20,nobias tanh@y in@t:7,int emb:20,6,&l mean:1 linear:20 add:y linear:3 mse",
        "in@t:6,int emb@e:17,9 res[ layernorm:9 linear:17,nobias,&e relu linear:9 ] linear:17,nobias,&e bn:cumulative mse",
        // Other tensors; blocks of several scopes, blocks in blocks.
        "in:16x5x5 conv:16,k3,p1 prelu@p:16 conv:16,k3,p1 prelu:16,&p mse", "in:24 layernorm@n linear:24 tanh layernorm:&n linear:3 ce",
        "in:16x5x5 res[@r conv:16,k3,p1 relu conv:16,k3,p1 ] res[@q:&r conv:16,k3,p1 relu conv:16,k3,p1 ] relu mse",
        "in:9 seq[@o linear:9 seq[ linear:9 tanh ] ] seq[:&o linear:9 seq[ linear:9 tanh ] ] linear:2 ce",
        "in:8 seq[@o linear@a:8 tanh linear:8,&a ] relu seq[:&o linear@a:8 tanh linear:8,&a ] mse",
        "in:9 concat[@c linear:5 | linear:6 relu ] linear:9 concat[:&c linear:5 | linear:6 relu ] mse",
    ];
}
