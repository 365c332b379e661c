using NetGen.Checks;
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
using SimulatedResult = NetGen.Cuda.Simulator.Driver.CudaResult;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>Sessions of generated networks on the simulated GPU.</summary>
public sealed class SessionTests
{
    private static Device Of(SimulatedDriver driver) => Device.Of(new CudaPlatform(new CudaDriver(driver.GetExport)));

    public static TheoryData<string, Eagerness> Networks
    {
        get
        {
            var all = new TheoryData<string, Eagerness>();
            foreach ((string name, _) in DeviceCheck.Networks)
            {
                foreach (Eagerness eagerness in Enum.GetValues<Eagerness>())
                    all.Add(name, eagerness);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void AgreeWithTheProcessor(string name, Eagerness eagerness)
    {
        using var driver = new SimulatedDriver(new DriverOptions { Eagerness = eagerness });
        Assert.InRange(DeviceCheck.Run(DeviceCheck.Networks.Single(network => network.Name == name).Create(), Of(driver),
            Precision.Float32, 1, 3, 17), 0, 1e-5);
        Assert.Null(driver.Fault);
    }

    /// <summary>Of more numbers of samples than graphs are kept, in turns; at last all is given back but kernels and parameters.</summary>
    [Fact]
    public void AnyNumberOfSamples()
    {
        using var driver = new SimulatedDriver();
        Device device = Of(driver);
        var net = new Perceptron(seed: 1);
        using (net.CreateSession(1, new SessionOptions { Device = device }))
        {
        }
        int before = driver.OpenHandles;
        Assert.InRange(DeviceCheck.Run(net, device, Precision.Float32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 10, 4, 1), 0, 1e-5);
        Assert.Equal(before, driver.OpenHandles);
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void WhatRunsIsSaid()
    {
        using var driver = new SimulatedDriver();
        using Perceptron.Session session = new Perceptron(seed: 1).CreateSession(100, new SessionOptions { Device = Of(driver) });
        Assert.Equal("Simulated GPU, Float32: 4 kernels, 0.1 MB of activations, 0 MB of parameters", session.Schedule);
        Assert.Equal("cuda:0", session.Device.ToString());
        Assert.Equal(1, session.Threads);
    }

    /// <summary>Products of a tile or more are of rounded numbers then, and all else is as it was.</summary>
    [Theory]
    [InlineData(Precision.TF32)]
    [InlineData(Precision.BFloat16)]
    public void ProductsOfAPrecision(Precision precision)
    {
        using var driver = new SimulatedDriver();
        Device device = Of(driver);
        var net = new Perceptron(seed: 1);
        Assert.InRange(DeviceCheck.Run(net, device, precision, 1, 3, 17), 1e-5, 1e-2);
        Assert.InRange(DeviceCheck.Train(() => new Perceptron(seed: 1), device, precision), 0, 1e-1);
        // Sessions of several precisions side by side have the same parameters.
        using Perceptron.Session session = net.CreateSession(100, new SessionOptions { Device = device, Precision = precision }),
            other = net.CreateSession(100, new SessionOptions { Device = device });
        Assert.Equal($"Simulated GPU, {precision}: 4 kernels, 0.1 MB of activations, 0 MB of parameters", session.Schedule);
        Assert.Equal(precision, session.Precision);
        Assert.Equal(Precision.Float32, other.Precision);
        float[] input = Floats.Random(Perceptron.InputSize, 1), first = new float[Perceptron.OutputSize],
            second = new float[Perceptron.OutputSize];
        session.Forward(input, first);
        other.Forward(input, second);
        Assert.NotEqual(first, second);
        Assert.Null(driver.Fault);
    }

    /// <summary>A network without a product that tensor cores compute has the same kernels, and the same bits.</summary>
    [Fact]
    public void APrecisionOfANetworkOfSmallProducts()
    {
        using var driver = new SimulatedDriver();
        Device device = Of(driver);
        var net = new Ports(seed: 1);
        float[][] results = [.. Enum.GetValues<Precision>().Select(precision =>
        {
            using Ports.Session session = net.CreateSession(1, new SessionOptions { Device = device, Precision = precision });
            float[] sum = new float[8], scores = new float[3];
            session.Forward(Floats.Random(6, 1), Floats.Random(8, 2), sum, scores);
            return scores;
        })];
        Assert.All(results, scores => Assert.Equal(results[0], scores));
    }

    /// <summary>As a service does that reads while another thread loads new parameters.</summary>
    [Fact]
    public async Task SessionsSideBySideSeeWholeParameters()
    {
        using var driver = new SimulatedDriver(new DriverOptions { HasChecks = false });
        Device device = Of(driver);
        var net = new Ports(seed: 1);
        foreach (Parameter parameter in net.Parameters)
            parameter.Fill(0);
        Parameter bias = net.Parameters.Single(parameter => parameter.Name == "linear2.bias");
        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(1, 3).Select(samples => Task.Run(() =>
        {
            using Ports.Session session = net.CreateSession(samples, new SessionOptions { Device = device });
            float[] sum = new float[8 * samples], scores = new float[3 * samples];
            float last = 0;
            while (!done.IsCancellationRequested)
            {
                session.Forward(new float[6 * samples], new float[8 * samples], sum, scores);
                Assert.All(scores, score => Assert.Equal(scores[0], score));
                Assert.True(scores[0] >= last);
                last = scores[0];
            }
            Assert.True(last > 0);
        }))];
        for (int value = 1; value <= 200; value++)
        {
            bias.Fill(value);
            await Task.Delay(5);
        }
        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void OptionsThatMeanNothingThere()
    {
        using var driver = new SimulatedDriver();
        var net = new Perceptron(seed: 1);
        Device device = Of(driver);
        Assert.StartsWith("VectorWidth is Vector256, but cuda:0 has no vectors to choose: expected Auto.", Assert.Throws<ArgumentException>(
            () => net.CreateSession(1, new SessionOptions { Device = device, VectorWidth = VectorWidth.Vector256 })).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Threads is 2, but on cuda:0 threads have no work to share: expected 1.", Assert.Throws<ArgumentException>(
            () => net.CreateSession(1, new SessionOptions { Device = device, Threads = 2 })).Message, StringComparison.Ordinal);
        Assert.StartsWith("Precision is 3; expected one of Float32, TF32, BFloat16.", Assert.Throws<ArgumentException>(
            () => net.CreateSession(1, new SessionOptions { Device = device, Precision = (Precision)3 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cuda(-1));
    }

    [Fact]
    public void MemoryThatThereIsNot()
    {
        using var driver = new SimulatedDriver(new DriverOptions { Devices = [new SimulatedDevice(Memory: 200_000)] });
        Device device = Of(driver);
        var net = new Perceptron(seed: 1);
        using (net.CreateSession(1, new SessionOptions { Device = device }))
        {
        }
        int before = driver.OpenHandles;
        CudaException failure = Assert.Throws<CudaException>(() => net.CreateSession(100_000, new SessionOptions { Device = device }));
        Assert.Matches("^Simulated GPU has no .* bytes for the activations of .* samples: .* There is room for batches of at most "
            + "[0-9]+\\.$",
            failure.Message);
        Assert.Equal(before, driver.OpenHandles);
        int most = int.Parse(failure.Message.Split("at most ")[1].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture);
        using (net.CreateSession(most, new SessionOptions { Device = device }))
        {
        }
        Assert.Throws<CudaException>(() => net.CreateSession(most + 1, new SessionOptions { Device = device }));
    }

    /// <summary>A kernel that fails loses the GPU; the network is as it was, and goes on on the processor.</summary>
    [Fact]
    public void AKernelThatFails()
    {
        using var driver = new SimulatedDriver(new DriverOptions
        {
            Intercept = (name, before) => name == "cuStreamSynchronize" && before == 3 ? SimulatedResult.LaunchFailed : null,
        });
        var net = new Perceptron(seed: 1);
        using Perceptron.Session session = net.CreateSession(1, new SessionOptions { Device = Of(driver) }), own = net.CreateSession(1);
        float[] input = new float[50], output = new float[10], expected = new float[10];
        CudaException? failure = null;
        for (int i = 0; i < 6 && failure is null; i++)
        {
            try
            {
                session.Forward(input, output);
            }
            catch (CudaException exception)
            {
                failure = exception;
            }
        }
        Assert.StartsWith("Waiting for a stream on Simulated GPU: CUDA_ERROR_LAUNCH_FAILED", failure?.Message, StringComparison.Ordinal);
        Assert.Contains("is lost to this process since a kernel failed", Assert.Throws<CudaException>(
            () => session.Forward(input, output)).Message, StringComparison.Ordinal);
        own.Forward(input, expected);
        Assert.Equal(1, expected.Sum(), 1e-5f);
    }

    [Fact]
    public void AGraphThatDoesNotStartLeavesTheSession()
    {
        using var driver = new SimulatedDriver(new DriverOptions
        {
            Intercept = (name, before) => name == "cuGraphLaunch" && before == 1 ? SimulatedResult.OutOfMemory : null,
        });
        var net = new Perceptron(seed: 1);
        using Perceptron.Session session = net.CreateSession(1, new SessionOptions { Device = Of(driver) });
        float[] input = new float[50], first = new float[10], output = new float[10];
        session.Forward(input, first);
        Assert.Equal("Starting a graph on Simulated GPU: CUDA_ERROR_OUT_OF_MEMORY.", Assert.Throws<CudaException>(
            () => session.Forward(input, output)).Message);
        Assert.Equal(new float[10], output);
        session.Forward(input, output);
        Assert.Equal(first, output);
    }

    [Fact]
    public void WhatIsDisposedOfSaysSo()
    {
        using var driver = new SimulatedDriver();
        Perceptron.Session session = new Perceptron(seed: 1).CreateSession(1, new SessionOptions { Device = Of(driver) });
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Forward(new float[50], new float[10]));
    }

    /// <summary>Kernels count values of all samples in 32 bits; what they cannot count is refused before memory is asked for.</summary>
    [Fact]
    public void Batches_beyond_what_kernels_count_are_refused()
    {
        using var driver = new SimulatedDriver();
        Device device = Of(driver);
        var net = new Perceptron(seed: 1);
        int most = int.MaxValue / 70;
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => net.CreateSession(most + 1, new SessionOptions { Device = device }));
        Assert.StartsWith($"This is too large a batch of Perceptron for a GPU: the largest value of a sample has 70 numbers, and kernels count "
            + $"up to 2³¹ of them: at most {most:N0} samples.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("maxBatch", refused.ParamName);
        int allocations = driver.Calls("cuMemAlloc_v2");
        Assert.Throws<ArgumentOutOfRangeException>(() => net.CreateSession(most + 1, new SessionOptions { Device = device }));
        Assert.Equal(allocations, driver.Calls("cuMemAlloc_v2"));
        using ISession session = net.CreateSession(2, new SessionOptions { Device = device });
    }
}
