using System.Buffers.Binary;
using System.Text;

namespace NetGen.Training.Tests;

/// <summary>
/// Reads event files with nothing of what writes them: a checksum by table, and protocol buffers by their wire format alone. What is not as
/// the formats say throws.
/// </summary>
internal static class EventFile
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        uint crc = (uint)i;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        return crc;
    })];

    /// <summary>The records of a TFRecord file, their checksums compared.</summary>
    public static List<byte[]> Records(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var records = new List<byte[]>();
        int at = 0;
        while (at < file.Length)
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Compare(file.AsSpan(at, 8), file.AsSpan(at + 8, 4));
            byte[] data = file[(at + 12)..checked(at + 12 + (int)length)];
            Compare(data, file.AsSpan(at + 12 + data.Length, 4));
            records.Add(data);
            at += 16 + data.Length;
        }
        return records;
    }

    public static List<Message> Events(string path) => [.. Records(path).Select(record => new Message(record))];

    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
            crc = s_table[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static void Compare(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint crc = Crc(data), masked = unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
        if (BinaryPrimitives.ReadUInt32LittleEndian(stored) != masked)
            throw new InvalidDataException($"Checksum {Convert.ToHexString(stored)} where {masked:X8} belongs.");
    }
}

/// <summary>A message: its fields by number, in their order.</summary>
internal sealed class Message
{
    private readonly List<(int Number, int Wire, ulong Value, byte[] Bytes)> _fields = [];

    public Message(byte[] data)
    {
        int at = 0;
        while (at < data.Length)
        {
            ulong key = Varint();
            int number = checked((int)(key >> 3)), wire = (int)(key & 7);
            switch (wire)
            {
                case 0:
                    _fields.Add((number, wire, Varint(), []));
                    break;
                case 1:
                    _fields.Add((number, wire, BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    int length = checked((int)Varint());
                    _fields.Add((number, wire, 0, data[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    _fields.Add((number, wire, BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at)), []));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {wire} at byte {at}.");
            }
        }

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte part = data[at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                    return value;
            }
        }
    }

    /// <summary>The numbers of the fields that are there.</summary>
    public int[] Numbers => [.. _fields.Select(entry => entry.Number).Distinct().Order()];

    public bool Has(int number) => _fields.Any(field => field.Number == number);

    /// <summary>A field that is there at most once; 0 or empty where it is not.</summary>
    public long Int(int number) => (long)One(number, 0).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(One(number, 1).Value);

    public float Float(int number) => BitConverter.UInt32BitsToSingle((uint)One(number, 5).Value);

    public byte[] Bytes(int number) => One(number, 2).Bytes ?? [];

    public string String(int number) => Encoding.UTF8.GetString(Bytes(number));

    public Message Child(int number) => new(Bytes(number));

    public List<byte[]> All(int number)
        => [.. _fields.Where(field => field.Number == number)
        .Select(field => field.Wire == 2
        ? field.Bytes : throw new InvalidDataException($"Field {number} has wire type {field.Wire}."))];

    public List<Message> Children(int number) => [.. All(number).Select(bytes => new Message(bytes))];

    /// <summary>Numbers packed in one field.</summary>
    public double[] Doubles(int number) => [.. Bytes(number).Chunk(8).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes))];

    private (int Number, int Wire, ulong Value, byte[] Bytes) One(int number, int wire)
    {
        (int Number, int Wire, ulong Value, byte[] Bytes) found = _fields.SingleOrDefault(field => field.Number == number);
        return found.Number == 0 || found.Wire == wire
            ? found : throw new InvalidDataException($"Field {number} has wire type {found.Wire} instead of {wire}.");
    }
}
