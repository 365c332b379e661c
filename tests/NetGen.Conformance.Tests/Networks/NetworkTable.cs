using System.Globalization;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>Networks picked by hand for the places where kernels go wrong, in groups that are compiled together.</summary>
internal static class NetworkTable
{
    private static readonly int[] Many = [1, 2, 3, 13, 16, 17, 40];
    private static readonly int[] Few = [1, 3, 17];
    private static readonly int[] Two = [1, 3];

    public static IReadOnlyList<(string Name, int[] Counts, string[] Stacks)> Groups { get; } =
    [
        ("Windows", Many,
        [
            "in:7x1x1 conv:9,k1 relu conv:3,k3,p1 flatten linear:5 ce",         // maps of one pixel
            "in:1x1x1 conv:1,k1 flatten linear:1 mse",
            "in:6x5x4 conv:20,k5x4 relu flatten linear:3 ce",                   // kernel = input
            "in:3x4x4 conv:8,k6,p1 tanh",                                       // kernel = padded input
            "in:3x13x11 conv:8,k2,s5 relu conv:5,k1",                           // stride above the kernel: pixels unused
            "in:5x9x9 conv:17,k1,s3",
            "in:2x6x6 conv:6,k3,p2 relu conv:4,k5,p4 mse",                      // padding = kernel − 1
            "in:2x6x7 conv:6,k1x5,p0x4 conv:3,k4x1,p3x0",
            "in:2x4x4 conv:3,k1,p1 relu",                                       // windows in the padding only
            "in:2x4x4 conv:17,k2,p3",
            "in:3x7x8 conv:4,k2,s2 conv:16,k2,s2",                              // dropped rows and columns
            "in:4x9x10 conv:20,k4x3,s3x2,p2x1",
            "in:1x1x50 conv:8,k1x7 relu conv:3,k1x3,s1x2",                      // one row, one column
            "in:1x50x1 conv:8,k7x1 relu conv:3,k3x1,s2x1",
            "in:1x14x14 conv:6,k11,s4,p2",
            "in:16x7x7 conv:16,k3,p1 conv:33,k3 conv:16,k3,p2",
            "in:17x9x5 conv:32,k3,p1 relu conv:16,k3,s2,p1 relu conv:48,k1",
        ]),
        // Spread taps, with strides that share factors with the dilation and such that do not.
        ("Dilations", Many,
        [
            "in:3x9x9 conv:8,k3,d2", "in:3x9x9 conv:17,k3,d2,p2 relu", "in:16x8x9 conv:16,k3,d2,p2 relu",
            "in:20x7x7 conv:33,k3x2,d3x4,p3 tanh mse",
            "in:5x11x12 conv:7,k3,d2,s2,p1", "in:5x11x12 conv:20,k3,d2,s3,p2", "in:17x12x11 conv:18,k2x3,d4x2,s2x4,p1x3",
            "in:32x9x9 conv:32,k3,s3,d3,p3 relu conv:16,k1,d5",
            "in:4x13x13 conv:6,k4,d3,s2,p5 relu conv:20,k2,d2,s6,p1", "in:1x16x15 conv:9,k5,d3,p6 relu flatten linear:4 ce",
            "in:1x7x7 conv:3,k3,d2x1,p4x0 avg:k2",
            "in:16x5x5 conv:20,k5,d3,p6 conv:5,k3,d5,p5 mse", "in:2x6x30 conv:16,k1x7,d1x4,p0x2 relu conv:16,k1x3,d1x2,s1x2",
            "in:16x10x10 res[ conv:16,k3,p2,d2 relu conv:16,k3,p3,d3 ] relu flatten linear:3 ce",
        ]),
        // So many phases of a stride that they share kernels: every number of taps and of columns, phases that no tap meets, strides that
        // are larger than the
        // image, all layouts, groups, weights that no cache holds, tiles of samples.
        ("Phases", Few,
        [
            "in:3x32x32 conv:64,k16,s16 relu flatten linear:3 ce", "in:3x17x33 conv:5,k16,s16 sigmoid", "in:4x2x3 convt:8,k32,s32 relu",
            "in:4x2x3 convt:20,k16,s16,p3 gelu mse",
            "in:16x21x22 conv:48,k3,p1 relu conv:48,k7,s7 relu conv:16,k1", "in:20x23x11 conv:24,k5,s4x3,p2 tanh mse",
            "in:17x23x25 conv:35,k5x3,s7x6,d3x2,p4x1 relu", "in:3x23x25 conv:5,k5x3,s7x6,d3x2,p4x1 mse",
            "in:16x12x13 conv:16,k4,s6,d4,p7 relu conv:33,k2,s3", "in:5x12x13 conv:6,k4,s6,d4,p7", "in:3x9x9 conv:17,k3,s5,p2,nobias relu",
            "in:40x9x9 conv:40,k1,s3 relu conv:40,k1,s4",
            "in:32x19x18 conv:32,k5,s6,p2,g2 relu conv:48,k3,s3,p1,g2", "in:6x19x18 conv:9,k5,s6,p2,g3 mse",
            "in:32x13x14 conv:32,k4,s3,p1,g32 relu", "in:5x13x14 conv:5,k4,s5,d2,p3,g5 sigmoid",
            "in:16x5x4 convt:16,k3,s5 relu convt:24,k1,s3 tanh", "in:32x4x5 convt:32,k7x4,s3x4,p2,o1x2,g2 relu",
            "in:20x3x4 convt:20,k5,s4,p1,d3,o2,g20 relu", "in:6x3x3 convt:9,k9,s8,g3 gelu",
            "in:32x4x4 conv:48,k3,p1 relu convt:40,k16,s16,nobias bn relu conv:3,k1", "in:16x3x3 convt:33,k5,s3,p1 bn sigmoid",
            "in:17x3x3 convt:17,k2,s5,g17 bn relu", "in:5x3x2 convt:7,k4,s3,d2 bn:plain relu mse",
            "in:3x5x6 conv:8,k2,s2147483647 relu", "in:17x5x6 conv:8,k3x2,s9x1000000,p1,d1 mse",
            "in:3x5x6 conv:8,k1,d2147483647 relu conv:4,k1x2,d2147483647x1", "in:4x1x1 convt:6,k3,s2147483647 relu",
            "in:2x40 conv:6,k8,s8 relu conv:17,k5,s5", "in:20x37 conv:24,k4,s7,p2,d3 relu", "in:3x33 conv:3,k1,s16,g3 mse",
            "in:1x300 conv:20,k5,s100 relu flatten linear:3 ce",
            "in:180x4x4 conv:176,k4,s4 relu", "in:96x5x7 conv:100,k9,s3,p4 tanh mse", "in:180x2x2 convt:176,k6,s3 relu",
            "in:192x8x8 conv:176,k3,s4,p1,d3 relu flatten linear:3 ce",
        ]),
        ("Borders", Many,
        [
            "in:3x6x7 conv:8,k4,same", "in:17x6x7 conv:20,k2x5,same relu conv:3,k3,d2,same", "in:5x3x3 conv:7,k6,same tanh mse",
            "in:32x8x8 conv:16,k3,same relu conv:32,k5,same",
            "in:3x6x7 conv:8,k3,p1,reflect relu conv:17,k3,p2,s2,reflect", "in:16x5x5 conv:16,k3,p1,reflect conv:4,k5,p4,reflect",
            "in:2x4x9 conv:6,k1x4,same,reflect",
            "in:3x6x7 conv:8,k3,p1,replicate sigmoid conv:17,k3,p9,s3,replicate", "in:16x1x1 conv:17,k3,p1,replicate",
            "in:32x6x6 conv:32,k3,p1,replicate relu",
            "in:3x6x7 conv:8,k3,p1,circular gelu conv:17,k3,p6x7,circular", "in:2x3x3 conv:5,k2,same,circular",
            "in:20x4x4 conv:5,k3,d2,same,circular flatten linear:3 ce",
            "in:3x4x5 zeropad:2", "in:17x4x5 zeropad:1x0x2x3 relu", "in:2x4x5 reflectionpad:3 avg:k2",
            "in:20x4x5 reflectionpad:4x0x1x3 mse", "in:3x1x1 replicationpad:3 conv:5,k3",
            "in:5x4x5 conv:7,k3,p1 relu zeropad:0x1x0x1 max:k2 reflectionpad:1 replicationpad:0x0x2x1 conv:6,k3,p1 relu flatten linear:4 ce",
            "in:16x6x6 res[ reflectionpad:1 conv:16,k3 relu replicationpad:1 conv:16,k3 ] relu", "in:3x5x5 zeropad:0 relu",
        ]),
        // Groups that fill blocks of 16 channels, that do not, and single channels.
        ("Groups", Many,
        [
            "in:32x6x7 conv:32,k3,p1,g2", "in:32x6x7 conv:64,k3,p1,s2,g2 relu conv:32,k1,g4",
            "in:48x5x5 conv:48,k3,d2,p2,g3,nobias sigmoid", "in:64x8x8 conv:64,k3,p1,g2 relu",
            "in:6x6x7 conv:9,k3,p1,g3", "in:8x6x7 conv:4,k3,s2,g2 relu conv:40,k2,g4 tanh", "in:34x5x5 conv:38,k3,g2 gelu",
            "in:32x5x5 conv:6,k3,g2 conv:32,k3,p1,g2 mse",
            "in:4x6x6 conv:6,k3,g2 conv:3,k1,g3 flatten linear:3 ce", "in:6x7x7 conv:36,k3,p1,g2 relu conv:10,k3,s2,d2,p2,g2",
            "in:16x6x6 res[ conv:16,k3,p1,g4 relu conv:16,k3,p1,g4,nobias ] relu",
            // Wide layers beside them keep the channels in the lanes.
            "in:16x5x5 conv:48,k3,p1 relu conv:48,k3,p1 relu conv:48,k1,g12 sigmoid conv:12,k3,p1,g6 relu conv:24,k3,g3 flatten linear:3 ce",
            "in:16x5x5 conv:48,k3,p1 relu conv:48,k3,p1 conv:6,k3,p1,s2,g3,nobias gelu conv:48,k1,g3 res[ conv:48,k3,p1,g24 ] mse",
            "in:3x6x7 conv:3,k3,g3", "in:3x6x7 conv:3,k3,p1,g3 relu", "in:16x6x7 conv:16,k3,p1,g16 relu",
            "in:17x6x7 conv:17,k5x2,p2x1,s2,g17 sigmoid", "in:40x9x8 conv:40,k3,d2,s3,p3,g40,nobias tanh",
            "in:33x5x29 conv:33,k3,p1,g33 relu", "in:5x6x6 conv:15,k3,p1,g5 relu", "in:16x5x5 conv:32,k3,s2,g16 mse",
            "in:3x9x9 conv:18,k3,p1,reflect,g3 relu conv:18,k3,p1,circular,g18",
            "in:20x8x8 conv:20,k3,p1,g20 relu conv:32,k1 relu conv:32,k3,s2,p1,g32 relu conv:48,k1 relu flatten linear:4 ce",
            "in:32x6x6 res[ conv:32,k3,p1,g32 relu conv:32,k1 ] relu",
        ]),
        // A first layer with few channels, single samples: columns in the lanes. Strips that overlap and that do not, one square, rows of
        // one.
        ("WidthLanes", [1, 2, 7, 9, 17],
        [
            "in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 flatten linear:3 ce", "in:3x7x33 conv:8,k3,p1 relu", "in:2x9x18 conv:4,k3 tanh mse",
            "in:1x5x70 conv:5,k3x7,p1x3 gelu", "in:3x12x40 conv:7,k5,s2x1,p2 silu conv:5,k3",
            "in:1x64 conv:6,k5,p2 relu conv:9,k3", "in:2x10x31 conv:3,k3,d2,p2,nobias relu flatten linear:3 ce",
            "in:3x6x64 conv:1,k3,p1 sigmoid", "in:5x4x17 conv:2,k4x3,p3x1",
            // Channel lanes in training too, because of the wide layers behind.
            "in:3x8x32 conv:8,k3,p1 relu conv:64,k3,p1 relu conv:64,k3,s2 relu flatten linear:3 ce",
        ]),
        // Weights that no near cache holds: all samples at once, chunks of Winograd's tiles across samples, tiles of samples where images
        // are tiny.
        ("FarWeights", [1, 3, 9, 17],
        [
            "in:180x2x2 conv:176,k3,p1 relu conv:180,k3,p1 sigmoid", "in:192x1x1 conv:176,k3,p1,nobias relu flatten linear:3 ce",
            "in:176x4x4 conv:192,k3,s2,p1 tanh mse",
            "in:180x4x5 conv:177,k3,p1 gelu", "in:192x7x8 conv:180,k3,p1 relu", "in:128x8x8 conv:128,k3,p1 sigmoid mse",
            "in:96x12x12 conv:96,k3,p1 relu", "in:112x5x5 conv:112,k5,p2",
            "in:176x3x3 conv:192,k3,d2,p2 relu", "in:192x2x2 conv:192,k3,d2,p2",
            "in:176x2x2 res[ conv:176,k3,p1 relu conv:176,k3,p1 ] relu", "in:512x2x1 conv:528,k1 silu",
            "in:64x8x8 conv:64,k3,p1 relu res[ conv:64,k3,p1 relu conv:192,k3,p1 relu conv:192,k3,p1 relu conv:64,k1 relu conv:64,k3,p1 ] relu flatten linear:3 ce", // the residual outlives its loop
            "in:128x8x8 conv:136,k3,p1 bn relu max:k2 conv:256,k3,p1,s2 bn relu flatten linear:5 ce",
        ]),
        ("Transposed", Many,
        [
            "in:3x4x5 convt:8,k3", "in:3x4x5 convt:17,k2,s2 relu", "in:5x3x4 convt:6,k3,s2,p1,o1 relu convt:20,k4,s2,p1 tanh",
            "in:16x4x4 convt:16,k4,s2,p1 relu convt:32,k1",
            "in:2x3x3 convt:5,k1,s3", "in:2x3x3 convt:5,k2,s4,o3 relu", "in:4x3x5 convt:6,k3,s2x3,d3x2,p2,o2x1",
            "in:17x3x3 convt:33,k3x5,p1x3", "in:3x5x5 convt:4,k3,p3",
            "in:20x3x4 convt:20,k3,s2,d2,o1,g20 relu convt:20,k3,p1,g20 sigmoid", "in:32x3x3 convt:64,k3,s2,g2 relu convt:32,k2,g4",
            "in:6x3x3 convt:9,k3,s2,g3 gelu convt:18,k2,g9,nobias",
            "in:16x4x4 conv:48,k3,p1 relu conv:48,k3,p1 relu convt:24,k2,s2,g12 sigmoid convt:48,k1,g12 mse",
            "in:32x5x6 convt:32,k3,p1 relu convt:32,k5,p2 relu convt:16,k3 mse", "in:32x4x4 convt:47,k3,p1 sigmoid convt:32,k3,p2",
            "in:16x3x3 bn convt:16,k2,s2 bn relu flatten linear:3 ce", "in:5x4x4 convt:7,k3,s2,p1,o1 bn relu convt:3,k3 bn",
            "in:32x6x6 convt:32,k3,p1,nobias bn relu convt:17,k3,s2 bn sigmoid",
            "in:20x4x5 convt:20,k3,s2,g20 bn relu convt:33,k4x2,s3x1,nobias bn:plain tanh mse",
            "in:16x4x4 conv:48,k3,p1 relu convt:48,k2,s3 bn relu convt:24,k1,g2 bn convt:8,k3,d2 bn",
            "in:6x4x4 convt:6,k3,g6 bn relu convt:4,k2,s2,g2 bn:cumulative", "in:5x2x9 convt:16,k1x3,s2,p1x0 bn:plain",
            "in:8x4x4 res[ convt:8,k3,p1 relu convt:8,k1 ] relu",
        ]),
        ("Sequences", Many,
        [
            "in:3x11 conv:8,k3", "in:17x12 conv:20,k4,s2,p2 relu conv:5,k2,d3", "in:5x9 conv:16,k3,same relu conv:16,k4,same,d2 mse",
            "in:16x8 conv:16,k3,p1 relu conv:32,k3,s3",
            "in:1x30 conv:6,k5,p2 sigmoid conv:3,k5,s2", "in:4x7 conv:6,k3,p2,reflect conv:7,k3,p1,circular relu conv:3,k5,p9,replicate",
            "in:12x10 conv:12,k3,p1,g12 relu conv:6,k3,g3 relu conv:12,k1,g6",
            "in:6x9 res[ conv:6,k3,p1 relu conv:6,k3,p1 ] relu flatten linear:3 ce", "in:3x1 conv:5,k1", "in:33x5 conv:17,k5 tanh",
        ]),
        ("Pools", Many,
        [
            "in:3x7x7 max:k2", "in:17x5x5 max:k3",                              // dropped rows
            "in:5x8x8 max:k3,s1", "in:16x8x8 max:k3,s2,p1", "in:20x7x6 max:k2,s1", // overlapping
            "in:4x9x9 max:k2,s3", "in:4x9x9 avg:k1,s3",                         // gaps
            "in:6x7x7 max:k3,s2,ceil", "in:6x7x8 avg:k3,s2,p1,ceil,nopad", "in:2x10x11 max:k4x3,s3x4,p2x1,ceil",
            "in:33x6x6 avg:k3,s1,p1,nopad", "in:5x8x8 avg:k5,s2,p2",
            "in:3x12x12 max:k2 max:k2 avg:k3", "in:19x8x8 avg:k2 max:k2 relu",
            "in:3x8x8 max:k8", "in:40x3x3 avg:k3 flatten linear:7 ce",
            "in:1x16x16 max:k7,s7,p3",
            "in:3x10x10 conv:8,k3,p1 relu max:k2", "in:3x10x10 conv:8,k3,p1 max:k2 relu", "in:3x10x10 conv:20,k3,p1 sigmoid avg:k2",
            "in:3x9x9 conv:17,k3,p1 relu max:k3,s2", "in:3x9x9 conv:17,k3,p1 relu max:k2,s2,ceil",
            "in:3x9x9 conv:33,k3,p1 gelu avg:k3,s2,p1",
            "in:3x10x10 conv:5,k3 max:k2 conv:20,k3 max:k2 flatten linear:4 ce",
            "in:2x8x8 conv:16,k3,p1 avg:k2 conv:32,k3,p1 avg:k2 mse",
            "in:5x9x9 max:k3,d2", "in:17x8x7 max:k3x2,s2x1,p1,d2x3", "in:3x8x8 max:k2,d2 relu", "in:4x11x11 max:k4,s4,p2,d3,ceil",
            "in:4x12x12 max:k2,s4,d3",
            "in:3x9x9 conv:20,k3,p1 relu max:k3,s1,p1,d3 conv:5,k3", "in:16x7x7 avg:k3,s2,p1,by4", "in:4x8x8 relu avg:k2,by-1",
            "in:4x7x7 avg:k7,by7",
            "in:3x8x8 relu avg:k6,s6,p2,ceil,nopad,by5", "in:3x17x1 max:k17x1", "in:20x5x5 conv:20,k3,p1 relu avg:k5 conv:3,k3,p1",
        ]),
        // Values back to where the maxima came from: disjoint and overlapping windows, gaps, padding, names beside, inside and around
        // blocks.
        ("Unpooling", Many,
        [
            "in:3x6x8 max@p:k2,indices unpool:p", "in:17x7x7 max@p:k2,indices unpool:p", "in:20x6x9 max@p:k3x2,indices relu unpool:p",
            "in:5x9x9 max@p:k2,s3,indices unpool:p mse",
            "in:3x8x8 max@p:k3,s1,indices unpool:p", "in:17x9x8 max@p:k3,s2,p1,indices tanh unpool:p",
            "in:4x7x6 max@p:k3,s2,ceil,indices unpool:p conv:5,k3", "in:16x9x9 max@p:k3,s2,p1,d2,indices unpool:p",
            "in:2x12x12 max@p:k5,indices unpool:p", "in:3x5x5 max@p:k1,s2,indices unpool:p",
            "in:1x12x12 conv:16,k3,p1 relu max@a:k2,indices conv:20,k3,p1 relu max@b:k2,indices unpool:b conv:16,k3,p1 relu unpool:a convt:1,k3,p1 sigmoid mse",
            "in:3x10x9 conv:5,k3,p1 relu max@p:k2,indices conv:5,k3,p1 bn relu unpool:p conv:2,k5,p2 flatten linear:4 ce",
            "in:3x8x8 seq[@encoder conv:16,k3,p1 relu max@pool:k2,indices ] seq[ conv:16,k1 relu unpool:encoder.pool ] conv:3,k3",
            "in:4x8x8 max@p:k2,indices res[ conv:4,k1 max@p:k2,indices relu unpool:p ] unpool:p",
            "in:4x8x8 max@p:k2,indices seq[ res[ conv:4,k3,p1 seq[ relu ] ] unpool:p ]",
            "in:6x8x8 conv:6,k5,p2 max@p:k2,indices unpool:p flatten linear:5 ce",
            // A vector between: the pool's input is needed again by a later loop over the samples.
            "in:5x6x6 conv:16,k3,p1 relu max@p:k2,indices flatten linear:40 relu linear:144 unflatten:1,16x3x3 unpool:p conv:3,k3,p1",
            "in:3x6x6 max@p:k2,indices flatten linear:27 unflatten:1,3x3x3 unpool:p mse",
            "in:3x4x4 conv:5,k3,p1 res[ conv:5,k3,p1 flatten linear:80 unflatten:1,5x4x4 conv:5,k1 ] relu conv:2,k1",
        ]),
        // What the layers' own files ask for.
        ("Layers", Many, [.. Registry.Rows]),
        ("Concats", Many, [.. JoinRows.Concats]),
        ("Arithmetic", Many, [.. JoinRows.Arithmetic]),
        ("Taps", Many, [.. JoinRows.Taps]),
        ("Chains", Many, [.. ChainRows.Chains]),
        ("Resampling", Many,
        [
            "in:3x4x5 up:2", "in:17x3x3 up:3x2", "in:5x7x6 up:o4x9", "in:3x5x5 up:1.7", "in:4x1x1 up:o5", "in:20x6x6 up:0.5",
            "in:3x7x9 up:o1",
            "in:3x4x5 up:2,linear", "in:17x3x3 up:3x2,linear", "in:5x7x6 up:o4x9,linear", "in:3x5x5 up:1.7,linear",
            "in:4x1x1 up:o5,linear", "in:3x7x9 up:o1,linear,align",
            "in:17x5x4 up:o9x7,linear,align", "in:3x6x5 up:o6x10,linear,align", "in:3x5x5 up:o9,linear,align", "in:2x9 up:2",
            "in:17x6 up:1.5,linear", "in:3x8 up:o5,linear,align",
            "in:3x6x6 conv:20,k3,p1 relu up:2 conv:5,k3,p1 relu max:k2",
            "in:3x6x6 conv:16,k3,p1 relu up:2,linear conv:16,k5,p2 sigmoid flatten linear:3 ce",
            "in:3x8x8 conv:6,k3,p1 relu up:0.6,linear conv:4,k3,p1 tanh up:o9 mse",
        ]),
        ("Shapes", Many,
        [
            "in:3x4x5 identity", "in:12 identity relu", "in:12 unflatten:1,3x4", "in:48 unflatten:1,3x4x4",
            "in:48 unflatten:1,48x1x1 relu", "in:33 unflatten:1,33x1 relu",
            "in:5x4x3 flatten:2,-1", "in:5x4x3 flatten:1,2", "in:17x2x3 flatten:-2,-1 relu", "in:6x12 unflatten:2,3x4 max:k2",
            "in:6x12 unflatten:1,2x-1 conv:5,k3,p1",
            "in:10 linear:96 relu unflatten:1,6x4x4 conv:20,k3,p1 relu flatten linear:4 ce",
            "in:10 linear:128 sigmoid unflatten:1,32x2x2 conv:32,k3,p1 relu up:2 conv:3,k3,p1 mse",
            "in:3x6x6 conv:16,k3,p1 relu flatten unflatten:1,16x6x6 conv:7,k3,p1 flatten linear:3 ce",
            "in:3x8x8 conv:6,k3,p1 flatten:2,3 max:k2 flatten linear:3 ce",
            "in:2x6x6 flatten unflatten:1,8x3x3 conv:5,k2", "in:4x6x6 conv:5,k3 res[ identity ] flatten:1,3 softmax",
        ]),
        ("Pools1d", Many,
        [
            "in:3x8 max:k2", "in:17x9 max:k3,s2,p1", "in:5x10 max:k3,s1,d3", "in:20x11 max:k2,s3,ceil", "in:4x9 max:k4,s4,p2,d2,ceil",
            "in:3x8 avg:k2", "in:33x9 avg:k3,s2,p1,nopad", "in:5x10 avg:k4,s3,p2,ceil", "in:20x11 avg:k11", "in:1x40 avg:k20,s10",
            "in:6x12 relu max:k2 sigmoid avg:k2 flatten linear:5 ce", "in:20x12 res[ max:k3,s1,p1 ] tanh res[ avg:k3,s1,p1 ] mse",
        ]),
        ("AdaptivePools", Few,
        [
            "in:20x7x7 aavg:1", "in:33x3x3 aavg:1 flatten linear:7 ce", "in:5x9x8 aavg:1x4", "in:16x4x4 relu aavg:1 flatten linear:4 ce",
            "in:17x8x6 aavg:4x3", "in:3x7x9 aavg:3x4", "in:40x2x3 aavg:7x5", "in:16x1x1 aavg:7 flatten linear:9 ce",
            "in:7x5x5 aavg:_x2 aavg:3x_ aavg:5x2",
            "in:3x10x10 conv:20,k3,p1 relu aavg:4 conv:7,k3,p1 relu aavg:1 flatten linear:5 ce",
            "in:32x5x5 conv:32,k3,p1 relu aavg:1 flatten linear:6 ce", "in:3x9x9 conv:5,k3 gelu aavg:3",
            "in:3x9x9 conv:5,k3 sigmoid aavg:2 conv:6,k3,p1 aavg:1",
            "in:20x7x7 amax:1 flatten linear:3 ce", "in:17x4x4 relu amax:1", "in:5x7x6 amax:4x5", "in:3x2x3 amax:5x2",
            "in:3x9x9 conv:20,k3 relu amax:4 conv:5,k3,p1 amax:1",
            "in:17x13 amax:1", "in:5x13 relu amax:4 flatten linear:3 ce", "in:3x2 amax:5", "in:17x13 aavg:1",
            "in:5x13 relu aavg:4 flatten linear:3 ce", "in:32x20 tanh aavg:5 mse", "in:3x2 aavg:5",
        ]),
        ("Elementwise", Many,
        [
            "in:1 relu", "in:40 sigmoid", "in:17 tanh", "in:33 gelu", "in:15 gelutanh", "in:1 softmax", "in:31 softmax",
            "in:3x5x7 sigmoid", "in:17x3x3 gelu",
            "in:10 relu sigmoid tanh gelu gelutanh softmax",
            "in:3x4x4 flatten", "in:20x3x3 relu flatten softmax mse",
            "in:12 softmax linear:5 softmax mse",
            "in:3x6x6 conv:5,k3 relu relu conv:5,k3 tanh sigmoid",
            "in:3x6x6 conv:16,k3 conv:20,k3",
            "in:12 linear:9 linear:20 linear:3 ce",
            "in:12 linear:9 gelu linear:20 gelutanh linear:3 ce",
        ]),
        // Every layout, set of elements and kind of weight; lanes that channels do not fill; groups that share a vector.
        ("Norms", Few,
        [
            "in:33 layernorm", "in:16 layernorm:nobias", "in:5 layernorm:plain relu",
            "in:40 linear:32 layernorm gelu linear:7 rmsnorm linear:3 ce", "in:19 rmsnorm mse",
            "in:12 groupnorm:3 sigmoid", "in:48 groupnorm:3 mse", "in:64 groupnorm:2,plain", "in:7 groupnorm:7,eps0.1",
            "in:3x5x7 layernorm", "in:17x3x4 layernorm mse", "in:17x3x4 layernorm:3x4 sigmoid", "in:17x3x4 layernorm:4 hardsigmoid",
            "in:20x4x5 layernorm:5,nobias mse", "in:16x5x5 rmsnorm",
            "in:5x4x6 rmsnorm:4x6", "in:18x4x6 rmsnorm:6,plain", "in:6x4x6 layernorm:4x6,plain,eps0.01", "in:1x4x5 layernorm:5",
            "in:1x4x5 layernorm:4x5",
            "in:20x4x5 groupnorm:4", "in:20x4x5 groupnorm:1,plain", "in:32x4x5 groupnorm:32 mse", "in:48x3x3 groupnorm:2 relu",
            "in:6x5x4 groupnorm:2",
            "in:17x5x4 instancenorm", "in:33x5x4 instancenorm:affine tanh", "in:6x5x4 instancenorm:affine,eps0.1",
            "in:5x9 layernorm", "in:5x9 layernorm:9", "in:18x9 groupnorm:6", "in:17x9 instancenorm:affine", "in:17x9 rmsnorm:9",
            "in:3x8x8 conv:17,k3,p1 groupnorm:17 relu conv:20,k3,p1 groupnorm:5 leakyrelu max:k2 conv:16,k3,p1 layernorm elu flatten linear:10 ce",
            "in:3x8x8 conv:6,k3,p1 groupnorm:3 relu conv:5,k3,p1 instancenorm:affine sigmoid conv:6,k3,p1 layernorm softplus conv:4,k1 layernorm:8x8 conv:5,k1 layernorm:8 relu conv:3,k1 rmsnorm",
            "in:20x6x6 res[ conv:20,k3,p1 groupnorm:4 relu conv:20,k3,p1 groupnorm:4 ] relu res[ layernorm conv:20,k1 ]",
            "in:32x8x8 conv:32,k3,p1 instancenorm:affine relu conv:32,k3,p1 groupnorm:8 sigmoid conv:48,k3,p1 layernorm:8 mse",
            "in:20 res[ layernorm linear:40 gelu linear:20 ] res[ rmsnorm linear:20 silu ] layernorm linear:4 ce",
        ]),
        // Alone, in epilogues of every kind of kernel, and their derivatives in gradient kernels; lanes that do not stay zero.
        ("Activations", Few,
        [
            "in:17 leakyrelu elu selu silu mish hardswish hardsigmoid relu6 hardtanh softplus", "in:3x5x7 softplus",
            "in:17x3x3 hardsigmoid", "in:5x4x4 hardtanh:0.25,2",
            "in:12 linear:9 leakyrelu:0.2 linear:20 elu:0.5 linear:33 selu linear:7 silu linear:17 mish linear:5 softplus:2,3 linear:3 ce",
            "in:12 linear:9 hardswish linear:20 hardsigmoid linear:33 relu6 linear:7 hardtanh:-0.5,0.5 linear:19 hardtanh:0.25,0.5 linear:3 mse",
            "in:3x6x7 conv:17,k3 leakyrelu conv:20,k1 elu conv:5,k3,p1 selu conv:16,k2 silu mse",
            "in:3x6x7 conv:17,k3 mish conv:20,k1 hardswish conv:5,k3,p1 hardsigmoid conv:18,k2 relu6 mse",
            "in:3x6x7 conv:17,k3 hardtanh:0.1,0.4 conv:20,k1 softplus conv:5,k3,p1 hardtanh mse",
            "in:3x6x7 conv:6,k3 leakyrelu conv:5,k1 elu conv:5,k3,p1 softplus conv:6,k2 hardsigmoid conv:4,k1 silu",
            "in:32x6x6 conv:32,k3,p1 leakyrelu conv:47,k3,p1 elu conv:32,k3,p1 softplus conv:31,k3,p1 softplus conv:16,k3,p1 silu",
            "in:32x6x6 conv:32,k3,p1 mish conv:32,k3,p1 hardswish conv:32,k3,p1 hardtanh:-0.5,0.5 conv:32,k3,p1 selu mse",
            "in:3x8x8 conv:17,k3,p1 leakyrelu max:k2 conv:20,k3,p1 elu avg:k2 flatten linear:3 ce",
            "in:33 prelu", "in:33 prelu:33 mse", "in:17x3x5 prelu", "in:17x3x5 prelu:17 mse", "in:9 logsoftmax", "in:48 logsoftmax mse",
            "in:17 linear:5 prelu linear:7 prelu:7 logsoftmax mse",
            "in:3x8x8 conv:17,k3,p1 prelu:17 conv:20,k3,p1 prelu max:k2 conv:4,k1 prelu:4 flatten prelu linear:3 ce",
            "in:3x8x8 conv:6,k3,p1 prelu:6 conv:5,k3,p1 prelu max:k2 conv:4,k1 prelu:4 mse", "in:16x3x3 flatten prelu linear:7 ce",
            "in:20x4x4 res[ conv:20,k3,p1 leakyrelu:0.3 conv:20,k3,p1 ] leakyrelu res[ conv:20,k1 ] selu",
        ]),
        ("Residuals", Many,
        [
            "in:16x6x6 res[ conv:16,k3,p1 relu conv:16,k3,p1 ] relu res[ conv:16,k3,p1 relu conv:16,k3,p1 ] relu mse",
            "in:3x7x7 conv:20,k3,p1 relu res[ conv:20,k3,p1 relu conv:20,k3,p1 ] res[ conv:20,k3,p1 ] max:k2 flatten linear:10 ce",
            "in:5x6x6 res[ conv:5,k1 ] res[ conv:7,k3,p1 tanh conv:5,k1 ]",
            "in:5x8x7 res[ conv:18,k3,s2,p1 relu conv:18,k3,p1 | conv:18,k1,s2 ] relu res[ conv:18,k1 | seq[ conv:18,k3,p1 tanh ] ] flatten linear:3 ce",
            "in:16x6x6 res[ conv:32,k3,p1,nobias bn relu conv:32,k3,p1,nobias bn | conv:32,k1,nobias bn ] relu seq[ seq[ conv:16,k1 bn ] relu ] max:k2",
            "in:9 res[ linear:20 tanh linear:12 | linear:12 ] seq[ relu ] res[ linear:5 | linear:5 sigmoid ] mse",
            "in:20 res[ linear:20 ] res[ linear:7 relu linear:20 ] linear:3 ce",
            "in:12 res[ relu ] res[ sigmoid ] res[ softmax ]",
            "in:8 res[ res[ res[ linear:8 tanh ] linear:8 ] ] mse",
            "in:33x5x5 res[ max:k3,s1,p1 ] res[ avg:k3,s1,p1 ] relu",
            "in:4x6x6 res[ conv:8,k3,p1 res[ conv:8,k1 gelu ] conv:4,k3,p1 ] avg:k6 flatten linear:3 ce",
            "in:17x4x4 res[ conv:17,k3,p1,nobias ] conv:17,k3,p1 res[ relu ]",
            "in:2x8x8 conv:16,k3,s2,p1 relu res[ conv:16,k3,p1 relu conv:16,k3,p1 ] relu conv:32,k3,s2,p1 relu res[ conv:32,k3,p1 relu conv:32,k3,p1 ] relu avg:k2 flatten linear:10 ce",
        ]),
        // Sums over the batch, in both lanes; folded into what is in front in inference, or alone; fused with what follows.
        ("BatchNorm", Many,
        [
            "in:3x4x5 bn", "in:17x1x1 bn", "in:7 bn relu", "in:40 bn:plain mse", "in:16x3x3 bn:cumulative sigmoid", "in:3x5x5 conv:5,k3 bn",
            "in:3x6x6 conv:17,k3,p1,nobias bn relu conv:20,k3,p1 bn relu max:k2 flatten linear:10,nobias bn linear:3 ce",
            "in:32x6x6 conv:32,k3,p1 bn relu res[ conv:32,k3,p1 bn relu conv:32,k3,p1 bn ] relu avg:k6 flatten linear:3 ce",
            "in:5x4x4 bn conv:6,k3,p1 tanh bn:eps0.01 res[ bn ] res[ conv:6,k1 bn gelu ] flatten linear:4 mse",
            "in:6x6x6 res[ res[ conv:6,k3,p1 bn:momentum1 ] bn:momentum0 ] sigmoid bn flatten linear:17 bn tanh mse",
            "in:2x5x5 relu bn bn:plain relu bn", "in:33x3x3 sigmoid bn conv:33,k3,p1 sigmoid bn",
        ]),
        ("Losses", Many,
        [
            "in:5 linear:1 ce", "in:5 linear:2 ce", "in:5 linear:16 ce", "in:5 linear:17 ce", "in:9 linear:130 ce", "in:4 relu ce",
            "in:4 tanh mse", "in:5 linear:1 mse", "in:5 linear:33,nobias mse", "in:3x5x5 relu mse", "in:2x5x5 conv:17,k2 mse",
            "in:6 sigmoid mse",
        ]),
        // Every loss on less than a vector, exactly one, one and a rest; on maps in blocks of channels and of samples.
        ("LossOptions", Few,
        [
            "in:5 linear:17 ce:i=-1", "in:5 linear:16 ce:sum,i=3", "in:5 linear:3 ce:w=1/0.5/2", "in:5 linear:3 ce:w=1/0.5/2,i=-1",
            "in:5 linear:2 ce:e=0.1", "in:5 linear:16 ce:e=1",
            "in:5 linear:33 ce:e=0.2,i=7", "in:5 linear:3 ce:w=1/0/2,e=0.1,i=-1,sum", "in:5 linear:1 ce:prob",
            "in:5 linear:16 ce:prob,sum", "in:5 linear:33 ce:prob,e=0.3",
            "in:5 linear:3 ce:w=1/0.5/2,prob", "in:5 linear:17 softmax nll", "in:5 linear:3 nll:w=1/0.5/2,i=-1",
            "in:5 linear:3 nll:i=0,sum",
            "in:5 linear:17 l1", "in:5 linear:1 l1:sum", "in:2x5x5 conv:17,k2 l1", "in:40x5x5 conv:32,k2 l1", "in:5 linear:16 huber",
            "in:5 linear:35 huber:d=0.2,sum",
            "in:2x5x5 conv:5,k2 huber:d=2.5", "in:5 linear:16 smoothl1", "in:5 linear:35 smoothl1:b=0.2,sum",
            "in:2x5x5 relu smoothl1:b=0.3", "in:5 linear:7 smoothl1:b=0",
            "in:5 linear:16 sigmoid bce", "in:5 linear:35 sigmoid bce:sum,w=0.5", "in:2x5x5 conv:3,k2 sigmoid bce:w=1/0.5/2",
            "in:5 softmax bce:w=1/0.5/2/1/3", "in:17x3x3 sigmoid bce",
            "in:5 linear:16 bcelogits", "in:5 linear:3 bcelogits:w=1/0.5/2,p=2/1/3", "in:5 linear:35 bcelogits:p=3,sum",
            "in:2x5x5 conv:3,k2 bcelogits:w=0.5,p=2/1/3", "in:2x7x7 conv:2,k2 bcelogits:w=2/1",
            "in:5 linear:16 kl", "in:5 linear:35 kl:batchmean", "in:2x5x5 conv:3,k2 kl:sum", "in:5 linear:16 kl:log",
            "in:2x5x5 conv:17,k2 kl:log,batchmean",
            "in:5 linear:16 cosine", "in:5 linear:35 cosine:m=0.3", "in:5 linear:3 cosine:m=-0.5,sum", "in:5 linear:1 cosine:m=0.5",
        ]),
        ("Features", Few,
        [
            "in:1000 linear:3 ce", "in:3 linear:1000 ce", "in:513 linear:257 relu linear:10 ce",
            "in:100 linear:100 relu linear:100 relu linear:100 mse",
            "in:784 linear:64 relu linear:10 ce", "in:16 linear:32 relu linear:16 relu linear:4 ce",
            "in:64x4x4 flatten linear:128 relu linear:10 ce", "in:17x5x5 relu flatten linear:20",
        ]),
        ("Large", Two,
        [
            "in:64x8x8 conv:128,k3,p1 relu conv:64,k1",
            "in:3x32x32 conv:32,k3,p1 relu conv:32,k3,p1 relu max:k2 conv:64,k3,p1 relu max:k2 flatten linear:10 ce",
            "in:1x28x28 conv:6,k5,p2 relu max:k2 conv:16,k5 relu max:k2 flatten linear:120 relu linear:84 relu linear:10 ce",
            "in:3x40x40 conv:16,k7,s2,p3 relu max:k3,s2,p1 res[ conv:16,k3,p1 relu conv:16,k3,p1 ] relu avg:k10 flatten linear:10 ce",
        ]),
        // Sample lanes, rows of five taps at the points of Toom and Cook: every rest of a row, clipped rows, pooling in the epilogue.
        ("FiveTaps", Many,
        [
            "in:2x9x16 conv:6,k5 sigmoid avg:k2", "in:3x10x17 conv:7,k5,p2 sigmoid avg:k2 flatten linear:3 ce",
            "in:2x9x18 conv:20,k5,p1 relu max:k2 mse", "in:4x7x15 conv:6,k5,p2 tanh max:k2",
            "in:3x12x8 conv:5,k4x5,p3x4 gelu max:k2", "in:3x11x12 conv:21,k5,p2,nobias avg:k2 sigmoid",
            "in:2x13x14 conv:6,k5,s2x1,p2 leakyrelu:0.3 avg:k4", "in:5x12x13 conv:6,k3x5,d2x1,p2 relu max:k3x2",
            "in:6x8x12 conv:6,k5,p2 relu max:k1x2 conv:7,k5,p2 elu avg:k2x1", "in:3x9x9 conv:6,k5,p2 max:k2 relu",
            "in:2x8x12 conv:18,k5,p2 sigmoid max:k2,ceil", "in:3x9x13 conv:6,k5,p4 hardswish avg:k3x4",
            "in:4x6x6 res[ conv:6,k5,p2 relu conv:4,k5,p2 ] relu avg:k2",
            "in:4x8x8 conv:5,k5,p2 bn relu max:k2 conv:6,k5,p2,nobias bn sigmoid avg:k2 flatten linear:4 ce",
            "in:3x6x8 conv:35,k5,p2 softplus max:k2",
            "in:3x8x8 conv:6,k5,p2 sigmoid avg:k2,by3", "in:3x8x9 conv:6,k5,p2 relu max:k2,s2,d2",
            "in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:12 sigmoid linear:10 ce",
        ]),
        // Convolutions of 3 and 5 taps and stride 1 with many channels run at Winograd's points: tiles that overhang, every padding.
        ("Winograd", Two,
        [
            "in:16x4x4 conv:16,k3,p1", "in:16x5x7 conv:32,k3,p1 relu", "in:32x9x6 conv:16,k3,nobias", "in:32x4x13 conv:32,k3,p2 gelu",
            "in:48x7x8 conv:32,k3,p1 tanh mse", "in:32x11x5 conv:47,k3,p1 relu", "in:47x6x6 conv:32,k3,p1 sigmoid",
            "in:64x4x5 conv:64,k3,p1x0 relu",
            "in:16x8x8 conv:16,k5,p2", "in:32x7x9 conv:32,k5,p2 relu", "in:31x8x5 conv:48,k5,p1", "in:16x6x6 conv:32,k5,p4 relu",
            "in:32x10x9 conv:16,k5 tanh",
            "in:32x8x8 conv:32,k3,p1 relu max:k2 conv:64,k3,p1 relu avg:k2 flatten linear:10 ce",
            "in:32x7x7 res[ conv:32,k3,p1 relu conv:32,k3,p1 ] relu res[ conv:32,k5,p2 ] flatten linear:5 ce",
            "in:16x9x9 conv:32,k3,p1 conv:32,k3,p1 sigmoid conv:16,k5,p2 mse",
            "in:16x30x4 conv:16,k3,p1 relu conv:16,k3,p1", "in:16x4x37 conv:16,k3,p1 relu conv:16,k5,p2",
        ]),
        // Kernels of one row have the points of one direction: sequences, images, every number of taps, overhanging tiles, patches outside.
        ("WinogradRows", Two,
        [
            "in:16x16 conv:16,k3,p1", "in:100x21 conv:100,k4 relu mse", "in:20x33 conv:36,k5,p2 sigmoid conv:17,k3,causal tanh mse",
            "in:32x9 conv:48,k4,causal,nobias relu conv:16,k5,p4", "in:47x64 conv:32,k3 gelu conv:33,k4,p2 max:k2 flatten linear:3 ce",
            "in:16x5x11 conv:32,k1x3,p0x1 relu conv:16,k1x5,p1x2", "in:24x3x13 conv:20,k1x4 elu conv:40,k1x3,p2x2 mse",
            "in:16x12 res[ conv:16,k3,p1 relu conv:16,k5,p2 ] relu conv:16,k3,p1,circular mse",
            "in:16x20 conv:32,k3,p1,nobias bn relu conv:16,k4,p1 bn mse", "in:16x2x15 convt:32,k1x3,p0x1 relu convt:16,k1x5 mse",
        ]),
        // Equal layers one behind the other: their calls are written once and come as often as there are layers.
        ("Depth", Few,
        [
            $"in:24 {Repeat("linear:24 gelu", 15)} linear:3 ce",
            $"in:17 {Repeat("linear:17 tanh", 14)} mse",
            $"in:20 linear:24 relu {Repeat("res[ layernorm:24 linear:40 relu linear:24 ]", 5)} rmsnorm:24 linear:4 ce",
            $"in:5x7x6 {Repeat("conv:5,k3,p1 relu", 14)}",
            $"in:16x6x6 {Repeat("conv:16,k3,p1 sigmoid", 14)} flatten linear:3 ce",
            $"in:3x5x6 conv:6,k3,p1 {Repeat("res[ conv:6,k3,p1,nobias bn relu conv:6,k3,p1,nobias bn ] relu", 5)} flatten linear:3 ce",
            $"in:4x5x5 {Repeat("conv:4,k3,p1 bn prelu:4", 6)} mse",
            $"in:9x5x4 {Repeat("res[ groupnorm:3 conv:9,k1 relu conv:9,k3,p1,g9 ]", 6)} aavg:1x1 flatten linear:2 ce",
            $"in:6x5x5 {Repeat("conv:6,k3,p1,g3 relu", 13)} mse",
            $"in:8x5x7 {Repeat("convt:8,k3,p1 relu", 13)}",
            $"in:3x9x9 {Repeat("reflectionpad:1 conv:3,k3 instancenorm:3 relu", 6)} l1",
            $"in:12 {Repeat("seq[ linear:12 bn relu linear:12 ]", 5)} softmax mse",
        ]),
        ("Ports", Few, [.. PortRows.Ports]),
        ("Shared", Few, [.. PortRows.Shared]),
        ("OutputLosses", Many, [.. PortRows.OutputLosses]),
        ("Frozen", Few, [.. FrozenRows.Frozen]),
        ("Regions", Many, [.. RegionRows.Regions]),
        ("Positions", [1, 2, 3, 13, 17], [.. PositionRows.Positions]),
        ("Attention", [1, 2, 3, 17], [.. AttentionRows.Attention]),
        ("Recurrent", [1, 2, 5, 13, 51], [.. RecurrentRows.Recurrent]),
        // All padding in front of a sequence.
        ("Causal", Many,
        [
            "in:1x40 conv:5,k3,causal relu conv:3,k2,d4,causal mse", "in:16x33 conv:32,k3,causal relu conv:17,k5,d3,causal tanh mse",
            "in:20x9 conv:20,k4,d2,causal,g20 relu conv:8,k9,causal", "in:6x12 conv:9,k3,d5,causal,g3 sigmoid conv:4,k1,causal mse",
            "in:3x20 conv:8,k3,d2,causal,replicate relu conv:16,k4,causal,reflect mse", "in:2x4 conv:5,k3,d7,causal gelu mse",
            "in:24x30 res[ conv:24,k3,causal bn relu conv:24,k3,d2,causal ] conv:2,k1 mse",
        ]),
        ("Lengths", [1, 2, 3, 13, 53], [.. LengthRows.Lengths]),
        ("LengthAttention", [1, 2, 3, 17], [.. LengthRows.Attention]),
        ("Channels", Few, Enumerable.Range(1, 40).Where(c => c % 3 == 1 || c % 16 is 0 or 15 or 1)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"in:{c}x6x5 conv:{41 - c},k3,p1 relu conv:{c},k2 mse")).ToArray()),
        ("Widths", Few, Enumerable.Range(1, 40).Where(c => c % 3 == 1 || c % 16 is 0 or 15 or 1)
            .Select(c =>
                string.Create(CultureInfo.InvariantCulture,
                $"in:2x3x{c} conv:5,k3,p1 relu conv:17,k1x{Math.Min(c, 3)} max:k1x2,s1x1,p0x1")).ToArray()),
        ("Vectors", Few, Enumerable.Range(1, 40).Where(c => c % 3 == 1 || c % 16 is 0 or 15 or 1)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"in:{c} linear:{41 - c} relu linear:{c} ce")).ToArray()),
    ];

    public static string Repeat(string words, int times) => string.Join(' ', Enumerable.Repeat(words, times));

    public static IEnumerable<Stack> Stacks(string group) =>
        Groups.Single(g => g.Name == group).Stacks.Select((text, i) => Stack.Parse(text, $"{group}Net{i.ToString(CultureInfo.InvariantCulture)}"));
}
