namespace NetGen.Conformance.Tests.Networks;

/// <summary>Rows of <see cref="NetworkTable"/>: values with several readers, and layers with several operands.</summary>
internal static class JoinRows
{
    /// <summary>Operands that fill blocks of 16 channels and that do not, halos, every dimension, every rank.</summary>
    public static IReadOnlyList<string> Concats =>
    [
        // One value twice, more often, beside others.
        "in:1x5x4 concat:.,.", "in:16x5x4 concat:.,. relu", "in:40x4x4 concat:.,. conv:16,k3,p1 bn relu", "in:7 concat:.,.,input relu",
        "in:16x5x5 conv@a:16,k3,p1 relu conv@b:16,k3,p1 relu conv:16,k3,p1 concat:a,b,.,a relu",
        // Channels that begin inside a block of 16 or at its edge.
        "in:5x6x5 conv@a:16,k3,p1 relu conv:16,k3,p1 concat:a mse", "in:3x6x5 conv@a:16,k3,p1 relu conv:32,k3,p1 concat:a,. conv:17,k3,p1",
        "in:3x6x5 conv@a:3,k3,p1 relu conv:5,k1 concat:a conv:4,k3,p1 mse", "in:5x6x5 conv@a:17,k3,p1 relu conv:16,k3,p1 concat:a",
        // An operand lies in the first concatenation of two that are alike, within another, and is read by layers of every kind.
        "in:3x6x6 conv@a:17,k3,p1 relu conv:2,k1 relu concat:.,a,. conv:2,k1 relu concat:.,a,. conv:3,k1",
        "in:16x5x5 conv@a:16,k3,p1 bn relu concat:a conv@b:16,k3,p1 bn relu concat:b conv@c:16,k3,p1 concat:b,a,. mse",
        "in:3x7x7 conv@a:32,k3,p1 groupnorm:4 relu max:k3,s1,p1 concat:a res[ conv:64,k3,p1 ] relu avg:k3,s1,p1 concat:a,. mse",
        "in:20 linear@a:32 tanh@t layernorm:32 linear:48 relu concat:t,. linear:5 concat:t,. softmax mse",
        "in:5x6x5 conv@a:17,k3,p1 relu conv:16,k3,p1 concat:a,.", "in:4x5x6 conv@a:1,k1 sigmoid@b conv:40,k3,p1 relu concat:a,.,b",
        "in:4x5x6 conv@a:5,k1 relu conv@b:16,k1 tanh conv:32,k1 concat:a,b,.,input flatten linear:3 ce",
        "in:32x6x6 conv@a:32,k3,p1 relu conv:32,k3,p1 relu concat:a conv:32,k3,p1 relu flatten linear:3 ce",
        "in:48x5x5 conv@a:47,k3,p1 relu conv:33,k3,p1 relu concat:a,. conv:32,k3,p1 sigmoid",
        // A block of channels of one pixel, and others of it one by one.
        "in:28x1x1 tanh concat:.,. mse", "in:3x3x3 conv:28,k3 tanh@t conv:20,k1 concat:t,. conv:5,k1 mse",
        // Borders in front and behind.
        "in:3x6x6 conv@a:16,k3,p1 relu conv:16,k3,p2 conv:16,k3 concat:a conv:16,k5,p2,reflect",
        "in:16x6x6 conv@a:16,k3,p1 relu concat:input conv:32,k3,p1,circular relu conv:4,k3,p2",
        "in:5x6x6 conv:5,k3,p1 zeropad:1 concat:.,. conv:17,k5 relu",
        // Fused with what is in front, where that is read for itself; groups, norms, one pixel and vectors behind.
        "in:16x6x6 conv@a:16,k3,p1 max:k2 up:2 concat:a,. conv:32,k3,p1 mse",
        "in:1x12x12 conv:6,k5,p2 sigmoid@a avg:k2 up:2 concat:a conv:5,k3,p1 max:k2 flatten linear:3 ce",
        "in:8x6x6 conv@a:8,k3,p1,g8 relu conv:8,k1 concat:a conv:16,k3,p1,g16 relu conv:32,k1,g2",
        "in:3x5x5 conv@a:5,k3,p1 relu conv:4,k3,p1 concat:a flatten linear:7 relu linear:3 ce",
        "in:6x5x5 conv@a:6,k1 relu conv:6,k3,p1 concat:a groupnorm:3 relu conv:4,k1 mse",
        "in:3x5x5 concat[ aavg:1 | amax:1 ] conv:5,k1 relu",
        // The blocks of GoogLeNet, DenseNet and U-Net; six operands.
        "in:3x7x7 concat[ conv:16,k1 | conv:16,k3,p1 | conv:16,k5,p2 ] relu conv:8,k3,p1",
        "in:6x8x8 concat[ conv:3,k1 relu | conv:4,k1 relu conv:16,k3,p1 relu | conv:2,k1 relu conv:5,k5,p2 relu | max:k3,s1,p1 conv:1,k1 relu ] aavg:1 flatten linear:4 ce",
        "in:5x7x6 concat[ identity | conv:12,k3,p1 bn relu ] concat[ identity | conv:12,k3,p1 bn relu ] bn relu conv:6,k1 avg:k2",
        "in:3x8x8 concat[ max:k2 | avg:k2 | conv:17,k3,s2,p1 ] relu conv:5,k3,p1",
        "in:5x6x6 concat[ identity | relu | tanh | sigmoid | conv:16,k1 | conv:3,k3,p1 ] mse",
        "in:3x9x9 conv:6,k3,p1 relu@e1 max:k2 conv:12,k3,p1 relu@e2 max:k2 conv:12,k3,p1 relu convt:12,k2,s2 concat:e2,. conv:6,k3,p1 relu convt:6,k3,s2 concat:e1,. conv:6,k3,p1 relu conv:1,k1 bcelogits",
        "in:1x8x8 conv:16,k3,p1 bn relu@e1 max:k2 conv:32,k3,p1 bn relu up:2 concat:e1 conv:16,k3,p1 bn relu conv:2,k1 bcelogits",
        // Rows, columns, lengths.
        "in:5x4x6 conv@a:16,k3,p1 relu conv:16,k3,p1 concat:a,dim2 conv:5,k3,p1",
        "in:5x4x6 conv@a:17,k3,p1 relu conv:17,k2x1 concat:a,.,dim2",
        "in:3x5x5 conv@a:6,k3,p1 relu avg:k5x1 concat:a,.,dim2 conv:4,k3,p1 mse",
        "in:3x5x4 conv@a:16,k3,p1 relu conv:16,k1x2 concat:a,dim3 max:k2",
        "in:4x5x4 concat:.,.,dim-1 conv:3,k3,p1 relu concat:.,.,dim-2",
        "in:17x3x3 concat[:dim3 relu | tanh ] concat[:dim-1 relu | identity ] mse",
        "in:3x4x4 concat[:dim2 conv:16,k3,p1 | conv:16,k2x1 relu | conv:16,k1 ] relu conv:3,k3,p1", "in:3x4x4 concat:.,.,dim-3",
        "in:3x11 conv@a:16,k3,p1 relu conv:5,k3,p1 concat:a conv:7,k3,p1", "in:17x9 conv@a:4,k3,p1 relu concat:input,.,a,dim1 max:k2",
        "in:5x9 conv@a:5,k3,p1 relu conv:5,k4 concat:a,dim2 conv:3,k3",
        "in:16x7 conv@a:16,k3,p1 concat:input,dim-1 relu flatten linear:3 ce",
        // Vectors.
        "in:1 concat:.,. linear:1", "in:16 linear@a:16 relu linear:16 concat:a linear:3 ce", "in:33 linear@a:32 relu concat:input,. ce",
        "in:5 linear@a:17 tanh linear@b:3 relu linear:40 concat:a,b,. linear:5 mse",
        "in:3x4x4 flatten@f linear:17 relu concat:f linear:5 ce",
        "in:9 concat[ linear:16 relu | linear:5 tanh | identity ] linear:4 ce", "in:5 linear@a:3 tanh linear:4 concat:a,dim-1 kl",
    ];

    /// <summary>Values of one shape and of every shape that broadcasts, on either side and on both; numbers; ties.</summary>
    public static IReadOnlyList<string> Arithmetic =>
    [
        // Values of one shape, one value twice, ties of zeros, three operands.
        "in:5x5x6 conv@a:5,k3,p1 relu mul:a", "in:16x5x6 conv:16,k3,p1 tanh mul:.,. conv:16,k3,p1 mse",
        "in:17x4x5 tanh sub:input,. mul:input", "in:16x6x6 conv@a:16,k3,p1 conv:16,k3,p1 maximum:a,input minimum:a conv:4,k3,p1",
        "in:16x5x5 conv@a:16,k1 relu@r conv:16,k1 relu maximum:r minimum:a", "in:5x5x5 maximum:.,. minimum:.,. conv:3,k1",
        "in:33 relu@a tanh maximum:a,input minimum:a mse", "in:5x6x5 conv@a:5,k3,p1 softplus addc:0.5 div:a,. mse",
        "in:40 linear@a:40 sigmoid addc:0.5 div:input,. add:a linear:3 ce",
        "in:32x5x5 conv@a:32,k3,p1 conv:32,k3,p1 mul:a,a,input add:.,a,. mse",
        "in:3x8x8 conv@a:16,k3,p1 relu conv:16,k3,p1 sub:a relu max:k2 flatten linear:3 ce",
        // Numbers: alone, behind and in front of what they are fused with, at ties; what surrounds a map stays zero.
        "in:5x4x5 addc:0.5 subc:0.25 mulc:-2 divc:3 maximumc:-1 minimumc:1", "in:17 linear:16 mulc:0.3 relu addc:1 linear:5 divc:-0.7 mse",
        "in:16x5x5 conv:16,k3,p1 addc:0.5 max:k3,s1,p1 mse", "in:16x6x6 conv:16,k3,p1 bn addc:0.5 relu mulc:0.1 conv:17,k3,p1 minimumc:0.5 max:k2 maximumc:-0.25 flatten linear:3 ce",
        "in:3x7x7 conv:6,k3,p2 addc:1 conv:5,k3,p1 mulc:2", "in:5x6x6 conv:5,k3,p1 addc:0.5 conv:17,k3,p1 subc:0.5 conv:5,k3,p1",
        "in:33 relu maximumc:0 minimumc:0.5", "in:16x5x5 conv:16,k3,p1 relu minimumc:0 addc:1 maximumc:1 conv:16,k3,p1",
        "in:9 relu@a addc:1 div:a,. mulc:0.1 divc:0.3 mse",
        // Factors for channels, as squeeze and excitation has them; a map for all channels, rows, columns, one number.
        "in:16x6x6 mul[ identity | aavg:1 conv:4,k1 relu conv:16,k1 sigmoid ] conv:5,k3,p1",
        "in:17x5x5 conv:17,k3,p1 bn mul[ identity | aavg:1 conv:3,k1 relu conv:17,k1 hardsigmoid ] relu aavg:1 flatten linear:3 ce",
        "in:32x5x5 conv:32,k3,p1 mul[ identity | aavg:1 conv:8,k1 relu conv:32,k1 sigmoid ] relu conv:32,k3,p1 flatten linear:3 ce",
        "in:32x6x6 res[ conv:32,k3,p1,nobias bn relu conv:32,k3,p1,nobias bn mul[ identity | aavg:1 conv:4,k1 relu conv:32,k1 sigmoid ] ] relu",
        "in:3x5x5 conv@m:8,k3,p1 relu aavg:1 flatten linear:8 sigmoid unflatten:1,8x1x1 mul:m conv:4,k3,p1 mse",
        "in:5x5x6 mul[ identity | conv:1,k3,p1 sigmoid ]", "in:40x3x3 mul[ conv:1,k1 sigmoid | relu ]",
        "in:5x5x6 sub[ conv:5,k1 | aavg:1x_ ]",
        "in:16x4x5 add[ relu | aavg:_x1 ]", "in:17x4x4 maximum[ identity | aavg:1 conv:1,k1 ]",
        "in:6x5x7 minimum[ conv:6,k3,p1 | conv:1,k1 aavg:1x_ ] relu", "in:3x5x7 add[ conv:1,k1 aavg:_x1 | conv:16,k1 ] conv:4,k3,p1 mse",
        "in:17x5x5 div[ identity | aavg:1 softplus addc:0.5 ] mse", "in:16x1x1 mul[ identity | conv:1,k1 sigmoid ]",
        // One feature for more than a vector register has lanes, in gradients that read both operands.
        "in:17 div[ identity | linear:1 softplus addc:0.5 ] mse", "in:40 minimum[ linear:1 | identity ]", "in:32 maximum[ identity | linear:1 ] mse",
        // The first operand is the smaller, or each is in a dimension of its own.
        "in:16x5x5 sub[ aavg:1 | conv:16,k3,p1 ] conv:3,k3,p1", "in:3x6x5 div[ aavg:1 | sigmoid addc:0.5 ]",
        "in:5x4x6 mul[ aavg:1 conv:17,k1 | conv:1,k3,p1 ] relu conv:4,k3,p1", "in:16x4x6 add[ aavg:1x_ | aavg:_x1 ]",
        "in:20x4x6 maximum[ aavg:1 | conv:1,k1 | aavg:1x_ ]", "in:5x4x5 div[ conv:1,k1 | aavg:1 softplus addc:0.5 ] tanh mse",
        "in:1x5x5 mul[ conv:16,k3,p1 | identity ] add[ identity | aavg:1 ]",
        "in:5x4x5 add[ aavg:1 | conv:1,k1 | identity | conv:5,k3,p1 ] relu conv:3,k1",
        "in:3x4x5 mul[ conv:16,k1 aavg:1 | conv:1,k1 tanh | conv:16,k3,p1 ] conv:3,k1 mse",
        "in:5x4x5 minimum[ aavg:1 | conv:1,k1 | identity ] l1",
        "in:16x4x4 conv@a:16,k1 aavg@g:1 conv@r:1,k1 from:a conv:1,k3,p1 sub:g,. mul:r add:a conv:3,k3,p1 mse",
        // Sequences and vectors.
        "in:5x9 mul[ identity | aavg:1 conv:5,k1 sigmoid ] conv:3,k3,p1", "in:17x8 add[ conv:1,k3,p1 | aavg:1 ]",
        "in:16x12 sub[ conv:16,k3,p1 | conv:1,k1 ] max:k2", "in:6x7 conv@a:6,k3,p1 maximum:input divc:2 mul:a relu flatten linear:3 ce",
        "in:9 mul[ identity | linear:1 sigmoid ] linear:3 ce", "in:40 linear@s:1 tanh sub:input,. add:s linear:5 mse",
        "in:16 linear@h:16 tanh@t from:input linear:16 sigmoid@g mul:t from:g mulc:-1 addc:1 mul:input add:mul1 linear:3 ce",
        "in:17 add[ linear:5 | linear:1 ] mul[ linear:1 | identity ] sub[ linear:1 | linear:1 ] mse",
        "in:1 linear@a:1 tanh mul:a add:input",
    ];

    /// <summary>
    /// Values that are read again: those that would be fused, of blocks, of repeated blocks, the input; and those that nobody reads.
    /// </summary>
    public static IReadOnlyList<string> Taps =>
    [
        "in:5x6x6 conv:16,k3,p1 relu@a conv:16,k3,p1 relu conv:16,k3,p1 add:a conv:8,k3,p1",
        "in:5x6x6 conv:16,k3,p1 bn@b relu max:k2 up:2 add:b relu", "in:16x6x6 conv@c:16,k3,p1 bn@b relu@r conv:16,k1 add:c,b,r mse",
        "in:3x8x8 conv:6,k3,p1 relu max@p:k2 conv:6,k3,p1 relu add:p flatten linear:3 ce",
        "in:3x8x8 conv@c:6,k5,p2 sigmoid avg:k2 up:2 add:c mse",
        "in:3x8x8 conv:6,k5,p2 sigmoid@s avg@p:k2 up:2 mul:s conv:6,k3,s2,p1 add:p",
        "in:32x6x6 conv:32,k3,p1 relu@a max@m:k2 conv:32,k3,p1 relu add:m up:2 concat:a",
        "in:9 linear@a:16 bn@b gelu@c linear:16 add:a,b,c ce",
        "in:3x8x8 conv:16,k3,p1 relu@a max@p:k2,indices conv:16,k1 unpool:p add:a conv:3,k1",
        // Three readers, and no reader.
        "in:4x6x6 conv:8,k3,p1 relu@t conv:8,k3,p1 add:t relu conv:8,k3,p1 mul:t tanh concat:t conv:3,k1 mse",
        "in:5 linear:7 relu from:input linear:3 ce", "in:3x5x5 conv:16,k3,p1 relu from:input conv:5,k3,p1",
        "in:16x5x5 conv@a:16,k3,p1 relu conv:4,k3 tanh from:a bn relu flatten linear:3 ce",
        // The cursor moves: to one value twice, to the input, and to where it stands.
        "in:4x6x6 conv@a:8,k3,p1 relu from:a tanh@b from:a sigmoid add:b,relu1 conv:3,k1",
        "in:5x5x5 conv@a:5,k3,p1 relu from:input conv:5,k1 add:a",
        "in:9 linear@a:9 tanh from:input linear:9 mul:a add:input mse", "in:6x5x5 add:input conv:4,k3,p1",
        "in:16x5x5 conv:16,k3,p1 relu add:input relu",
        "in:7 from:input", "in:3x5x5 conv@a:5,k3 from:a relu from:relu1", "in:9 linear@a:5 tanh from:input linear:7 bil:4,a mse",
        "in:3x5x5 relu from:input tanh mul:relu1 mse", "in:17x5x5 conv:5,k3 from:input mul:.,. conv:3,k3",
        // Names inside, around and of blocks; the input of a block is what arrives at it.
        "in:4x6x6 conv@a:8,k3,p1 relu seq[ conv:8,k3,p1 relu add:a res[ conv:8,k3,p1 mul:a ] ] add:a mse",
        "in:4x6x6 conv:8,k3,p1 relu seq[ conv:8,k3,p1 relu add:input conv:8,k1 from:input tanh add:conv2 ]",
        "in:6 res[ linear:6 tanh add:input ] res[ from:input linear:6 ] ce",
        "in:6x5x5 res[ conv:6,k3,p1 add:input | conv:6,k1 mul:input ] seq[@s relu ] add:s,input",
        "in:4x6x6 seq[@e conv:8,k3,p1 relu@r max:k2 ] conv:8,k3,p1 relu up:2 concat:e.r conv:3,k3,p1",
        "in:4x6x6 concat[@c conv@x:8,k3,p1 relu | conv@y:8,k1 tanh ] conv:8,k1 add:c.branch1.x,c.branch2.y mse",
        "in:8x5x5 conv@o:8,k1 concat[ conv:8,k3,p1 add:o | mul[ from:input | aavg:1 sigmoid ] sub:o | from:o relu ] conv:3,k1",
        "in:5 linear@a:6 seq[ linear:6 seq[ linear:6 tanh add:a,input ] mul:input ] add:a linear:3 ce",
        "in:3x5x5 add[ from:input | conv:3,k3,p1 ] concat[ from:input | relu ] mse",
        // Vectors beside maps.
        "in:3x6x6 conv:16,k3,p1 relu max:k2 flatten@f linear:144 tanh add:f linear:3 ce",
        "in:3x5x5 conv@m:16,k3,p1 relu flatten linear:400 unflatten:1,16x5x5 mul:m conv:2,k3",
        "in:9 linear@v:16 from:input linear:16 softmax mul:v linear:3 ce",
        // Equal layers one behind the other: their calls are written once.
        $"in:8x5x5 {NetworkTable.Repeat("res[ conv:8,k3,p1 relu mul[ identity | aavg:1 conv:8,k1 sigmoid ] ]", 5)} flatten linear:3 ce",
        $"in:6x5x5 {NetworkTable.Repeat("seq[ conv:6,k3,p1 relu add:input ]", 6)} flatten linear:3 ce",
        $"in:9 {NetworkTable.Repeat("seq[ linear:9 tanh from:input linear:9 mul:tanh1 ]", 6)} mse",
        $"in:6x5x5 conv@stem:6,k3,p1 {NetworkTable.Repeat("seq[ conv:6,k3,p1 relu add:stem ]", 6)} mse",
        $"in:16x5x5 {NetworkTable.Repeat("conv:16,k3,p1 relu add:input mulc:0.5", 6)} mse",
        $"in:4x5x5 {NetworkTable.Repeat("concat[ identity | conv:4,k3,p1 relu ]", 5)} conv:3,k1 mse",
    ];
}
