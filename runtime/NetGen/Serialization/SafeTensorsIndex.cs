using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace NetGen;

/// <summary>
/// The index of parameters that lie in several <c>safetensors</c> files, <c>model.safetensors.index.json</c>: which name is in which file.
/// </summary>
/// <param name="Path">The index.</param>
/// <param name="Shards">The files, in the order in which the index names them first, relative to its folder.</param>
/// <param name="ShardOf">For each name the number of its file.</param>
internal sealed record SafeTensorsIndex(string Path, IReadOnlyList<string> Shards, IReadOnlyDictionary<string, int> ShardOf)
{
    private const string Map = "weight_map", Metadata = "metadata", TotalSize = "total_size";

    // Each is an open file. The largest published models have some two hundred.
    private const int MaxShards = 1024;

    /// <summary>Reads an index and checks all of it that can be told without the files that it names.</summary>
    /// <param name="path">The index.</param>
    /// <exception cref="SafeTensorsException">It is no index, or names files outside of its folder.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafeTensorsIndex Read(string path)
    {
        string? current = null;
        try
        {
            var reader = new Utf8JsonReader(ReadAll(path));
            List<string>? shards = null;
            var shardOf = new Dictionary<string, int>(StringComparer.Ordinal);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new SafeTensorsException(path, null, "expected an object with 'weight_map'; this is no index of safetensors files.");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string field = reader.GetString()!;
                reader.Read();
                if (field == Map)
                {
                    if (shards is not null)
                        throw new SafeTensorsException(path, null, $"'{Map}' occurs twice.");
                    shards = ReadMap(path, ref reader, shardOf, ref current);
                }
                else if (field == Metadata)
                {
                    CheckMetadata(path, ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
            reader.Read();
            return shards is null
                ? throw new SafeTensorsException(path, null, $"there is no '{Map}'; this is no index of safetensors files.")
                : new SafeTensorsIndex(path, shards, shardOf);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            string message = FileText.Shorten(exception.Message);
            throw new SafeTensorsException(path, current, $"the index is no valid JSON: {message}",
                message.Length < exception.Message.Length ? null : exception);
        }
    }

    private static byte[] ReadAll(string path)
    {
        using SafeFileHandle file = FileAccessor.OpenHandle(path, out long length);
        if (length > SafeTensorsReader.MaxHeaderLength)
            throw new SafeTensorsException(path, null, $"the index has {length} bytes, above the limit "
                + $"of {SafeTensorsReader.MaxHeaderLength}.");
        var bytes = new byte[length];
        int done = FileAccessor.Fill(file, bytes, 0);
        return done == bytes.Length ? bytes
            : throw new SafeTensorsException(path, null, $"the file ends at byte {done}, {bytes.Length - done} bytes too early.");
    }

    // The sum is not compared: it tells nothing that the headers do not, and published indexes kept theirs when tensors were taken out.
    private static void CheckMetadata(string path, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new SafeTensorsException(path, null, $"'{Metadata}' must be an object, "
                + $"found {SafeTensorsHeader.Describe(reader.TokenType)}.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = reader.GetString()!;
            reader.Read();
            // Some writers have it as 123.0.
            if (key == TotalSize && (reader.TokenType != JsonTokenType.Number || !(reader.GetDouble() >= 0)))
                throw new SafeTensorsException(path, null, $"'{TotalSize}' must be a number of bytes, 0 or more.");
            reader.Skip();
        }
    }

    private static List<string> ReadMap(string path, ref Utf8JsonReader reader, Dictionary<string, int> shardOf, ref string? current)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new SafeTensorsException(path, null, $"'{Map}' must be an object, found {SafeTensorsHeader.Describe(reader.TokenType)}.");
        var shards = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            current = reader.GetString()!;
            reader.Read();
            if (shardOf.Count == SafeTensorsReader.MaxEntries)
                throw new SafeTensorsException(path, null, $"'{Map}' has more than {SafeTensorsReader.MaxEntries} names; "
                    + "so many are not read.");
            if (reader.TokenType != JsonTokenType.String)
                throw new SafeTensorsException(path, current, $"'{Map}' must have the name of a file, "
                    + $"found {SafeTensorsHeader.Describe(reader.TokenType)}.");
            string shard = reader.GetString()!;
            if (!numbers.TryGetValue(shard, out int number))
            {
                if (shards.Count == MaxShards)
                    throw new SafeTensorsException(path, null, $"'{Map}' names more than {MaxShards} files; so many are not read.");
                CheckInside(path, current, shard);
                numbers.Add(shard, number = shards.Count);
                shards.Add(shard);
            }
            if (!shardOf.TryAdd(current, number))
                throw new SafeTensorsException(path, current, $"the name occurs twice in '{Map}'.");
            current = null;
        }
        return shards;
    }

    // By the text alone, and alike on every system: the files themselves may be links, as downloaders make them.
    private static void CheckInside(string path, string name, string shard)
    {
        bool isInside = !shard.AsSpan().ContainsAny("\\:\0") && shard.Split('/').All(part => part is not ("" or "." or ".."));
        if (!isInside)
            throw new SafeTensorsException(path, name, $"'{Map}' names the file {FileText.Quote(shard)}; "
                + "expected one in the folder of the index or below it, such as 'model-00001-of-00002.safetensors'.");
    }
}
