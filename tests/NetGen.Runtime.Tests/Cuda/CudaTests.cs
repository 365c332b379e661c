using System.Text;
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
using SimulatedResult = NetGen.Cuda.Simulator.Driver.CudaResult;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>The GPU's runtime on a simulated driver: failures with their messages.</summary>
public sealed unsafe class CudaTests
{
    /// <summary>A kernel of three pointers.</summary>
    private const string Kernels = """
        .version 7.8
        .target sm_80
        .address_size 64
        .visible .entry accumulate(.param .u64 slot, .param .u64 sums, .param .u64 ring)
        .maxntid 32, 1, 1
        {
            .reg .b32 %lane, %x, %sum, %step, %place;
            .reg .b64 %slot, %sums, %ring, %offset, %at;
            .reg .pred %isFirst;
            ld.param.u64 %slot, [slot];
            ld.param.u64 %sums, [sums];
            ld.param.u64 %ring, [ring];
            mov.u32 %lane, %tid.x;
            mul.wide.u32 %offset, %lane, 4;
            add.u64 %at, %slot, %offset;
            ld.global.u32 %x, [%at+4];
            add.u64 %at, %sums, %offset;
            ld.global.u32 %sum, [%at];
            add.u32 %sum, %sum, %x;
            st.global.u32 [%at], %sum;
            setp.eq.u32 %isFirst, %lane, 0;
            @!%isFirst ret;
            ld.global.u32 %step, [%slot];
            and.b32 %place, %step, 63;
            mul.wide.u32 %offset, %place, 64;
            add.u64 %at, %ring, %offset;
            st.global.v2.u32 [%at], {%sum, %step};
            ret;
        }
        """;

    private static CudaPlatform Platform(SimulatedDriver driver) => new(new CudaDriver(driver.GetExport));

    [Fact]
    public void NoDriver()
    {
        string? why = CudaPlatform.WhyNot;
        if (why is null)
            return; // This machine has a GPU.
        Assert.Throws<PlatformNotSupportedException>(() => CudaPlatform.Current);
        Assert.Matches("(cannot be loaded: this machine has no NVIDIA driver)|NVIDIA driver|compute capability", why);
    }

    [Fact]
    public void AnOldDriver()
    {
        var missing = new HashSet<string> { "cuLaunchKernelEx" };
        using var lacking = new SimulatedDriver(new DriverOptions { Version = 11040, Missing = missing });
        Assert.Equal("The NVIDIA driver has no function 'cuLaunchKernelEx'; it is of CUDA 11.4, and 11.8 or later is needed.",
            Assert.Throws<PlatformNotSupportedException>(() => Platform(lacking)).Message);
        using var old = new SimulatedDriver(new DriverOptions { Version = 11070 });
        Assert.Equal("The NVIDIA driver is of CUDA 11.7, and 11.8 or later is needed.",
            Assert.Throws<PlatformNotSupportedException>(() => Platform(old)).Message);
        using var nothing = new SimulatedDriver(new DriverOptions { Missing = new HashSet<string> { "cuDriverGetVersion" } });
        Assert.Equal("The NVIDIA driver has no function 'cuDriverGetVersion'; a driver of CUDA 11.8 or later is needed.",
            Assert.Throws<PlatformNotSupportedException>(() => Platform(nothing)).Message);
    }

    [Fact]
    public void NoDevice()
    {
        using var driver = new SimulatedDriver(new DriverOptions { Devices = [] });
        Assert.Equal("The NVIDIA driver finds no GPU in this machine (or CUDA_VISIBLE_DEVICES hides it).",
            Assert.Throws<PlatformNotSupportedException>(() => Platform(driver)).Message);
    }

    [Fact]
    public void DevicesOfTheMachine()
    {
        using var driver = new SimulatedDriver(new DriverOptions
        {
            Devices = [new SimulatedDevice("Turing", 7, 5), new SimulatedDevice("Ampere", 8, 6, 1L << 30, 68)],
        });
        CudaPlatform platform = Platform(driver);
        Assert.Equal(new CudaDevice(1, "Ampere", 8, 6, 1L << 30, 68), platform.Devices[1]);
        Assert.Equal("Turing has compute capability 7.5, and 8.0 (Ampere) or later is needed.",
            Assert.Throws<PlatformNotSupportedException>(() => platform.Open(0)).Message);
        Assert.StartsWith("There is no GPU of this number; those of this machine are 0: Turing, 1: Ampere.",
            Assert.Throws<ArgumentOutOfRangeException>(() => platform.Open(2)).Message, StringComparison.Ordinal);
        Assert.Same(platform.Open(1), platform.Open(1));
    }

    [Fact]
    public void MemoryThatThereIsNot()
    {
        using var driver = new SimulatedDriver(new DriverOptions { Devices = [new SimulatedDevice(Memory: 10_000)] });
        CudaContext context = Platform(driver).Open(0);
        using var first = new DeviceBuffer(context, 6000, "the first");
        CudaException failure = Assert.Throws<CudaException>(() => new DeviceBuffer(context, 6000, "the activations"));
        Assert.Equal($"Simulated GPU has no {6000:N0} bytes for the activations: {4000:N0} of its {10_000:N0} bytes are free. "
            + "A smaller batch takes less.", failure.Message);
        Assert.Equal(NetGen.Cuda.CudaResult.OutOfMemory, failure.Result);
        Assert.Equal((4000, 10_000), context.Memory);
    }

    [Fact]
    public void KernelsThatTheDriverRefuses()
    {
        using var driver = new SimulatedDriver();
        CudaContext context = Platform(driver).Open(0);
        string wrong = Kernels.Replace("add.u32 %sum, %sum, %x;", "add.u32 %sum, %sum, %y;", StringComparison.Ordinal);
        CudaException failure = Assert.Throws<CudaException>(() => new CudaModule(context, Encoding.UTF8.GetBytes(wrong), "MnistConvNet"));
        Assert.Equal("The driver refuses the kernels of MnistConvNet for Simulated GPU: CUDA_ERROR_INVALID_PTX. It says: "
            + "PTX line 19: add.u32: there is no register %y\n    add.u32 %sum, %sum, %y;", failure.Message.ReplaceLineEndings("\n"));
        using var module = new CudaModule(context, Encoding.UTF8.GetBytes(Kernels), "MnistConvNet");
        Assert.Equal("Looking for the kernel 'other' on Simulated GPU: CUDA_ERROR_NOT_FOUND.",
            Assert.Throws<CudaException>(() => module.Find("other")).Message);
    }

    [Fact]
    public void AKernelThatFailsLosesTheContext()
    {
        using var driver = new SimulatedDriver();
        CudaContext context = Platform(driver).Open(0);
        using var module = new CudaModule(context, Encoding.UTF8.GetBytes(Kernels), "Accumulate");
        using var stream = new CudaStream(context);
        stream.Launch(module.Find("accumulate"), new CudaShape(1, 1, 1, 32), [0, 0, 0]);
        CudaException failure = Assert.Throws<CudaException>(stream.Synchronize);
        Assert.Equal("Waiting for a stream on Simulated GPU: CUDA_ERROR_ILLEGAL_ADDRESS.", failure.Message);
        CudaException later = Assert.Throws<CudaException>(() => new DeviceBuffer(context, 4, "anything"));
        Assert.Equal("Simulated GPU is lost to this process since a kernel failed: " + failure.Message, later.Message);
    }

    [Fact]
    public void ALaunchThatIsRefusedLosesNothing()
    {
        using var driver = new SimulatedDriver();
        CudaContext context = Platform(driver).Open(0);
        using var module = new CudaModule(context, Encoding.UTF8.GetBytes(Kernels), "Accumulate");
        using var stream = new CudaStream(context);
        CudaException failure = Assert.Throws<CudaException>(() =>
            stream.Launch(module.Find("accumulate"), new CudaShape(1, 1, 1, 64), [0, 0, 0]));
        Assert.Equal("Starting the kernel 'accumulate' on Simulated GPU: CUDA_ERROR_INVALID_VALUE.", failure.Message);
        stream.Synchronize();
    }

    [Fact]
    public void ARecordThatFailsLeavesItsStream()
    {
        using var driver = new SimulatedDriver();
        CudaContext context = Platform(driver).Open(0);
        using var stream = new CudaStream(context);
        using var memory = new DeviceBuffer(context, 4, "a number");
        Assert.Throws<TimeZoneNotFoundException>(() => CudaGraph.Capture(stream, () =>
        {
            stream.Fill(memory.Address, 1, 1);
            throw new TimeZoneNotFoundException();
        }));
        Assert.Contains("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", Assert.Throws<CudaException>(() =>
            CudaGraph.Capture(stream, () => new DeviceBuffer(context, 4, "more").Dispose())).Message, StringComparison.Ordinal);
        uint value = 0;
        stream.Fill(memory.Address, 7, 1);
        stream.CopyToHost(&value, memory.Address, 4);
        stream.Synchronize();
        Assert.Equal(7u, value);
    }

    [Fact]
    public void WhatWasDisposedOfSaysSo()
    {
        using var driver = new SimulatedDriver();
        CudaContext context = Platform(driver).Open(0);
        var stream = new CudaStream(context);
        var memory = new DeviceBuffer(context, 4, "a number");
        var @event = new CudaEvent(context);
        CudaGraph graph = CudaGraph.Capture(stream, () => stream.Fill(memory.Address, 1, 1));
        for (int i = 0; i < 2; i++)
        {
            graph.Dispose();
            @event.Dispose();
            memory.Dispose();
            stream.Dispose();
        }
        Assert.Throws<ObjectDisposedException>(stream.Synchronize);
        Assert.Throws<ObjectDisposedException>(() => memory.Address);
        Assert.Throws<ObjectDisposedException>(() => @event.IsDone);
        using var other = new CudaStream(context);
        Assert.Throws<ObjectDisposedException>(() => graph.Launch(other));
    }
}
