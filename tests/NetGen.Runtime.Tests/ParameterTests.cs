using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public unsafe class ParameterTests
{
    // Conv2d weight [32, 5, 3, 2] packed as (out/16, in, kH, kW, 16), Linear [20, 12] with inputs packed as an image of
    // (channels 3 in blocks of 16, height 2, width 2), outputs in blocks of 16, and a plain bias.
    public static TheoryData<string> Layouts => new("conv", "linear", "plain", "scalar", "transposed");

    private static (int[] Shape, TensorLayout Layout) Make(string name) => name switch
    {
        "conv" => ([32, 5, 3, 2], new TensorLayout(new(32, 16, 5 * 3 * 2 * 16, 1), new(5, 3 * 2 * 16), new(3, 2 * 16), new(2, 16))),
        "linear" => ([20, 12], new TensorLayout(new(20, 16, 4 * 16 * 16, 1), new(3, 16, 0, 16), new(2, 2 * 16 * 16), new(2, 16 * 16))),
        "plain" => ([7], new TensorLayout(new TensorDimension(7, 1))),
        "scalar" => ([], new TensorLayout(new TensorDimension(1, 1))),
        "transposed" => ([6, 4], new TensorLayout(new(6, 1), new(4, 6))),
        _ => throw new ArgumentException(name),
    };

    [Theory, MemberData(nameof(Layouts))]
    public void Copies_go_there_and_back_and_leave_the_padding_alone(string name)
    {
        (int[] shape, TensorLayout layout) = Make(name);
        using var storage = new AlignedBuffer(layout.StorageLength + 7);
        storage.Span().Fill(77);
        var parameter = new Parameter("p", shape, storage, 5, layout, ParameterKind.Weight, 1, 1);
        float[] values = Floats.Random(parameter.Length, 1);
        parameter.CopyFrom(values);
        Assert.Equal(values, parameter.ToArray());
        // Every element has a place of its own, and nothing else was written.
        int[] offsets = Enumerable.Range(0, layout.Length).Select(i => (int)layout.Offset(i)).ToArray();
        Assert.Equal(offsets.Length, offsets.Distinct().Count());
        Assert.Equal(layout.StorageLength, offsets.Max() + 1);
        for (int i = 0; i < storage.Length; i++)
        {
            int element = Array.IndexOf(offsets, i - 5);
            Assert.Equal(element < 0 ? 77 : values[element], storage.Span()[i]);
        }
        parameter.Fill(3);
        Assert.All(parameter.ToArray(), x => Assert.Equal(3, x));
        Assert.Equal(storage.Length - offsets.Length, storage.Span().ToArray().Count(x => x == 77));
    }

    [Theory, MemberData(nameof(Layouts))]
    public void In_16_bits_values_are_rounded_and_the_padding_is_left_alone(string name)
    {
        (int[] shape, TensorLayout layout) = Make(name);
        nint floats = (layout.StorageLength + 1) / 2;
        using var storage = new AlignedBuffer(floats + 7);
        storage.Span().Fill(77);
        Parameter Create(nint offset)
            => new("p", shape, storage, offset, layout, ParameterKind.Weight, 1, 1, format: WeightFormat.BFloat16);
        Parameter parameter = Create(5);
        Assert.Equal(WeightFormat.BFloat16, parameter.Format);
        float[] values = Floats.Random(parameter.Length, 1);
        float[] rounded = Array.ConvertAll(values, value => BitConverter.UInt32BitsToSingle(
            (uint)(BitConverter.SingleToUInt32Bits(value) + 0x7FFF + ((BitConverter.SingleToUInt32Bits(value) >> 16) & 1)) & 0xFFFF0000));
        parameter.CopyFrom(values);
        Assert.Equal(rounded, parameter.ToArray());
        var codes = new ReadOnlySpan<ushort>((byte*)storage.Pointer + 20, (int)(2 * floats));
        ushort[] around = [0x0000, 0x429A];
        int[] offsets = Enumerable.Range(0, layout.Length).Select(i => (int)layout.Offset(i)).ToArray();
        for (int i = 0; i < codes.Length; i++)
        {
            int element = Array.IndexOf(offsets, i);
            Assert.Equal(element < 0 ? around[i % 2] : (ushort)(BitConverter.SingleToUInt32Bits(rounded[element]) >> 16), codes[i]);
        }
        Assert.All(storage.Span()[..5].ToArray().Concat(storage.Span()[(int)(floats + 5)..].ToArray()), value => Assert.Equal(77, value));

        int[] last = Array.ConvertAll(shape, extent => extent - 1);
        parameter[last] = 1.00390625f;
        Assert.Equal(1, parameter[last]);
        parameter[last] = 1.01171875f;
        Assert.Equal(1.015625f, parameter[last]);
        parameter.Fill(float.MaxValue);
        Assert.All(parameter.ToArray(), value => Assert.Equal(float.PositiveInfinity, value));
        parameter.Fill(float.NaN);
        Assert.All(parameter.ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.Throws<ArgumentException>(() => Create(8));
    }

    [Fact]
    public void The_conv_layout_is_the_formula()
    {
        (_, TensorLayout layout) = Make("conv");
        int index = 0;
        for (int o = 0; o < 32; o++)
        {
            for (int i = 0; i < 5; i++)
            {
                for (int y = 0; y < 3; y++)
                {
                    for (int x = 0; x < 2; x++)
                        Assert.Equal(o / 16 * 480 + o % 16 + i * 96 + y * 32 + x * 16, layout.Offset(index++));
                }
            }
        }
    }

    [Fact]
    public void Elements_are_indexed_as_in_PyTorch()
    {
        (int[] shape, TensorLayout layout) = Make("conv");
        var storage = new AlignedBuffer(layout.StorageLength);
        var parameter = new Parameter("conv1.weight", shape, storage, 0, layout, ParameterKind.Weight, 30, 192);
        float[] values = Floats.Random(parameter.Length, 2);
        parameter.CopyFrom(values);
        Assert.Equal(values[((17 * 5 + 3) * 3 + 2) * 2 + 1], parameter[17, 3, 2, 1]);
        parameter[31, 4, 2, 1] = 9;
        Assert.Equal(9, parameter.ToArray()[^1]);
        Assert.Equal("conv1.weight [32, 5, 3, 2]", parameter.ToString());
        Assert.Equal([32, 5, 3, 2], parameter.Shape.ToArray());
        Assert.Equal((ParameterKind.Weight, 30, 192), (parameter.Kind, parameter.FanIn, parameter.FanOut));
        Assert.Throws<ArgumentException>(() => parameter[1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameter[32, 0, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameter[0, -1, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameter[0, 0, 0, 2] = 1);
        Assert.Contains("[32, 5, 3, 2]", Assert.Throws<ArgumentException>(() => parameter.CopyFrom(new float[959])).Message);
        Assert.Throws<ArgumentException>(() => parameter.CopyTo(new float[961]));
        storage.Dispose();
        Assert.Throws<ObjectDisposedException>(() => parameter.ToArray());
    }

    [Fact]
    public void A_network_dimension_may_be_several_packed_ones()
    {
        (int[] shape, TensorLayout layout) = Make("linear");
        using var storage = new AlignedBuffer(layout.StorageLength);
        var parameter = new Parameter("p", shape, storage, 0, layout, ParameterKind.Weight, 12, 20);
        parameter[18, 2 * 4 + 1 * 2 + 1] = 5;
        Assert.Equal(5, storage.Span()[1024 + 2 + 2 * 16 + 512 + 256]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var layout = new TensorLayout(new TensorDimension(6, 1));
        using var storage = new AlignedBuffer(10);
        Parameter Make(string name, int[] shape, nint offset) => new(name, shape, storage, offset, layout, ParameterKind.Bias, 1, 1);
        Make("p", [2, 3], 4);
        Assert.Throws<ArgumentException>(() => Make("p", [2, 4], 0));
        Assert.Throws<ArgumentException>(() => Make("p", [6], 5));
        Assert.Throws<ArgumentException>(() => Make("", [6], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make("p", [6], -1));
        Assert.Throws<ArgumentException>(() => new TensorLayout());
        Assert.Throws<ArgumentException>(() => new TensorLayout(new TensorDimension(0, 1)));
        Assert.Throws<ArgumentException>(() => new TensorLayout(new TensorDimension(4, 0, 1, 1)));
        Assert.Throws<ArgumentException>(() => new TensorLayout(new TensorDimension(4, -1)));
        Assert.Throws<OverflowException>(() => new TensorLayout(new TensorDimension(1 << 16, 1 << 16), new TensorDimension(1 << 16, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Offset(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Offset(-1));
    }

    [Fact]
    public void Buffers_are_zeroed_and_aligned_and_end_once()
    {
        foreach (nint length in new nint[] { 0, 1, 15, 16, 1000, 1 << 20 })
        {
            var buffer = new AlignedBuffer(length);
            Assert.Equal(length, buffer.Length);
            Assert.Equal((nuint)0, (nuint)buffer.Pointer % AlignedBuffer.Alignment);
            Assert.Equal(-1, buffer.Span().IndexOfAnyExcept(0f));
            buffer.Span().Fill(1);
            buffer.Clear();
            Assert.Equal(-1, buffer.Span().IndexOfAnyExcept(0f));
            buffer.Dispose();
            buffer.Dispose();
            Assert.Throws<ObjectDisposedException>(() => (nint)buffer.Pointer);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(nint.MaxValue / 2));
    }

    [Fact]
    public void Counters_are_exact_and_refuse_what_counts_nothing()
    {
        Parameter counter = Floats.Counter("n");
        Assert.Equal(0, counter.CounterValue);
        counter.CounterValue = long.MaxValue;
        Assert.Equal(long.MaxValue, counter.CounterValue);
        Assert.Equal(9223372036854775807f, counter[[]]);
        counter.Fill(3);
        Assert.Equal([3f], counter.ToArray());
        counter[[]] = 16_777_216;
        Assert.Equal(16_777_216, counter.CounterValue);
        counter.CopyFrom([5f]);
        Assert.Equal(5, counter.CounterValue);

        foreach (float wrong in (float[])[0.5f, -1, float.NaN, float.PositiveInfinity, 9223372036854775808f])
        {
            Assert.Contains("'n' counts", Assert.Throws<ArgumentException>("value", () => counter.Fill(wrong)).Message,
                StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => counter.CopyFrom([wrong]));
            Assert.Throws<ArgumentException>(() => counter[[]] = wrong);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.CounterValue = -1);
        Assert.Equal(5, counter.CounterValue);
        Assert.Throws<InvalidOperationException>(() => Floats.Plain("w", 1).CounterValue);
        Assert.Throws<InvalidOperationException>(() => Floats.Plain("w", 1).CounterValue = 1);
    }

    [Fact]
    public void Counters_lie_where_a_64_bit_integer_may()
    {
        var storage = new AlignedBuffer(4);
        Parameter Make(int[] shape, nint offset, int length)
            => new("n", shape, storage, offset, new TensorLayout(new TensorDimension(length, 1)), ParameterKind.Counter, 1, 1);
        Make([], 2, 1).CounterValue = 1;
        Assert.Throws<ArgumentException>("layout", () => Make([], 1, 1));
        Assert.Throws<ArgumentException>("layout", () => Make([2], 0, 2));
        Assert.Throws<ArgumentException>("storage", () => Make([], 4, 1));
    }
}
