using System.Numerics;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>
/// PTX that clang made of <c>fixtures/kernels.cu</c>: text that nobody wrote for this machine. Results are compared by their bits with
/// the same formulas in C#.
/// </summary>
public sealed class CompiledKernelTests
{
    private static readonly PtxModule Module =
        PtxModule.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "kernels.ptx")));

    [Fact]
    public void TheModuleIsRead()
    {
        Assert.Equal(new Version(7, 8), Module.Version);
        Assert.Equal(80, Module.Target);
        Assert.Equal(["collatz", "conversions", "gemm", "histogram", "integers", "rows", "windows"], Module.Kernels.Keys.Order());
        Assert.Equal(16 * 16 * 4 + 16 * 17 * 4, Module.Kernels["gemm"].SharedBytes);
        Assert.Equal([8, 8, 8, 8, 4, 4, 4], Module.Kernels["gemm"].Parameters.Select(p => p.Bytes));
        Assert.Equal([0, 8, 16, 24, 32, 36, 40], Module.Kernels["gemm"].Parameters.Select(p => p.Offset));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(16, 16, 16)]
    [InlineData(33, 50, 70)]
    [InlineData(64, 31, 129)]
    public void Product(int rows, int columns, int depth)
    {
        using var gpu = new Gpu(seed: rows);
        float[] a = Numbers(rows * depth, 1), b = Numbers(depth * columns, 2), bias = Numbers(columns, 3);
        ulong c = gpu.Allocate(4L * rows * columns);
        Statistics statistics = gpu.Run(Module.Kernels["gemm"], new LaunchShape(((columns + 15) / 16, (rows + 15) / 16, 1), (256, 1, 1)),
            gpu.Upload(a), gpu.Upload(b), gpu.Upload(bias), c, rows, columns, depth);

        float[] result = gpu.Read<float>(c, rows * columns);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float sum = 0;
                for (int k = 0; k < depth; k++)
                    sum = MathF.FusedMultiplyAdd(a[row * depth + k], b[k * columns + column], sum);
                // Tiles go on with zeros beyond the depth, which change no bit of a sum that is not −0.
                sum += bias[column];
                Assert.Equal(sum > 0 ? sum : 0, result[row * columns + column]);
            }
        }
        int blocks = (rows + 15) / 16 * ((columns + 15) / 16), steps = (depth + 15) / 16;
        Assert.Equal(8L * blocks * steps * 16, statistics.FusedMultiplyAdds);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(77)]
    [InlineData(1)]
    public void MaximumAndSumOfRows(int columns)
    {
        const int Rows = 12;
        using var gpu = new Gpu();
        float[] x = Numbers(Rows * columns, 5);
        ulong largest = gpu.Allocate(4 * Rows), sums = gpu.Allocate(4 * Rows);
        gpu.Run(Module.Kernels["rows"], new LaunchShape((Rows / 4, 1, 1), (128, 1, 1)), gpu.Upload(x), largest, sums, columns);

        float[] tops = gpu.Read<float>(largest, Rows), totals = gpu.Read<float>(sums, Rows);
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> values = x.AsSpan(row * columns, columns);
            float top = float.NegativeInfinity;
            var lanes = new float[32];
            for (int i = 0; i < columns; i++)
            {
                top = Math.Max(top, values[i]);
                lanes[i % 32] += values[i];
            }
            for (int step = 16; step > 0; step /= 2)
            {
                for (int lane = 0; lane + step < 32; lane++)
                    lanes[lane] += lanes[lane + step];
            }
            Assert.Equal(top, tops[row]);
            Assert.Equal(lanes[0], totals[row]);
        }
    }

    [Fact]
    public void Histogram()
    {
        using var gpu = new Gpu();
        var bytes = new byte[10_000];
        new Random(4).NextBytes(bytes);
        ulong bins = gpu.Allocate(4 * 256);
        gpu.Write<int>(bins, new int[256]);
        gpu.Run(Module.Kernels["histogram"], new LaunchShape((7, 1, 1), (256, 1, 1)), gpu.Upload(bytes), bytes.Length, bins);

        int[] expected = new int[256];
        foreach (byte value in bytes)
            expected[value]++;
        Assert.Equal(expected, gpu.Read<int>(bins, 256));
    }

    [Fact]
    public void WholeNumbers()
    {
        const int Count = 256;
        using var gpu = new Gpu();
        var random = new Random(9);
        int[] special = [1, -1, 2, 31, 32, 33, 63, 64, int.MaxValue, int.MinValue + 1, 0x00FF00FF, -65536];
        int[] a = new int[Count], b = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            a[i] = i < 144 ? special[i / 12] : random.Next(int.MinValue, int.MaxValue);
            b[i] = i < 144 ? special[i % 12] : random.Next(1, int.MaxValue) >> random.Next(31) | 1;
        }
        ulong results = gpu.Allocate(8 * 24 * Count);
        gpu.Run(Module.Kernels["integers"], new LaunchShape((Count / 64, 1, 1), (64, 1, 1)), gpu.Upload(a), gpu.Upload(b), results);

        long[] r = gpu.Read<long>(results, 24 * Count);
        for (int i = 0; i < Count; i++)
            Assert.Equal(Expected(a[i], b[i]), r[(i * 24)..(i * 24 + 24)]);

        static long[] Expected(int x, int y)
        {
            uint ux = (uint)x, uy = (uint)y;
            long both = (long)x << 32 | uy;
            return
            [
                x / y, x % y, ux / uy, ux % uy, (long)x * y, (long)((ulong)ux * uy), ux << (y & 31), x >> (y & 31), ux >> (y & 31),
                Math.Min(x, y), Math.Max(ux, uy), BitOperations.PopCount(ux), BitOperations.LeadingZeroCount(ux), Reverse(ux, 32),
                (y | 1) == -1 ? -both : both / (y | 1), (y | 1) == -1 ? 0 : both % (y | 1), (long)((ulong)both >> (y & 63)), Math.Abs(x),
                (ux & 0xFF00FF) ^ (uy | ~ux), (short)x * (short)y, (sbyte)x, BitOperations.RotateLeft(ux, y & 31),
                (int)((long)x * y >> 32), Reverse((ulong)ux << 32 | uy, 64),
            ];
        }

        static long Reverse(ulong value, int bits)
        {
            ulong result = 0;
            for (int i = 0; i < bits; i++)
                result |= (value >> i & 1) << (bits - 1 - i);
            return (long)result;
        }
    }

    [Fact]
    public void Conversions()
    {
        float[] a = [0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 7.75f, -7.25f, 1e9f, 16777217f, 3.4e38f, 1e-40f, 0.1f, -0f, 123.456f, 2147483000f, 1f];
        double[] b = [0.1, -0.1, 1e300, 1e-310, 16777217, -16777219, 4e9, 1.5, 2.5, 1e18, -3e18, 0.5, 1e40, 33554433.5, -1, 7];
        using var gpu = new Gpu();
        ulong results = gpu.Allocate(8 * 14 * 16);
        gpu.Run(Module.Kernels["conversions"], new LaunchShape((1, 1, 1), (16, 1, 1)), gpu.Upload(a), gpu.Upload(b), results);

        double[] r = gpu.Read<double>(results, 14 * 16);
        for (int i = 0; i < 16; i++)
        {
            (float x, double y) = (a[i], b[i]);
            double[] expected =
            [
                (int)x, (uint)MathF.Abs(x), (long)y, (float)y, MathF.Floor(x), MathF.Ceiling(x), MathF.Truncate(x), MathF.Round(x),
                Math.Sqrt(Math.Abs(y)), Math.FusedMultiplyAdd(y, y, x), y / x, (float)(long)y, Math.CopySign(y, x), (float)(int)(long)y,
            ];
            Assert.Equal(expected, r[(i * 14)..(i * 14 + 14)]);
        }
    }

    [Fact]
    public void PathsThatPart()
    {
        const int Count = 100;
        using var gpu = new Gpu();
        uint[] starts = [.. Enumerable.Range(1, Count).Select(i => (uint)i)];
        ulong steps = gpu.Allocate(4 * Count);
        gpu.Run(Module.Kernels["collatz"], new LaunchShape((2, 1, 1), (64, 1, 1)), gpu.Upload(starts), steps, Count);

        Assert.Equal(starts.Select(Steps), gpu.Read<int>(steps, Count));

        static int Steps(uint start)
        {
            int count = 0;
            for (ulong n = start; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1)
                count++;
            return count;
        }
    }

    [Fact]
    public void AsynchronousCopies()
    {
        const int Parts = 5;
        using var gpu = new Gpu();
        float[] x = Numbers(Parts * 128, 8);
        ulong sums = gpu.Allocate(4 * 128);
        gpu.Run(Module.Kernels["windows"], new LaunchShape((1, 1, 1), (128, 1, 1)), gpu.Upload(x), sums, Parts);

        var expected = new float[128];
        for (int part = 0; part < Parts; part++)
        {
            for (int lane = 0; lane < 128; lane++)
            {
                for (int i = 0; i < 8; i++)
                    expected[lane] += x[part * 128 + (lane + i) % 128];
            }
        }
        Assert.Equal(expected, gpu.Read<float>(sums, 128));
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
