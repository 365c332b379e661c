using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>
/// The checksum of a <c>safetensors</c> file, among its metadata, for the format has none. It is of what the file says, not of its bytes:
/// names, types, shapes and data of the entries, and the texts. So it holds whatever order and spaces another program writes the same in.
/// </summary>
/// <remarks>
/// <para>
/// CRC-32C of, first, each text of the metadata but the checksum itself, key before value, by the order of the keys; then each entry, by
/// the order of the names: name, type, number of dimensions (32 bits), dimensions (64 bits each), CRC-32C of its data (32 bits). Texts are
/// their length in bytes (32 bits) and UTF-8, and their order is that of their bytes. All numbers are little-endian. It finds every error
/// of up to 32 bits in a row in the data of an entry or among the texts, and of all others all but one in 2³². It is no protection against
/// intent.
/// </para>
/// <para>
/// Two texts say it: that there is a checksum, and which. So the loss of one is no file without.
/// </para>
/// </remarks>
internal static class SafeTensorsChecksum
{
    /// <summary>Tells that the file has a checksum, and of which kind.</summary>
    public const string KindKey = "netgen.checksum";

    /// <summary>The only kind.</summary>
    public const string Kind = "crc32c";

    /// <summary>The checksum, in eight hexadecimal digits.</summary>
    public const string ValueKey = "netgen.crc32c";

    private static readonly Comparer<byte[]> s_byteOrder = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    /// <summary>Whether a file says of itself that it has a checksum.</summary>
    public static bool IsIn(IReadOnlyDictionary<string, string> metadata)
        => metadata.ContainsKey(KindKey) || metadata.ContainsKey(ValueKey);

    /// <summary>The digits of a checksum.</summary>
    public static string Digits(uint checksum) => checksum.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The checksum that a file should have.</summary>
    /// <param name="metadata">Its texts; the checksum may be among them.</param>
    /// <param name="entries">Its entries.</param>
    public static uint Of(IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<SummedEntry> entries)
    {
        // Sorted by arrays: a checkpoint after every step, in a process that has just begun, must not wait for the compiler of queries.
        var texts = new List<string>();
        foreach ((string key, string value) in metadata)
        {
            if (key == ValueKey)
                continue;
            texts.Add(key);
            texts.Add(value);
        }
        var keys = new byte[texts.Count / 2][];
        var values = new string[keys.Length];
        for (int i = 0; i < keys.Length; i++)
            (keys[i], values[i]) = (Encoding.UTF8.GetBytes(texts[2 * i]), texts[2 * i + 1]);
        Array.Sort(keys, values, s_byteOrder);

        var bytes = new ArrayBufferWriter<byte>();
        for (int i = 0; i < keys.Length; i++)
        {
            Write(bytes, keys[i]);
            Write(bytes, Encoding.UTF8.GetBytes(values[i]));
        }
        SummedEntry[] items = [.. entries];
        byte[][] names = Array.ConvertAll(items, item => Encoding.UTF8.GetBytes(item.Entry.Name));
        Array.Sort(names, items, s_byteOrder);
        for (int i = 0; i < items.Length; i++)
        {
            (SafeTensorsEntry entry, uint data) = items[i];
            Write(bytes, names[i]);
            Write(bytes, Encoding.UTF8.GetBytes(SafeTensorsTypes.Name(entry.Type)));
            Write(bytes, (uint)entry.Shape.Count);
            foreach (long extent in entry.Shape)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), extent);
                bytes.Advance(sizeof(long));
            }
            Write(bytes, data);
        }
        return Crc32C.Of(bytes.WrittenSpan);
    }

    /// <summary>Compares what a file says with what it has.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="metadata">Its texts, the checksum among them.</param>
    /// <param name="entries">Its entries.</param>
    /// <exception cref="SafeTensorsException">It is not the same.</exception>
    public static void Check(string path, IReadOnlyDictionary<string, string> metadata, IEnumerable<SummedEntry> entries)
    {
        if (!metadata.TryGetValue(KindKey, out string? kind) || !metadata.TryGetValue(ValueKey, out string? value))
            throw new SafeTensorsException(path,
                SafeTensorsHeader.MetadataKey, $"of the two texts '{KindKey}' and '{ValueKey}', which belong together, it has one: "
                + $"the file was changed or damaged.");
        if (kind != Kind)
            throw new SafeTensorsException(path,
                SafeTensorsHeader.MetadataKey, $"expected a checksum of the kind '{Kind}', found {FileText.Quote(kind)}.");
        string expected = Digits(Of(metadata, entries));
        if (value != expected)
        {
            throw new SafeTensorsException(path,
                null, $"the checksum that it was written with is {FileText.Quote(value)}, but that of its contents is '{expected}': "
                + $"the file was changed or damaged since. "
                + $"A file that was changed on purpose loads without the texts '{KindKey}' and '{ValueKey}'.");
        }
    }

    private static void Write(ArrayBufferWriter<byte> bytes, uint number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetSpan(sizeof(uint)), number);
        bytes.Advance(sizeof(uint));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, byte[] text)
    {
        Write(bytes, (uint)text.Length);
        bytes.Write(text);
    }
}
