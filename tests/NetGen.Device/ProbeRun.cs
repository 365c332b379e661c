using System.Globalization;
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Checks;

/// <summary>Instructions on a GPU, and by the tests' interpreter: on the same bits they give the same bits.</summary>
internal static unsafe class ProbeRun
{
    private const int Blocks = 64;

    /// <summary>Numbers at which something changes: zeros, the smallest and largest, infinities, and what is no number.</summary>
    private static readonly float[] s_special = [0, -0f, float.Epsilon, -1e-40f, 1.17549435e-38f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1, -1, 0.5f, 2147483648f, -2147483648f, 1.5f];

    /// <summary>Runs all probes; what differs is said of each, and stops no other.</summary>
    /// <returns>Faults, in words.</returns>
    public static IReadOnlyList<string> Run(Device device, IReadOnlyList<Probe> probes)
    {
        string text = ProbeKernel.Module(probes);
        PtxModule model = PtxModule.Parse(text);
        CudaContext context = device.Open();
        using var module = new CudaModule(context, System.Text.Encoding.UTF8.GetBytes(text), "Probes");
        using var stream = new CudaStream(context);
        var faults = new List<string>();
        for (int i = 0; i < probes.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"probe{i}");
            ulong[] given = Numbers(probes[i], seed: i);
            ulong[] expected = Interpret(model.Kernels[name], given, ProbeKernel.Writes(probes[i]));
            ulong[] actual = Launch(context, stream, module.Find(name), given, ProbeKernel.Writes(probes[i]));
            if (Fault(probes[i], given, expected, actual) is { } fault)
                faults.Add(fault);
        }
        return faults;
    }

    private static ulong[] Interpret(PtxKernel kernel, ulong[] given, int writes)
    {
        using var gpu = new Gpu();
        ulong from = gpu.Upload(given), to = gpu.Upload(new ulong[Blocks * ProbeKernel.Threads * writes]);
        gpu.Run(kernel, new LaunchShape((Blocks, 1, 1), (ProbeKernel.Threads, 1, 1)), from, to);
        return gpu.Read<ulong>(to, Blocks * ProbeKernel.Threads * writes);
    }

    private static ulong[] Launch(CudaContext context, CudaStream stream, CudaFunction kernel, ulong[] given, int writes)
    {
        var result = new ulong[Blocks * ProbeKernel.Threads * writes];
        using var from = new DeviceBuffer(context, sizeof(ulong) * (long)given.Length, "operands");
        using var to = new DeviceBuffer(context, sizeof(ulong) * (long)result.Length, "results");
        using var host = new PinnedBuffer(context, sizeof(ulong) * (long)Math.Max(given.Length, result.Length), "operands and results");
        given.CopyTo(new Span<ulong>(host.Pointer, given.Length));
        stream.CopyToDevice(from.Address, host.Pointer, from.Bytes);
        stream.Fill(to.Address, 0, to.Bytes / sizeof(uint));
        stream.Launch(kernel, new CudaShape(Blocks, 1, 1, ProbeKernel.Threads), [from.Address, to.Address]);
        stream.Synchronize();
        stream.CopyToHost(host.Pointer, to.Address, to.Bytes);
        stream.Synchronize();
        new ReadOnlySpan<ulong>(host.Pointer, result.Length).CopyTo(result);
        return result;
    }

    private static ulong[] Numbers(Probe probe, int seed)
    {
        var random = new Random(seed);
        string[] types = [.. probe.Operands.SelectMany(type => Enumerable.Repeat(ProbeKernel.Element(type), ProbeKernel.Count(type)))];
        return [.. Enumerable.Range(0, Blocks * ProbeKernel.Threads).SelectMany(_ => types.Select(type => Number(random, type, probe)))];
    }

    private static ulong Number(Random random, string type, Probe probe) => type switch
    {
        "pred" => (ulong)random.Next(2),
        "divisor" => 1 + (random.Next(2) == 0 ? (ulong)random.Next(1000) : (uint)random.NextInt64(uint.MaxValue)),
        // All that is behind eleven digits is zero; and sums of products have one size.
        "tf32" => BitConverter.SingleToUInt32Bits(random.NextSingle() + 0.5f) & 0xFFFF_E000,
        // Two of eight digits each.
        "bf16" => (BitConverter.SingleToUInt32Bits(random.NextSingle() + 0.5f) & 0xFFFF_0000)
            | (BitConverter.SingleToUInt32Bits(random.NextSingle() + 0.5f) >> 16),
        "f32" when probe.IsProduct => BitConverter.SingleToUInt32Bits(random.NextSingle() - 0.5f),
        "f32" => BitConverter.SingleToUInt32Bits(random.Next(8) switch
        {
            0 => s_special[random.Next(s_special.Length)],
            < 3 => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)),
            _ => (random.NextSingle() - 0.5f) * MathF.Exp(20 * random.NextSingle() - 10),
        }),
        "f64" => BitConverter.DoubleToUInt64Bits(random.Next(8) switch
        {
            0 => s_special[random.Next(s_special.Length)],
            < 3 => BitConverter.UInt64BitsToDouble((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
            _ => (random.NextDouble() - 0.5) * Math.Exp(50 * random.NextDouble() - 25),
        }),
        // Shifts by more than there are digits too.
        "b32" => random.Next(4) == 0 ? (ulong)random.Next(70) : (uint)random.NextInt64(1L << 32),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

    /// <summary>What is wrong with results, in words; null where nothing is.</summary>
    internal static string? Fault(Probe probe, ulong[] given, ulong[] expected, ulong[] actual)
    {
        string type = ProbeKernel.Element(probe.Result);
        int faults = 0, first = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            if (Agree(type, expected[i], actual[i], probe.IsProduct))
                continue;
            first = first < 0 ? i : first;
            faults++;
        }
        if (faults == 0)
            return null;
        int thread = first / ProbeKernel.Writes(probe), reads = ProbeKernel.Reads(probe);
        return string.Create(CultureInfo.InvariantCulture, $"{probe.Form}: {faults} of {expected.Length} results differ; the first is "
            + $"{actual[first]:X}, expected {expected[first]:X}, of {string.Join(", ", given.Skip(thread * reads).Take(reads).Select(
                number => number.ToString("X", CultureInfo.InvariantCulture)))}.");
    }

    private static bool Agree(string type, ulong expected, ulong actual, bool isProduct)
    {
        if (type == "f64")
            return expected == actual || (double.IsNaN(BitConverter.UInt64BitsToDouble(expected))
                && double.IsNaN(BitConverter.UInt64BitsToDouble(actual)));
        if (type != "f32")
            return expected == actual;
        float a = BitConverter.UInt32BitsToSingle((uint)expected), b = BitConverter.UInt32BitsToSingle((uint)actual);
        // Sixteen products below 2.25 and one number: tensor cores cut off below 2⁻²² of the largest sum.
        return (uint)expected == (uint)actual || (float.IsNaN(a) && float.IsNaN(b)) || (isProduct && Math.Abs(a - b) <= 40f / (1 << 22));
    }
}
