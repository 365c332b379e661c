using System.Text;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>The kernels of <see cref="Scaling"/>, as the generator would write them.</summary>
internal sealed class ScalingKernels(int a) : CudaTrainingKernels
{
    private const int ForwardKernel = 0, LossKernel = 1, BackwardKernel = 2, InputGradientKernel = 3, StatisticsKernel = 4, CopyKernel = 5;

    private static readonly string[] s_names = ["forward", "loss", "backward", "inputGradient", "statistics", "copy"];
    private static readonly int[] s_threads = [32, 1, 32, 32, 1, 32];
    private static readonly Precision[] s_precisions = [Precision.TF32];
    private static readonly byte[] s_module = Encoding.UTF8.GetBytes(Text());

    // Each tensor at a multiple of four, the frozen one between those that are learned; behind them it is again, as the passes read it.
    private readonly long[] _places = [0, Up(a) + 4, Up(a), Up(a) + 8, Up(a) + 12];

    public override string Network => "Scaling";

    /// <summary>One that has no kernels of its own: none is a product on tensor cores.</summary>
    public override ReadOnlySpan<Precision> Precisions => s_precisions;

    public override ReadOnlySpan<byte> Module => s_module;

    public override ReadOnlySpan<string> Names => s_names;

    public override ReadOnlySpan<int> Threads => s_threads;

    public override ReadOnlySpan<long> ParameterPlaces => _places;

    public override long ParameterLength => Prepared + 4;

    public override long SampleLength => 5L * Features;

    public override long LargestLength => Features;

    public override ReadOnlySpan<long> InputPlaces => new long[] { 0 };

    public override ReadOnlySpan<long> OutputPlaces => new long[] { Features };

    public override ReadOnlySpan<long> OutputGradientPlaces => new long[] { 2L * Features };

    public override ReadOnlySpan<long> InputGradientPlaces => new long[] { 3L * Features };

    public override ReadOnlySpan<CudaTarget> Targets => new[] { new CudaTarget(4L * Features, Features, -1, Features) };

    public override ReadOnlySpan<string> Axes => default;

    public override long GradientLength => _places[1] + Scaling.B;

    public override long BatchLength => 1;

    public override int Losses => 1;

    private int Features => a + Scaling.B + Scaling.C;

    private long Prepared => _places[4] + 4;

    // Place of the weights, the first feature, and how many.
    private (long Place, int First, int Length)[] Tensors => [(0, 0, a), (_places[1], a, Scaling.B), (Prepared, a + Scaling.B, Scaling.C)];

    public override long ScratchLength(int samples) => samples;

    public override void RecordPreparation(CudaRecorder gpu)
        => gpu.Launch(CopyKernel, 1, 1, 1, [gpu.Parameter(_places[2]), gpu.Parameter(Prepared), Scaling.C]);

    public override void RecordForward(CudaRecorder gpu)
    {
        gpu.Launch(StatisticsKernel, 1, 1, 1, [gpu.Parameter(_places[3]), gpu.Parameter(_places[4]), gpu.Random, gpu.Batch(0)]);
        foreach ((long place, int first, int length) in Tensors)
            gpu.Launch(ForwardKernel, CudaRecorder.Blocks(length, 32), gpu.Samples, 1,
                [At(gpu, 0, first), At(gpu, 1, first), gpu.Parameter(place), (ulong)length, (ulong)Features]);
    }

    public override void RecordLoss(CudaRecorder gpu)
    {
        Assert.True(gpu.HasTarget(0));
        gpu.Launch(LossKernel, gpu.Samples, 1, 1,
            [At(gpu, 1, 0), At(gpu, 4, 0), At(gpu, 2, 0), gpu.LossesOf(0), gpu.ScaleOf(0), (ulong)Features]);
    }

    public override void RecordBackward(CudaRecorder gpu)
    {
        foreach ((long place, int first, int length) in Tensors[..2])
            gpu.Launch(BackwardKernel, CudaRecorder.Blocks(length, 32), 1, 1,
                [At(gpu, 0, first), At(gpu, 2, first), gpu.Gradient(place), (ulong)length, (ulong)Features, (ulong)gpu.Samples]);
    }

    public override void RecordInputGradients(CudaRecorder gpu)
    {
        foreach ((long place, int first, int length) in Tensors)
            gpu.Launch(InputGradientKernel, CudaRecorder.Blocks(length, 32), gpu.Samples, 1,
                [At(gpu, 2, first), At(gpu, 3, first), gpu.Parameter(place), (ulong)length, (ulong)Features]);
    }

    private ulong At(CudaRecorder gpu, int value, int feature) => gpu.Value((long)value * Features) + sizeof(float) * (ulong)feature;

    private static long Up(long length) => (length + 3) / 4 * 4;

    private static string Text() => $$"""
        .version 7.8
        .target sm_80
        .address_size 64

        {{Product("forward")}}
        {{Product("inputGradient")}}
        .visible .entry loss(.param .u64 y, .param .u64 t, .param .u64 gy, .param .u64 losses, .param .u64 scale, .param .u32 features)
        .maxntid 1, 1, 1
        {
            .reg .b32 %sample, %i, %features, %first;
            .reg .b64 %y, %t, %gy, %losses, %scale, %at, %offset;
            .reg .f32 %output, %target, %difference, %factor, %gradient;
            .reg .f64 %sum, %wide, %half;
            .reg .pred %more, %tooLarge;
            ld.param.u64 %y, [y];
            ld.param.u64 %t, [t];
            ld.param.u64 %gy, [gy];
            ld.param.u64 %losses, [losses];
            ld.param.u64 %scale, [scale];
            ld.param.u32 %features, [features];
            ld.global.f32 %factor, [%scale];
            mov.u32 %sample, %ctaid.x;
            mul.lo.u32 %first, %sample, %features;
            mul.wide.u32 %offset, %first, 4;
            add.u64 %y, %y, %offset;
            add.u64 %t, %t, %offset;
            add.u64 %gy, %gy, %offset;
            mov.f64 %sum, 0d0000000000000000;
            mov.u32 %i, 0;
        NEXT:
            ld.global.f32 %output, [%y];
            ld.global.f32 %target, [%t];
            sub.rn.f32 %difference, %output, %target;
            cvt.f64.f32 %wide, %difference;
            mul.rn.f64 %half, %wide, 0d3FE0000000000000;
            fma.rn.f64 %sum, %half, %wide, %sum;
            setp.ge.f32 %tooLarge, %output, 0f49742400;
            @%tooLarge mov.f64 %sum, 0dFFF0000000000000;
            mul.rn.f32 %gradient, %difference, %factor;
            st.global.f32 [%gy], %gradient;
            add.u64 %y, %y, 4;
            add.u64 %t, %t, 4;
            add.u64 %gy, %gy, 4;
            add.u32 %i, %i, 1;
            setp.lt.u32 %more, %i, %features;
            @%more bra NEXT;
            mul.wide.u32 %offset, %sample, 8;
            add.u64 %at, %losses, %offset;
            st.global.f64 [%at], %sum;
            ret;
        }
        .visible .entry backward(
            .param .u64 x, .param .u64 gy, .param .u64 gw, .param .u32 length, .param .u32 features, .param .u32 samples
        )
        .maxntid 32, 1, 1
        {
            .reg .b32 %i, %thread, %length, %features, %samples, %sample;
            .reg .b64 %x, %gy, %gw, %offset, %stride;
            .reg .f32 %input, %gradient, %sum;
            .reg .pred %beyond, %more;
            ld.param.u64 %x, [x];
            ld.param.u64 %gy, [gy];
            ld.param.u64 %gw, [gw];
            ld.param.u32 %length, [length];
            ld.param.u32 %features, [features];
            ld.param.u32 %samples, [samples];
            mov.u32 %i, %ctaid.x;
            mov.u32 %thread, %tid.x;
            mad.lo.u32 %i, %i, 32, %thread;
            setp.ge.u32 %beyond, %i, %length;
            @%beyond ret;
            mul.wide.u32 %offset, %i, 4;
            add.u64 %x, %x, %offset;
            add.u64 %gy, %gy, %offset;
            add.u64 %gw, %gw, %offset;
            mul.wide.u32 %stride, %features, 4;
            mov.f32 %sum, 0f00000000;
            mov.u32 %sample, 0;
        NEXT:
            ld.global.f32 %input, [%x];
            ld.global.f32 %gradient, [%gy];
            fma.rn.f32 %sum, %gradient, %input, %sum;
            add.u64 %x, %x, %stride;
            add.u64 %gy, %gy, %stride;
            add.u32 %sample, %sample, 1;
            setp.lt.u32 %more, %sample, %samples;
            @%more bra NEXT;
            st.global.f32 [%gw], %sum;
            ret;
        }
        .visible .entry statistics(.param .u64 mean, .param .u64 count, .param .u64 random, .param .u64 batch)
        .maxntid 1, 1, 1
        {
            .reg .b32 %step, %low;
            .reg .b64 %mean, %count, %random, %batch;
            .reg .f32 %value, %term, %counted;
            ld.param.u64 %mean, [mean];
            ld.param.u64 %count, [count];
            ld.param.u64 %random, [random];
            ld.param.u64 %batch, [batch];
            ld.global.f32 %value, [%mean];
            ld.global.u32 %low, [%random];
            ld.global.u32 %step, [%random+8];
            cvt.rn.f32.u32 %term, %step;
            fma.rn.f32 %value, %value, 0f3F000000, %term;
            cvt.rn.f32.u32 %term, %low;
            add.rn.f32 %value, %value, %term;
            st.global.f32 [%mean], %value;
            ld.global.f32 %counted, [%count];
            add.rn.f32 %counted, %counted, 0f3F800000;
            st.global.f32 [%count], %counted;
            ld.global.f32 %counted, [%batch];
            add.rn.f32 %counted, %counted, 0f3F800000;
            st.global.f32 [%batch], %counted;
            ret;
        }
        .visible .entry copy(.param .u64 from, .param .u64 to, .param .u32 length)
        .maxntid 32, 1, 1
        {
            .reg .b32 %i, %length;
            .reg .b64 %from, %to, %offset;
            .reg .f32 %value;
            .reg .pred %beyond;
            ld.param.u64 %from, [from];
            ld.param.u64 %to, [to];
            ld.param.u32 %length, [length];
            mov.u32 %i, %tid.x;
            setp.ge.u32 %beyond, %i, %length;
            @%beyond ret;
            mul.wide.u32 %offset, %i, 4;
            add.u64 %from, %from, %offset;
            add.u64 %to, %to, %offset;
            ld.global.f32 %value, [%from];
            st.global.f32 [%to], %value;
            ret;
        }
        """;

    // Each sample's features times the weights.
    private static string Product(string name) => $$"""
        .visible .entry {{name}}(.param .u64 x, .param .u64 y, .param .u64 w, .param .u32 length, .param .u32 features)
        .maxntid 32, 1, 1
        {
            .reg .b32 %i, %thread, %length, %features, %sample, %place;
            .reg .b64 %x, %y, %w, %offset;
            .reg .f32 %value, %weight;
            .reg .pred %beyond;
            ld.param.u64 %x, [x];
            ld.param.u64 %y, [y];
            ld.param.u64 %w, [w];
            ld.param.u32 %length, [length];
            ld.param.u32 %features, [features];
            mov.u32 %i, %ctaid.x;
            mov.u32 %thread, %tid.x;
            mov.u32 %sample, %ctaid.y;
            mad.lo.u32 %i, %i, 32, %thread;
            setp.ge.u32 %beyond, %i, %length;
            @%beyond ret;
            mul.wide.u32 %offset, %i, 4;
            add.u64 %w, %w, %offset;
            ld.global.f32 %weight, [%w];
            mad.lo.u32 %place, %sample, %features, %i;
            mul.wide.u32 %offset, %place, 4;
            add.u64 %x, %x, %offset;
            add.u64 %y, %y, %offset;
            ld.global.f32 %value, [%x];
            mul.rn.f32 %value, %value, %weight;
            st.global.f32 [%y], %value;
            ret;
        }
        """;
}
