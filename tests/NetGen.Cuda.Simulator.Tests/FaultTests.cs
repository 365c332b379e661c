using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using static NetGen.Cuda.Simulator.Tests.Kernels;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>One planted fault for each rule, and beside it what is right and alike.</summary>
public sealed class FaultTests
{
    private const string Tile = ".shared .align 16 .b32 s[64]; mov.u32 %r1, s; shl.b32 %r2, %t, 2; add.u32 %r1, %r1, %r2; ";

    /// <summary>What the neighbour wrote: <c>%r4</c> is its number.</summary>
    private const string ReadNeighbour =
        "xor.b32 %r3, %r2, 4; mov.u32 %r5, s; add.u32 %r3, %r3, %r5; ld.shared.u32 %r4, [%r3]; st.global.u32 [%at], %r4;";

    [Theory]
    // Bounds.
    [InlineData(FaultKind.Bounds, "ld.global.u32 %r1, [%at+4];", "accesses bytes 128 to 131 of an allocation of 128 bytes")]
    [InlineData(FaultKind.Bounds, "ld.global.u32 %r1, [%at+-4];", "where nothing is allocated")]
    [InlineData(FaultKind.Bounds, Tile + "st.shared.u32 [%r1+252], %t;", "accesses bytes 256 to 259 of 256 bytes of shared memory")]
    [InlineData(FaultKind.Bounds, "shl.b32 %r1, %t, 2; ld.const.u32 %r2, [%r1];", "reads bytes 8 to 11 of 8 bytes of constant memory")]
    [InlineData(FaultKind.Bounds, "mov.u32 %r1, 17; .shared .align 16 .b8 c[512]; shl.b32 %r2, %t, 4; cp.async.cg.shared.global [%r2], [%out], 16, %r1;",
        "copies 17 of 16 bytes")]
    // Alignment.
    [InlineData(FaultKind.Alignment, "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%out+4];", "accesses 16 bytes at")]
    [InlineData(FaultKind.Alignment, "mov.u16 %h1, 1; st.global.u16 [%out+1], %h1;", "accesses 2 bytes at")]
    [InlineData(FaultKind.Alignment, Tile + "cp.async.ca.shared.global [%r2], [%out+2], 4;", "copies 4 bytes from")]
    // What nothing wrote.
    [InlineData(FaultKind.Uninitialized, "add.u32 %r1, %r2, 1;", "a register has no value yet in the lanes FFFFFFFF")]
    [InlineData(FaultKind.Uninitialized, "setp.lt.u32 %p1, %t, 4; @%p1 mov.u32 %r1, 1; add.u32 %r2, %r1, 1;", "a register has no value yet in the lanes FFFFFFF0")]
    [InlineData(FaultKind.Uninitialized, "@%p1 mov.u32 %r1, 1;", "a register has no value yet")]
    [InlineData(FaultKind.Uninitialized, Tile + "ld.shared.u32 %r3, [%r1];", "of shared memory, which nothing wrote")]
    [InlineData(FaultKind.Uninitialized, Tile + "cp.async.ca.shared.global [%r1], [%at], 4; cp.async.commit_group; ld.shared.u32 %r3, [%r1];",
        "before a copy to it has been waited for")]
    [InlineData(FaultKind.Uninitialized, Tile + "cp.async.ca.shared.global [%r1], [%at], 4; cp.async.commit_group; cp.async.wait_group 1; ld.shared.u32 %r3, [%r1];",
        "before a copy to it has been waited for")]
    [InlineData(FaultKind.Uninitialized, Tile + "cp.async.ca.shared.global [%r1], [%at], 4; cp.async.wait_group 0; ld.shared.u32 %r3, [%r1];",
        "before a copy to it has been waited for")]
    [InlineData(FaultKind.Uninitialized, Tile + "cp.async.ca.shared.global [%r1], [%at], 4; st.shared.u32 [%r1], %t;", "writes byte")]
    // Races.
    [InlineData(FaultKind.Race, Tile + "st.shared.u32 [%r1], %t; " + ReadNeighbour, "with nothing between that orders them")]
    [InlineData(FaultKind.Race, Tile + "cp.async.ca.shared.global [%r1], [%at], 4; cp.async.wait_all; " + ReadNeighbour, "with nothing between that orders them")]
    [InlineData(FaultKind.Race, Tile + "st.shared.u32 [%r1], %t; bar.sync 0; " + ReadNeighbour + " st.shared.u32 [%r1], %t;", "was read by")]
    [InlineData(FaultKind.Race, "st.global.u32 [%out], %t;", "byte 0 of global memory is written by")]
    [InlineData(FaultKind.Race, "st.global.u32 [%at], %t; ld.global.nc.u32 %r1, [%at];", "is read by '.nc' in the launch that wrote it")]
    [InlineData(FaultKind.Race, "ld.global.u32 %r1, [%out]; st.global.u32 [%out], %r1;", "was read by")]
    [InlineData(FaultKind.Race, "red.global.add.u32 [%out], 1; st.global.u32 [%out], %t;", "was written by")]
    // Threads that have to be together.
    [InlineData(FaultKind.Divergence, "setp.lt.u32 %p1, %t, 8; @%p1 bar.sync 0;", "come to a barrier without the others")]
    [InlineData(FaultKind.Divergence, "setp.lt.u32 %p1, %t, 8; @%p1 bra A; bar.sync 0; bra B; A: mov.u32 %r1, 1; bar.sync 0; B:", "come to a barrier without the others")]
    [InlineData(FaultKind.Divergence, "setp.lt.u32 %p1, %t, 8; @%p1 shfl.sync.bfly.b32 %r1, %t, 1, 31, -1;", "the lanes FFFFFFFF are named, and the lanes 000000FF are there")]
    [InlineData(FaultKind.Divergence, "setp.lt.u32 %p1, %t, 8; @%p1 shfl.sync.bfly.b32 %r1, %t, 8, 31, 0xFF;", "lane 0 asks for the value of lane 8, which does not take part")]
    [InlineData(FaultKind.Divergence, "setp.lt.u32 %p1, %t, 8; @%p1 vote.sync.ballot.b32 %r1, %p1, 0xF;", "the lanes 0000000F are named")]
    [InlineData(FaultKind.Divergence, ".shared .align 16 .b8 m[512]; shl.b32 %r1, %t, 4; setp.lt.u32 %p1, %t, 16; @%p1 ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r2}, [%r1];",
        "all lanes of a warp must be at it, and the lanes 0000FFFF are")]
    // No end.
    [InlineData(FaultKind.Deadlock, "A: bra A;", "the kernel does not end")]
    // The rest.
    [InlineData(FaultKind.Arithmetic, "div.u32 %r1, 5, %t;", "division by 0")]
    [InlineData(FaultKind.Trap, "setp.eq.u32 %p1, %t, 3; @%p1 trap;", "the kernel stops itself")]
    public void IsFound(FaultKind kind, string body, string reason)
    {
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => RunLimited(body));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("test, block (0, 0, 0), warp 0: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"\n    line {fault.Line}: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Tile + "st.shared.u32 [%r1], %t; bar.sync 0; " + ReadNeighbour)]
    [InlineData(Tile + "st.shared.u32 [%r1], %t; bar.warp.sync -1; " + ReadNeighbour)]
    [InlineData(Tile + "cp.async.ca.shared.global [%r1], [%at], 4; cp.async.wait_all; bar.sync 0; " + ReadNeighbour)]
    [InlineData(Tile + "cp.async.ca.shared.global [%r1], [%at], 4; cp.async.commit_group; cp.async.commit_group; cp.async.wait_group 1; ld.shared.u32 %r3, [%r1];")]
    [InlineData(Tile + "st.shared.u32 [%r1], %t; bar.sync 0; " + ReadNeighbour + " bar.sync 0; st.shared.u32 [%r1], %t;")]
    [InlineData("red.global.add.u32 [%out], 1; atom.global.add.u32 %r1, [%out], 1;")]
    [InlineData("setp.lt.u32 %p1, %t, 8; @%p1 ret; setp.lt.u32 %p2, %t, 16; @%p2 shfl.sync.bfly.b32 %r1, %t, 1, 31, 0xFF00;")]
    [InlineData("cvt.u64.u32 %d2, %t; add.u64 %d1, %out, %d2; st.global.u8 [%d1], %t;")]
    public void IsRight(string body) => RunLimited(body);

    [Fact]
    public void WarpsThatPassDifferentBarriers()
    {
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() =>
            Run("setp.lt.u32 %p1, %t, 32; @%p1 bra A; bar.sync 0; bra B; A: bar.sync 1; B:", threads: 64));
        Assert.Equal(FaultKind.Deadlock, fault.Kind);
        fault = Assert.Throws<KernelFaultException>(() => Run("setp.lt.u32 %p1, %t, 32; @%p1 ret; bar.sync 0;", threads: 64));
        Assert.Equal(FaultKind.Deadlock, fault.Kind);
        Assert.Contains("has ended", fault.Message, StringComparison.Ordinal);
        fault = Assert.Throws<KernelFaultException>(() =>
            Run("setp.lt.u32 %p1, %t, 32; @%p1 bra A; bar.sync 0; bra B; A: bar.red.or.pred %p2, 0, %p1; B:", threads: 64));
        Assert.Equal(FaultKind.Deadlock, fault.Kind);
        Assert.Contains("ask different things", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void BlocksThatMeetInOneLaunch(int seed)
    {
        // Each block writes its own places, and reads the next one's.
        const string Own = "mov.u32 %r1, %ctaid.x; mul.wide.u32 %d1, %r1, 128; add.u64 %d2, %at, %d1; ";
        Run(Own + "st.global.u32 [%d2], %t;", blocks: 4, memory: new uint[128], seed: seed);
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() =>
            Run(Own + "st.global.u32 [%d2], %t; xor.b64 %d3, %d2, 128; ld.global.u32 %r2, [%d3];", blocks: 4, memory: new uint[128], seed: seed));
        Assert.Equal(FaultKind.Race, fault.Kind);
        fault = Assert.Throws<KernelFaultException>(() => Run("st.global.u32 [%at], 7;", blocks: 2, seed: seed));
        Assert.Equal(FaultKind.Race, fault.Kind);
    }

    [Fact]
    public void MemoryThatNothingWrote()
    {
        using var gpu = new Gpu();
        ulong address = gpu.Allocate(256);
        gpu.Write<uint>(address, new uint[32]);
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() =>
            gpu.Run(Read("ld.global.u32 %r1, [%at+4];"), new LaunchShape((1, 1, 1), (32, 1, 1)), address));
        Assert.Equal(FaultKind.Uninitialized, fault.Kind);
        fault = Assert.Throws<KernelFaultException>(() => gpu.Read<uint>(address, 64));
        Assert.Equal(FaultKind.Uninitialized, fault.Kind);
    }

    [Fact]
    public void MemoryThatWasFreed()
    {
        using var gpu = new Gpu(capacity: 1000);
        ulong address = gpu.Allocate(600);
        Assert.Equal(0ul, gpu.Allocate(600));
        gpu.Free(address);
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() =>
            gpu.Run(Read("st.global.u32 [%at], 1;"), new LaunchShape((1, 1, 1), (1, 1, 1)), address));
        Assert.Contains("which was freed", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => gpu.Free(address));
        Assert.NotEqual(0ul, gpu.Allocate(600));
    }

    /// <summary>Operations have numbers in the notes about memory, and there are not so many of them as a long training has steps.</summary>
    [Fact]
    public void MoreOperationsThanNumbers()
    {
        using var gpu = new Gpu { OperationLimit = 20 };
        ulong address = gpu.Allocate(128), unwritten = gpu.Allocate(128);
        gpu.Write<uint>(address, new uint[32]);
        PtxKernel increment = Read("ld.global.u32 %r1, [%at]; add.u32 %r1, %r1, 1; st.global.u32 [%at], %r1;");
        for (int i = 0; i < 100; i++)
            gpu.Run(increment, new LaunchShape((1, 1, 1), (32, 1, 1)), address);
        Assert.All(gpu.Read<uint>(address, 32), value => Assert.Equal(100u, value));
        Assert.Throws<KernelFaultException>(() => gpu.Read<uint>(unwritten, 1));
    }

    public static TheoryData<int, int, int, string> Launches => new()
    {
        { 0, 32, 0, "a grid of 0 × 1 × 1 blocks" },
        { 1, 0, 0, "0 × 1 × 1 threads, and the kernel allows 1024" },
        { 1, 1025, 0, "1025 × 1 × 1 threads, and the kernel allows 1024" },
        { 1, 32, 300_000, "0 + 300000 bytes of shared memory, and a block has 232448" },
    };

    [Theory]
    [MemberData(nameof(Launches))]
    public void LaunchesThatTheKernelDoesNotAllow(int blocks, int threads, int shared, string reason)
    {
        using var gpu = new Gpu();
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() =>
            gpu.Run(Read(""), new LaunchShape((blocks, 1, 1), (threads, 1, 1), shared), 0ul));
        Assert.Equal(FaultKind.Launch, fault.Kind);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ArgumentsThatDoNotFit()
    {
        using var gpu = new Gpu();
        var shape = new LaunchShape((1, 1, 1), (32, 1, 1));
        PtxKernel kernel = Read("");
        Assert.Contains("'out' has 8 bytes, and its argument 4",
            Assert.Throws<KernelFaultException>(() => gpu.Run(kernel, shape, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("has 1 parameters, and 2 arguments are given",
            Assert.Throws<KernelFaultException>(() => gpu.Run(kernel, shape, 1ul, 2ul)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AccessesAreCounted()
    {
        // Lanes 4 bytes apart, 128 bytes apart (all in one bank), and 16 bytes a lane.
        const string Large = ".shared .align 16 .b8 s[4096]; mov.u32 %r1, s; ";
        Assert.Equal((1, 1), Shared(Large + "mad.lo.u32 %r2, %t, 4, %r1; st.shared.u32 [%r2], %t;"));
        Assert.Equal((1, 32), Shared(Large + "mad.lo.u32 %r2, %t, 128, %r1; st.shared.u32 [%r2], %t;"));
        Assert.Equal((1, 4), Shared(Large + "mad.lo.u32 %r2, %t, 16, %r1; st.shared.v4.u32 [%r2], {%t, %t, %t, %t};"));
        Assert.Equal(4, Count("st.global.u32 [%at], %t;").GlobalSectors);
        Assert.Equal(1, Count("ld.global.u32 %r1, [%out];").GlobalSectors);

        static (long Accesses, long Cycles) Shared(string body)
        {
            Statistics statistics = Count(body);
            return (statistics.SharedAccesses, statistics.SharedCycles);
        }

        static Statistics Count(string body)
        {
            using var gpu = new Gpu();
            ulong address = gpu.Allocate(128);
            gpu.Write<uint>(address, new uint[32]);
            return gpu.Run(Read(body), new LaunchShape((1, 1, 1), (32, 1, 1)), address);
        }
    }

    private static void RunLimited(string body)
    {
        using var gpu = new Gpu { InstructionLimit = 10_000 };
        ulong address = gpu.Allocate(128);
        gpu.Write<uint>(address, new uint[32]);
        gpu.Run(Read(body, outside: ".const .b32 c[2] = {1, 2};"), new LaunchShape((1, 1, 1), (32, 1, 1)), address);
    }
}
