namespace NetGen;

/// <summary>The open files that parameters are read from: one, or those of an index.</summary>
internal sealed class ParameterFiles : IDisposable
{
    private const string FileName = "model.safetensors", IndexName = "model.safetensors.index.json";

    private readonly SafeTensorsIndex? _index;
    private readonly bool _leavesOpen;

    /// <summary>One file, which the caller closes.</summary>
    public ParameterFiles(SafeTensorsReader reader)
    {
        Path = reader.Path;
        Readers = [reader];
        _leavesOpen = true;
    }

    private ParameterFiles(string path, IReadOnlyList<SafeTensorsReader> readers, SafeTensorsIndex? index)
    {
        Path = path;
        Readers = readers;
        _index = index;
    }

    /// <summary>The file, or the index.</summary>
    public string Path { get; }

    /// <summary>The files in the order of the index.</summary>
    public IReadOnlyList<SafeTensorsReader> Readers { get; }

    /// <summary>
    /// Opens a <c>safetensors</c> file, or all files of an index, which ends in <c>.json</c>, or those in a folder:
    /// <c>model.safetensors</c>, or else <c>model.safetensors.index.json</c>. All headers are checked, and that every name of an index is
    /// where it says.
    /// </summary>
    /// <param name="path">The file, index or folder.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="SafeTensorsException">A file is damaged, or the index does not fit the files.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ParameterFiles Open(string path)
    {
        FileAccessor.CheckPath(path);
        if (Directory.Exists(path))
            path = InFolder(path);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? OpenShards(SafeTensorsIndex.Read(path)) : new ParameterFiles(path, [new SafeTensorsReader(path)], null);
    }

    /// <summary>The entry of a name; null where there is none, or the index has no such name.</summary>
    public (SafeTensorsReader Reader, SafeTensorsEntry Entry)? Find(string name)
    {
        if (_index is not null && !_index.ShardOf.ContainsKey(name))
            return null;
        SafeTensorsReader reader = Readers[_index?.ShardOf[name] ?? 0];
        return reader.Find(name) is { } entry ? (reader, entry) : null;
    }

    /// <summary>Why a name is not to be found, to go on from "is missing in".</summary>
    public string Missing(string name)
    {
        if (_index is null)
            return "the file";
        SafeTensorsReader? has = Readers.FirstOrDefault(reader => reader.Find(name) is not null);
        return "weight_map" + (has is null ? "" : $", although '{System.IO.Path.GetFileName(has.Path)}' has it");
    }

    /// <summary>Which of several files it is, to be put behind something; empty where there is one.</summary>
    public string In(SafeTensorsReader reader) => _index is null ? "" : $" (in '{System.IO.Path.GetFileName(reader.Path)}')";

    /// <summary>Reads everything in the files that have a checksum, and compares.</summary>
    /// <exception cref="SafeTensorsException">A file was changed or damaged since it was written.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void CheckChecksums()
    {
        foreach (SafeTensorsReader reader in Readers)
            reader.CheckChecksum();
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        if (_leavesOpen)
            return;
        foreach (SafeTensorsReader reader in Readers)
            reader.Dispose();
    }

    private static string InFolder(string folder)
    {
        string file = System.IO.Path.Combine(folder, FileName), index = System.IO.Path.Combine(folder, IndexName);
        return File.Exists(file) ? file : File.Exists(index) ? index : throw new FileNotFoundException(
            $"{folder}: the folder has neither '{FileName}' nor '{IndexName}'. A file of another name is loaded by its own path.", folder);
    }

    private static ParameterFiles OpenShards(SafeTensorsIndex index)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(index.Path))!;
        string[] paths = [.. index.Shards.Select(shard => System.IO.Path.Combine(folder, shard))];
        string[] missing = [.. index.Shards.Where((_, i) => !File.Exists(paths[i]))];
        if (missing.Length > 0)
            throw new SafeTensorsException(index.Path, null, $"of its {paths.Length} files {missing.Length} "
                + $"{(missing.Length == 1 ? "is" : "are")} missing in '{folder}': {FileText.List(missing)}.");

        var readers = new List<SafeTensorsReader>(paths.Length);
        try
        {
            foreach (string path in paths)
                readers.Add(new SafeTensorsReader(path));
            CheckNames(index, readers);
            return new ParameterFiles(index.Path, readers, index);
        }
        catch
        {
            foreach (SafeTensorsReader reader in readers)
                reader.Dispose();
            throw;
        }
    }

    private static void CheckNames(SafeTensorsIndex index, List<SafeTensorsReader> readers)
    {
        string[] missing = [.. index.ShardOf.Where(pair => readers[pair.Value].Find(pair.Key) is null).Select(pair => pair.Key)];
        if (missing.Length == 0)
            return;
        string first = missing[0], shard = index.Shards[index.ShardOf[first]];
        SafeTensorsReader? has = readers.FirstOrDefault(reader => reader.Find(first) is not null);
        throw new SafeTensorsException(index.Path, first, $"weight_map says that it is in '{shard}', which has no such entry"
            + (has is null ? "." : $"; it is in '{System.IO.Path.GetFileName(has.Path)}'.")
            + (missing.Length == 1 ? "" : $" So it is with {missing.Length} names in all: {FileText.List(missing)}."));
    }
}
