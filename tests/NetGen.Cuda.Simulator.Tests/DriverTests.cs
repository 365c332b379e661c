using System.Runtime.InteropServices;
using NetGen.Cuda.Simulator.Driver;
using NetGen.Cuda.Simulator.Machine;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>The driver's entry points: order, captures, memory.</summary>
public sealed unsafe class DriverTests
{
    /// <summary>Adds 1 to each of 32 numbers.</summary>
    private static readonly string Increment = Kernels.Text("ld.global.u32 %r1, [%at]; add.u32 %r1, %r1, 1; st.global.u32 [%at], %r1;");

    public static TheoryData<Eagerness, int> Orders
    {
        get
        {
            var orders = new TheoryData<Eagerness, int>();
            foreach (Eagerness eagerness in Enum.GetValues<Eagerness>())
            {
                for (int seed = 1; seed <= 5; seed++)
                    orders.Add(eagerness, seed);
            }
            return orders;
        }
    }

    private static DriverOptions Options(Eagerness eagerness, int seed = 1) => new() { Eagerness = eagerness, Seed = seed };

    [Theory]
    [MemberData(nameof(Orders))]
    public void CopiesAndKernelsOfAStreamGoInOrder(Eagerness eagerness, int seed)
    {
        using var api = new Api(Options(eagerness, seed));
        nint stream = api.Stream(), function = api.Function(Increment);
        ulong memory = api.Allocate(128);
        uint* slot = api.Pinned(32);
        for (uint i = 0; i < 32; i++)
            slot[i] = i;
        api.Check(api.ToDevice(memory, slot, 32, stream));
        for (int i = 0; i < 3; i++)
            api.Check(api.Launch(function, stream, memory));
        api.Check(api.ToHost(slot, memory, 32, stream));
        api.Check(api.Synchronize(stream));
        for (uint i = 0; i < 32; i++)
            Assert.Equal(i + 3, slot[i]);
        Assert.Equal(3, api.Driver.Launches);
    }

    [Fact]
    public void WhatIsReadBeforeItHasArrivedIsOld()
    {
        using var api = new Api();
        nint stream = api.Stream(), arrived = api.Event();
        ulong memory = api.Allocate(128);
        uint* slot = api.Pinned(32);
        api.Check(api.Fill(memory, 7, 32, stream));
        slot[0] = 1;
        api.Check(api.ToHost(slot, memory, 32, stream));
        api.Check(api.Record(arrived, stream));
        Assert.Equal(1u, slot[0]);
        api.Check(api.One("cuEventSynchronize", arrived));
        Assert.Equal(7u, slot[0]);
    }

    [Fact]
    public void ASlotThatIsWrittenTooEarlyChangesWhatArrives()
    {
        using var api = new Api();
        nint stream = api.Stream();
        ulong memory = api.Allocate(4), other = api.Allocate(4);
        uint* slot = api.Pinned(1);
        uint movable = 5;
        *slot = 5;
        api.Check(api.ToDevice(memory, slot, 1, stream));
        api.Check(api.ToDevice(other, &movable, 1, stream));
        *slot = movable = 6;
        api.Check(api.ToHost(slot, memory, 1, stream));
        api.Check(api.ToHost(&movable, other, 1, stream));
        api.Check(api.Synchronize(stream));
        Assert.Equal(6u, *slot);
        Assert.Equal(5u, movable);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void StreamsThatShareMemoryNeedAnEvent(Eagerness eagerness, int seed)
    {
        foreach (bool hasEvent in (bool[])[true, false])
        {
            using var api = new Api(Options(eagerness, seed));
            nint copies = api.Stream(), work = api.Stream(), copied = api.Event(), function = api.Function(Increment);
            ulong memory = api.Allocate(128);
            api.Check(api.Fill(memory, 1, 32, copies));
            if (hasEvent)
            {
                api.Check(api.Record(copied, copies));
                api.Check(api.Wait(work, copied));
            }
            // The order of the two is by chance; without an event it is a fault in either, as nothing was written or as a race.
            CudaResult launched = api.Launch(function, work, memory), finished = api.Synchronize(work);
            if (finished == CudaResult.Success)
                finished = api.One("cuStreamSynchronize", copies);
            if (hasEvent)
            {
                api.Check(launched);
                api.Check(finished);
                continue;
            }
            Assert.NotEqual(CudaResult.Success, finished);
            Assert.Contains(api.Driver.Fault!.Kind, (FaultKind[])[FaultKind.Race, FaultKind.Uninitialized]);
        }
    }

    [Fact]
    public void TheHostOrdersWhatItHasWaitedFor()
    {
        using var api = new Api();
        nint first = api.Stream(), second = api.Stream(), function = api.Function(Increment);
        ulong memory = api.Allocate(128);
        api.Check(api.Fill(memory, 1, 32, first));
        api.Check(api.Synchronize(first));
        api.Check(api.Launch(function, second, memory));
        api.Check(api.Synchronize(second));

        // A wait that comes after the launch was asked for orders nothing.
        api.Check(api.Fill(memory, 1, 32, first));
        api.Check(api.Launch(function, second, memory));
        api.Check(api.Synchronize(first));
        Assert.Equal(CudaResult.LaunchFailed, api.Synchronize(second));
        Assert.Equal(FaultKind.Race, api.Driver.Fault!.Kind);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void AGraphRepeatsItsCapture(Eagerness eagerness, int seed)
    {
        using var api = new Api(Options(eagerness, seed));
        nint stream = api.Stream(), function = api.Function(Increment);
        ulong memory = api.Allocate(128);
        uint* slot = api.Pinned(32);
        api.Check(api.BeginCapture(stream));
        api.Check(api.ToDevice(memory, slot, 32, stream));
        api.Check(api.Launch(function, stream, memory));
        api.Check(api.ToHost(slot, memory, 32, stream));
        api.Check(api.EndCapture(stream, out nint graph));
        Assert.Equal(0, api.Driver.Launches);
        nint exec = api.Instantiate(graph);
        api.Check(api.One("cuGraphDestroy", graph));
        for (uint i = 0; i < 32; i++)
            slot[i] = 10 * i;
        for (int i = 0; i < 5; i++)
            api.Check(api.LaunchGraph(exec, stream));
        api.Check(api.Synchronize(stream));
        for (uint i = 0; i < 32; i++)
            Assert.Equal(10 * i + 5, slot[i]);
        api.Check(api.One("cuGraphExecDestroy", exec));
        Assert.Equal(CudaResult.InvalidHandle, api.LaunchGraph(exec, stream));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void ACaptureThatForks(bool waitsBefore, bool joins)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            using var api = new Api(Options(Eagerness.Late, seed));
            nint main = api.Stream(), side = api.Stream(), forked = api.Event(), joined = api.Event(), function = api.Function(Increment);
            ulong memory = api.Allocate(128), other = api.Allocate(128);
            api.Check(api.BeginCapture(main));
            if (!waitsBefore)
                Fork();
            api.Check(api.Fill(memory, 1, 32, main));
            if (waitsBefore)
                Fork();
            api.Check(api.Launch(function, side, memory));
            api.Check(api.Fill(other, 1, 32, main));
            if (joins)
            {
                api.Check(api.Record(joined, side));
                api.Check(api.Wait(main, joined));
            }
            CudaResult ended = api.EndCapture(main, out nint graph);
            if (!joins)
            {
                Assert.Equal(CudaResult.StreamCaptureUnjoined, ended);
                continue;
            }
            api.Check(ended);
            api.Check(api.LaunchGraph(api.Instantiate(graph), main));
            CudaResult finished = api.Synchronize(main);
            if (waitsBefore)
                api.Check(finished);
            else
                Assert.NotEqual(CudaResult.Success, finished);

            void Fork()
            {
                api.Check(api.Record(forked, main));
                api.Check(api.Wait(side, forked));
            }
        }
    }

    [Theory]
    [InlineData("griddepcontrol.wait;", true)]
    [InlineData("", false)]
    [InlineData("griddepcontrol.launch_dependents;", false)]
    public void AKernelThatBeginsEarlyWaitsBeforeItReads(string first, bool isRight)
    {
        using var api = new Api(new DriverOptions { Devices = [new SimulatedDevice("Hopper", 9, 0)] });
        nint stream = api.Stream(), before = api.Function(Increment);
        nint function = api.Function(Kernels.Text(first + "ld.global.u32 %r1, [%at]; st.global.u32 [%at], %r1;", "sm_90"));
        ulong memory = api.Allocate(128);
        api.Check(api.Fill(memory, 1, 32, stream));
        api.Check(api.Launch(before, stream, memory));
        api.Check(api.LaunchEarly(function, stream, memory));
        CudaResult finished = api.Synchronize(stream);
        Assert.Equal(isRight ? CudaResult.Success : CudaResult.LaunchFailed, finished);
        if (!isRight)
            Assert.Contains("for which 'griddepcontrol.wait' was not waited", api.Driver.Fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Eagerness.Late)]
    [InlineData(Eagerness.ByChance)]
    public void WhoAsksAgainAndAgainGetsItsAnswer(Eagerness eagerness)
    {
        using var api = new Api(Options(eagerness));
        nint stream = api.Stream(), done = api.Event(), function = api.Function(Increment);
        ulong memory = api.Allocate(128);
        api.Check(api.Fill(memory, 1, 32, stream));
        for (int i = 0; i < 5; i++)
            api.Check(api.Launch(function, stream, memory));
        api.Check(api.Record(done, stream));
        int asked = 0;
        while (api.One("cuEventQuery", done) == CudaResult.NotReady)
            Assert.True(++asked < 100);
        Assert.Equal(5, api.Driver.Launches);
    }

    [Fact]
    public void MappedMemoryIsSeenByBoth()
    {
        using var api = new Api();
        nint stream = api.Stream(), function = api.Function(Increment);
        uint* slot = api.Pinned(32, flags: 2);
        ulong address;
        api.Check(((delegate* unmanaged<ulong*, nint, uint, CudaResult>)api.Find("cuMemHostGetDevicePointer_v2"))(&address, (nint)slot, 0));
        new Span<uint>(slot, 32).Fill(41);
        api.Check(api.Launch(function, stream, address));
        api.Check(api.Synchronize(stream));
        Assert.All(new Span<uint>(slot, 32).ToArray(), value => Assert.Equal(42u, value));
        Assert.Equal(CudaResult.InvalidValue,
            ((delegate* unmanaged<ulong*, nint, uint, CudaResult>)api.Find("cuMemHostGetDevicePointer_v2"))(&address, (nint)api.Pinned(4), 0));
    }

    [Fact]
    public void EverythingCanBeGivenBack()
    {
        using var api = new Api();
        int before = api.Driver.OpenHandles;
        nint stream = api.Stream(), @event = api.Event();
        ulong memory = api.Allocate(128);
        uint* slot = api.Pinned(4);
        api.Check(api.Load(Increment, out nint module, out _));
        Assert.Equal(before + 5, api.Driver.OpenHandles);
        api.Check(api.Fill(memory, 1, 32, stream));
        api.Check(api.One("cuEventDestroy_v2", @event));
        api.Check(api.One("cuStreamDestroy_v2", stream));
        api.Check(api.Free(memory));
        api.Check(api.One("cuMemFreeHost", (nint)slot));
        api.Check(api.One("cuModuleUnload", module));
        Assert.Equal(before, api.Driver.OpenHandles);
        Assert.Equal(CudaResult.InvalidHandle, api.Synchronize(stream));
        Assert.Equal(CudaResult.InvalidValue, api.Free(memory));
    }

    [Fact]
    public void DevicesTellOfThemselves()
    {
        using var api = new Api(new DriverOptions { Devices = [new SimulatedDevice("First"), new SimulatedDevice("Second", 9, 0, 1 << 20, 5)] });
        int count, major, processors;
        nuint bytes;
        byte* name = stackalloc byte[64];
        api.Check(((delegate* unmanaged<int*, CudaResult>)api.Find("cuDeviceGetCount"))(&count));
        var attribute = (delegate* unmanaged<int*, int, int, CudaResult>)api.Find("cuDeviceGetAttribute");
        api.Check(attribute(&major, 75, 1));
        api.Check(attribute(&processors, 16, 1));
        api.Check(((delegate* unmanaged<nuint*, int, CudaResult>)api.Find("cuDeviceTotalMem_v2"))(&bytes, 1));
        api.Check(((delegate* unmanaged<byte*, int, int, CudaResult>)api.Find("cuDeviceGetName"))(name, 64, 1));
        Assert.Equal((2, 9, 5, (nuint)(1 << 20)), (count, major, processors, bytes));
        Assert.Equal("Second", Marshal.PtrToStringUTF8((nint)name));
        Assert.Equal(CudaResult.InvalidDevice, attribute(&major, 75, 2));
        Assert.Equal(CudaResult.InvalidValue, attribute(&major, 9999, 1));
    }
}
