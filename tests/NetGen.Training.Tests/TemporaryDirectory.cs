namespace NetGen.Training.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("netgen-training-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public IEnumerable<string> Files => Directory.EnumerateFiles(_path).Select(path => Path.GetFileName(path));

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
