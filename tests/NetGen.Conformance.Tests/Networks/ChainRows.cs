namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Rows of <see cref="NetworkTable"/>: element-wise layers behind one another, which become one loop, with operands beside them; in images
/// with and without borders, in vectors, in positions and with lengths; where somebody else reads what is between, and beyond the limits
/// of a loop.
/// </summary>
internal static class ChainRows
{
    public static IReadOnlyList<string> Chains =>
    [
        // Vectors: lanes that do not stay zero and such that do; one operand twice.
        "in:33 tanh mulc:2 sigmoid mul:input", "in:17 silu addc:0.5 gelu mulc:0.25 tanh linear:3 mse", "in:40 sigmoid mul:input silu mul:input mse",
        "in:19 linear@a:19 sigmoid linear@b:19 from:a tanh mul:b add:a silu linear:4 ce",
        // Noise, mean and logarithm of the variance, as a variational autoencoder has them.
        "in@noise:20 in@x:20 linear@m:20 from:x linear:20 mulc:0.5 exp mul:noise add:m linear:5 mse",
        // What somebody else reads between, an output too.
        "in:16 tanh@t mulc:2 sigmoid add:t mse", "in:9 sigmoid mulc:3 out:y tanh addc:1 out:z mse:of=y mse:of=z",
        "in:12 mulc@d:2 tanh sigmoid mul:d maximum:d linear:3 ce",
        // More operands and more layers than one loop has.
        "in:9 linear@a:9 from:input linear@b:9 from:input linear@c:9 from:input linear@d:9 from:input linear@e:9 from:input linear@f:9 "
            + "from:input tanh mul:a add:b mul:c add:d mul:e add:f mul:input mse",
        "in:21 " + NetworkTable.Repeat("mulc:1.1 tanh addc:0.1 silu", 5) + " mse",
        // Images: borders, channels that fill no block, samples in the lanes, everything divided.
        "in:17x5x6 conv@a:17,k3,p1 tanh mulc:0.5 addc:1 mul:a sigmoid conv:5,k3,p1 mse",
        "in:3x6x6 conv@a:6,k3,p1 tanh addc:0.5 sigmoid mul:a mulc:3 conv:4,k1 mse",
        "in:32x5x5 conv@a:32,k3,p1 sigmoid conv:32,k3,p1 mul:a silu maximum:a conv:32,k3,p2 mse",
        "in:16x6x6 conv@a:16,k3,p1 addc:0.5 div:a,. mulc:0.1 softplus mse", "in:5x4x5 flatten tanh mulc:2 silu linear:7 ce",
        // Operands that are repeated: factors of channels, a map for all of them, one number; as the first and as a later layer's.
        "in:16x4x4 conv@a:16,k1 aavg@g:1 from:a tanh mul:g addc:1 sigmoid mul:g conv:3,k1 mse",
        "in:17x4x5 conv@a:1,k1 from:input tanh mul:a silu add:a mse",
        "in:5x5x4 conv@a:5,k1 aavg:1 sigmoid@g from:a mulc:2 silu mul:g gelu max:k2 flatten linear:3 ce",
        // Positions, and those of any number.
        "in:7x24 linear@a:24 tanh mulc:2 add:a silu gelu layernorm:24 mse", "in:6x10 linear@a:10 sigmoid linear:10 mul:a addc:1 silu mean:1 linear:3 ce",
        "in@x:9x20,upto linear@a:20 tanh mulc:2 add:a silu mul:a mean:1 linear:3 ce",
        "in@x:7x9,upto linear@a:9 sigmoid addc:0.5 div:a,. mulc:0.5 tanh out:y mse:of=y",
    ];
}
