using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>Small helpers on native buffers and parameters.</summary>
internal static unsafe class Floats
{
    public static Span<float> Span(this AlignedBuffer buffer) => new(buffer.Pointer, (int)buffer.Length);

    public static AlignedBuffer Buffer(ReadOnlySpan<float> values)
    {
        var buffer = new AlignedBuffer(values.Length);
        values.CopyTo(buffer.Span());
        return buffer;
    }

    public static float[] Random(int count, int seed, float scale = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1) * scale;
        return values;
    }

    public static int[] Bits(ReadOnlySpan<float> values)
    {
        var bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        return bits;
    }

    /// <summary>A parameter stored plainly, row-major.</summary>
    public static Parameter Plain(string name, params int[] shape)
    {
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        int fanIn = shape.Length > 1 ? shape.Skip(1).Aggregate(1, (product, extent) => product * extent) : Math.Max(1, count);
        return new Parameter(name, shape, new AlignedBuffer(count), 0, new TensorLayout(new TensorDimension(count, 1)),
            ParameterKind.Weight, fanIn, shape.Length > 0 ? shape[0] : 1);
    }

    /// <summary>A counter in a buffer of its own.</summary>
    public static Parameter Counter(string name) =>
        new(name, [], new AlignedBuffer(2), 0, new TensorLayout(new TensorDimension(1, 1)), ParameterKind.Counter, 1, 1);

    /// <summary>All widths that this machine runs.</summary>
    public static VectorWidth[] SupportedWidths { get; } =
        new[] { VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512 }.Where(VectorSupport.IsSupported).ToArray();

    /// <summary>The same as data for a theory.</summary>
    public static TheoryData<VectorWidth> Widths => new(SupportedWidths);
}
