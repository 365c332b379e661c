using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NetGen.Runtime.Tests;

/// <summary>What is written has a checksum of everything, and no change of what is written loads.</summary>
public sealed class ChecksumTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static Parameter[] Network()
        => [Floats.Plain("layer.weight", 2, 3), Floats.Counter("layer.batches"), Floats.Plain("Ä.bias", 2)];

    private static readonly Dictionary<string,
        string> s_notes = new() { ["note.epoch"] = "17", ["note.rate"] = "0.001", ["note.who"] = "día" };

    private byte[] Written()
    {
        Parameter[] network = Network();
        network[0].CopyFrom([1, -2, 3.5f, 0, 1e-30f, 6]);
        network[1].CounterValue = 20_000_001;
        network[2].CopyFrom([7, 8]);
        string path = _directory.File("written.safetensors");
        SafeTensors.Save(path, network, s_notes);
        return File.ReadAllBytes(path);
    }

    /// <summary>
    /// Every byte, each of its bits by itself and all at once. What changes nothing that the file says, such as a space, may pass.
    /// </summary>
    [Fact]
    public void NoChangedByteLoads()
    {
        byte[] written = Written();
        int headerEnd = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(written);
        for (int at = 0; at < written.Length; at++)
        {
            foreach (int change in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 255])
            {
                byte[] changed = (byte[])written.Clone();
                changed[at] ^= (byte)change;
                string path = _directory.Write("changed.safetensors", changed);
                Parameter[] network = Network();
                try
                {
                    SafeTensors.Load(path, network);
                    Assert.True(at < headerEnd && written[at] == ' '
                        && changed[at]
                        is (byte)'\n' or (byte)'\r' or (
                        byte)'\t', $"Byte {at}, 0x{written[at]:X2}, was changed to 0x{changed[at]:X2} and loads.");
                }
                catch (SafeTensorsException)
                {
                    Assert.All(network, parameter => Assert.All(parameter.ToArray(), value => Assert.Equal(0, value)));
                }
            }
        }
    }

    [Theory]
    [InlineData("\"17\"", "\"18\"")]
    [InlineData("0.001", "0.002")]
    [InlineData("note.who", "note.why")]
    [InlineData("\"pt\"", "\"tf\"")]
    [InlineData("[2,3]", "[3,2]")]
    [InlineData("netgen.crc32c", "netgen.crc32b")]
    [InlineData("netgen.checksum", "netgen.checksun")]
    [InlineData("\"crc32c\"", "\"sha256\"")]
    public void NoChangedTextLoads(string from, string to)
    {
        string text = Encoding.Latin1.GetString(Written());
        Assert.Contains(from, text, StringComparison.Ordinal);
        string path = _directory.Write("changed.safetensors", Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        Parameter[] network = Network();
        Assert.Contains("checksum", Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(path, network)).Message,
            StringComparison.Ordinal);
        using var reader = new SafeTensorsReader(path);
        Assert.True(reader.HasChecksum);
        Assert.Throws<SafeTensorsException>(reader.CheckChecksum);
    }

    /// <summary>Another program may write the entries and texts in another order and with other spaces; it is the same file then.</summary>
    [Fact]
    public void TheChecksumIsOfTheContentsAndNotOfTheirOrder()
    {
        byte[] written = Written();
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(written);
        JsonObject header = JsonNode.Parse(written.AsSpan(8, length))!.AsObject();
        var data = new List<byte>();
        var turned = new JsonObject();
        foreach ((string name, JsonNode? node) in header.Reverse())
        {
            if (name == "__metadata__")
            {
                var texts = new JsonObject();
                foreach ((string key, JsonNode? value) in node!.AsObject().Reverse())
                    texts.Add(key, value!.DeepClone());
                turned.Add(name, texts);
                continue;
            }
            int begin = (int)node!["data_offsets"]![0]!, end = (int)node["data_offsets"]![1]!;
            JsonObject moved = node.DeepClone().AsObject();
            moved["data_offsets"] = new JsonArray(data.Count, data.Count + end - begin);
            data.AddRange(written[(8 + length + begin)..(8 + length + end)]);
            turned.Add(name, moved);
        }
        byte[] json = Encoding.UTF8.GetBytes(turned.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        Parameter[] network = Network();
        SafeTensors.Load(_directory.Write("turned.safetensors", [.. prefix, .. json, .. data]), network);
        Assert.Equal([1, -2, 3.5f, 0, 1e-30f, 6], network[0].ToArray());
        Assert.Equal(20_000_001, network[1].CounterValue);
    }

    /// <summary>The definition, bit by bit: docs/training.md.</summary>
    [Fact]
    public void TheChecksumIsTheDocumentedOne()
    {
        Assert.Equal(0xE3069283u, Slow("123456789"u8));
        byte[] written = Written();
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(written);
        JsonObject header = JsonNode.Parse(written.AsSpan(8, length))!.AsObject();
        var bytes = new List<byte>();
        void Number(uint value) => bytes.AddRange(BitConverter.GetBytes(value));
        void Text(string value)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(value);
            Number((uint)utf8.Length);
            bytes.AddRange(utf8);
        }
        // In these files the order of characters is that of bytes.
        foreach ((string key, JsonNode? value) in
            header["__metadata__"]!.AsObject().Where(pair => pair.Key != "netgen.crc32c").OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Text(key);
            Text((string)value!);
        }
        foreach ((string name, JsonNode? entry) in
            header.Where(pair => pair.Key != "__metadata__").OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Text(name);
            Text((string)entry!["dtype"]!);
            JsonArray shape = entry["shape"]!.AsArray();
            Number((uint)shape.Count);
            foreach (JsonNode? extent in shape)
                bytes.AddRange(BitConverter.GetBytes((long)extent!));
            Number(Slow(written.AsSpan((8 + length + (int)entry["data_offsets"]![0]!)..(8 + length + (int)entry["data_offsets"]![1]!))));
        }
        Assert.Equal(Slow(bytes.ToArray()).ToString("x8"), (string)header["__metadata__"]!["netgen.crc32c"]!);
        Assert.Equal("crc32c", (string)header["__metadata__"]!["netgen.checksum"]!);
    }

    private static uint Slow(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    /// <summary>Pieces of every length, and one after the other.</summary>
    [Fact]
    public void TheFastOneIsTheDefinition()
    {
        var data = new byte[40_000];
        new Random(3).NextBytes(data);
        foreach (int length in (int[])[0, 1, 7, 8, 9, 4096, 12_287, 12_288, 12_289, 12_296, 24_575, 24_576, 36_871, 40_000])
        {
            uint expected = Slow(data.AsSpan(0, length));
            Assert.Equal(expected, Crc32C.Of(data.AsSpan(0, length)));
            foreach (int cut in (int[])[0, 1, 8, 12_288, 20_001])
            {
                if (cut <= length)
                    Assert.Equal(expected, Crc32C.Of(data.AsSpan(cut, length - cut), Crc32C.Of(data.AsSpan(0, cut))));
            }
        }
    }

    [Fact]
    public void TheReaderComparesAWholeFile()
    {
        byte[] written = Written();
        using (var reader = new SafeTensorsReader(_directory.File("written.safetensors")))
        {
            Assert.True(reader.HasChecksum);
            reader.CheckChecksum();
        }
        written[^1] ^= 1;
        using (var reader = new SafeTensorsReader(_directory.Write("changed.safetensors", written)))
        {
            // Single entries are read without all the others.
            Assert.Equal([1, -2, 3.5f, 0, 1e-30f, 6], reader.Read<float>("layer.weight"));
            Assert.Contains("changed or damaged", Assert.Throws<SafeTensorsException>(reader.CheckChecksum).Message,
                StringComparison.Ordinal);
        }
        byte[] foreign = [28, 0, 0, 0, 0, 0, 0, 0, .. """{"__metadata__":{"a":"b"}}  """u8];
        using (var reader = new SafeTensorsReader(_directory.Write("foreign.safetensors", foreign)))
        {
            Assert.False(reader.HasChecksum);
            reader.CheckChecksum();
        }
    }

    /// <summary>Data of several pieces, and lengths that are no multiple of what is summed up at a time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_537)]
    [InlineData(200_003)]
    public void LongDataHaveOneToo(int length)
    {
        Parameter[] network = [Floats.Plain("p", length)];
        network[0].CopyFrom(Floats.Random(length, 1));
        string path = _directory.File("long.safetensors");
        SafeTensors.Save(path, network);
        SafeTensors.Load(path, network);
        using (var reader = new SafeTensorsReader(path))
            reader.CheckChecksum();
        byte[] written = File.ReadAllBytes(path);
        foreach (int back in (int[])[1, 2, 4, 4 * length])
        {
            byte[] changed = (byte[])written.Clone();
            changed[^back] ^= 4;
            string other = _directory.Write("changed.safetensors", changed);
            Assert.Throws<SafeTensorsException>(() => SafeTensors.Load(other, network));
            using var reader = new SafeTensorsReader(other);
            Assert.Throws<SafeTensorsException>(reader.CheckChecksum);
        }
    }
}
