using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NetGen;

/// <summary>
/// Writes and reads parameters in the <c>safetensors</c> format, which PyTorch reads and writes too: names, shapes and
/// float32 data (64-bit integers for counters) in row-major order, little-endian. <see cref="SafeTensorsReader"/> reads any such file.
/// </summary>
public static class SafeTensors
{
    // Floats written at once.
    private const int ChunkLength = 1 << 22;

    /// <summary>
    /// Writes parameters to a file. The file is written beside <paramref name="path"/>, flushed to the disk and then renamed:
    /// at any moment the name stands for the old file or the complete new one.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order; each name once.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name, or one has the reserved name <c>__metadata__</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<Parameter> parameters) => Save(path, parameters, new Dictionary<string, string>());

    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order; each name once.</param>
    /// <param name="metadata">Texts for the header, beside <c>format</c>.</param>
    internal static void Save(string path, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(parameters);
        CheckNames(parameters);
        byte[] header = Header(parameters, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            Span<byte> count = stackalloc byte[sizeof(long)];
            foreach (Parameter parameter in parameters)
            {
                if (TypeOf(parameter) == SafeTensorsType.Int64)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(count, parameter.CounterValue);
                    stream.Write(count);
                    continue;
                }

                // In pieces, since a span counts its bytes in int.
                float[] values = parameter.ToArray();
                for (int first = 0; first < values.Length; first += ChunkLength)
                {
                    Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(ChunkLength, values.Length - first)));
                    LittleEndian.Convert(bytes, sizeof(float));
                    stream.Write(bytes);
                }
            }
        });
    }

    /// <summary>
    /// Reads parameters from a file that holds exactly these: no name more or less, the same shapes, float32. Counters may be whole numbers of
    /// any type. Everything is checked and read before the first parameter is written, so that on any error all are unchanged.
    /// </summary>
    /// <param name="path">The file to read.</param>
    /// <param name="parameters">The parameters to set.</param>
    /// <exception cref="ArgumentException">Two parameters have the same name.</exception>
    /// <exception cref="SafeTensorsException">The file is damaged or does not fit; the message names every entry at fault.</exception>
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
        for (int i = 0; i < values.Length; i++)
        {
            if (parameters[i].Kind == ParameterKind.Counter)
                counts[i] = ReadCount(reader, reader.Find(parameters[i].Name)!);
            else
                values[i] = reader.Read<float>(parameters[i].Name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (parameters[i].Kind == ParameterKind.Counter)
                parameters[i].CounterValue = counts[i];
            else
                parameters[i].CopyFrom(values[i]);
        }
    }

    // A state dictionary that was converted as a whole (model.half(), or tensors cast one and all) has its counters in that type.
    private static long ReadCount(SafeTensorsReader reader, SafeTensorsEntry entry)
    {
        Int128 count = entry.Type switch
        {
            SafeTensorsType.Int64 => reader.Read<long>(entry.Name)[0],
            SafeTensorsType.UInt64 => reader.Read<ulong>(entry.Name)[0],
            SafeTensorsType.Int32 => reader.Read<int>(entry.Name)[0],
            SafeTensorsType.UInt32 => reader.Read<uint>(entry.Name)[0],
            SafeTensorsType.Int16 => reader.Read<short>(entry.Name)[0],
            SafeTensorsType.UInt16 => reader.Read<ushort>(entry.Name)[0],
            SafeTensorsType.Int8 => reader.Read<sbyte>(entry.Name)[0],
            SafeTensorsType.UInt8 => reader.Read<byte>(entry.Name)[0],
            SafeTensorsType.Float64 => Whole(reader.Read<double>(entry.Name)[0]),
            SafeTensorsType.Float32 => Whole(reader.Read<float>(entry.Name)[0]),
            SafeTensorsType.Float16 => Whole((double)reader.Read<Half>(entry.Name)[0]),
            _ => Whole(BitConverter.Int32BitsToSingle(reader.Read<ushort>(entry.Name)[0] << 16)),
        };
        return count >= 0 && count <= long.MaxValue
            ? (long)count
            : throw new SafeTensorsException(reader.Path, entry.Name, string.Create(CultureInfo.InvariantCulture, $"it counts: expected a number from 0 to 2⁶³ − 1, found {count}."));

        // Int128 holds every whole double that is not far beyond what is allowed.
        Int128 Whole(double value) => Math.Floor(value) == value && Math.Abs(value) < 1e30
            ? (Int128)value
            : throw new SafeTensorsException(reader.Path, entry.Name, string.Create(CultureInfo.InvariantCulture, $"it counts: expected a whole number from 0 to 2⁶³ − 1, found {value}."));
    }

    // Counters are 64-bit integers in PyTorch's files.
    private static SafeTensorsType TypeOf(Parameter parameter) => parameter.Kind == ParameterKind.Counter ? SafeTensorsType.Int64 : SafeTensorsType.Float32;

    private static void CheckNames(IReadOnlyList<Parameter> parameters)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Parameter parameter in parameters)
        {
            if (parameter.Name == SafeTensorsHeader.MetadataKey)
                throw new ArgumentException($"A parameter cannot be named '{parameter.Name}': safetensors keeps that name for itself.", nameof(parameters));
            if (!names.Add(parameter.Name))
                throw new ArgumentException($"Two parameters are named '{parameter.Name}'.", nameof(parameters));
        }
    }

    // All that does not fit in one message, as one wants to see it when a network was changed since.
    private static void CheckFit(SafeTensorsReader reader, IReadOnlyList<Parameter> parameters)
    {
        var problems = new List<(string Entry, string Problem)>();
        foreach (Parameter parameter in parameters)
        {
            SafeTensorsEntry? entry = reader.Find(parameter.Name);
            if (entry == null)
                problems.Add((parameter.Name, $"is missing in the file; expected {SafeTensorsTypes.Name(TypeOf(parameter))} {Parameter.FormatShape(parameter.Shape.ToArray())}."));
            else if (!SameShape(entry.Shape, parameter.Shape))
                problems.Add((parameter.Name, $"expected shape {Parameter.FormatShape(parameter.Shape.ToArray())}, found {Parameter.FormatShape(entry.Shape)}."));
            else if (!Fits(entry.Type, parameter))
                problems.Add((parameter.Name, $"expected type {SafeTensorsTypes.Name(TypeOf(parameter))}, found {SafeTensorsTypes.Name(entry.Type)}."));
        }
        HashSet<string> known = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (SafeTensorsEntry entry in reader.Entries)
        {
            if (!known.Contains(entry.Name))
                problems.Add((entry.Name, "is not a parameter of this network."));
        }

        if (problems.Count == 1)
            throw new SafeTensorsException(reader.Path, problems[0].Entry, problems[0].Problem);
        if (problems.Count > 1)
        {
            throw new SafeTensorsException(reader.Path, null, $"{problems.Count} entries do not fit this network."
                + string.Concat(problems.Select(problem => $"{Environment.NewLine}  entry '{problem.Entry}': {problem.Problem}")));
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

    // Length and JSON, padded with spaces so that the data start at a multiple of 8 bytes.
    private static byte[] Header(IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, string> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(SafeTensorsHeader.MetadataKey);
            // What Hugging Face writes for PyTorch's layout.
            writer.WriteString("format", "pt");
            foreach ((string key, string value) in metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
            long offset = 0;
            foreach (Parameter parameter in parameters)
            {
                writer.WriteStartObject(parameter.Name);
                writer.WriteString("dtype", SafeTensorsTypes.Name(TypeOf(parameter)));
                writer.WriteStartArray("shape");
                foreach (int extent in parameter.Shape)
                    writer.WriteNumberValue(extent);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                offset += (long)parameter.Length * (TypeOf(parameter) == SafeTensorsType.Int64 ? sizeof(long) : sizeof(float));
                writer.WriteNumberValue(offset);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }

        int length = (json.WrittenCount + 7) / 8 * 8;
        var header = new byte[sizeof(ulong) + length];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        json.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        header.AsSpan(sizeof(ulong) + json.WrittenCount).Fill((byte)' ');
        return header;
    }
}
