using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    // Two parameters, a [2, 3] and b [2]: 24 and 8 bytes.
    private const string A = """ "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]} """;
    private const string B = """ "b":{"dtype":"F32","shape":[2],"data_offsets":[24,32]} """;
    private static readonly float[] s_values = [1, 2, 3, 4, 5, 6, 7, 8];

    private static Parameter[] Network() => [Floats.Plain("a", 2, 3), Floats.Plain("b", 2)];

    private static byte[] Contents(string header, int dataLength = 32, long? headerLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var contents = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(contents, headerLength ?? json.Length);
        json.CopyTo(contents, 8);
        byte[] data = MemoryMarshal.AsBytes<float>(s_values).ToArray();
        data.AsSpan(0, Math.Min(dataLength, data.Length)).CopyTo(contents.AsSpan(8 + json.Length));
        return contents;
    }

    // Loading must fail with this message, name the entry, and leave the parameters as they were.
    private void AssertRefused(byte[] contents, string? entry, params string[] messageParts)
    {
        string path = _directory.Write("model.safetensors", contents);
        Parameter[] network = Network();
        network[0].CopyFrom([10, 11, 12, 13, 14, 15]);
        network[1].CopyFrom([16, 17]);
        var exception = Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(path, network));
        Assert.Equal(entry, exception.Entry);
        Assert.Equal(path, exception.Path);
        Assert.StartsWith(path, exception.Message);
        if (entry != null)
            Assert.Contains($"'{entry}'", exception.Message);
        foreach (string part in messageParts)
            Assert.Contains(part, exception.Message);
        Assert.Equal([10, 11, 12, 13, 14, 15], network[0].ToArray());
        Assert.Equal([16, 17], network[1].ToArray());
    }

    [Theory]
    [InlineData($"{{{A},{B}}}")]
    [InlineData($"{{{B},{A}}}")]
    [InlineData($"{{{A},{B}}}      ")]
    [InlineData($$$"""{"__metadata__":{"format":"pt","note":"ä ☃"},{{{A}}},{{{B}}}}""")]
    [InlineData($$$"""{"__metadata__":{},{{{A}}},{{{B}}}}""")]
    [InlineData($$$"""{{{{A}}},"\u0062":{"data_offsets":[24,32],"shape":[2],"dtype":"F32"}}""")]
    public void Valid_files_load(string header)
    {
        string path = _directory.Write("model.safetensors", Contents(header));
        Parameter[] network = Network();
        SafeTensors.Load(path, network);
        Assert.Equal(s_values[..6], network[0].ToArray());
        Assert.Equal(s_values[6..], network[1].ToArray());
    }

    public static TheoryData<string, string?, string> DamagedHeaders => new()
    {
        // JSON
        { "", null, "does not start with '{'" },
        { $" {{{A},{B}}}", null, "does not start with '{'" },
        { "[]", null, "does not start with '{'" },
        { $"{{{A},{B}", null, "no valid JSON" },
        { $"{{{A},{B}}}x", null, "no valid JSON" },
        { $"{{{A},{B}}}{{}}", null, "no valid JSON" },
        { $"{{{A},{B},}}", null, "no valid JSON" },
        { $"{{{A} {B}}}", null, "no valid JSON" },
        { $"{{{A},{B},\"\\ud800\":{{}}}}", null, "no valid JSON" },
        { $"{{{A},{B}/**/}}", null, "no valid JSON" },
        // names
        { $"{{{A},{B},{B}}}", "b", "occurs twice" },
        { $$$"""{{{{A}}},{{{B}}},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[32,32]}}""", "a", "occurs twice" },
        { $"{{{A}}}", null, "8 bytes follow the data of the last entry, 'a'" },
        // metadata
        { $$$"""{"__metadata__":{"a":1},{{{A}}},{{{B}}}}""", "__metadata__", "'a' must be a string, found a number" },
        { $$$"""{"__metadata__":[],{{{A}}},{{{B}}}}""", "__metadata__", "expected an object, found an array" },
        { $$$"""{"__metadata__":{"a":"1","a":"1"},{{{A}}},{{{B}}}}""", "__metadata__", "'a' occurs twice" },
        { $$$"""{"__metadata__":{},"__metadata__":{},{{{A}}},{{{B}}}}""", "__metadata__", "occurs twice" },
        // fields
        { $$$"""{{{{A}}},"b":7}""", "b", "expected an object with dtype, shape and data_offsets, found a number" },
        { $$$"""{{{{A}}},"b":null}""", "b", "found null" },
        { $$$"""{{{{A}}},"b":{}}""", "b", "dtype is missing" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","data_offsets":[24,32]}}""", "b", "shape is missing" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2]}}""", "b", "data_offsets is missing" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[24,32]}}""", "b", "dtype occurs twice" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[24,32]}}""", "b", "shape occurs twice" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[24,32],"stride":[1]}}""", "b", "unknown field 'stride'" },
        { $$$"""{{{{A}}},"b":{"dtype":"F31","shape":[2],"data_offsets":[24,32]}}""", "b", "unknown dtype 'F31'; expected BOOL" },
        { $$$"""{{{{A}}},"b":{"dtype":"f32","shape":[2],"data_offsets":[24,32]}}""", "b", "unknown dtype 'f32'" },
        { $$$"""{{{{A}}},"b":{"dtype":32,"shape":[2],"data_offsets":[24,32]}}""", "b", "dtype must be a string, found a number" },
        // shapes and offsets
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":2,"data_offsets":[24,32]}}""", "b", "shape must be an array, found a number" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[-2],"data_offsets":[24,32]}}""", "b", "shape must hold whole numbers" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2.0],"data_offsets":[24,32]}}""", "b", "shape must hold whole numbers" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":["2"],"data_offsets":[24,32]}}""", "b", "shape must hold whole numbers" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[[2]],"data_offsets":[24,32]}}""", "b", "shape must hold whole numbers" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[24,32]}}""", "b", "shape must hold whole numbers" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[24,32]}}""", "b", "shape [4294967296, 4294967296] is too large" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[24]}}""", "b", "data_offsets must be two numbers, found 1" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[24,32,40]}}""", "b", "data_offsets must be two numbers, found 3" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[32,24]}}""", "b", "begin at 32 and end before that, at 24" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "b", "data_offsets must hold whole numbers" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[3],"data_offsets":[24,32]}}""", "b", "F32 of shape [3] needs 12 bytes, but data_offsets [24, 32] give 8" },
        { $$$"""{{{{A}}},"b":{"dtype":"F64","shape":[2],"data_offsets":[24,32]}}""", "b", "F64 of shape [2] needs 16 bytes" },
        // coverage
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[28,36]}}""", "b", "end at byte 36, but the file has 32 bytes of data" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}""", "b", "truncated, or the offsets are wrong" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}""", "b", "overlap those of 'a', which end at 24" },
        { $$$"""{{{{A}}},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "a", "overlap those of 'b', which end at 8" },
        { $$$"""{{{{B}}},"a":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]}}""", "b", "leaving a gap of 12 bytes after 'a'" },
        { $$$"""{{{{B}}}}""", "b", "leaving a gap of 24 bytes after the header" },
        { "{}", null, "32 bytes follow the data of no entry" },
    };

    [Theory, MemberData(nameof(DamagedHeaders))]
    public void Damaged_headers_are_refused(string header, string? entry, string message)
        => AssertRefused(Contents(header), entry, message);

    public static TheoryData<string, int, string?, string> WrongNetworks => new()
    {
        { $$$"""{{{{A}}},"c":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}""", 32, null, "entry 'b': is missing in the file; expected F32 [2]." },
        { $$$"""{{{{A}}},"c":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}""", 32, null, "entry 'c': is not a parameter of this network." },
        { $$$"""{{{{A}}}}""", 24, "b", "is missing in the file" },
        { $$$"""{{{{A}}},{{{B}}},"B":{"dtype":"F32","shape":[],"data_offsets":[32,36]}}""", 36, "B", "is not a parameter of this network" },
        { $$$"""{{{{A}}},{{{B}}},"empty":{"dtype":"F32","shape":[0,5],"data_offsets":[32,32]}}""", 32, "empty", "is not a parameter of this network" },
        { $$$"""{{{{B}}},"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}""", 32, "a", "expected shape [2, 3], found [3, 2]" },
        { $$$"""{{{{B}}},"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}""", 32, "a", "expected shape [2, 3], found [6]" },
        { $$$"""{{{{B}}},"a":{"dtype":"I32","shape":[2,3],"data_offsets":[0,24]}}""", 32, "a", "expected type F32, F16, BF16 or F64, found I32" },
        { $$$"""{{{{A}}},"b":{"dtype":"U16","shape":[2],"data_offsets":[24,28]}}""", 28, "b", "expected type F32, F16, BF16 or F64, found U16" },
        { $$$"""{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I16","shape":[2],"data_offsets":[16,20]}}""", 20, null, "2 entries do not fit" },
    };

    [Theory, MemberData(nameof(WrongNetworks))]
    public void Files_of_another_network_are_refused(string header, int dataLength, string? entry, string message) =>
        AssertRefused(Contents(header, dataLength), entry, message);

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] contents = Contents($"{{{A},{B}}}");
        for (int length = 0; length < contents.Length; length++)
        {
            int dataStart = contents.Length - 32;
            AssertRefused(contents[..length], length < dataStart ? null : length < dataStart + 24 ? "a" : "b", "truncated");
        }
        AssertRefused([.. contents, 0], null, "1 bytes follow the data of the last entry, 'b'");
    }

    [Fact]
    public void Wrong_header_lengths_are_refused()
    {
        string header = $"{{{A},{B}}}";
        AssertRefused(Contents(header, headerLength: 0), null, "does not start with '{'");
        AssertRefused(Contents(header, headerLength: 100_000_001), null, "above the limit of 100000000");
        AssertRefused(Contents(header, headerLength: -1), null, "18446744073709551615 bytes, above the limit");
        AssertRefused(Contents(header, headerLength: 100_000), null, "truncated");
        AssertRefused(Contents(header, headerLength: header.Length - 1), null, "no valid JSON");
        AssertRefused(Contents(header, headerLength: header.Length + 1), null, "no valid JSON");
        byte[] notUtf8 = Contents($"{{{A},{B}}}");
        notUtf8[8 + header.IndexOf('b')] = 0xFF;
        AssertRefused(notUtf8, null, "not valid UTF-8");
    }

    [Fact]
    public void Random_damage_never_loads_wrongly_and_never_throws_anything_else()
    {
        byte[] contents = Contents($$$"""{"__metadata__":{"format":"pt"},{{{A}}},{{{B}}}}""");
        int dataStart = contents.Length - 32;
        var random = new Random(1);
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] damaged = (byte[])contents.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(dataStart)] = (byte)random.Next(256);
            string path = _directory.Write("damaged.safetensors", damaged);
            Parameter[] network = Network();
            try
            {
                SafeTensors.Load(path, network);
                Assert.Equal(s_values[..6], network[0].ToArray());
            }
            catch (SafeTensorsException)
            {
                Assert.All(network[0].ToArray().Concat(network[1].ToArray()), x => Assert.Equal(0, x));
            }
        }
    }

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit()
    {
        var storage = new AlignedBuffer(16 * 16 * 9 + 100);
        Parameter packed =
            new("residual1.conv2.weight", [16, 9, 3, 3], storage, 100, new TensorLayout(new(16, 1), new(9, 144), new(3, 48), new(3, 16)),
            ParameterKind.Weight, 81, 144);
        Parameter[] network = [packed, Floats.Plain("ä \"quoted\"", 3), Floats.Plain("scalar")];
        float[] values = Floats.Random(packed.Length, 1);
        (values[0], values[1], values[2], values[3], values[4]) = (float.NaN, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue);
        packed.CopyFrom(values);
        network[1].CopyFrom([1, 2, 3]);
        network[2].Fill(4);
        string path = _directory.File("model.safetensors");
        SafeTensors.Save(path, network);

        foreach (Parameter parameter in network)
            parameter.Fill(0);
        SafeTensors.Load(path, network);
        Assert.Equal(Floats.Bits(values), Floats.Bits(packed.ToArray()));
        Assert.Equal([1, 2, 3], network[1].ToArray());
        Assert.Equal(4, network[2][[]]);
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void A_saved_file_is_laid_out_as_the_format_says()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string path = _directory.File("model.safetensors");
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("fi-FI");
            Parameter[] network = Network();
            network[0].CopyFrom(s_values.AsSpan(0, 6));
            network[1].CopyFrom(s_values.AsSpan(6));
            SafeTensors.Save(path, network);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        byte[] contents = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(contents);
        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 32, contents.Length);
        string header = Encoding.UTF8.GetString(contents, 8, length);
        Assert.Equal(
            """{"__metadata__":{"format":"pt","netgen.checksum":"crc32c","netgen.crc32c":"00000000"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}""",
            System.Text.RegularExpressions.Regex.Replace(header.TrimEnd(' '), "[0-9a-f]{8}\"}", "00000000\"}"));
        using JsonDocument parsed = JsonDocument.Parse(header);
        Assert.Equal(MemoryMarshal.AsBytes<float>(s_values).ToArray(), contents[(8 + length)..]);
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_no_other()
    {
        string path = _directory.File("model.safetensors");
        SafeTensors.Save(path, Network());
        byte[] before = File.ReadAllBytes(path);

        Parameter[] broken = Network();
        var storage = new AlignedBuffer(2);
        broken[1] = new Parameter("b", [2], storage, 0, new TensorLayout(new TensorDimension(2, 1)), ParameterKind.Bias, 1, 1);
        broken[0].Fill(5);
        storage.Dispose();
        // Fails at the second parameter, when half is written.
        Assert.Throws<ObjectDisposedException>(() => SafeTensors.Save(path, broken));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));

        Assert.Throws<ArgumentException>("parameters", () => SafeTensors.Save(path, [Floats.Plain("a", 1), Floats.Plain("a", 1)]));
        Assert.Throws<ArgumentException>("parameters", () => SafeTensors.Save(path, [Floats.Plain("__metadata__", 1)]));
        Assert.Equal(before, File.ReadAllBytes(path));

        // A directory of that name cannot be replaced.
        string directory = _directory.File("taken");
        Directory.CreateDirectory(directory);
        Assert.ThrowsAny<Exception>(() => SafeTensors.Save(directory, Network()));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
        Assert.Throws<DirectoryNotFoundException>(() => SafeTensors.Save(_directory.File("missing/model.safetensors"), Network()));
        Assert.Throws<FileNotFoundException>(() => SafeTensors.Load(_directory.File("missing.safetensors"), Network()));
    }

    [Fact]
    public void Links_and_permissions_survive_a_save()
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = _directory.File("model.safetensors"), link = _directory.File("link.safetensors");
        SafeTensors.Save(path, Network());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, "model.safetensors");
        Parameter[] network = Network();
        network[0].Fill(9);
        SafeTensors.Save(link, network);
        Assert.Equal("model.safetensors", new FileInfo(link).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        SafeTensors.Load(path, network);
        Assert.Equal(9, network[0][1, 2]);
    }

    [Fact]
    public async Task A_reader_sees_the_old_file_or_the_new_one()
    {
        string path = _directory.File("model.safetensors");
        Parameter[] written = [Floats.Plain("p", 100_000)], read = [Floats.Plain("p", 100_000)];
        SafeTensors.Save(path, written);
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            for (int i = 1; i <= 15; i++)
            {
                written[0].Fill(i);
                SafeTensors.Save(path, written);
            }
            stop.Cancel();
        });
        do
        {
            SafeTensors.Load(path, read);
            float[] values = read[0].ToArray();
            Assert.Equal(-1, values.AsSpan().IndexOfAnyExcept(values[0]));
        }
        while (!stop.IsCancellationRequested);
        await writer;
    }

    [Fact]
    public void The_reader_reads_every_type()
    {
        string[] types = ["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "F64", "I64", "U64"];
        int[] sizes = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 8, 8, 8];
        var header = new StringBuilder("{\"__metadata__\":{\"k\":\"v\"}");
        int offset = 0;
        for (int i = 0; i < types.Length; i++)
        {
            header.Append(CultureInfo.InvariantCulture, $",\"{types[i]}\":{{\"dtype\":\"{types[i]}\",\"shape\":[2,1],\"data_offsets\":[{offset},{offset + 2 * sizes[i]}]}}");
            offset += 2 * sizes[i];
        }
        header.Append(
            CultureInfo.InvariantCulture, $",\"empty\":{{\"dtype\":\"F32\",\"shape\":[3,0],\"data_offsets\":[{offset},{offset}]}}}}");
        byte[] contents = Contents(header.ToString(), offset);
        byte[] data = contents[^offset..];
        for (int i = 0; i < offset; i++)
            contents[contents.Length - offset + i] = data[i] = (byte)(i % 100);
        using var reader = new SafeTensorsReader(_directory.Write("types.safetensors", contents));
        Assert.Equal(types.Append("empty"), reader.Entries.Select(entry => entry.Name));
        Assert.Equal("v", reader.Metadata["k"]);
        Assert.All(reader.Entries.SkipLast(1), entry => Assert.Equal((2, 2), (entry.Length, entry.Shape[0])));

        T[] Expected<T>(string name) where T : unmanaged =>
            MemoryMarshal.Cast<byte,
                T>(data.AsSpan((int)reader.Find(name)!.Begin, (int)(reader.Find(name)!.End - reader.Find(name)!.Begin))).ToArray();
        void Check<T>(string name) where T : unmanaged => Assert.Equal(Expected<T>(name), reader.Read<T>(name));
        Check<byte>("BOOL");
        Check<byte>("U8");
        Check<sbyte>("I8");
        Check<byte>("F8_E5M2");
        Check<byte>("F8_E4M3");
        Check<short>("I16");
        Check<ushort>("U16");
        Check<Half>("F16");
        Check<ushort>("BF16");
        Check<int>("I32");
        Check<uint>("U32");
        Check<float>("F32");
        Check<double>("F64");
        Check<long>("I64");
        Check<ulong>("U64");
        Assert.Empty(reader.Read<float>("empty"));
        Assert.Null(reader.Find("nothing"));
        Assert.Equal("nothing", Assert.Throws<SafeTensorsException>(() => reader.Read<float>("nothing")).Entry);
        Assert.Contains("expected elements that Single holds, found F64",
            Assert.Throws<SafeTensorsException>(() => reader.Read<float>("F64")).Message);
        Assert.Throws<SafeTensorsException>(() => reader.Read<DateTime>("F64"));
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.Read<float>("F32"));
    }

    [Fact]
    public void Scalars_and_the_empty_file_are_legal()
    {
        using (var reader = new SafeTensorsReader(_directory.Write("empty.safetensors", Contents("{}", 0))))
            Assert.Empty(reader.Entries);
        using (var reader = new SafeTensorsReader(_directory.Write("scalar.safetensors", Contents("""{"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4))))
            Assert.Equal([1f], reader.Read<float>("s"));
        SafeTensors.Save(_directory.File("none.safetensors"), []);
        SafeTensors.Load(_directory.File("none.safetensors"), []);
    }

    public static TheoryData<string, byte[], long> Counts => new()
    {
        { "I64", BitConverter.GetBytes(20_000_001L), 20_000_001 },
        { "I64", BitConverter.GetBytes(long.MaxValue), long.MaxValue },
        { "U64", BitConverter.GetBytes((1UL << 63) - 1), long.MaxValue },
        { "I32", BitConverter.GetBytes(20_000_001), 20_000_001 },
        { "U32", BitConverter.GetBytes(4_000_000_001u), 4_000_000_001 },
        { "I16", BitConverter.GetBytes((short)32_001), 32_001 },
        { "U16", BitConverter.GetBytes((ushort)65_001), 65_001 },
        { "I8", [127], 127 },
        { "U8", [255], 255 },
        { "F64", BitConverter.GetBytes(9007199254740991.0), 9007199254740991 },
        { "F32", BitConverter.GetBytes(20_000_000f), 20_000_000 },
        { "F16", BitConverter.GetBytes((Half)2047), 2047 },
        { "BF16", BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(255) >> 16)), 255 },
    };

    [Theory, MemberData(nameof(Counts))]
    public void Counters_are_read_exactly_from_whole_numbers_of_any_type(string type, byte[] data, long expected)
    {
        Parameter counter = Floats.Counter("n");
        SafeTensors.Load(_directory.Write("counter.safetensors", Counter(type, data)), [counter]);
        Assert.Equal(expected, counter.CounterValue);

        string path = _directory.File("again.safetensors");
        SafeTensors.Save(path, [counter]);
        using var reader = new SafeTensorsReader(path);
        Assert.Equal([expected], reader.Read<long>("n"));
    }

    public static TheoryData<string, byte[], string> NoCounts => new()
    {
        { "I64", BitConverter.GetBytes(-1L), "found -1" },
        { "I32", BitConverter.GetBytes(-5), "found -5" },
        { "U64", BitConverter.GetBytes(1UL << 63), "found 9223372036854775808" },
        { "F32", BitConverter.GetBytes(1.5f), "found 1.5" },
        { "F32", BitConverter.GetBytes(float.NaN), "found NaN" },
        { "F32", BitConverter.GetBytes(9223372036854775808f), "found 9223372036854775808" },
        { "F64", BitConverter.GetBytes(double.PositiveInfinity), "found Infinity" },
        { "F64", BitConverter.GetBytes(-1.0), "found -1" },
        { "BOOL", [1], "expected type I64, found BOOL" },
        { "F8_E4M3", [1], "expected type I64, found F8_E4M3" },
    };

    [Theory, MemberData(nameof(NoCounts))]
    public void What_counts_nothing_is_refused(string type, byte[] data, string message)
    {
        Parameter counter = Floats.Counter("n");
        counter.CounterValue = 7;
        var exception =
            Assert.Throws<SafeTensorsException>(() =>
            SafeTensors.Load(_directory.Write("counter.safetensors", Counter(type, data)), [counter]));
        Assert.Equal("n", exception.Entry);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(7, counter.CounterValue);
    }

    private static byte[] Counter(string type, byte[] data)
    {
        byte[] contents = Contents($$$"""{"n":{"dtype":"{{{type}}}","shape":[],"data_offsets":[0,{{{data.Length}}}]}}""", data.Length);
        data.CopyTo(contents, contents.Length - data.Length);
        return contents;
    }

    /// <summary>What a file of anything says does not come back at length, nor is more made of it than a few times its size.</summary>
    [Theory]
    [InlineData(21, 21 + 2)]
    [InlineData(1000, 1000 + 2)]
    [InlineData(100_000, 100_000 + 2)]
    [InlineData(300_000, null)]
    public void Foreign_entries_are_counted_and_the_first_of_them_named(int count, int? told)
    {
        var header = new StringBuilder("{");
        for (int i = 0; i < count; i++)
            header.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}\"foreign{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        header.Append('}');
        string path = _directory.Write("foreign.safetensors", Contents(header.ToString(), 0));
        Parameter[] network = Network();
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(path, network)).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L * header.Length + (1 << 20));
        Assert.InRange(message.Length, 1, 4000);
        Assert.Contains(told == null
            ? "more than 262144 entries" : $"{told} entries do not fit this network", message, StringComparison.Ordinal);
        if (told != null)
        {
            Assert.Contains("'a'", message, StringComparison.Ordinal);
            Assert.Contains("'foreign3'", message, StringComparison.Ordinal);
            Assert.EndsWith($"and {told - 20} more.", message, StringComparison.Ordinal);
        }
    }

    private const int Long = 3_000_000;

    public static TheoryData<string> LongHeaders
    {
        get
        {
            string name = new('n', Long), digits = string.Join(',', Enumerable.Repeat("1", Long / 2));
            string texts = string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"{i}\":\"\""));
            // The theory's own names must not be as long.
            s_longHeaders["a name"] = $$$"""{"{{{name}}}":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""";
            s_longHeaders["a name of this network's"] = $$$"""{"{{{name}}}":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
            s_longHeaders["a name twice"] = $$$"""{"{{{name}}}":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"{{{name}}}":{}}""";
            s_longHeaders["a type"] = $$$"""{"a":{"dtype":"{{{name}}}","shape":[2],"data_offsets":[0,8]}}""";
            s_longHeaders["a field"] = $$$"""{"a":{"{{{name}}}":"F32","shape":[2],"data_offsets":[0,8]}}""";
            s_longHeaders["a shape"] = $$$"""{"a":{"dtype":"F32","shape":[{{{digits}}}],"data_offsets":[0,8]}}""";
            s_longHeaders["offsets"] = $$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":[{{{digits}}}]}}""";
            s_longHeaders["a number"] = $$$"""{"a":{"dtype":"F32","shape":[{{{new string('9', Long)}}}],"data_offsets":[0,8]}}""";
            s_longHeaders["texts"] = $$$"""{"__metadata__":{{{{texts}}}}}""";
            s_longHeaders["a text's key"] = $$$"""{"__metadata__":{"{{{name}}}":7}}""";
            s_longHeaders["a text's key twice"] = $$$"""{"__metadata__":{"{{{name}}}":"","{{{name}}}":""}}""";
            s_longHeaders["a kind of checksum"] = $$$"""{"__metadata__":{"netgen.checksum":"{{{name}}}","netgen.crc32c":"00000000"}}""";
            s_longHeaders["a checksum"] = $$$"""{"__metadata__":{"netgen.checksum":"crc32c","netgen.crc32c":"{{{name}}}"}}""";
            s_longHeaders["a gap after a name"] = $$$"""{"{{{name}}}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""";
            s_longHeaders["no JSON"] = $$$"""{"a":t{{{name}}}}""";
            s_longHeaders["brackets"] = "{\"a\":" + new string('[', Long);
            return new TheoryData<string>(s_longHeaders.Keys);
        }
    }

    private static readonly SortedDictionary<string, string> s_longHeaders = new(StringComparer.Ordinal);

    [Theory, MemberData(nameof(LongHeaders))]
    public void Long_names_and_lists_are_told_in_short(string what)
    {
        string header = s_longHeaders[what], path = _directory.Write("long.safetensors", Contents(header, 8));
        Parameter[] network = [Floats.Plain("a", 2)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(path, network));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L * header.Length + (1 << 20));
        Assert.InRange(exception.Message.Length, 1, 1000);
        Assert.InRange(exception.InnerException?.Message.Length ?? 0, 0, 1000);
    }

    /// <summary>What could not be read again is not written.</summary>
    [Fact]
    public void Headers_that_are_too_long_to_read_are_not_written()
    {
        string path = _directory.File("long.safetensors");
        Dictionary<string, string> texts = new() { ["text"] = new string('x', SafeTensorsReader.MaxHeaderLength) };
        Assert.Contains("at most 100000000 bytes",
            Assert.Throws<ArgumentException>("metadata", () => SafeTensors.Save(path, Network(), texts)).Message, StringComparison.Ordinal);
        texts = Enumerable.Range(0, SafeTensorsReader.MaxEntries).ToDictionary(i => i.ToString(CultureInfo.InvariantCulture), _ => "");
        Assert.Throws<ArgumentException>("metadata", () => SafeTensors.Save(path, Network(), texts));
        Assert.False(File.Exists(path));
    }
}
