using System.Runtime.InteropServices;
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
using static NetGen.Runtime.Tests.Cuda.TrainerTests;
using SimulatedResult = NetGen.Cuda.Simulator.Driver.CudaResult;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>Whatever the driver refuses, trainer and network are as they were, and training goes on from there.</summary>
public sealed unsafe class TrainerFailureTests
{
    private const int Batch = 4;

    private static readonly TrainerOptions s_options = new() { Threads = 1, ClipGradientNorm = 0.5 };

    /// <summary>Each call of the driver fails once while a trainer is made; all is given back, and the next is made.</summary>
    [Fact]
    public void A_trainer_that_cannot_be_made_leaves_nothing_behind()
    {
        var failing = new Failing();
        using var driver = new SimulatedDriver(failing.Options);
        var net = new Scaling();
        TrainerOptions options = s_options with { Device = Of(driver) };
        // What is loaded once for the process stays.
        net.CreateTrainer(Batch, new Adam(), options).Dispose();
        int before = driver.OpenHandles;
        int[] bits = net.Bits;
        long version = net.Buffer.Version;
        int failures = 0;
        for (int call = 0; ; call++)
        {
            failing.At(call);
            ScalingTrainer? trainer = null;
            try
            {
                trainer = net.CreateTrainer(Batch, new Adam(), options);
            }
            catch (CudaException failure)
            {
                Assert.Contains("CUDA_ERROR_INVALID_VALUE", failure.Message, StringComparison.Ordinal);
                failures++;
            }
            bool hasFailed = failing.HasFailed;
            failing.Never();
            trainer?.Dispose();
            Assert.Equal(before, driver.OpenHandles);
            if (!hasFailed)
                break;
        }
        Assert.InRange(failures, 20, 200);
        Assert.Equal(bits, net.Bits);
        Assert.Equal(version, net.Buffer.Version);
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void Memory_that_there_is_not()
    {
        using var driver = new SimulatedDriver(new DriverOptions { Devices = [new SimulatedDevice(Memory: 300_000)] });
        var net = new Scaling(100);
        TrainerOptions options = s_options with { Device = Of(driver) };
        net.CreateTrainer(Batch, new SGD(0.1), options).Dispose();
        int before = driver.OpenHandles;
        var optimizer = new SGD(0.1);
        CudaException failure = Assert.Throws<CudaException>(() => net.CreateTrainer(1000, optimizer, options));
        Assert.Matches("^Simulated GPU has no .* bytes for the activations of .* samples: .* There is room for batches of at most "
            + "[0-9]+\\.$", failure.Message);
        Assert.Equal(before, driver.OpenHandles);
        // The optimiser too is as it was, until it has a trainer.
        optimizer.Groups.Add(new ParameterGroup("b") { LearningRateFactor = 2 });
        net.CreateTrainer(Batch, optimizer, options).Dispose();
        Assert.Throws<InvalidOperationException>(() => optimizer.Groups.Add(new ParameterGroup("c")));
    }

    public static TheoryData<string> Calls
        => ["step", "forward", "backward", "from output", "update", "add", "step with momentum", "enqueue"];

    /// <summary>Each call of the driver fails once within one of the trainer's; tried again it does what the processor does.</summary>
    [Theory, MemberData(nameof(Calls))]
    public void A_call_that_fails_can_be_tried_again(string call)
    {
        var failing = new Failing();
        using var driver = new SimulatedDriver(failing.Options);
        int failures = 0;
        bool hasFailed;
        int at = 0;
        do
        {
            using var pair = new Pair(driver, () => new SGD(0.1), s_options, refuses: call is not "enqueue");
            (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, at);
            Prepare(pair, call, input, target);
            int[] bits = pair.NetOnDevice.Bits, gradients = pair.OnDevice.GradientBits;
            failing.At(at++);
            bool isDone = false;
            try
            {
                Do(pair.OnDevice, call, input, target);
                isDone = true;
            }
            catch (CudaException)
            {
                failures++;
            }
            hasFailed = failing.HasFailed;
            failing.Never();
            Assert.True(isDone == !hasFailed || call is "enqueue");
            if (isDone)
            {
                Do(pair.OnProcessor, call, input, target);
                pair.AssertEqual();
                continue;
            }
            // A step is a pass and an update; which of the two has failed shows by what was counted.
            bool isUpdate = call is "update" || ((call is "enqueue" || call.StartsWith("step", StringComparison.Ordinal))
                && pair.NetOnDevice.Count.CounterValue > pair.NetOnProcessor.Count.CounterValue);
            if (!isUpdate || call is "update")
                Assert.Equal(bits, pair.NetOnDevice.Bits);
            if (call is "add")
                Assert.Equal(gradients, pair.OnDevice.GradientBits);
            Do(pair.OnDevice, isUpdate ? "update" : call, input, target);
            Do(pair.OnProcessor, call, input, target);
            pair.AssertEqual();
            pair.Step(Batch, 50);
            pair.AssertEqual();
        }
        while (hasFailed);
        Assert.InRange(failures, 2, 200);
        Assert.Null(driver.Fault);
    }

    private static void Prepare(Pair pair, string call, float[] input, float[] target)
    {
        pair.Step(Batch, 1);
        if (call is "add")
            pair.Each(trainer => trainer.AccumulateGradients = true);
        if (call is not ("step" or "forward" or "enqueue"))
            pair.Each(trainer => trainer.Forward(input, default));
        if (call is "update" or "add")
            pair.Each(trainer => trainer.Backward(target));
        if (call is "step with momentum")
            pair.Each(trainer => trainer.Optimizer.CyclicMomentum = 0.9);
    }

    private static void Do(ScalingTrainer trainer, string call, float[] input, float[] target)
    {
        switch (call)
        {
            case "step" or "step with momentum":
                trainer.Step(input, target);
                break;
            case "enqueue":
                trainer.Enqueue(input, target);
                break;
            case "forward":
                trainer.Forward(input, new float[input.Length]);
                break;
            case "from output":
                trainer.BackwardFromOutput(target, new float[input.Length]);
                break;
            case "update":
                trainer.Update();
                break;
            default:
                trainer.Backward(target, new float[input.Length]);
                break;
        }
    }

    /// <summary>A kernel that fails loses the GPU. What had come home is as it was, and goes on on the processor.</summary>
    [Fact]
    public void A_kernel_that_fails_leaves_what_the_host_has()
    {
        var failing = new Failing(SimulatedResult.LaunchFailed);
        using var driver = new SimulatedDriver(failing.Options);
        using var pair = new Pair(driver, () => new SGD(0.1), s_options);
        pair.Step(Batch, 1);
        int[] bits = pair.NetOnDevice.Bits;
        failing.Next("cuStreamSynchronize");
        CudaException failure = Assert.Throws<CudaException>(() => pair.OnDevice.Step(new float[15], new float[15]));
        Assert.StartsWith("Waiting for a stream on Simulated GPU: CUDA_ERROR_LAUNCH_FAILED", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is lost to this process since a kernel failed",
            Assert.Throws<CudaException>(() => pair.OnDevice.Step(new float[15], new float[15])).Message, StringComparison.Ordinal);
        Assert.Equal(bits, pair.NetOnDevice.Bits);
        pair.OnDevice.Dispose();
        Assert.Equal(bits, pair.NetOnDevice.Bits);
        using ScalingTrainer next = pair.NetOnDevice.CreateTrainer(Batch, new SGD(0.1), s_options);
        (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 2);
        Assert.Equal(pair.OnProcessor.Step(input, target), next.Step(input, target));
    }

    /// <summary>What only the lost GPU had is gone, and nobody gets older parameters for it.</summary>
    [Fact]
    public void Parameters_that_are_lost_are_not_older_ones()
    {
        var failing = new Failing(SimulatedResult.LaunchFailed);
        using var driver = new SimulatedDriver(failing.Options);
        using var directory = new TemporaryDirectory();
        var net = new Scaling();
        ScalingTrainer trainer = net.CreateTrainer(Batch, new SGD(0.1), s_options with { Device = Of(driver) });
        (float[] input, float[] target) = Samples(net, Batch, 2);
        trainer.Step(input, target);
        failing.Next("cuStreamSynchronize");
        const string Lost = "The parameters of Scaling have changed on Simulated GPU last, and cannot be copied from there: ";
        Assert.StartsWith(Lost, Assert.Throws<CudaException>(() => net.First[0, 0]).Message, StringComparison.Ordinal);
        Assert.StartsWith(Lost, Assert.Throws<CudaException>(() => net.Save(directory.File("net"))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory.File("net")));
        trainer.Dispose();
        Assert.StartsWith(Lost, Assert.Throws<CudaException>(() => net.First[0, 0] = 1).Message, StringComparison.Ordinal);
        Assert.Single(Assert.Throws<CudaException>(() => net.Bits).Message.Split(Lost)[1..]);
        using ScalingTrainer other = net.CreateTrainer(1, new SGD(0.1), s_options);
        Assert.Throws<CudaException>(() => other.Step(input.AsSpan(0, 15), target.AsSpan(0, 15)));
    }

    /// <summary>
    /// A step allocates nothing. A simulated driver does, so that while this is measured all that a step calls are functions that do
    /// nothing.
    /// </summary>
    [Fact]
    public void A_step_allocates_nothing()
    {
        using var driver = new SimulatedDriver();
        var net = new Scaling();
        var optimizer = new Adam();
        optimizer.Groups.Add(new ParameterGroup("b") { LearningRateFactor = 2 });
        var platform = new CudaPlatform(new CudaDriver(name => Quiet.Find(name, driver)));
        using ScalingTrainer trainer = net.CreateTrainer(
            Batch, optimizer, s_options with { Device = Device.Of(platform) }, refuses: false);
        (float[] input, float[] target) = Samples(net, Batch, 1);
        for (int i = 0; i < 3; i++)
            Each();
        Quiet.IsOn = true;
        long[] before = Each(), after = Each();
        Quiet.IsOn = false;
        Assert.Equal([0, 0, 0, 0], before.Zip(after, (first, second) => Math.Min(first, second)));
        Assert.Equal(16, Quiet.Launches);

        long[] Each()
        {
            long start = GC.GetAllocatedBytesForCurrentThread();
            trainer.Step(input, target);
            long step = GC.GetAllocatedBytesForCurrentThread();
            trainer.Forward(input, default);
            long forward = GC.GetAllocatedBytesForCurrentThread();
            trainer.Backward(target);
            long backward = GC.GetAllocatedBytesForCurrentThread();
            trainer.Enqueue(input, target);
            trainer.Enqueue(input, target);
            long enqueued = GC.GetAllocatedBytesForCurrentThread();
            return [step - start, forward - step, backward - forward, enqueued - backward];
        }
    }

    /// <summary>A driver that on demand says that all is well, and does nothing.</summary>
    private static class Quiet
    {
        private static delegate* unmanaged<nint, int> s_setCurrent, s_synchronize, s_await;
        private static delegate* unmanaged<nint, nint, int> s_launch, s_record;

        public static bool IsOn { get; set; }

        public static int Launches { get; private set; }

        public static nint Find(string name, SimulatedDriver driver)
        {
            nint real = driver.GetExport(name);
            switch (name)
            {
                case "cuCtxSetCurrent":
                    s_setCurrent = (delegate* unmanaged<nint, int>)real;
                    return (nint)(delegate* unmanaged<nint, int>)&SetCurrent;
                case "cuStreamSynchronize":
                    s_synchronize = (delegate* unmanaged<nint, int>)real;
                    return (nint)(delegate* unmanaged<nint, int>)&Synchronize;
                case "cuEventSynchronize":
                    s_await = (delegate* unmanaged<nint, int>)real;
                    return (nint)(delegate* unmanaged<nint, int>)&Await;
                case "cuEventRecord":
                    s_record = (delegate* unmanaged<nint, nint, int>)real;
                    return (nint)(delegate* unmanaged<nint, nint, int>)&Record;
                case "cuGraphLaunch":
                    s_launch = (delegate* unmanaged<nint, nint, int>)real;
                    return (nint)(delegate* unmanaged<nint, nint, int>)&Launch;
                default:
                    return real;
            }
        }

        [UnmanagedCallersOnly]
        private static int SetCurrent(nint context) => IsOn ? 0 : s_setCurrent(context);

        [UnmanagedCallersOnly]
        private static int Synchronize(nint stream) => IsOn ? 0 : s_synchronize(stream);

        [UnmanagedCallersOnly]
        private static int Await(nint @event) => IsOn ? 0 : s_await(@event);

        [UnmanagedCallersOnly]
        private static int Record(nint @event, nint stream) => IsOn ? 0 : s_record(@event, stream);

        [UnmanagedCallersOnly]
        private static int Launch(nint graph, nint stream)
        {
            if (!IsOn)
                return s_launch(graph, stream);
            Launches++;
            return 0;
        }
    }

    /// <summary>Lets one call of a driver fail.</summary>
    private sealed class Failing(SimulatedResult result = SimulatedResult.InvalidValue)
    {
        private int? _countdown;
        private string? _name;

        public bool HasFailed { get; private set; }

        public DriverOptions Options => new() { Intercept = Intercept };

        /// <summary>So many calls from now on; those that give something back do not count.</summary>
        public void At(int calls) => (_countdown, _name, HasFailed) = (calls, null, false);

        public void Next(string name) => (_countdown, _name, HasFailed) = (0, name, false);

        public void Never() => _countdown = null;

        private SimulatedResult? Intercept(string name, int before)
        {
            if (_countdown is null || (_name is not null && name != _name)
                || name.Contains("Free", StringComparison.Ordinal) || name.Contains("Destroy", StringComparison.Ordinal)
                || name.Contains("Error", StringComparison.Ordinal) || name.Contains("EndCapture", StringComparison.Ordinal))
                return null;
            if (_countdown-- > 0)
                return null;
            _countdown = null;
            HasFailed = true;
            return result;
        }
    }
}
