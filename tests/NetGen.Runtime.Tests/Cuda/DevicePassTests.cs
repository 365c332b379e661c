using System.Text;
using NetGen.CompilerServices;
using NetGen.Cuda.Simulator.Driver;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>
/// What goes to a GPU with a pass and comes back, of networks with several ports: samples of different lengths, ints, two losses, targets
/// that are not given, gradients that nobody wants or that nothing has.
/// </summary>
public sealed unsafe class DevicePassTests
{
    private const int Batch = 3, Positions = 4, PerPosition = 2, Size = Positions * PerPosition, Ids = 5;

    private static readonly int[] s_starts = [0, 2, 6, 7];
    private static readonly float[] s_given = [.. Enumerable.Range(1, 7 * PerPosition).Select(i => (float)i)];

    [Fact]
    public void Samples_have_room_for_all_positions_and_come_back_without()
    {
        using var driver = new SimulatedDriver();
        var caller = new Caller { Input = s_given, Ids = [.. Enumerable.Range(0, Batch * Ids)], Output = new float[s_given.Length] };
        using DeviceTrainer trainer = Create(driver);
        trainer.Run(new DevicePass(DevicePassKind.Forward, Batch, 0, 1), caller, [0, 0], new double[2 * Batch]);
        // One more each, and of each sample's first number its length and the first of its ids.
        float[] expected = [2 + 2 + 0, 3, 4, 5, 6 + 4 + 5, 7, 8, 9, 10, 11, 12, 13, 14 + 1 + 10, 15];
        Assert.Equal(expected, caller.Output);
        Assert.Null(driver.Fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Losses_know_which_targets_there_are(bool hasSecond)
    {
        using var driver = new SimulatedDriver();
        var caller = new Caller { Input = s_given, Ids = new int[Batch * Ids], Target = s_given, Labels = hasSecond ? [7, 8, 9] : null };
        using DeviceTrainer trainer = Create(driver);
        double[] losses = [.. Enumerable.Repeat(-1.0, 2 * (Batch + 1))];
        trainer.Run(new DevicePass(DevicePassKind.Step, Batch, 0, 1), caller, [0.5f, 0.25f], losses);
        // The scale and the first word of the sample's target, as the kernel copies them; of the batch's four samples one is not there.
        Assert.Equal([0.5 * 1, 0.5 * 5, 0.5 * 13, -1], losses[..4]);
        Assert.Equal(hasSecond ? [0.25 * 7, 0.25 * 8, 0.25 * 9, -1] : [0.25, 1.25, 3.25, -1], losses[4..]);
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void Gradients_of_inputs_come_where_they_are_wanted()
    {
        using var driver = new SimulatedDriver();
        var caller = new Caller { Input = s_given, Ids = new int[Batch * Ids], OutputGradient = s_given };
        using DeviceTrainer trainer = Create(driver);
        trainer.Run(new DevicePass(DevicePassKind.Forward, Batch, 0, 1), caller, [0, 0], new double[8]);
        caller.InputGradient = [.. Enumerable.Repeat(-1f, s_given.Length)];
        caller.IdsGradient = [.. Enumerable.Repeat(-1f, Batch * Ids)];
        trainer.Run(new DevicePass(DevicePassKind.FromOutput, Batch, 0, 1, WantsInputGradient: true), caller, [0, 0], []);
        Assert.Equal(s_given, caller.InputGradient);
        // Nothing flows back to it.
        Assert.Equal(new float[Batch * Ids], caller.IdsGradient);
        caller.OutputGradient = null;
        caller.IdsGradient = null;
        trainer.Run(new DevicePass(DevicePassKind.FromOutput, Batch, 0, 1, WantsInputGradient: true), caller, [0, 0], []);
        Assert.Equal(new float[s_given.Length], caller.InputGradient);
        Assert.Null(driver.Fault);
    }

    private static DeviceTrainer Create(SimulatedDriver driver)
    {
        var network = new Several();
        var buffer = new AlignedBuffer(0);
        var state = new OptimizerState(new SGD(0.1), 0);
        return new Kernels().CreateTrainer(
            TrainerTests.Of(driver), Precision.Float32, network, buffer, new AlignedBuffer(0), state, Batch + 1);
    }

    private sealed class Caller : IDeviceCaller
    {
        private readonly List<System.Runtime.InteropServices.GCHandle> _pins = [];

        public float[]? Input { get; init; }

        public int[]? Ids { get; init; }

        public float[]? Output { get; init; }

        public float[]? OutputGradient { get; set; }

        public float[]? InputGradient { get; set; }

        public float[]? IdsGradient { get; set; }

        public float[]? Target { get; init; }

        public int[]? Labels { get; init; }

        public void* PortAddress(int port) => Pin(port switch
        {
            0 => Input,
            1 => Ids,
            2 => Output,
            3 => OutputGradient,
            4 => InputGradient,
            5 => IdsGradient,
            6 => Target,
            7 => Labels,
            _ => throw new ArgumentOutOfRangeException(nameof(port)),
        });

        public int* StartsOf(int axis) => (int*)Pin(s_starts);

        // For as long as the test.
        private void* Pin(Array? array)
        {
            if (array is null)
                return null;
            _pins.Add(System.Runtime.InteropServices.GCHandle.Alloc(array, System.Runtime.InteropServices.GCHandleType.Pinned));
            return (void*)_pins[^1].AddrOfPinnedObject();
        }
    }

    private sealed class Several : INetwork
    {
        public NetworkPorts Ports { get; } = new(
            [
                new NetworkPort("input", Positions, PerPosition) { Lengths = "lengths" },
                new NetworkPort("lengths", 1) { ElementType = typeof(int) },
                new NetworkPort("ids", Ids) { ElementType = typeof(int) },
            ],
            [new NetworkPort("output", Positions, PerPosition) { Lengths = "lengths" }], []);

        public IReadOnlyList<Parameter> Parameters => [];

        public NetworkGraph Graph => throw new NotSupportedException();

        public void Save(string path) => throw new NotSupportedException();

        public void LoadParameters(string path) => throw new NotSupportedException();

        public ISession CreateSession(int maxBatch, SessionOptions? options) => throw new NotSupportedException();

        public ITrainer CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options) => throw new NotSupportedException();
    }

    private sealed class Kernels : CudaTrainingKernels
    {
        private const int InputPlace = 0, IdsPlace = Size, OutputPlace = IdsPlace + Ids, OutputGradientPlace = OutputPlace + Size,
            InputGradientPlace = OutputGradientPlace + Size, TargetPlace = InputGradientPlace + Size, LabelPlace = TargetPlace + Size;

        private static readonly byte[] s_module = Encoding.UTF8.GetBytes(Text);

        public override string Network => "Several";

        public override ReadOnlySpan<byte> Module => s_module;

        public override ReadOnlySpan<string> Names => new[] { "forward", "report", "copy" };

        public override ReadOnlySpan<int> Threads => new[] { Size, 1, Size };

        public override ReadOnlySpan<long> ParameterPlaces => default;

        public override long ParameterLength => 0;

        public override long SampleLength => LabelPlace + 1;

        public override long LargestLength => Size;

        public override ReadOnlySpan<long> InputPlaces => new long[] { InputPlace, IdsPlace };

        public override ReadOnlySpan<long> OutputPlaces => new long[] { OutputPlace };

        public override ReadOnlySpan<long> OutputGradientPlaces => new long[] { OutputGradientPlace };

        public override ReadOnlySpan<long> InputGradientPlaces => new long[] { InputGradientPlace, -1 };

        public override ReadOnlySpan<CudaTarget> Targets
            => new[] { new CudaTarget(TargetPlace, Size, 0, PerPosition), new CudaTarget(LabelPlace, 1, -1, 1) };

        public override ReadOnlySpan<string> Axes => new[] { "lengths" };

        public override long GradientLength => 0;

        public override long BatchLength => 0;

        public override int Losses => 2;

        public override long ScratchLength(int samples) => 0;

        public override void RecordForward(CudaRecorder gpu) => gpu.Launch(0, gpu.Samples, 1, 1,
            [gpu.Value(InputPlace), gpu.Value(OutputPlace), gpu.Lengths(0), gpu.Value(IdsPlace)]);

        public override void RecordLoss(CudaRecorder gpu)
        {
            Assert.True(gpu.HasTarget(0));
            Report(gpu, 0, TargetPlace, Size, isInt: false);
            Report(gpu, 1, gpu.HasTarget(1) ? LabelPlace : TargetPlace, gpu.HasTarget(1) ? 1 : Size, gpu.HasTarget(1));
        }

        public override void RecordBackward(CudaRecorder gpu)
        {
        }

        public override void RecordInputGradients(CudaRecorder gpu)
            => gpu.Launch(2, gpu.Samples, 1, 1, [gpu.Value(OutputGradientPlace), gpu.Value(InputGradientPlace)]);

        private static void Report(CudaRecorder gpu, int loss, long place, int size, bool isInt) => gpu.Launch(1, gpu.Samples, 1, 1,
            [gpu.Value(place), gpu.LossesOf(loss), gpu.ScaleOf(loss), (ulong)size, isInt ? 1ul : 0ul]);

        private const string Text = """
            .version 7.8
            .target sm_80
            .address_size 64

            // Each number plus one; the first of a sample plus its length too, and plus the first of its ids.
            .visible .entry forward(.param .u64 x, .param .u64 y, .param .u64 lengths, .param .u64 ids)
            .maxntid 8, 1, 1
            {
                .reg .b32 %i, %sample, %place, %length, %id;
                .reg .b64 %x, %y, %lengths, %ids, %offset, %at;
                .reg .f32 %value, %more;
                .reg .pred %isFirst;
                ld.param.u64 %x, [x];
                ld.param.u64 %y, [y];
                ld.param.u64 %lengths, [lengths];
                ld.param.u64 %ids, [ids];
                mov.u32 %i, %tid.x;
                mov.u32 %sample, %ctaid.x;
                mad.lo.u32 %place, %sample, 8, %i;
                mul.wide.u32 %offset, %place, 4;
                add.u64 %at, %x, %offset;
                ld.global.f32 %value, [%at];
                add.rn.f32 %value, %value, 0f3F800000;
                setp.eq.u32 %isFirst, %i, 0;
                @!%isFirst bra STORE;
                mul.wide.u32 %offset, %sample, 4;
                add.u64 %at, %lengths, %offset;
                ld.global.u32 %length, [%at];
                cvt.rn.f32.u32 %more, %length;
                add.rn.f32 %value, %value, %more;
                mul.wide.u32 %offset, %sample, 20;
                add.u64 %at, %ids, %offset;
                ld.global.u32 %id, [%at];
                cvt.rn.f32.u32 %more, %id;
                add.rn.f32 %value, %value, %more;
            STORE:
                mul.wide.u32 %offset, %place, 4;
                add.u64 %at, %y, %offset;
                st.global.f32 [%at], %value;
                ret;
            }
            .visible .entry report(.param .u64 target, .param .u64 losses, .param .u64 scale, .param .u32 size, .param .u32 isInt)
            .maxntid 1, 1, 1
            {
                .reg .b32 %sample, %place, %size, %isInt, %number;
                .reg .b64 %target, %losses, %scale, %offset;
                .reg .f32 %value, %factor;
                .reg .f64 %loss;
                .reg .pred %converts;
                ld.param.u64 %target, [target];
                ld.param.u64 %losses, [losses];
                ld.param.u64 %scale, [scale];
                ld.param.u32 %size, [size];
                ld.param.u32 %isInt, [isInt];
                mov.u32 %sample, %ctaid.x;
                mul.lo.u32 %place, %sample, %size;
                mul.wide.u32 %offset, %place, 4;
                add.u64 %target, %target, %offset;
                ld.global.u32 %number, [%target];
                mov.b32 %value, %number;
                setp.ne.u32 %converts, %isInt, 0;
                @%converts cvt.rn.f32.u32 %value, %number;
                ld.global.f32 %factor, [%scale];
                mul.rn.f32 %value, %value, %factor;
                cvt.f64.f32 %loss, %value;
                mul.wide.u32 %offset, %sample, 8;
                add.u64 %losses, %losses, %offset;
                st.global.f64 [%losses], %loss;
                ret;
            }
            .visible .entry copy(.param .u64 from, .param .u64 to)
            .maxntid 8, 1, 1
            {
                .reg .b32 %i, %sample, %place;
                .reg .b64 %from, %to, %offset;
                .reg .f32 %value;
                ld.param.u64 %from, [from];
                ld.param.u64 %to, [to];
                mov.u32 %i, %tid.x;
                mov.u32 %sample, %ctaid.x;
                mad.lo.u32 %place, %sample, 8, %i;
                mul.wide.u32 %offset, %place, 4;
                add.u64 %from, %from, %offset;
                add.u64 %to, %to, %offset;
                ld.global.f32 %value, [%from];
                st.global.f32 [%to], %value;
                ret;
            }
            """;
    }
}
