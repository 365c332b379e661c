using System.Globalization;
using System.Text;

namespace NetGen.Runtime.Tests;

/// <summary>Parameters from several files with an index, as large published models come.</summary>
public sealed class ShardTests : IDisposable
{
    private const string IndexName = "model.safetensors.index.json", First = "model-00001-of-00002.safetensors",
        Second = "model-00002-of-00002.safetensors";

    private const string Map = $$"""{"a":"{{First}}","b":"{{First}}","c":"{{Second}}"}""";

    private const string Sizes = """ "metadata":{"total_size":18.0,"note":[1]},""";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static Parameter[] Network() => [Floats.Plain("a", 2), Floats.Plain("b", 1), Floats.Plain("c", 3)];

    private static Parameter Filled(string name, params float[] values)
    {
        Parameter parameter = Floats.Plain(name, values.Length);
        parameter.CopyFrom(values);
        return parameter;
    }

    private string WriteIndex(string map, string before = Sizes, string after = "")
        => _directory.Write(IndexName, Encoding.UTF8.GetBytes($$"""{{{before}}"weight_map":{{map}}{{after}}}"""));

    private void WriteShards()
    {
        SafeTensors.Save(_directory.File(First), [Filled("b", 3), Filled("a", 1, 2)], new SaveOptions { Type = SafeTensorsType.BFloat16 });
        SafeTensors.Save(_directory.File(Second), [Filled("c", 4, 5, 6)]);
    }

    private static void AssertLoaded(Parameter[] network)
        => Assert.Equal([1, 2, 3, 4, 5, 6], network.SelectMany(parameter => parameter.ToArray()));

    // Nothing of the network may be changed.
    private SafeTensorsException AssertRefused(string? path = null, LoadOptions? options = null, params string[] messages)
    {
        Parameter[] network = Network();
        foreach (Parameter parameter in network)
            parameter.Fill(9);
        var exception = Assert.Throws<SafeTensorsException>(
            () => SafeTensors.Load(path ?? _directory.File(IndexName), network, options ?? new LoadOptions()));
        Assert.All(messages, message => Assert.Contains(message, exception.Message, StringComparison.Ordinal));
        Assert.All(network.SelectMany(parameter => parameter.ToArray()), value => Assert.Equal(9, value));
        return exception;
    }

    [Fact]
    public void Shards_load_by_their_index_and_by_their_folder()
    {
        WriteShards();
        string index = WriteIndex(Map, after: """ ,"later":{"a":[{}]}""");
        foreach (string path in new[] { index, _directory.Path, _directory.Path + Path.DirectorySeparatorChar })
        {
            Parameter[] network = Network();
            SafeTensors.Load(path, network);
            AssertLoaded(network);
        }
        // The files are closed, and without the index there is nothing to go by.
        File.Delete(index);
        File.Delete(_directory.File(First));
        Assert.Contains($"neither 'model.safetensors' nor '{IndexName}'",
            Assert.Throws<FileNotFoundException>(() => SafeTensors.Load(_directory.Path, Network())).Message, StringComparison.Ordinal);
        SafeTensors.Save(_directory.File("model.safetensors"), [Filled("a", 1, 2), Filled("b", 3), Filled("c", 4, 5, 6)]);
        Parameter[] whole = Network();
        SafeTensors.Load(_directory.Path, whole);
        AssertLoaded(whole);
    }

    [Fact]
    public void Shards_may_lie_below_and_be_links()
    {
        if (OperatingSystem.IsWindows())
            return;
        WriteShards();
        using var other = new TemporaryDirectory();
        File.Move(_directory.File(Second), other.File("blob"));
        Directory.CreateDirectory(_directory.File("parts"));
        File.CreateSymbolicLink(_directory.File("parts/2.safetensors"), other.File("blob"));
        WriteIndex(Map.Replace(Second, "parts/2.safetensors", StringComparison.Ordinal), before: "");
        Parameter[] network = Network();
        SafeTensors.Load(_directory.File(IndexName), network);
        AssertLoaded(network);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        WriteShards();
        WriteIndex(Map);
        File.Delete(_directory.File(Second));
        AssertRefused(null, null, IndexName, $"of its 2 files 1 is missing in '{_directory.Path}': {Second}");
    }

    [Fact]
    public void A_damaged_shard_is_named_before_anything_changes()
    {
        WriteShards();
        WriteIndex(Map);
        string path = _directory.File(Second);
        byte[] contents = File.ReadAllBytes(path);
        File.WriteAllBytes(path, contents[..^1]);
        Assert.Equal(path, AssertRefused(null, null, "truncated").Path);
        contents[^1] ^= 1;
        File.WriteAllBytes(path, contents);
        Assert.Equal(path, AssertRefused(null, null, "checksum").Path);
    }

    [Fact]
    public void Names_must_be_where_the_index_says()
    {
        WriteShards();
        WriteIndex(Map.Replace($"\"b\":\"{First}\"", $"\"b\":\"{Second}\"", StringComparison.Ordinal));
        SafeTensorsException wrong = AssertRefused(
            null, null, $"weight_map says that it is in '{Second}', which has no such entry; it is in '{First}'.");
        Assert.Equal("b", wrong.Entry);
        WriteIndex(Map.Replace("\"c\":", "\"d\":\"" + First + "\",\"e\":", StringComparison.Ordinal));
        wrong = AssertRefused(null, null, $"it is in '{First}', which has no such entry. So it is with 2 names in all: d, e.");
        Assert.Equal("d", wrong.Entry);
        WriteIndex($$"""{"a":"{{First}}","c":"{{Second}}"}""");
        AssertRefused(null, null, "2 entries do not fit", $"'b': is missing in weight_map, although '{First}' has it; expected F32 [1]",
            $"'b': is in '{First}', but weight_map does not say so.");
        Parameter[] network = Network()[..1];
        SafeTensors.Load(_directory.File(IndexName), network, new LoadOptions { Ignore = name => name is "b" or "c" });
        Assert.Equal([1, 2], network[0].ToArray());
    }

    [Fact]
    public void A_name_in_two_shards_is_refused()
    {
        WriteShards();
        SafeTensors.Save(_directory.File(Second), [Filled("c", 4, 5, 6), Filled("a", 8, 8)]);
        WriteIndex(Map);
        Assert.Equal("a", AssertRefused(null, null, $"is in '{Second}', but weight_map does not say so.").Entry);
    }

    [Fact]
    public void What_does_not_fit_the_network_is_told_with_its_shard()
    {
        WriteShards();
        SafeTensors.Save(_directory.File(Second), [Filled("c", 4, 5), Filled("extra", 1)]);
        WriteIndex(Map);
        AssertRefused(null, null, "2 entries do not fit", $"'c': expected shape [3], found [2] (in '{Second}').");
        WriteIndex(Map.Replace("\"c\":", $"\"extra\":\"{Second}\",\"c\":", StringComparison.Ordinal));
        AssertRefused(null, null, $"'extra': is not a parameter of this network (in '{Second}').");
    }

    [Theory]
    [InlineData("../other.safetensors")]
    [InlineData("/etc/hostname")]
    [InlineData("parts/../../other.safetensors")]
    [InlineData("..\\\\other.safetensors")]
    [InlineData("C:other.safetensors")]
    [InlineData("./model.safetensors")]
    [InlineData("parts//model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    public void Files_outside_of_the_folder_are_refused(string shard)
    {
        WriteShards();
        WriteIndex(Map.Replace(Second, shard, StringComparison.Ordinal));
        Assert.Equal("c", AssertRefused(null, null, "expected one in the folder of the index or below it").Entry);
    }

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("[]", "expected an object with 'weight_map'")]
    [InlineData("{}", "there is no 'weight_map'")]
    [InlineData("""{"weight_map":[]}""", "'weight_map' must be an object, found an array")]
    [InlineData("""{"weight_map":{"a":1}}""", "must have the name of a file, found a number")]
    [InlineData("""{"weight_map":{"a":"x","a":"x"}}""", "occurs twice in 'weight_map'")]
    [InlineData("""{"weight_map":{},"weight_map":{}}""", "'weight_map' occurs twice")]
    [InlineData("""{"metadata":7,"weight_map":{}}""", "'metadata' must be an object, found a number")]
    [InlineData("""{"metadata":{"total_size":"7"},"weight_map":{}}""", "'total_size' must be a number of bytes")]
    [InlineData("""{"metadata":{"total_size":-7},"weight_map":{}}""", "'total_size' must be a number of bytes")]
    [InlineData("""{"weight_map":{}""", "no valid JSON")]
    [InlineData("""{"weight_map":{}}}""", "no valid JSON")]
    [InlineData("""{"weight_map":{"\ud800":"x"}}""", "no valid JSON")]
    [InlineData("""{"weight_map":{}}""", "3 entries do not fit")]
    public void Damaged_indexes_are_refused(string index, string message)
    {
        string path = _directory.Write(IndexName, Encoding.UTF8.GetBytes(index));
        Assert.Equal(path, AssertRefused(path, null, message).Path);
    }

    [Fact]
    public void An_index_of_very_many_files_is_refused()
    {
        string map = string.Join(',', Enumerable.Range(0, 1025).Select(i => i.ToString(CultureInfo.InvariantCulture))
            .Select(i => $"\"{i}\":\"{i}\""));
        WriteIndex($"{{{map}}}");
        AssertRefused(null, null, "names more than 1024 files");
    }
}
