using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NetGen;

/// <summary>
/// Writes and reads parameters in the <c>safetensors</c> format, which PyTorch reads and writes too: names, shapes and
/// float32 data (64-bit integers for counters) in row-major order, little-endian. <see cref="SafeTensorsReader"/> reads any such file.
/// </summary>
public static class SafeTensors
{
    // Floats written at once: few enough for the data to be in the cache when they are summed up and written.
    private const int ChunkLength = 1 << 16;

    // Of what does not fit, so many are named: a network has thousands of entries, a file of anything has millions.
    private const int MaxProblems = 20;

    /// <summary>
    /// Writes parameters to a file. The file is written beside <paramref name="path"/>, flushed to the disk and then renamed:
    /// at any moment the name stands for the old file or the complete new one. Its metadata have a checksum of all of it.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order; each name once.</param>
    /// <exception cref="ArgumentException">
    /// Two parameters have the same name, or one has the reserved name <c>__metadata__</c>, or a name or the path has half of a surrogate
    /// pair, or the names are more than a header holds.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is as it was.</exception>
    public static void Save(string path, IReadOnlyList<Parameter> parameters) => Save(path, parameters, new Dictionary<string, string>());

    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order; each name once.</param>
    /// <param name="metadata">Texts for the header, beside <c>format</c>.</param>
    internal static void Save(string path, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, string> metadata)
    {
        FileAccessor.CheckPath(path);
        ArgumentNullException.ThrowIfNull(parameters);
        CheckNames(parameters);
        List<SafeTensorsEntry> entries = Entries(parameters);
        // What Hugging Face writes for PyTorch's layout.
        SortedDictionary<string,
            string> texts = new(StringComparer.Ordinal) { ["format"] = "pt", [SafeTensorsChecksum.KindKey] = SafeTensorsChecksum.Kind };
        foreach ((string key, string value) in metadata)
            texts.Add(key, value);
        CheckTexts(texts, nameof(metadata));
        (byte[] header, int checksumAt) = Header(entries, texts);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            var summed = new SummedEntry[parameters.Count];
            for (int i = 0; i < summed.Length; i++)
                summed[i] = new SummedEntry(entries[i], WriteData(stream, parameters[i]));
            stream.Position = checksumAt;
            stream.Write(Encoding.ASCII.GetBytes(SafeTensorsChecksum.Digits(SafeTensorsChecksum.Of(texts, summed))));
        });
    }

    /// <summary>
    /// Refuses what <see cref="Save(string, IReadOnlyList{Parameter}, IReadOnlyDictionary{string, string})"/> would refuse among texts.
    /// </summary>
    /// <exception cref="ArgumentException">A text is null or has half of a surrogate pair.</exception>
    internal static void CheckTexts(IEnumerable<KeyValuePair<string, string>> metadata, string parameterName)
    {
        foreach ((string key, string value) in metadata)
        {
            FileText.Check(key, $"The key {FileText.Quote(key)} of a text", parameterName);
            FileText.Check(value, $"The text {FileText.Quote(key)}", parameterName);
        }
    }

    /// <summary>Writes a parameter's data, and gives their CRC-32C.</summary>
    private static uint WriteData(Stream stream, Parameter parameter)
    {
        if (parameter.Kind == ParameterKind.Counter)
        {
            Span<byte> count = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(count, parameter.CounterValue);
            stream.Write(count);
            return Crc32C.Of(count);
        }

        // In pieces, since a span counts its bytes in int.
        float[] values = parameter.ToArray();
        uint checksum = 0;
        for (int first = 0; first < values.Length; first += ChunkLength)
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(ChunkLength, values.Length - first)));
            LittleEndian.Convert(bytes, sizeof(float));
            checksum = Crc32C.Of(bytes, checksum);
            stream.Write(bytes);
        }
        return checksum;
    }

    /// <summary>
    /// Reads parameters from a file that holds exactly these: no name more or less, the same shapes, float32. Counters may be whole numbers
    /// of any type. Everything is checked and read before the first parameter is written, so that on any error all are unchanged. Where the
    /// file has a checksum, as those have that this class writes, it must be right.
    /// </summary>
    /// <param name="path">The file to read.</param>
    /// <param name="parameters">The parameters to set.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    /// <exception cref="SafeTensorsException">
    /// The file is damaged or does not fit; the message names the entries at fault, the first of them where there are many.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load(string path, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        CheckNames(parameters);
        using var reader = new SafeTensorsReader(path);
        Load(reader, parameters);
    }

    /// <summary>The same from a file that is open; the names are known to be different.</summary>
    internal static void Load(SafeTensorsReader reader, IReadOnlyList<Parameter> parameters)
    {
        CheckFit(reader, parameters);
        var values = new float[parameters.Count][];
        var counts = new long[parameters.Count];
        var summed = new SummedEntry[parameters.Count];
        for (int i = 0; i < values.Length; i++)
        {
            SafeTensorsEntry entry = reader.Find(parameters[i].Name)!;
            uint checksum = 0;
            if (parameters[i].Kind == ParameterKind.Counter)
                counts[i] = ReadCount(reader, entry, ref checksum);
            else
                values[i] = reader.Read<float>(entry, ref checksum);
            summed[i] = new SummedEntry(entry, checksum);
        }
        if (reader.HasChecksum)
            SafeTensorsChecksum.Check(reader.Path, reader.Metadata, summed);

        for (int i = 0; i < values.Length; i++)
        {
            if (parameters[i].Kind == ParameterKind.Counter)
                parameters[i].CounterValue = counts[i];
            else
                parameters[i].CopyFrom(values[i]);
        }
    }

    // A state dictionary that was converted as a whole (model.half(), or tensors cast one and all) has its counters in that type.
    private static long ReadCount(SafeTensorsReader reader, SafeTensorsEntry entry, ref uint checksum)
    {
        Int128 count = entry.Type switch
        {
            SafeTensorsType.Int64 => reader.Read<long>(entry, ref checksum)[0],
            SafeTensorsType.UInt64 => reader.Read<ulong>(entry, ref checksum)[0],
            SafeTensorsType.Int32 => reader.Read<int>(entry, ref checksum)[0],
            SafeTensorsType.UInt32 => reader.Read<uint>(entry, ref checksum)[0],
            SafeTensorsType.Int16 => reader.Read<short>(entry, ref checksum)[0],
            SafeTensorsType.UInt16 => reader.Read<ushort>(entry, ref checksum)[0],
            SafeTensorsType.Int8 => reader.Read<sbyte>(entry, ref checksum)[0],
            SafeTensorsType.UInt8 => reader.Read<byte>(entry, ref checksum)[0],
            SafeTensorsType.Float64 => Whole(reader.Read<double>(entry, ref checksum)[0]),
            SafeTensorsType.Float32 => Whole(reader.Read<float>(entry, ref checksum)[0]),
            SafeTensorsType.Float16 => Whole((double)reader.Read<Half>(entry, ref checksum)[0]),
            _ => Whole(BitConverter.Int32BitsToSingle(reader.Read<ushort>(entry, ref checksum)[0] << 16)),
        };
        return count >= 0 && count <= long.MaxValue
            ? (long)count
            : throw new SafeTensorsException(reader.Path, entry.Name,
                string.Create(CultureInfo.InvariantCulture, $"it counts: expected a number from 0 to 2⁶³ − 1, found {count}."));

        // Int128 holds every whole double that is not far beyond what is allowed.
        Int128 Whole(double value) => Math.Floor(value) == value && Math.Abs(value) < 1e30
            ? (Int128)value
            : throw new SafeTensorsException(reader.Path, entry.Name,
                string.Create(CultureInfo.InvariantCulture, $"it counts: expected a whole number from 0 to 2⁶³ − 1, found {value}."));
    }

    // Counters are 64-bit integers in PyTorch's files.
    private static SafeTensorsType TypeOf(Parameter parameter)
        => parameter.Kind == ParameterKind.Counter ? SafeTensorsType.Int64 : SafeTensorsType.Float32;

    private static void CheckNames(IReadOnlyList<Parameter> parameters)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Parameter parameter in parameters)
        {
            FileText.Check(parameter.Name, $"The name of the parameter {FileText.Quote(parameter.Name)}", nameof(parameters));
            if (parameter.Name == SafeTensorsHeader.MetadataKey)
                throw new ArgumentException($"A parameter cannot be named '{parameter.Name}': safetensors keeps that name for itself.",
                    nameof(parameters));
            if (!names.Add(parameter.Name))
                throw new ArgumentException($"Two parameters are named '{parameter.Name}'.", nameof(parameters));
        }
    }

    // What does not fit in one message, as one wants to see it when a network was changed since.
    private static void CheckFit(SafeTensorsReader reader, IReadOnlyList<Parameter> parameters)
    {
        var problems = new List<(string Entry, string Problem)>();
        foreach (Parameter parameter in parameters)
        {
            SafeTensorsEntry? entry = reader.Find(parameter.Name);
            if (entry == null)
                problems.Add(
                    (parameter.Name, $"is missing in the file; "
                    + $"expected {SafeTensorsTypes.Name(TypeOf(parameter))} {Parameter.FormatShape(parameter.Shape.ToArray())}."));
            else if (!SameShape(entry.Shape, parameter.Shape))
                problems.Add(
                    (parameter.Name, $"expected shape {Parameter.FormatShape(parameter.Shape.ToArray())}, "
                    + $"found {Parameter.FormatShape(entry.Shape)}."));
            else if (!Fits(entry.Type, parameter))
                problems.Add(
                    (parameter.Name, $"expected type {SafeTensorsTypes.Name(TypeOf(parameter))}, "
                    + $"found {SafeTensorsTypes.Name(entry.Type)}."));
        }
        HashSet<string> known = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (SafeTensorsEntry entry in reader.Entries)
        {
            if (!known.Contains(entry.Name))
                problems.Add((entry.Name, "is not a parameter of this network."));
        }

        // A damaged name fits nothing either, and that it is damage is the better news.
        if (problems.Count > 0)
            reader.CheckChecksum();
        if (problems.Count == 1)
            throw new SafeTensorsException(reader.Path, problems[0].Entry, problems[0].Problem);
        if (problems.Count > 1)
        {
            throw new SafeTensorsException(reader.Path, null, $"{problems.Count} entries do not fit this network."
                + string.Concat(
                    problems.Take(MaxProblems)
                    .Select(problem => $"{Environment.NewLine}  entry {FileText.Quote(problem.Entry)}: {problem.Problem}"))
                + (problems.Count <= MaxProblems ? "" : $"{Environment.NewLine}  and {problems.Count - MaxProblems} more."));
        }
    }

    private static bool Fits(SafeTensorsType type, Parameter parameter) => parameter.Kind == ParameterKind.Counter
        ? type is not (SafeTensorsType.Bool or SafeTensorsType.Float8E4M3 or SafeTensorsType.Float8E5M2)
        : type == SafeTensorsType.Float32;

    private static bool SameShape(IReadOnlyList<long> found, ReadOnlySpan<int> expected)
    {
        if (found.Count != expected.Length)
            return false;
        for (int d = 0; d < expected.Length; d++)
        {
            if (found[d] != expected[d])
                return false;
        }
        return true;
    }

    /// <summary>The entries of the parameters, their data one after the other.</summary>
    private static List<SafeTensorsEntry> Entries(IReadOnlyList<Parameter> parameters)
    {
        var entries = new List<SafeTensorsEntry>(parameters.Count);
        long offset = 0;
        foreach (Parameter parameter in parameters)
        {
            SafeTensorsType type = TypeOf(parameter);
            long[] shape = Array.ConvertAll<int, long>(parameter.Shape.ToArray(), extent => extent);
            long end = offset + (long)parameter.Length * SafeTensorsTypes.Size(type);
            entries.Add(new SafeTensorsEntry(parameter.Name, type, shape, offset, end));
            offset = end;
        }
        return entries;
    }

    /// <summary>
    /// Length and JSON, padded with spaces so that the data start at a multiple of 8 bytes, and where the checksum's digits belong.
    /// </summary>
    private static (byte[] Header, int ChecksumAt) Header(List<SafeTensorsEntry> entries, SortedDictionary<string, string> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        int checksumAt;
        // Characters as they are, so that one text has one form: an escape may be written in capitals or not.
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(SafeTensorsHeader.MetadataKey);
            foreach ((string key, string value) in metadata)
                writer.WriteString(key, value);
            string digits = SafeTensorsChecksum.Digits(0);
            writer.WriteString(SafeTensorsChecksum.ValueKey, digits);
            writer.Flush();
            // Behind the digits is a quotation mark; in front of the JSON is its length.
            checksumAt = sizeof(ulong) + json.WrittenCount - digits.Length - 1;
            writer.WriteEndObject();
            foreach (SafeTensorsEntry entry in entries)
            {
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", SafeTensorsTypes.Name(entry.Type));
                writer.WriteStartArray("shape");
                foreach (long extent in entry.Shape)
                    writer.WriteNumberValue(extent);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(entry.Begin);
                writer.WriteNumberValue(entry.End);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }

        int length = (json.WrittenCount + 7) / 8 * 8;
        if (length > SafeTensorsReader.MaxHeaderLength || entries.Count > SafeTensorsReader.MaxEntries
            || metadata.Count >= SafeTensorsReader.MaxEntries)
        {
            throw new ArgumentException($"Names and texts are {length} bytes of {entries.Count} entries and {metadata.Count + 1} "
                + $"texts, but a file that can be read again has "
                + $"at most {SafeTensorsReader.MaxHeaderLength} bytes of {SafeTensorsReader.MaxEntries} each.", nameof(metadata));
        }
        var header = new byte[sizeof(ulong) + length];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        json.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        header.AsSpan(sizeof(ulong) + json.WrittenCount).Fill((byte)' ');
        return (header, checksumAt);
    }
}
