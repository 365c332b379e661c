using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>Parameters from and to files whose floats have 16 or 64 bits.</summary>
public sealed class FloatTypeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static readonly ushort[] s_allCodes = [.. Enumerable.Range(0, 1 << 16).Select(code => (ushort)code)];

    private static byte[] Bytes(ReadOnlySpan<ushort> codes)
    {
        var bytes = new byte[codes.Length * 2];
        for (int i = 0; i < codes.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), codes[i]);
        return bytes;
    }

    private static byte[] Bytes(ReadOnlySpan<double> values)
    {
        var bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        return bytes;
    }

    private string Write(string type, string shape, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(
            $$$"""{"a":{"dtype":"{{{type}}}","shape":[{{{shape}}}],"data_offsets":[0,{{{data.Length}}}]}}""");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return _directory.Write(type + ".safetensors", [.. length, .. json, .. data]);
    }

    /// <summary>The value of a code by the definition of the format, without any conversion of the framework's.</summary>
    private static double ValueOf(int code, int exponentBits, int fractionBits)
    {
        int exponent = (code >> fractionBits) & ((1 << exponentBits) - 1), fraction = code & ((1 << fractionBits) - 1);
        int bias = (1 << (exponentBits - 1)) - 1;
        double magnitude = exponent == (1 << exponentBits) - 1 ? fraction == 0 ? double.PositiveInfinity : double.NaN
            : exponent == 0 ? fraction * Math.Pow(2, 1 - bias - fractionBits)
            : (fraction + (1 << fractionBits)) * Math.Pow(2, exponent - bias - fractionBits);
        return (code >> 15) != 0 ? -magnitude : magnitude;
    }

    [Theory]
    [InlineData("F16", 5, 10)]
    [InlineData("BF16", 8, 7)]
    public void Every_code_is_widened_exactly(string type, int exponentBits, int fractionBits)
    {
        // All codes, and a length that leaves some over behind the last vector; the layout is not the file's.
        ushort[] codes = [.. s_allCodes, 1, 0x8001, 0x7C01, 0x7BFF, 3];
        var parameter = new Parameter("a", [17, 3857], new AlignedBuffer(2 * 16 * 3857), 0,
            new TensorLayout(new TensorDimension(17, 16, 16 * 3857, 1), new TensorDimension(3857, 16)), ParameterKind.Weight, 1, 1);
        Array.Resize(ref codes, 17 * 3857);
        SafeTensors.Load(Write(type, "17,3857", Bytes(codes)), [parameter]);
        float[] values = parameter.ToArray();
        for (int i = 0; i < codes.Length; i++)
        {
            double expected = ValueOf(codes[i], exponentBits, fractionBits);
            bool isSame = expected.Equals(values[i])
                && (double.IsNaN(expected) || double.IsNegative(expected) == float.IsNegative(values[i]));
            Assert.True(isSame,
                $"code {codes[i]:X4}: expected {expected}, found {values[i]}");
        }
    }

    [Fact]
    public void Doubles_are_rounded_and_what_is_too_large_is_refused()
    {
        double[] values =
            [1, 1 + Math.ScaleB(1, -24), -(1 + 3 * Math.ScaleB(1, -24)), 1e-45, double.PositiveInfinity, double.NaN, -0.0, float.MaxValue];
        Parameter parameter = Floats.Plain("a", values.Length);
        SafeTensors.Load(Write("F64", "8", Bytes(values)), [parameter]);
        Assert.Equal(
            [1, 1, -(1 + MathF.ScaleB(1, -22)), float.Epsilon, float.PositiveInfinity, float.NaN, -0f, float.MaxValue],
            parameter.ToArray());

        parameter.Fill(5);
        values[6] = -1e300;
        var exception = Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(Write("F64", "8", Bytes(values)), [parameter]));
        Assert.Equal("a", exception.Entry);
        Assert.Contains("element 6 is -1E+300, which is too large for a float", exception.Message, StringComparison.Ordinal);
        Assert.All(parameter.ToArray(), value => Assert.Equal(5, value));
    }

    [Theory]
    [InlineData(SafeTensorsType.Float16, 5, 10)]
    [InlineData(SafeTensorsType.BFloat16, 8, 7)]
    public void What_is_saved_in_16_bits_is_the_nearest_value_and_of_two_the_even(SafeTensorsType type, int exponentBits, int fractionBits)
    {
        int largest = (((1 << exponentBits) - 1) << fractionBits) - 1;
        var values = new List<float> { float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0, -0f };
        var expected = new List<int> { largest + 1, 0x8000 | (largest + 1), -1, 0, 0x8000 };
        var random = new Random(7);
        for (int code = 0; code < largest; code++)
        {
            // Doubles hold the middle between two neighbours exactly, and so do floats but among the smallest of BF16.
            double low = ValueOf(code, exponentBits, fractionBits), high = ValueOf(code + 1, exponentBits, fractionBits);
            float middle = (float)((low + high) / 2);
            if (middle == (low + high) / 2)
                Add(middle, code + (code & 1));
            Add(MathF.BitDecrement(middle), code);
            Add(MathF.BitIncrement(middle), code + 1);
            Add((float)low, code);
        }
        Parameter parameter = Floats.Plain("a", values.Count), counter = Floats.Counter("n");
        parameter.CopyFrom(values.ToArray());
        counter.CounterValue = long.MaxValue - 1;
        string path = _directory.File("saved.safetensors");
        SafeTensors.Save(path, [parameter, counter], new SaveOptions { Type = type, NameInFile = name => "model." + name });

        using var reader = new SafeTensorsReader(path);
        reader.CheckChecksum();
        Assert.Equal(["model.a", "model.n"], reader.Entries.Select(entry => entry.Name));
        ushort[] codes = type == SafeTensorsType.BFloat16 ? reader.Read<ushort>("model.a")
            : Array.ConvertAll(reader.Read<Half>("model.a"), BitConverter.HalfToUInt16Bits);
        for (int i = 0; i < codes.Length; i++)
        {
            if (expected[i] < 0)
                Assert.True(double.IsNaN(ValueOf(codes[i], exponentBits, fractionBits)));
            else
                Assert.True(expected[i] == codes[i], $"{values[i]:R}: expected {expected[i]:X4}, found {codes[i]:X4}");
        }

        Parameter back = Floats.Plain("a", values.Count), counted = Floats.Counter("n");
        SafeTensors.Load(path, [back, counted], new LoadOptions { NameInFile = name => "model." + name });
        Assert.Equal(expected.Select(code => code < 0 ? float.NaN : (float)ValueOf(code, exponentBits, fractionBits)), back.ToArray());
        Assert.Equal(long.MaxValue - 1, counted.CounterValue);

        void Add(float value, int code)
        {
            values.Add(random.Next(2) == 0 ? value : -value);
            expected.Add(float.IsNegative(values[^1]) ? code | 0x8000 : code);
        }
    }

    [Theory]
    [InlineData(SafeTensorsType.Float16, 65520f, "element 100000 is 65520, and the largest F16 is 65504")]
    [InlineData(SafeTensorsType.BFloat16, float.MaxValue, "element 100000 is 3.4028235E+38, and the largest BF16 is 3.3895314E+38")]
    public void What_is_too_large_for_the_type_is_not_saved(SafeTensorsType type, float value, string message)
    {
        string path = _directory.File("saved.safetensors");
        SafeTensors.Save(path, [Floats.Plain("a", 1)]);
        byte[] before = File.ReadAllBytes(path);
        Parameter parameter = Floats.Plain("a", 100_003);
        parameter[100_000] = value;
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("fi-FI");
        try
        {
            string found = Assert.Throws<ArgumentException>("options",
                () => SafeTensors.Save(path, [parameter], new SaveOptions { Type = type })).Message;
            Assert.Contains("Parameter 'a': its " + message, found, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
        parameter[100_000] = MathF.BitDecrement(value) is var below && type == SafeTensorsType.Float16 ? below : 3.39e38f;
        SafeTensors.Save(path, [parameter], new SaveOptions { Type = type });
    }

    [Theory]
    [InlineData(SafeTensorsType.Float64)]
    [InlineData(SafeTensorsType.Int32)]
    [InlineData((SafeTensorsType)99)]
    public void Parameters_are_saved_in_types_of_floats_alone(SafeTensorsType type)
    {
        string path = _directory.File("saved.safetensors");
        Assert.Contains("expected Float32, Float16 or BFloat16", Assert.Throws<ArgumentException>("options",
            () => SafeTensors.Save(path, [Floats.Plain("a", 1)], new SaveOptions { Type = type })).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Names_in_the_file_are_checked_as_others_are()
    {
        string path = _directory.File("saved.safetensors");
        Parameter[] network = [Floats.Plain("a", 1), Floats.Plain("b", 1)];
        Assert.Throws<ArgumentException>("parameters", () => SafeTensors.Save(path, network, new SaveOptions { NameInFile = _ => "c" }));
        Assert.Throws<ArgumentException>("options", () => SafeTensors.Save(path, network, new SaveOptions { NameInFile = _ => "" }));
        Assert.False(File.Exists(path));
        SafeTensors.Save(path, network);
        Assert.Throws<ArgumentException>("options", () => SafeTensors.Load(path, network, new LoadOptions { NameInFile = _ => null! }));
    }

    [Fact]
    public void Names_may_differ_entries_be_ignored_and_parameters_keep_their_values()
    {
        string path = _directory.File("saved.safetensors");
        Parameter[] saved = [Floats.Plain("model.embed.weight", 2), Floats.Plain("inv_freq", 3)];
        saved[0].CopyFrom([1, 2]);
        SafeTensors.Save(path, saved);

        Parameter[] network = [Floats.Plain("embed.weight", 2), Floats.Plain("head.weight", 2), Floats.Plain("score.weight", 1)];
        network[2].Fill(7);
        var options = new LoadOptions
        {
            NameInFile = name => name is "score.weight" ? name : "model.embed.weight",
            Ignore = entry => entry == "inv_freq",
            Keep = name => name == "score.weight",
        };
        SafeTensors.Load(path, network, options);
        Assert.Equal([1, 2], network[0].ToArray());
        Assert.Equal([1, 2], network[1].ToArray());
        Assert.Equal(7, network[2][0]);

        // Without any of the three it is an error, which says what the parameter is called here.
        network[0].Fill(8);
        Refused(options with { Ignore = null }, "entry 'inv_freq': is not a parameter of this network.");
        Refused(options with { Keep = null }, "entry 'score.weight': is missing in the file; expected F32 [1].");
        Refused(options with { NameInFile = null }, "3 entries do not fit", "'embed.weight': is missing", "'head.weight': is missing",
            "'model.embed.weight': is not a parameter");
        Refused(options with { NameInFile = name => name is "score.weight" ? "model.embed.weight" : name },
            "'model.embed.weight': for the parameter 'score.weight': expected shape [1], found [2]");

        void Refused(LoadOptions options, params string[] messages)
        {
            string found = Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(path, network, options)).Message;
            Assert.All(messages, message => Assert.Contains(message, found, StringComparison.Ordinal));
            Assert.Equal([8, 8], network[0].ToArray());
        }
    }

    /// <summary>Neither the file nor its values are held a second time.</summary>
    [Fact]
    public void Loading_and_saving_allocate_no_copy_of_a_parameter()
    {
        Parameter parameter = Floats.Plain("a", 3_000_000);
        string path = _directory.File("large.safetensors");
        SafeTensors.Save(path, [parameter], new SaveOptions { Type = SafeTensorsType.BFloat16 });
        SafeTensors.Load(path, [parameter]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SafeTensors.Save(path, [parameter], new SaveOptions { Type = SafeTensorsType.BFloat16 });
        SafeTensors.Load(path, [parameter]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
