using System.Runtime.InteropServices;
using NetGen.Cuda.Simulator.Driver;
using NetGen.Cuda.Simulator.Machine;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>Calls that the driver refuses, and what is left behind them.</summary>
public sealed unsafe class DriverFailureTests
{
    [Fact]
    public void CallsBeforeTheStart()
    {
        using var api = new Api(isStarted: false);
        Assert.Equal(CudaResult.NotInitialized, api.Allocate(4, out _));
        Assert.Equal(CudaResult.NotInitialized, api.SetCurrent(0));
        api.Check(api.Init());
        Assert.Equal(CudaResult.InvalidContext, api.Allocate(4, out _));
    }

    [Fact]
    public void AMachineWithoutADevice()
    {
        using var api = new Api(new DriverOptions { Devices = [] }, isStarted: false);
        Assert.Equal(CudaResult.NoDevice, api.Init());
    }

    [Fact]
    public void AnOldDriver()
    {
        using var old = new SimulatedDriver(new DriverOptions { Missing = new HashSet<string> { "cuLaunchKernelEx" } });
        Assert.Equal(0, old.GetExport("cuLaunchKernelEx"));
        Assert.NotEqual(0, old.GetExport("cuLaunchKernel"));
        Assert.Equal(0, old.GetExport("cuNothingOfThisName"));

        using var api = new Api(new DriverOptions { Version = 11070 });
        Assert.Equal(CudaResult.UnsupportedPtxVersion, api.Load(Kernels.Text("ret;"), out _, out _));
        using var enough = new Api(new DriverOptions { Version = 11080 });
        enough.Check(enough.Load(Kernels.Text("ret;"), out _, out _));
    }

    [Fact]
    public void AnotherThreadHasNoContext()
    {
        using var api = new Api();
        CudaResult result = CudaResult.Success, after = CudaResult.NotReady;
        var thread = new Thread(() =>
        {
            result = api.Allocate(4, out _);
            api.SetCurrent(api.Context);
            after = api.Allocate(4, out _);
        });
        thread.Start();
        thread.Join();
        Assert.Equal((CudaResult.InvalidContext, CudaResult.Success), (result, after));
    }

    [Fact]
    public void MemoryThatThereIsNot()
    {
        using var api = new Api(new DriverOptions { Devices = [new SimulatedDevice(Memory: 1000)] });
        ulong memory = api.Allocate(600);
        Assert.Equal(CudaResult.OutOfMemory, api.Allocate(600, out _));
        nuint free, total;
        api.Check(((delegate* unmanaged<nuint*, nuint*, CudaResult>)api.Find("cuMemGetInfo_v2"))(&free, &total));
        Assert.Equal(((nuint)400, (nuint)1000), (free, total));
        api.Check(api.Free(memory));
        api.Allocate(1000);
        Assert.Equal(CudaResult.InvalidValue, api.Allocate(0, out _));
    }

    [Fact]
    public void ModulesThatAreRefused()
    {
        using var api = new Api();
        Assert.Equal(CudaResult.InvalidPtx, api.Load(Kernels.Text("add.f32 %f1, %f2, %f3;"), out _, out string log));
        Assert.Contains("without '.rn' the assembler may fuse it", log, StringComparison.Ordinal);
        Assert.Equal(CudaResult.InvalidPtx, api.Load(Kernels.Text("ret;", "sm_90"), out _, out _));
        api.Check(api.Load(Kernels.Text("ret;"), out nint module, out log));
        Assert.Equal("", log);
        Assert.Equal(CudaResult.NotFound, api.Function(module, "another", out _));
        Assert.Equal(CudaResult.InvalidHandle, api.Function(0x77, "test", out _));
    }

    [Fact]
    public void LaunchesThatAreRefusedLoseNothing()
    {
        using var api = new Api();
        nint stream = api.Stream(), function = api.Function(Kernels.Text("st.global.u32 [%at], 1;"));
        ulong memory = api.Allocate(128);
        Assert.Equal(CudaResult.InvalidValue, api.Launch(function, stream, memory, threads: 2000));
        Assert.Equal(CudaResult.InvalidValue, api.Launch(function, stream, memory, blocks: 0));
        Assert.Equal(CudaResult.InvalidValue, api.Launch(function, stream, memory, shared: 60_000));
        Assert.Equal(CudaResult.InvalidHandle, api.Launch(function, 0, memory));
        Assert.Equal(CudaResult.InvalidHandle, api.Launch(stream, stream, memory));
        api.Check(((delegate* unmanaged<nint, int, int, CudaResult>)api.Find("cuFuncSetAttribute"))(function, 8, 60_000));
        api.Check(api.Launch(function, stream, memory, shared: 60_000));
        api.Check(api.Synchronize(stream));
    }

    [Theory]
    [InlineData("st.global.u32 [%at+4], 1;", CudaResult.IllegalAddress)]
    [InlineData("st.global.u32 [%at+2], 1;", CudaResult.MisalignedAddress)]
    [InlineData("trap;", CudaResult.LaunchFailed)]
    [InlineData("ld.global.u32 %r1, [%at];", CudaResult.LaunchFailed)]
    public void AFaultLosesTheContext(string body, CudaResult expected)
    {
        using var api = new Api();
        nint stream = api.Stream(), function = api.Function(Kernels.Text(body));
        ulong memory = api.Allocate(128);
        api.Check(api.Launch(function, stream, memory));
        Assert.Equal(expected, api.Synchronize(stream));
        Assert.NotNull(api.Driver.Fault);
        Assert.Equal(expected, api.Synchronize(stream));
        Assert.Equal(expected, api.Allocate(4, out _));
        nint text;
        api.Check(((delegate* unmanaged<CudaResult, nint*, CudaResult>)api.Find("cuGetErrorName"))(expected, &text));
        string name = Marshal.PtrToStringUTF8(text)!;
        Assert.StartsWith("CUDA_ERROR_", name, StringComparison.Ordinal);
        Assert.Equal(expected.ToString(), name["CUDA_ERROR_".Length..].Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
    }

    [Fact]
    public void AnyCallCanBeMadeToFail()
    {
        using var api = new Api(new DriverOptions
        {
            Intercept = (name, before) => (name, before) switch
            {
                ("cuMemAlloc_v2", 1) => CudaResult.OutOfMemory,
                ("cuLaunchKernel", 2) => CudaResult.LaunchFailed,
                _ => null,
            },
        });
        nint stream = api.Stream(), function = api.Function(Kernels.Text("st.global.u32 [%at], 1;"));
        ulong memory = api.Allocate(128);
        Assert.Equal(CudaResult.OutOfMemory, api.Allocate(128, out _));
        api.Allocate(128);
        api.Check(api.Launch(function, stream, memory));
        api.Check(api.Launch(function, stream, memory));
        Assert.Equal(CudaResult.LaunchFailed, api.Launch(function, stream, memory));
        Assert.Equal(CudaResult.LaunchFailed, api.Synchronize(stream));
        Assert.Equal(3, api.Driver.Calls("cuLaunchKernel"));
    }

    public static TheoryData<string, CudaResult> InCapture => new()
    {
        { "allocate", CudaResult.StreamCaptureUnsupported },
        { "synchronize", CudaResult.StreamCaptureUnsupported },
        { "other stream", CudaResult.StreamCaptureUnsupported },
        { "movable", CudaResult.StreamCaptureUnsupported },
        { "outer event", CudaResult.StreamCaptureIsolation },
        { "again", CudaResult.StreamCaptureUnmatched },
    };

    [Theory]
    [MemberData(nameof(InCapture))]
    public void WhatACaptureDoesNotAllow(string what, CudaResult expected)
    {
        using var api = new Api();
        nint stream = api.Stream(), other = api.Stream(), outer = api.Event();
        ulong memory = api.Allocate(128);
        uint movable = 1;
        api.Check(api.Record(outer, other));
        api.Check(api.BeginCapture(stream));
        Assert.Equal(expected, what switch
        {
            "allocate" => api.Allocate(4, out _),
            "synchronize" => api.Synchronize(stream),
            "other stream" => api.Synchronize(other),
            "movable" => api.ToDevice(memory, &movable, 1, stream),
            "outer event" => api.Wait(stream, outer),
            _ => api.BeginCapture(stream),
        });
        // What would have waited ends the capture; what was only refused does not.
        bool isSpoilt = what is "allocate" or "synchronize" or "other stream";
        Assert.Equal(isSpoilt ? CudaResult.StreamCaptureInvalidated : CudaResult.Success, api.EndCapture(stream, out _));
        api.Check(api.Fill(memory, 1, 4, stream));
        api.Check(api.Synchronize(stream));
    }

    [Fact]
    public void ACaptureEndsWhereItBegan()
    {
        using var api = new Api();
        nint stream = api.Stream(), side = api.Stream(), forked = api.Event();
        Assert.Equal(CudaResult.InvalidValue, api.EndCapture(stream, out _));
        api.Check(api.BeginCapture(stream));
        api.Check(api.Record(forked, stream));
        api.Check(api.Wait(side, forked));
        Assert.Equal(CudaResult.StreamCaptureUnmatched, api.EndCapture(side, out _));
        Assert.Equal(CudaResult.StreamCaptureUnsupported, api.One("cuStreamDestroy_v2", side));
        CudaResult elsewhere = CudaResult.Success;
        var thread = new Thread(() =>
        {
            api.SetCurrent(api.Context);
            elsewhere = api.EndCapture(stream, out _);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(CudaResult.StreamCaptureWrongThread, elsewhere);
    }

    [Fact]
    public void ARaceBetweenAKernelAndACopyIsNamed()
    {
        using var api = new Api();
        nint work = api.Stream(), copies = api.Stream();
        nint function = api.Function(Kernels.Text("st.global.u32 [%at], 1;"));
        ulong memory = api.Allocate(128);
        api.Check(api.Launch(function, work, memory));
        api.Check(api.Fill(memory, 2, 32, copies));
        api.Check(api.Synchronize(work));
        Assert.Equal(CudaResult.LaunchFailed, api.Synchronize(copies));
        Assert.Equal(FaultKind.Race, api.Driver.Fault!.Kind);
        Assert.Contains("while test of another stream may still write it", api.Driver.Fault.Message, StringComparison.Ordinal);
    }
}
