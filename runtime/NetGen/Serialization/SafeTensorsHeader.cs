using System.Text.Json;
using System.Text.Unicode;

namespace NetGen;

/// <summary>Parses and checks the JSON header of a <c>safetensors</c> file.</summary>
internal static class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    // As many as NumPy and PyTorch have; more is no tensor.
    private const int MaxDimensions = 64;

    /// <summary>
    /// The entries in file order (by offset) and the metadata. Every rule of the format holds for what is returned: known types,
    /// sizes that fit the shapes, ranges that cover the data once each and completely.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="header">The header's bytes.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    public static (List<SafeTensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(string path, ReadOnlySpan<byte> header,
        long dataLength)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
            throw new SafeTensorsException(path, null, "the header does not start with '{'; this is no safetensors file.");
        if (!Utf8.IsValid(header))
            throw new SafeTensorsException(path, null, "the header is not valid UTF-8.");

        var entries = new List<SafeTensorsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        string? current = null;
        try
        {
            var reader = new Utf8JsonReader(header);
            reader.Read();
            var names = new HashSet<string>(StringComparer.Ordinal);
            int count = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                current = reader.GetString()!;
                if (++count > SafeTensorsReader.MaxEntries + 1)
                    throw new SafeTensorsException(path,
                        null, $"the header has more than {SafeTensorsReader.MaxEntries} entries; so many are not read.");
                if (!names.Add(current))
                    throw new SafeTensorsException(path, current, "the name occurs twice in the header.");
                reader.Read();
                if (current == MetadataKey)
                    ReadMetadata(path, ref reader, metadata);
                else
                    entries.Add(ReadEntry(path, current, ref reader));
                current = null;
            }
            // Only white space may follow, with which writers pad the header; anything else throws here.
            reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: an escaped surrogate without its other half.
            // The parser's message may have all of what it did not understand.
            string message = FileText.Shorten(exception.Message);
            throw new SafeTensorsException(path, current, $"the header is no valid JSON: {message}",
                message.Length < exception.Message.Length ? null : exception);
        }

        // A sort that keeps the order of what is equal: empty entries may lie at one place.
        entries = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        CheckCoverage(path, entries, dataLength);
        return (entries, metadata);
    }

    private static void ReadMetadata(string path, ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new SafeTensorsException(path, MetadataKey, $"expected an object, found {Describe(reader.TokenType)}.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (metadata.Count == SafeTensorsReader.MaxEntries)
                throw new SafeTensorsException(path,
                    MetadataKey, $"it has more than {SafeTensorsReader.MaxEntries} texts; so many are not read.");
            if (reader.TokenType != JsonTokenType.String)
                throw new SafeTensorsException(path,
                    MetadataKey, $"{FileText.Quote(key)} must be a string, found {Describe(reader.TokenType)}.");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new SafeTensorsException(path, MetadataKey, $"{FileText.Quote(key)} occurs twice.");
        }
    }

    private static SafeTensorsEntry ReadEntry(string path, string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new SafeTensorsException(path,
                name, $"expected an object with dtype, shape and data_offsets, found {Describe(reader.TokenType)}.");

        string? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type == null:
                    if (reader.TokenType != JsonTokenType.String)
                        throw new SafeTensorsException(path, name, $"dtype must be a string, found {Describe(reader.TokenType)}.");
                    type = reader.GetString();
                    break;
                case "shape" when shape == null:
                    shape = ReadNumbers(path, name, field, ref reader);
                    break;
                case "data_offsets" when offsets == null:
                    offsets = ReadNumbers(path, name, field, ref reader);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw new SafeTensorsException(path, name, $"{field} occurs twice.");
                default:
                    throw new SafeTensorsException(path,
                        name, $"unknown field {FileText.Quote(field)}; expected dtype, shape and data_offsets.");
            }
        }

        if (type == null || shape == null || offsets == null)
            throw new SafeTensorsException(path,
                name, $"{(type == null ? "dtype" : shape == null ? "shape" : "data_offsets")} is missing.");
        if (SafeTensorsTypes.Parse(type) is not { } parsedType)
            throw new SafeTensorsException(path, name, $"unknown dtype {FileText.Quote(type)}; expected {SafeTensorsTypes.All}.");
        if (offsets.Length != 2)
            throw new SafeTensorsException(path, name, $"data_offsets must be two numbers, found {offsets.Length}.");
        (long begin, long end) = (offsets[0], offsets[1]);
        if (begin > end)
            throw new SafeTensorsException(path, name, $"data_offsets begin at {begin} and end before that, at {end}.");
        long bytes = SafeTensorsTypes.Size(parsedType);
        try
        {
            // A dimension of zero makes the tensor empty, however large the others are.
            bytes = shape.Contains(0) ? 0 : shape.Aggregate(bytes, (product, extent) => checked(product * extent));
        }
        catch (OverflowException exception)
        {
            throw new SafeTensorsException(path, name, $"shape {Parameter.FormatShape(shape)} is too large.", exception);
        }
        if (end - begin != bytes)
            throw new SafeTensorsException(path,
                name, $"{type} of shape {Parameter.FormatShape(shape)} needs {bytes} bytes, but data_offsets [{begin}, {end}] "
                + $"give {end - begin}.");
        return new SafeTensorsEntry(name, parsedType, shape, begin, end);
    }

    private static long[] ReadNumbers(string path, string name, string field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new SafeTensorsException(path, name, $"{field} must be an array, found {Describe(reader.TokenType)}.");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw new SafeTensorsException(path, name, $"{field} must hold whole numbers from 0 to 2⁶³ − 1.");
            if (numbers.Count == MaxDimensions)
                throw new SafeTensorsException(path, name, $"{field} has more than {MaxDimensions} numbers; no tensor has so many.");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static void CheckCoverage(string path, List<SafeTensorsEntry> entries, long dataLength)
    {
        foreach (SafeTensorsEntry entry in entries)
        {
            if (entry.End > dataLength)
                throw new SafeTensorsException(path,
                    entry.Name, $"its data end at byte {entry.End}, but the file has {dataLength} bytes of data: it is truncated, or "
                    + $"the offsets are wrong.");
        }

        long covered = 0;
        string? previous = null;
        foreach (SafeTensorsEntry entry in entries)
        {
            if (entry.Begin < covered)
                throw new SafeTensorsException(path,
                    entry.Name, $"its data begin at byte {entry.Begin} and overlap those of {FileText.Quote(previous!)}, which end "
                    + $"at {covered}.");
            if (entry.Begin > covered)
                throw new SafeTensorsException(path,
                    entry.Name, $"its data begin at byte {entry.Begin}, leaving a gap of {entry.Begin - covered} bytes "
                    + $"after {(previous == null ? "the header" : FileText.Quote(previous))}.");
            covered = entry.End;
            previous = entry.Name;
        }
        if (covered < dataLength)
            throw new SafeTensorsException(path,
                null, $"{dataLength - covered} bytes follow the data of {(previous == null ? "no entry" : $"the last "
                + $"entry, {FileText.Quote(previous)}")}.");
    }

    internal static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => token.ToString(),
    };
}
