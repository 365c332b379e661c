using NetGen.CompilerServices;
using NetGen.Cuda.Simulator.Driver;
using static NetGen.Runtime.Tests.Cuda.TrainerTests;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>
/// Parameters, gradients and what optimisers remember lie on the host and on the GPU: who looks sees the newest, and nothing is copied
/// until somebody does.
/// </summary>
public sealed class CoherenceTests
{
    private const int Batch = 4;

    private static readonly TrainerOptions s_options = new() { Threads = 1 };

    [Theory, InlineData(Eagerness.Late), InlineData(Eagerness.AtOnce), InlineData(Eagerness.ByChance)]
    public void What_is_read_is_the_newest_and_copied_once(Eagerness eagerness)
    {
        using var driver = new SimulatedDriver(new DriverOptions { Eagerness = eagerness });
        using var pair = new Pair(driver, () => new Adam(), s_options);
        pair.Step(Batch, 1);
        long version = pair.NetOnDevice.Buffer.Version;
        int copies = driver.Calls("cuMemcpyDtoHAsync_v2");
        Assert.Equal(pair.NetOnProcessor.First.ToArray(), pair.NetOnDevice.First.ToArray());
        Assert.Equal(pair.NetOnProcessor.Second[1], pair.NetOnDevice.Second[1]);
        Assert.Equal(1, pair.NetOnDevice.Count.CounterValue);
        Assert.Equal(copies + 1, driver.Calls("cuMemcpyDtoHAsync_v2"));
        // Reading is no change, and goes to the device no more.
        Assert.Equal(version, pair.NetOnDevice.Buffer.Version);
        int there = driver.Calls("cuMemcpyHtoDAsync_v2"), graphs = driver.Calls("cuGraphInstantiateWithFlags");
        pair.Step(Batch, 2);
        Assert.Equal(there, driver.Calls("cuMemcpyHtoDAsync_v2"));
        Assert.Equal(graphs, driver.Calls("cuGraphInstantiateWithFlags"));
        Assert.NotEqual(version, pair.NetOnDevice.Buffer.Version);
        pair.AssertEqual();
    }

    [Fact]
    public void What_is_written_between_steps_is_trained()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new SGD(0.1, 0.9), s_options);
        pair.Step(Batch, 1);
        pair.Each((_, net) => net.First[1, 3] = 0.5f);
        // What the declaration freezes may be written too, and is prepared anew.
        pair.Each((_, net) => net.Third.Fill(-2));
        pair.Each((_, net) => net.Count.CounterValue = 40);
        pair.Step(Batch, 2);
        Assert.Equal(41, pair.NetOnDevice.Count.CounterValue);
        (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 3);
        pair.Each(trainer => trainer.Forward(input, default));
        pair.Each((_, net) => net.Third.Fill(3));
        pair.Each((_, net) => net.Second[0] = -1);
        float[][] gradients = pair.Of(trainer => { float[] own = new float[input.Length]; trainer.Backward(target, own); return own; });
        Assert.Equal(gradients[0], gradients[1]);
        pair.Each((_, net) => net.Second[2] = 1);
        pair.Each(trainer => trainer.Update());
        pair.AssertEqual();
    }

    /// <summary>A count that a float does not hold is not lost by coming home.</summary>
    [Fact]
    public void Counts_beyond_floats_stay()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new SGD(0.1), s_options);
        pair.NetOnDevice.Count.CounterValue = (1L << 24) + 1;
        pair.OnDevice.Step(Samples(pair.NetOnDevice, Batch, 1).Input, Samples(pair.NetOnDevice, Batch, 1).Target);
        Assert.InRange(pair.NetOnDevice.Count.CounterValue, (1L << 24) + 1, (1L << 24) + 2);
    }

    /// <summary>Two trainers of one network, on two devices and on the processor, in turns.</summary>
    [Fact]
    public void Trainers_of_one_network_take_turns()
    {
        using SimulatedDriver driver = new(), other = new();
        Scaling together = new(), alone = new();
        using ScalingTrainer first = together.CreateTrainer(Batch, new SGD(0.1), s_options with { Device = Of(driver) }),
            second = together.CreateTrainer(Batch, new SGD(0.1), s_options with { Device = Of(other) }),
            third = together.CreateTrainer(Batch, new SGD(0.1), s_options), same = together.CreateTrainer(Batch, new SGD(0.1),
                s_options with { Device = first.Device }), expected = alone.CreateTrainer(Batch, new SGD(0.1), s_options);
        ScalingTrainer[] turns = [first, second, first, third, second, third, third, first, first, same, first];
        for (int i = 0; i < turns.Length; i++)
        {
            (float[] input, float[] target) = Samples(alone, Batch, i);
            Assert.Equal(expected.Step(input, target), turns[i].Step(input, target));
        }
        Assert.Equal(Floats.Bits(alone.First.ToArray()), Floats.Bits(together.First.ToArray()));
        Assert.Equal(Floats.Bits(alone.Second.ToArray()), Floats.Bits(together.Second.ToArray()));
        Assert.Equal(turns.Length, together.Count.CounterValue);
    }

    [Fact]
    public void Checkpoints_go_from_the_processor_to_the_device_and_back()
    {
        using var driver = new SimulatedDriver();
        using var directory = new TemporaryDirectory();
        string path = directory.File("checkpoint");
        static Optimizer Create() => new AdamW(0.01, amsgrad: true);
        var options = new TrainerOptions { Seed = 5, ClipGradientNorm = 0.1, Threads = 1 };
        Scaling whole = new(), parts = new();
        using ScalingTrainer expected = whole.CreateTrainer(Batch, Create(), options);
        for (int part = 0; part < 4; part++)
        {
            Scaling net = new();
            TrainerOptions own = part % 2 == 0 ? options : options with { Device = Of(driver) };
            using ScalingTrainer trainer = net.CreateTrainer(Batch, Create(), own);
            if (part > 0)
                trainer.LoadCheckpoint(path);
            for (int i = 0; i < 3; i++)
            {
                (float[] input, float[] target) = Samples(net, Batch, 10 * part + i);
                Assert.Equal(expected.Step(input, target), trainer.Step(input, target));
            }
            trainer.SaveCheckpoint(path);
            // What comes behind it is gone by the load.
            trainer.Step(Samples(net, 1, 1).Input, Samples(net, 1, 1).Target);
            trainer.LoadCheckpoint(path);
            parts = net;
        }
        Assert.Equal(whole.Bits, parts.Bits);
        expected.SaveCheckpoint(directory.File("expected"));
        Assert.Equal(File.ReadAllBytes(directory.File("expected")), File.ReadAllBytes(path));
        using ScalingTrainer damaged = parts.CreateTrainer(Batch, new SGD(0.1), options with { Device = Of(driver) });
        Assert.Throws<SafeTensorsException>(() => damaged.LoadCheckpoint(path));
        Assert.Equal(whole.Bits, parts.Bits);
    }

    [Fact]
    public void A_trainer_goes_back_to_where_it_was()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new SGD(0.1), new TrainerOptions { Seed = 9, Threads = 1 });
        pair.Step(Batch, 1);
        TrainerCore.Snapshot[] before = pair.Of(trainer => trainer.Capture());
        int[] bits = pair.NetOnDevice.Bits;
        for (int i = 2; i < 5; i++)
            pair.Step(Batch, i);
        Assert.NotEqual(bits, pair.NetOnDevice.Bits);
        foreach (TrainerCore.Snapshot snapshot in before)
        {
            snapshot.Restore();
            snapshot.Dispose();
        }
        Assert.Equal(bits, pair.NetOnDevice.Bits);
        Assert.Throws<InvalidOperationException>(pair.OnDevice.Update);
        pair.Step(Batch, 5);
        pair.AssertEqual();
    }

    [Fact]
    public void A_step_that_is_refused_leaves_statistics_too()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new Adam(), s_options);
        pair.Step(Batch, 1);
        pair.Each(trainer => trainer.RefusesUpdates = true);
        pair.Step(Batch, 2);
        int[] bits = pair.NetOnDevice.Bits;
        (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 3);
        target[0] = float.NaN;
        pair.Each(trainer => Assert.True(float.IsNaN(trainer.Step(input, target))));
        Assert.NotEqual(bits, pair.NetOnDevice.Bits);
        pair.Each(trainer => trainer.TakeBackForward());
        Assert.Equal(bits, pair.NetOnDevice.Bits);
        pair.Each(trainer => trainer.RefusesUpdates = false);
        pair.Step(Batch, 4);
        pair.AssertEqual();
        target[0] = float.PositiveInfinity;
        Assert.Throws<NonFiniteLossException>(() => pair.OnDevice.Fit(new ArrayBatches(input, target, count: Batch, Batch),
            new FitOptions { Display = FitDisplay.Never }));
        Assert.Equal(pair.NetOnProcessor.Bits, pair.NetOnDevice.Bits);
    }

    [Fact]
    public void What_is_disposed_of_brings_the_parameters_home()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new Adam(), s_options);
        pair.Step(Batch, 1);
        pair.OnDevice.Dispose();
        pair.OnDevice.Dispose();
        int copies = driver.Calls("cuMemcpyDtoHAsync_v2");
        Assert.Equal(pair.NetOnProcessor.Bits, pair.NetOnDevice.Bits);
        Assert.Equal(copies, driver.Calls("cuMemcpyDtoHAsync_v2"));
        Assert.Throws<ObjectDisposedException>(() => pair.OnDevice.Step(new float[15], new float[15]));
    }

    /// <summary>Nothing of a trainer stays with the driver; what it has trained does not go with it.</summary>
    [Fact]
    public void Nothing_stays_behind()
    {
        using var driver = new SimulatedDriver();
        var net = new Scaling();
        TrainerOptions options = s_options with { Device = Of(driver), ClipGradientNorm = 1 };
        Train();
        int before = driver.OpenHandles;
        Train();
        Assert.Equal(before, driver.OpenHandles);

        void Train()
        {
            using ScalingTrainer trainer = net.CreateTrainer(Batch, new Adam(), options);
            trainer.AccumulateGradients = true;
            trainer.RefusesUpdates = true;
            for (int i = 0; i < 20; i++)
            {
                (float[] input, float[] target) = Samples(net, i % Batch + 1, i);
                trainer.Step(input, target);
                trainer.Forward(input, new float[input.Length]);
                trainer.Backward(target, new float[input.Length]);
            }
        }
    }

    [Fact]
    public async Task Others_read_while_it_trains()
    {
        using var driver = new SimulatedDriver(new DriverOptions { HasChecks = false });
        using var pair = new Pair(driver, () => new SGD(0.1), s_options);
        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                Assert.All(pair.NetOnDevice.First.ToArray(), value => Assert.True(float.IsFinite(value)));
        }))];
        for (int i = 0; i < 50; i++)
            pair.Step(Batch, i);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        pair.AssertEqual();
    }

    /// <summary>A buffer whose contents are elsewhere: every way to it brings them home, and the last one out frees it.</summary>
    [Fact]
    public unsafe void Every_way_to_a_buffer_brings_its_contents_home()
    {
        var owner = new Owner();
        var buffer = new AlignedBuffer(32);
        AlignedBuffer slice = buffer.Slice(16, 16);
        owner.Buffer = buffer;
        long version = slice.GiveAway(owner);
        Assert.Equal(version, buffer.Version);
        Assert.Equal(0, slice.HomePointer[0]);
        Assert.Equal(1, slice.Pointer[0]);
        Assert.Equal(1, buffer.Pointer[16]);
        buffer.GiveAway(owner);
        Assert.Equal(2, buffer.Take()[16]);
        buffer.Return();
        buffer.GiveAway(owner);
        owner.Failure = new TimeZoneNotFoundException();
        Assert.Throws<TimeZoneNotFoundException>(() => buffer.Pointer[0]);
        Assert.Throws<TimeZoneNotFoundException>(() => slice.Take()[0]);
        Assert.Equal(version + 2, buffer.Version);
        owner.Failure = null;
        buffer.Take();
        buffer.GiveAway(owner);
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Pointer[0]);
        Assert.Throws<ObjectDisposedException>(() => slice.Take()[0]);
        buffer.HomePointer[16] = 5;
        buffer.Return();
        Assert.True(buffer.HomePointer == null);
    }

    private sealed class Owner : IBufferOwner
    {
        private int _times;

        public AlignedBuffer? Buffer { get; set; }

        public Exception? Failure { get; set; }

        public unsafe void BringHome()
        {
            if (Failure is not null)
                throw Failure;
            Buffer!.HomePointer[16] = ++_times;
            Buffer.ComeHome(this);
        }
    }
}
