using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
using static NetGen.Runtime.Tests.Cuda.TrainerTests;
using SimulatedResult = NetGen.Cuda.Simulator.Driver.CudaResult;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>Steps that nobody waits for: the bits of those that one waits for, losses in order, and failures that are not lost.</summary>
public sealed class EnqueueTests
{
    private const int Batch = 4;

    private static readonly TrainerOptions s_options = new() { Seed = 7, Threads = 1 };

    [Theory]
    [InlineData(Eagerness.Late)]
    [InlineData(Eagerness.AtOnce)]
    [InlineData(Eagerness.ByChance)]
    public void They_have_the_bits_of_steps_with_waiting(Eagerness eagerness)
    {
        using var driver = new SimulatedDriver(new DriverOptions { Eagerness = eagerness });
        using var pair = new Pair(driver, () => new Adam(), s_options, refuses: false);
        var losses = new List<float>();
        Assert.Equal(float.NaN, pair.OnDevice.LastLoss);
        for (int step = 0; step < 14; step++)
        {
            int samples = step % 4 == 3 ? 3 : Batch;
            (float[] input, float[] target) = Samples(pair.NetOnDevice, samples, step);
            if (step == 5)
                pair.Each(trainer => trainer.Optimizer.LearningRate *= 0.5f);
            losses.Add(pair.OnProcessor.Step(input, target));
            Assert.Equal(losses[^1], pair.OnProcessor.LastLoss);
            // Between them one that is waited for, and passes in parts.
            if (step == 7)
                Assert.Equal(losses[^1], pair.OnDevice.Step(input, target));
            else
                pair.OnDevice.Enqueue(input, target);
            // What was written to it since is another batch's.
            Array.Fill(input, float.NaN);
            Array.Fill(target, float.NaN);
            if (step == 10)
            {
                float[] other = Samples(pair.NetOnDevice, 2, 99).Input;
                float[][] outputs = pair.Of(trainer =>
                {
                    float[] output = new float[other.Length];
                    trainer.Forward(other, output);
                    return output;
                });
                Assert.Equal(outputs[0], outputs[1]);
                Assert.Equal(losses[^1], pair.OnDevice.LastLoss);
            }
            float last = pair.OnDevice.LastLoss;
            Assert.True(float.IsNaN(last) ? step < 2 : losses.LastIndexOf(last) >= step - 2, $"Behind step {step} the loss is {last}.");
        }
        pair.OnDevice.Synchronize();
        Assert.Equal(losses[^1], pair.OnDevice.LastLoss);
        Assert.Equal(pair.OnProcessor.Losses, pair.OnDevice.Losses);
        pair.AssertEqual();
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void Batches_are_enqueued_as_they_are_stepped()
    {
        using var driver = new SimulatedDriver();
        using var pair = new Pair(driver, () => new SGD(0.1), s_options, refuses: false);
        (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 1);
        pair.Each(trainer => ((ITrainer)trainer).Enqueue(new Batch(Batch, input, target)));
        pair.Each(trainer => ((ITrainer)trainer).Synchronize());
        Assert.Equal(pair.OnProcessor.LastLoss, pair.OnDevice.LastLoss);
        Assert.True(float.IsFinite(pair.OnDevice.LastLoss));
        pair.AssertEqual();
    }

    /// <summary>Once all graphs are there, a step waits for the one before the last, and is two launches of graphs.</summary>
    [Fact]
    public void They_wait_for_no_stream()
    {
        using var driver = new SimulatedDriver();
        var net = new Scaling();
        using ScalingTrainer trainer = net.CreateTrainer(Batch, new Adam(), new TrainerOptions { Device = Of(driver) }, refuses: false);
        (float[] input, float[] target) = Samples(net, Batch, 1);
        for (int i = 0; i < 4; i++)
            trainer.Enqueue(input, target);
        string[] others = ["cuStreamSynchronize", "cuGraphInstantiateWithFlags", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2",
            "cuLaunchKernelEx", "cuMemAlloc_v2", "cuMemHostAlloc"];
        int[] before = [.. others.Select(driver.Calls)];
        int launches = driver.Calls("cuGraphLaunch");
        for (int i = 0; i < 6; i++)
            trainer.Enqueue(input, target);
        Assert.Equal(before, others.Select(driver.Calls));
        Assert.Equal(launches + 12, driver.Calls("cuGraphLaunch"));
    }

    /// <summary>Where what a step gives decides what is done, it is waited for: what it refuses changes nothing.</summary>
    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Some_are_waited_for_all_the_same(bool refuses, bool clips, bool adds)
    {
        using var driver = new SimulatedDriver(new DriverOptions { Eagerness = Eagerness.Late });
        using var pair = new Pair(driver, () => new Adam(), s_options with { ClipGradientNorm = clips ? 0.02 : null }, refuses: refuses);
        for (int step = 0; step < 4; step++)
        {
            (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, step);
            if (adds)
            {
                pair.Each(trainer => trainer.AccumulateGradients = true);
                pair.Each(trainer => trainer.Forward(input, default));
                pair.Each(trainer => trainer.Backward(target));
            }
            float loss = pair.OnProcessor.Step(input, target);
            pair.OnDevice.Enqueue(input, target);
            Assert.Equal(loss, pair.OnDevice.LastLoss);
        }
        if (refuses)
        {
            (float[] input, float[] target) = Samples(pair.NetOnDevice, Batch, 9);
            input[0] = 1e7f * Math.Sign(pair.NetOnDevice.First[0, 0]);
            pair.Each(trainer => Assert.Throws<ArithmeticException>(() => trainer.Enqueue(input, target)));
        }
        pair.AssertEqual();
    }

    /// <summary>What fails behind the caller's back is told at the next call, and older parameters are not taken for newer ones.</summary>
    [Fact]
    public void A_failure_is_told_by_the_next_call()
    {
        bool fails = false;
        using var driver = new SimulatedDriver(new DriverOptions
        {
            Intercept = (name, _) => fails && name is "cuEventSynchronize" or "cuEventQuery" ? SimulatedResult.LaunchFailed : null,
        });
        var net = new Scaling();
        ScalingTrainer trainer = net.CreateTrainer(Batch, new SGD(0.1), new TrainerOptions { Device = Of(driver) }, refuses: false);
        (float[] input, float[] target) = Samples(net, Batch, 1);
        trainer.Enqueue(input, target);
        fails = true;
        Assert.Contains("CUDA_ERROR_LAUNCH_FAILED", Assert.Throws<CudaException>(() => trainer.LastLoss).Message, StringComparison.Ordinal);
        fails = false;
        Assert.Contains("is lost to this process since a kernel failed",
            Assert.Throws<CudaException>(() => trainer.Enqueue(input, target)).Message, StringComparison.Ordinal);
        trainer.Dispose();
        Assert.StartsWith("The parameters of Scaling have changed on Simulated GPU last, and cannot be copied from there: ",
            Assert.Throws<CudaException>(() => net.First[0, 0]).Message, StringComparison.Ordinal);
    }
}
