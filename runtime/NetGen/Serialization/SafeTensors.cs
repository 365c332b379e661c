using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NetGen;

/// <summary>
/// Writes and reads parameters in the <c>safetensors</c> format, which PyTorch reads and writes too: names, shapes and
/// float32 data (bfloat16 where that is what a network keeps, 64-bit integers for counters) in row-major order, little-endian.
/// <see cref="SafeTensorsReader"/> reads any such file.
/// </summary>
public static class SafeTensors
{
    // Floats written at once: few enough for the data to be in the cache when they are summed up and written.
    private const int ChunkLength = 1 << 16;

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
    public static void Save(string path, IReadOnlyList<Parameter> parameters) => Save(path, parameters, new SaveOptions());

    /// <summary>The same, with options for the type of the elements and the names.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order; each name once.</param>
    /// <param name="options">The type of the elements, and the names in the file.</param>
    /// <exception cref="ArgumentException">
    /// Two entries have the same name, or one has the reserved name <c>__metadata__</c> or none, or a name or the path has half of a
    /// surrogate pair, or the names are more than a header holds, or the type is none to save floats in, or a finite value is too large for
    /// it; what was there before is as it was.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is as it was.</exception>
    public static void Save(string path, IReadOnlyList<Parameter> parameters, SaveOptions options)
        => Save(path, parameters, options?.Info?.ToTexts() ?? new Dictionary<string, string>(), options);

    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order; each name once.</param>
    /// <param name="metadata">Texts for the header, beside <c>format</c>.</param>
    /// <param name="options">The type of the elements, and the names in the file; null for the default.</param>
    internal static void Save(
        string path, IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, string> metadata, SaveOptions? options = null)
    {
        FileAccessor.CheckPath(path);
        ArgumentNullException.ThrowIfNull(parameters);
        options ??= new SaveOptions();
        if (options.Type is not (null or SafeTensorsType.Float32 or SafeTensorsType.Float16 or SafeTensorsType.BFloat16))
            throw new ArgumentException($"{nameof(SaveOptions)}.{nameof(SaveOptions.Type)}: expected {nameof(SafeTensorsType.Float32)}, "
                + $"{nameof(SafeTensorsType.Float16)} or {nameof(SafeTensorsType.BFloat16)}, found {options.Type}.", nameof(options));
        string[] names = [.. parameters.Select(parameter => NameOf(parameter, options))];
        CheckNames(names);
        List<SafeTensorsEntry> entries = Entries(parameters, names, options.Type);
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
                summed[i] = new SummedEntry(entries[i], WriteData(stream, parameters[i], entries[i]));
            stream.Position = checksumAt;
            stream.Write(Encoding.ASCII.GetBytes(SafeTensorsChecksum.Digits(SafeTensorsChecksum.Of(texts, summed))));
        });
    }

    /// <summary>
    /// Refuses what <see cref="Save(string, IReadOnlyList{Parameter}, IReadOnlyDictionary{string, string}, SaveOptions?)"/> would refuse
    /// among texts.
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

    private static string NameOf(Parameter parameter, SaveOptions options)
    {
        if (options.NameInFile is null)
            return parameter.Name;
        string name = options.NameInFile(parameter.Name);
        return !string.IsNullOrEmpty(name) ? name : throw new ArgumentException(
            $"{nameof(SaveOptions.NameInFile)} gives no name for the parameter '{parameter.Name}'.", nameof(options));
    }

    /// <summary>Writes a parameter's data, and gives their CRC-32C.</summary>
    private static uint WriteData(Stream stream, Parameter parameter, SafeTensorsEntry entry)
    {
        if (parameter.Kind == ParameterKind.Counter)
        {
            Span<byte> count = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(count, parameter.CounterValue);
            stream.Write(count);
            return Crc32C.Of(count);
        }

        int size = SafeTensorsTypes.Size(entry.Type);
        float[] values = ArrayPool<float>.Shared.Rent(ChunkLength);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(ChunkLength * size);
        try
        {
            uint checksum = 0;
            for (long first = 0; first < parameter.Length; first += ChunkLength)
            {
                Span<float> piece = values.AsSpan(0, (int)Math.Min(ChunkLength, parameter.Length - first));
                Span<byte> data = bytes.AsSpan(0, piece.Length * size);
                parameter.CopyTo((int)first, piece);
                int tooLarge = FloatConversion.Narrow(entry.Type, piece, data);
                if (tooLarge >= 0)
                    throw new ArgumentException($"Parameter '{parameter.Name}': its element {first + tooLarge} is "
                        + $"{FloatConversion.TooLarge(piece[tooLarge], entry.Type)}. Save it in a type that holds it.", "options");
                checksum = Crc32C.Of(data, checksum);
                stream.Write(data);
            }
            return checksum;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>
    /// Reads parameters from a file that holds exactly these: no name more or less, the same shapes, and float32, float16, bfloat16 or
    /// float64, of which the last alone is rounded. Counters may be whole numbers of any type. Everything is checked, and read once,
    /// before the first parameter is written, so that on any error all are unchanged; then it is read again in pieces, so that no parameter
    /// is held twice. Only who changes a file while it is read gets half of it. Where a file has a checksum, as those have that this class
    /// writes, it must be right.
    /// </summary>
    /// <param name="path">
    /// The file; or the index of several files, <c>model.safetensors.index.json</c>, recognised by its ending <c>.json</c>; or a folder
    /// with <c>model.safetensors</c> or, if not that, <c>model.safetensors.index.json</c>.
    /// </param>
    /// <param name="parameters">The parameters to set.</param>
    /// <exception cref="ArgumentException">
    /// Two parameters have the same name, or the path is empty, or has a NUL or half of a surrogate pair.
    /// </exception>
    /// <exception cref="SafeTensorsException">
    /// A file is damaged or does not fit, or the index does not fit its files; the message names the entries at fault, the first of them
    /// where there are many.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static void Load(string path, IReadOnlyList<Parameter> parameters) => Load(path, parameters, new LoadOptions());

    /// <summary>The same, with options for names that differ, entries too many and parameters too few.</summary>
    /// <param name="path">The file, the index or the folder.</param>
    /// <param name="parameters">The parameters to set.</param>
    /// <param name="options">Names in the file, entries to ignore, and parameters to keep as they are.</param>
    /// <exception cref="ArgumentException">
    /// Two parameters have the same name, or <see cref="LoadOptions.NameInFile"/> gives none for one, or the path is empty, or has a NUL or
    /// half of a surrogate pair.
    /// </exception>
    /// <exception cref="SafeTensorsException">A file is damaged or does not fit; no parameter is changed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static void Load(string path, IReadOnlyList<Parameter> parameters, LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        CheckNames([.. parameters.Select(parameter => parameter.Name)]);
        using ParameterFiles files = ParameterFiles.Open(path);
        new ParameterLoader(files, options, isExact: false).Load(parameters);
    }

    /// <summary>
    /// All bits of a state from a file that is open, which holds exactly these as float32, and what may be there besides; the names are
    /// known to be different.
    /// </summary>
    internal static void Load(SafeTensorsReader reader, IReadOnlyList<Parameter> parameters, Func<string, bool>? ignore = null)
    {
        using var files = new ParameterFiles(reader);
        new ParameterLoader(files, new LoadOptions { Ignore = ignore }, isExact: true).Load(parameters);
    }

    private static void CheckNames(IReadOnlyList<string> parameters)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in parameters)
        {
            FileText.Check(name, $"The name of the parameter {FileText.Quote(name)}", nameof(parameters));
            if (name == SafeTensorsHeader.MetadataKey)
                throw new ArgumentException($"A parameter cannot be named '{name}': safetensors keeps that name for itself.",
                    nameof(parameters));
            if (!names.Add(name))
                throw new ArgumentException($"Two parameters are named '{name}'.", nameof(parameters));
        }
    }

    /// <summary>The entries of the parameters, their data one after the other.</summary>
    private static List<SafeTensorsEntry> Entries(IReadOnlyList<Parameter> parameters, string[] names, SafeTensorsType? floats)
    {
        var entries = new List<SafeTensorsEntry>(parameters.Count);
        long offset = 0;
        for (int i = 0; i < names.Length; i++)
        {
            Parameter parameter = parameters[i];
            SafeTensorsType own = ParameterLoader.TypeOf(parameter), type = own == SafeTensorsType.Int64 ? own : floats ?? own;
            long[] shape = Array.ConvertAll<int, long>(parameter.Shape.ToArray(), extent => extent);
            long end = offset + (long)parameter.Length * SafeTensorsTypes.Size(type);
            entries.Add(new SafeTensorsEntry(names[i], type, shape, offset, end));
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
