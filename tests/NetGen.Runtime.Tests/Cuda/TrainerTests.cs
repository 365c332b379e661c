using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>Trainers on the simulated GPU beside those on the processor: the same bits, whatever is called.</summary>
public sealed class TrainerTests
{
    private const int Batch = 4;

    internal static Device Of(SimulatedDriver driver) => Device.Of(new CudaPlatform(new CudaDriver(driver.GetExport)));

    internal static (float[] Input, float[] Target) Samples(Scaling net, int count, int seed)
        => (Floats.Random(count * net.Features, seed), Floats.Random(count * net.Features, seed + 1000));

    public static TheoryData<string, Eagerness> Rules
    {
        get
        {
            var all = new TheoryData<string, Eagerness>();
            int i = 0;
            foreach (string name in OptimizerTests.Optimizers.Keys)
                all.Add(name, (Eagerness)(i++ % 3));
            return all;
        }
    }

    /// <summary>Ten steps, with another learning rate from the fifth on and a short batch.</summary>
    [Theory, MemberData(nameof(Rules))]
    public void A_rule_has_the_processors_bits(string name, Eagerness eagerness)
    {
        using var driver = new SimulatedDriver(new DriverOptions { Eagerness = eagerness });
        using var pair = new Pair(driver, OptimizerTests.Optimizers[name], new TrainerOptions { Seed = 7, Threads = 1 });
        for (int step = 0; step < 10; step++)
        {
            if (step == 5)
                pair.Each(trainer => trainer.Optimizer.LearningRate *= 0.5f);
            pair.Step(step % 4 == 3 ? 3 : Batch, step);
        }
        pair.AssertEqual();
        Assert.Null(driver.Fault);
        // Each step has eight launches, and one of the update.
        Assert.Equal(10 * 9, driver.Launches);
    }

    [Theory]
    [InlineData(null, 0.01)]
    [InlineData(0.02, null)]
    [InlineData(0.02, 0.01)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(0.0, null)]
    public void Clipped_gradients_have_the_processors_bits(double? norm, double? value)
    {
        using var driver = new SimulatedDriver();
        var options = new TrainerOptions { ClipGradientNorm = norm, ClipGradientValue = value, Threads = 1 };
        // Of more than one block of sums, and the last one is short.
        using var pair = new Pair(driver, () => new Adam(0.01), options, a: 5002);
        for (int step = 0; step < 4; step++)
        {
            pair.Step(2, step);
            Assert.Equal(pair.OnProcessor.GradientNorm, pair.OnDevice.GradientNorm);
        }
        pair.AssertEqual();
        Assert.Equal(pair.OnProcessor.GradientBits, pair.OnDevice.GradientBits);
        Assert.Null(driver.Fault);
    }

    /// <summary>A gradient that is none makes all of them none where the norm clips, and only itself where it does not.</summary>
    [Theory]
    [InlineData(1.0, null)]
    [InlineData(null, 0.5)]
    [InlineData(null, null)]
    public void What_is_not_a_number_stays_one(double? norm, double? value)
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new Adam(0.01, amsgrad: true),
            new TrainerOptions { ClipGradientNorm = norm, ClipGradientValue = value, Threads = 1 });
        (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 1);
        target[1] = float.NaN;
        pair.Each(trainer => trainer.Step(input, target));
        pair.Each(trainer => trainer.Step(input, Samples(pair.NetOnDevice, Batch, 1).Target));
        bool[] expected = [.. pair.NetOnProcessor.First.ToArray().Select(float.IsNaN)];
        Assert.Contains(true, expected);
        Assert.Equal(norm is null, expected.Contains(false));
        Assert.Equal(expected, pair.NetOnDevice.First.ToArray().Select(float.IsNaN));
    }

    [Fact]
    public void Groups_have_settings_of_their_own_and_frozen_ones_rest()
    {
        using var driver = new SimulatedDriver();
        var groups = new List<ParameterGroup>();
        using var pair = new Pair(driver, () =>
        {
            var optimizer = new SGD(0.1, 0.9);
            groups.Add(new ParameterGroup("b") { LearningRateFactor = 0.25f, WeightDecay = 0.1f });
            optimizer.Groups.Add(groups[^1]);
            return optimizer;
        }, new TrainerOptions { ClipGradientNorm = 0.05, Threads = 1 });
        for (int step = 0; step < 12; step++)
        {
            groups.ForEach(group => group.Frozen = step is >= 3 and < 6 or 9);
            float[] before = pair.NetOnDevice.Second.ToArray();
            pair.Step(Batch, step);
            Assert.Equal(groups[0].Frozen, before.SequenceEqual(pair.NetOnDevice.Second.ToArray()));
            Assert.Equal(pair.OnProcessor.GradientNorm, pair.OnDevice.GradientNorm);
        }
        pair.AssertEqual();
    }

    [Fact]
    public void Momentum_may_be_switched_on_later()
    {
        using var driver = new SimulatedDriver();
        var groups = new List<ParameterGroup>();
        using var pair = new Pair(driver, () =>
        {
            var optimizer = new SGD(0.1);
            groups.Add(new ParameterGroup("a"));
            optimizer.Groups.Add(groups[^1]);
            return optimizer;
        }, new TrainerOptions { Threads = 1 });
        for (int step = 0; step < 6; step++)
        {
            if (step == 3)
                groups.ForEach(group => group.Momentum = 0.9f);
            pair.Step(Batch, step);
        }
        pair.AssertEqual();
    }

    [Fact]
    public void Passes_in_parts_have_the_bits_of_the_processors()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new AdamW(0.01), new TrainerOptions { Seed = 3, Threads = 1 });
        for (int i = 0; i < 3; i++)
        {
            (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch - i, 10 * i);
            float[][] outputs = pair.Of(trainer =>
            {
                var output = new float[input.Length];
                trainer.Forward(input, output);
                return output;
            });
            Assert.Equal(outputs[0], outputs[1]);
            float[][] gradients = pair.Of(trainer =>
            {
                var gradient = new float[input.Length];
                trainer.Backward(target, gradient);
                return gradient;
            });
            Assert.Equal(gradients[0], gradients[1]);
            Assert.Equal(pair.OnProcessor.Losses, pair.OnDevice.Losses);
            Assert.Equal(pair.OnProcessor.GradientBits, pair.OnDevice.GradientBits);
            pair.Each(trainer => trainer.Update());
            // Once more from the same forward pass, now from a gradient of the caller's.
            gradients = pair.Of(trainer =>
            {
                var gradient = new float[input.Length];
                trainer.BackwardFromOutput(target, gradient);
                return gradient;
            });
            Assert.Equal(gradients[0], gradients[1]);
            pair.Each(trainer => trainer.Update());
            pair.Each(trainer => trainer.Update());
        }
        pair.AssertEqual();
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void Gradients_are_added_and_given_up_and_written_by_the_caller()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new SGD(0.1), new TrainerOptions { ClipGradientNorm = 1, Threads = 1 });
        pair.Each(trainer => (trainer.AccumulateGradients, trainer.GradientFactor) = (true, 0.5));
        for (int i = 0; i < 4; i++)
        {
            (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, i);
            pair.Each(trainer => { trainer.Forward(input, default); trainer.Backward(target); });
            Assert.Equal(pair.OnProcessor.GradientBits, pair.OnDevice.GradientBits);
            if (i == 1)
                pair.Each(trainer => trainer.Update());
        }
        // A step adds to what is there, and ends it.
        pair.Step(Batch, 20);
        pair.AssertEqual();
        pair.Each(trainer => { trainer.Backward(Samples(pair.NetOnDevice, Batch, 5).Target); trainer.ZeroGradients(); });
        Assert.All(pair.OnDevice.GradientBits, bits => Assert.Equal(0, bits));
        Assert.Throws<InvalidOperationException>(pair.OnDevice.Update);
        pair.Each(trainer => trainer.Backward(Samples(pair.NetOnDevice, Batch, 6).Target));
        pair.Each((trainer, net) => trainer.Gradient(net.First)[1, 2] = 0.75f);
        pair.Each(trainer => trainer.Update());
        pair.AssertEqual();
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void An_output_that_a_loss_refuses_changes_no_parameter()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new Adam(), new TrainerOptions { Threads = 1 });
        pair.Step(Batch, 1);
        (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 2);
        input[pair.NetOnDevice.Features] = 1e7f * Math.Sign(pair.NetOnDevice.First[0, 0]);
        float[] before = [.. pair.NetOnDevice.First.ToArray(), .. pair.NetOnDevice.Second.ToArray()];
        string[] messages = pair.Of<string>(trainer => Assert.Throws<ArithmeticException>(() => trainer.Step(input, target)).Message);
        Assert.Equal("Outputs are below 10⁶. The output for sample 1 is not.", messages[1]);
        Assert.Equal(messages[0], messages[1]);
        float[] after = [.. pair.NetOnDevice.First.ToArray(), .. pair.NetOnDevice.Second.ToArray()];
        Assert.Equal(before, after);
        Assert.Throws<InvalidOperationException>(pair.OnDevice.Update);
        pair.Step(Batch, 3);
        // Nor does the loss by itself; what gradients there were are gone.
        pair.Each(trainer => trainer.Forward(input, default));
        Assert.Throws<ArithmeticException>(() => pair.OnDevice.Backward(target));
        Assert.Throws<InvalidOperationException>(pair.OnDevice.Update);
        pair.Step(Batch, 4);
        pair.AssertEqual();
    }

    /// <summary>Steps find their graphs again, and wait once.</summary>
    [Fact]
    public void A_step_is_two_graphs_and_a_wait()
    {
        using var driver = new SimulatedDriver();
        var net = new Scaling();
        using ScalingTrainer trainer = net.CreateTrainer(Batch, new Adam(),
            new TrainerOptions { Device = Of(driver), ClipGradientNorm = 1 });
        for (int i = 0; i < 3; i++)
            trainer.Step(Samples(net, Batch, i).Input, Samples(net, Batch, i).Target);
        string[] others = ["cuGraphInstantiateWithFlags", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuLaunchKernelEx",
            "cuMemAlloc_v2"];
        int[] before = [.. others.Select(driver.Calls)];
        int launches = driver.Calls("cuGraphLaunch"), waits = driver.Calls("cuStreamSynchronize");
        trainer.Step(Samples(net, Batch, 4).Input, Samples(net, Batch, 4).Target);
        Assert.Equal(before, others.Select(driver.Calls));
        Assert.Equal(launches + 2, driver.Calls("cuGraphLaunch"));
        Assert.Equal(waits + 1, driver.Calls("cuStreamSynchronize"));
    }

    [Fact]
    public void What_runs_is_said_and_options_that_mean_nothing_are_refused()
    {
        using var driver = new SimulatedDriver();
        var net = new Scaling();
        Device device = Of(driver);
        using (ScalingTrainer trainer = net.CreateTrainer(1, new SGD(0.1), new TrainerOptions { Device = device }))
        {
            Assert.Equal("Simulated GPU, Float32: 6 kernels, 0 MB of activations, 0 MB of parameters", trainer.Schedule);
            Assert.Same(device, trainer.Device);
            Assert.Equal(1, trainer.Threads);
        }
        Assert.StartsWith("VectorWidth is Vector128, but cuda:0 has no vectors to choose", Assert.Throws<ArgumentException>(
            () => net.CreateTrainer(1, new SGD(0.1), new TrainerOptions { Device = device, VectorWidth = VectorWidth.Vector128 })).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Threads is 2, but on cuda:0", Assert.Throws<ArgumentException>(
            () => net.CreateTrainer(1, new SGD(0.1), new TrainerOptions { Device = device, Threads = 2 })).Message,
            StringComparison.Ordinal);
        Assert.Equal("This network was built without kernels for cuda:0: the project's property <NetGenTargets>cpu;cuda</NetGenTargets> "
            + "adds them.", Assert.Throws<PlatformNotSupportedException>(
            () => net.CreateTrainer(1, new SGD(0.1), new TrainerOptions { Device = device }, hasKernels: false)).Message);
        Assert.Equal("This network was built without kernels for BFloat16: the project's property <NetGenCudaPrecisions>Float32;"
            + "BFloat16</NetGenCudaPrecisions> adds them.", Assert.Throws<PlatformNotSupportedException>(
            () => net.CreateTrainer(1, new SGD(0.1), new TrainerOptions { Device = device, Precision = Precision.BFloat16 })).Message);
    }

    [Fact]
    public void Fit_validates_where_the_trainer_is_and_in_its_precision()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new SGD(0.5), new TrainerOptions { Threads = 1 });
        (float[] input, float[] target) = Samples(pair.NetOnDevice, 12, 1);
        FitResult[] results = pair.Of(trainer => trainer.Fit(Source(), new FitOptions
        {
            Epochs = 4,
            Validation = Source(),
            Metrics = [new MeanSquaredError()],
            Display = FitDisplay.Never,
            RestoreBest = true,
        }));
        Assert.Equal(results[0].Epochs.Select(epoch => (epoch.Loss, epoch.Monitored)),
            results[1].Epochs.Select(epoch => (epoch.Loss, epoch.Monitored)));
        Assert.Equal(results[0].BestEpoch, results[1].BestEpoch);
        Assert.Same(pair.OnDevice.Device, pair.NetOnDevice.Sessions.Single()?.Device);
        pair.AssertEqual();

        var net = new Scaling();
        using ScalingTrainer reduced = net.CreateTrainer(
            Batch, new SGD(0.5), new TrainerOptions { Device = Of(driver), Precision = Precision.TF32 });
        Assert.StartsWith("Simulated GPU, TF32: 6 kernels", reduced.Schedule, StringComparison.Ordinal);
        reduced.Fit(Source(), new FitOptions
        {
            Epochs = 1,
            Validation = Source(),
            Metrics = [new MeanSquaredError()],
            Display = FitDisplay.Never,
        });
        Assert.Equal(Precision.TF32, net.Sessions.Single()?.Precision);

        IBatchSource Source() => new ArrayBatches(input, target, count: 12, Batch);
    }

    /// <summary>The same network twice, one of them on the device.</summary>
    internal sealed class Pair : IDisposable
    {
        public Pair(SimulatedDriver driver, Func<Optimizer> optimizer, TrainerOptions options, int a = 10, bool refuses = true)
        {
            (NetOnProcessor, NetOnDevice) = (new Scaling(a), new Scaling(a));
            OnProcessor = NetOnProcessor.CreateTrainer(Batch, optimizer(), options, refuses: refuses);
            OnDevice = NetOnDevice.CreateTrainer(Batch, optimizer(), options with { Device = TrainerTests.Of(driver) }, refuses: refuses);
        }

        public Scaling NetOnProcessor { get; }

        public Scaling NetOnDevice { get; }

        public ScalingTrainer OnProcessor { get; }

        public ScalingTrainer OnDevice { get; }

        public void Each(Action<ScalingTrainer> action) => Each((trainer, _) => action(trainer));

        public void Each(Action<ScalingTrainer, Scaling> action)
        {
            action(OnProcessor, NetOnProcessor);
            action(OnDevice, NetOnDevice);
        }

        public TResult[] Of<TResult>(Func<ScalingTrainer, TResult> function) => [function(OnProcessor), function(OnDevice)];

        public void Step(int samples, int seed)
        {
            (float[] input, float[] target) = Samples(NetOnDevice, samples, seed);
            float[] losses = Of<float>(trainer => trainer.Step(input, target));
            Assert.Equal(losses[0], losses[1]);
        }

        /// <summary>Parameters, and what the optimisers remember.</summary>
        public void AssertEqual()
        {
            Assert.Equal(NetOnProcessor.Bits, NetOnDevice.Bits);
            using var directory = new TemporaryDirectory();
            OnProcessor.SaveCheckpoint(directory.File("processor"));
            OnDevice.SaveCheckpoint(directory.File("device"));
            Assert.Equal(File.ReadAllBytes(directory.File("processor")), File.ReadAllBytes(directory.File("device")));
        }

        public void Dispose()
        {
            OnProcessor.Dispose();
            OnDevice.Dispose();
        }
    }
}
