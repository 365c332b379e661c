namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Rows of <see cref="NetworkTable"/>: sequences whose positions are rows of features, alone and beside layers that have channels in the
/// lanes; features that fill vectors and that do not.
/// </summary>
internal static class PositionRows
{
    public static IReadOnlyList<string> Positions =>
    [
        "in:5x20 linear:17", "in:7x16 linear:32 relu linear:3", "in:3x33 linear:48,nobias gelu linear:16 tanh mse", "in:1x9 linear:5 relu",
        "in:40x3 linear:1 sigmoid l1", "in:17x64 linear:64 silu linear:64 mish mse", "in:64x4 linear:40 softplus linear:2",
        // More positions than a block of a sum, and more weights than a panel.
        "in:70x330 linear:320 mse",
        // Normalisation of each position, of the whole, of images' rows; what follows it.
        "in:6x24 layernorm:24 linear:40 gelu layernorm:40,plain linear:3", "in:6x17 linear:32 rmsnorm:32 relu linear:17 layernorm:17,nobias",
        "in:5x16 linear:16 layernorm:5x16 relu linear:4", "in:4x21 linear:20 groupnorm:2 linear:3 mse", "in:4x21 linear:20 bn relu linear:3",
        // Residual blocks; means and extremes over positions and over features; single positions.
        "in:6x24 linear:32 res[ layernorm:32 linear:40 gelu linear:32 ] res[ rmsnorm:32 linear:40 silu linear:32 ] mean:1 linear:3 ce",
        "in:9x18 linear:20 maxof:1 linear:3 ce", "in:9x18 linear:20 sum:2 linear:3 ce", "in:9x18 linear:33 var:2 linear:3 mse",
        "in:5x18 linear:20 minof:2 mse", "in:5x18 linear:20 mean:1,keep mse", "in:5x18 linear:20 var:1 linear:2 ce",
        "in:5x18 linear:20 select:1,-1 linear:3 ce", "in:5x18 linear:20 select:2,3 linear:3 ce", "in:5x18 linear:20 normalize:2 linear:3 mse",
        "in:5x18 linear:20 normalize:1 linear:3 mse",
        // Movements between positions, and between rows of features and channels.
        "in:6x10 linear:20 transpose:1,2 linear:7 relu", "in:6x10 linear:20 permute:2x1 conv:9,k3,p1 relu permute:2x1 linear:4 mse",
        "in:20x12 conv:17,k3 relu transpose:1,2 linear:5 mse", "in:6x10 linear:33 slice:1,1,5 linear:4 slice:2,1,3 mse",
        "in:6x10 linear:32 chunk:2,1,d2 linear:4", "in:6x10 linear:16 flip:1 linear:4 flip:2 mse", "in:6x10 linear:35 slice:2,16,35 linear:3",
        "in:6x10 linear:12 reshape:2x3x12 permute:2x1x3 reshape:3x24 linear:5 mse", "in:6x10 linear:12 unflatten:2,3x4 permute:2x1x3 mse",
        "in:48 unflatten:1,6x8 linear:16 relu flatten linear:3 ce", "in:6x8 linear:11 flatten linear:3 ce",
        "in:32x12 linear:48 layernorm:48,eps0.05 flatten linear:3 ce",
        // The lanes clash: a copy lies between.
        "in:16x10 conv:8,k3,p1 relu linear:6 tanh conv:5,k3", "in@x:16x10 linear:10 add:x conv:8,k3,p1 relu linear:3 mse",
        "in:5x12 linear:12 softplus@a from:input conv:5,k3,p1 add:a linear:3 mse", "in:5x20 linear@a:16 max:k2 from:a linear:3 mse",
        "in:5x20 linear:16 prelu linear:3", "in:4x8 linear@a:8 transpose:1,2 linear@b:4 from:a matmul:b linear:3 mse",
        // Joins, with extents that are repeated; dropout; several inputs and outputs; shared parameters.
        "in@a:5x20 linear@p:16 in@b:5x1 mul:p linear:3 out:x mse:of=x", "in@a:5x20 linear@p:16 in@b:1x16 add:p sub:b linear:3 out:x mse:of=x",
        "in@a:5x20 linear@p:17 in@b:1x1 add:p div:p linear:3 out:x mse:of=x", "in@x:5x20 linear:20 mul:x maximum:x linear:3 mse",
        "in@a:4x9 linear@l:18 concat:a,dim2 linear@c:8 in@b:3x8 concat:c linear:2 out:x mse:of=x",
        "in@a:5x12 linear@l:12 out:x from:l linear:12,&l relu out:y mse:of=x l1:of=y",
        "in@a:5x12 linear@l:12 relu in@b:7x12 linear:12,&l tanh concat:relu1 mean:1 linear:3 out:y ce:of=y",
        "in@a:5x12 linear@l:12 out:x in@b:5x12 linear:12,&l add:x maxof:1 out:y mse:of=x bcelogits:of=y",
        // Weights that no near cache holds; many positions.
        "in:3x700 linear:400 relu linear:3", "in:130x48 linear:64 gelu linear:48 mean:1 linear:3 ce", "in:3x1024 linear:1024,nobias tanh mse",
        // A class at each position.
        "in:6x9 linear:5 ce:dim=-1", "in:7x9 linear:20 ce:w=1/2/1/2/1/2/1/2/1/2/1/2/1/2/1/2/1/2/1/2,i=3,dim=-1", "in:1x9 linear:16 ce:e=0.2,dim=-1",
        "in:5x6 linear:7 nll:sum,dim=-1", "in:9x8 conv:6,k3,p1 ce:dim=-1", "in:5x8 linear:6 out:y mean:1 linear:3 out:z ce:of=y,dim=-1 mse:of=z",
        "in:12 unflatten:1,3x4 ce:dim=-1", "in:6,int emb:9,16 lstm:12 linear:9 ce:dim=-1",
    ];
}
