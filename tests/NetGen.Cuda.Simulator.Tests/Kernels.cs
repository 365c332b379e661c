using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>Small kernels for tests of one thing.</summary>
internal static class Kernels
{
    public const string Head = ".version 7.8\n.target sm_80\n.address_size 64\n";

    /// <summary>
    /// A kernel of one pointer: <c>%out</c> is its address, <c>%t</c> the thread's number, <c>%at</c> where the thread's four bytes are.
    /// </summary>
    /// <param name="body">Declarations and instructions; registers <c>%r0…</c>, <c>%d0…</c>, <c>%f0…</c>, <c>%g0…</c>, <c>%h0…</c>, <c>%p0…</c> are there.</param>
    public static PtxKernel Read(string body, string target = "sm_80", string outside = "") =>
        PtxModule.Parse(Text(body, target, outside)).Kernels["test"];

    /// <summary>The module's text of such a kernel.</summary>
    public static string Text(string body, string target = "sm_80", string outside = "") => $$"""
            .version 7.8
            .target {{target}}
            .address_size 64
            {{outside}}
            .visible .entry test(.param .u64 out)
            .maxntid 1024, 1, 1
            {
                .reg .pred %p<8>;
                .reg .b16 %h<8>;
                .reg .b32 %r<32>, %t;
                .reg .b64 %d<16>, %out, %at, %bytes;
                .reg .f32 %f<32>;
                .reg .f64 %g<8>;
                ld.param.u64 %out, [out];
                cvta.to.global.u64 %out, %out;
                mov.u32 %t, %tid.x;
                mul.wide.u32 %bytes, %t, 4;
                add.s64 %at, %out, %bytes;
                {{body}}
                ret;
            }
            """;

    /// <summary>Runs a kernel over memory that the host has written, and gives the memory back.</summary>
    public static uint[] Run(string body, int threads = 32, int blocks = 1, uint[]? memory = null, string target = "sm_80", string outside = "",
        int sharedBytes = 0, int seed = 1)
    {
        memory ??= new uint[threads];
        using var gpu = new Gpu(seed);
        ulong address = gpu.Allocate(4L * memory.Length);
        gpu.Write<uint>(address, memory);
        gpu.Run(Read(body, target, outside), new LaunchShape((blocks, 1, 1), (threads, 1, 1), sharedBytes), address);
        return gpu.Read<uint>(address, memory.Length);
    }

    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
