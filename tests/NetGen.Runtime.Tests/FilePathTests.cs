using System.Text;

namespace NetGen.Runtime.Tests;

/// <summary>Names that the file system takes at its limits, and what is told where it refuses.</summary>
public sealed class FilePathTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static Parameter[] Network(float value)
    {
        Parameter[] network = [Floats.Plain("a", 2)];
        network[0].Fill(value);
        return network;
    }

    public static TheoryData<string> LongNames
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (int length in (int[])[200, 237, 238, 239, 240, 247, 254, 255])
                names.Add(new string('n', length - 12) + ".safetensors");
            // Three bytes each; four, and two characters; and cut at each of their bytes.
            names.Add(new string('語', 85));
            names.Add("a" + new string('語', 84) + "b");
            names.Add("ab" + new string('語', 84));
            foreach (string front in (string[])["", "a", "ab", "abc"])
                names.Add(front + string.Concat(Enumerable.Repeat("🦔", (255 - front.Length) / 4)));
            return names;
        }
    }

    [Theory, MemberData(nameof(LongNames))]
    public void NamesUpToTheLimitAreWrittenAndReplaced(string name)
    {
        string path = _directory.File(name);
        for (int value = 1; value <= 2; value++)
        {
            SafeTensors.Save(path, Network(value));
            Parameter[] read = Network(0);
            SafeTensors.Load(path, read);
            Assert.Equal([value, value], read[0].ToArray());
        }
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData('n', 256)]
    [InlineData('語', 86)]
    public void LongerNamesAreRefusedBeforeAnythingIsWritten(char character, int count)
    {
        if (OperatingSystem.IsWindows() && count < 256)
            return;
        string path = _directory.File(new string(character, count));
        Assert.Contains("may have 255", Assert.Throws<PathTooLongException>(() => SafeTensors.Save(path, Network(1))).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
        Assert.ThrowsAny<IOException>(() => SafeTensors.Load(path, Network(1)));
    }

    [Fact]
    public void WhatAKilledProcessLeftIsRemovedForLongNamesTooAndForNoOtherFile()
    {
        string name = new('n', 255), cut = new('n', 238), star = OperatingSystem.IsWindows() ? "x" : "*?.safetensors";
        string[] abandoned = [cut + ".abcdefgh.ijk.tmp", star + ".abcdefgh.ijk.tmp"];
        string[] kept = ["y.safetensors.abcdefgh.ijk.tmp", "nn.tmp", cut[1..] + ".abcdefgh.ijk.tmp", "ab.safetensors.abcdefgh.ijk.tmp"];
        foreach (string file in (string[])[.. abandoned, .. kept])
        {
            File.WriteAllText(_directory.File(file), "half");
            File.SetLastWriteTimeUtc(_directory.File(file), DateTime.UtcNow.AddHours(-2));
        }
        SafeTensors.Save(_directory.File(name), Network(1));
        SafeTensors.Save(_directory.File(star), Network(1));
        Assert.Equal([.. ((string[])[.. kept, name, star]).Order(StringComparer.Ordinal)],
            Directory.GetFiles(_directory.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    public static TheoryData<string> Accesses => ["save", "load", "reader", "images", "labels", "idx"];

    private static void Access(string what, string path)
    {
        switch (what)
        {
            case "save":
                SafeTensors.Save(path, Network(1));
                break;
            case "load":
                SafeTensors.Load(path, Network(1));
                break;
            case "reader":
                new SafeTensorsReader(path).Dispose();
                break;
            case "images":
                IdxFile.ReadImages(path);
                break;
            case "labels":
                IdxFile.ReadLabels(path);
                break;
            default:
                IdxFile.Read(path);
                break;
        }
    }

    [Theory, MemberData(nameof(Accesses))]
    public void AFolderIsNoFileAndThatIsAnIOException(string what)
    {
        string folder = _directory.File("folder");
        Directory.CreateDirectory(folder);
        foreach (string path in (string[])[folder, folder + Path.DirectorySeparatorChar, "/"])
        {
            var exception = Assert.ThrowsAny<IOException>(() => Access(what, path));
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            Assert.Contains("folder", exception.Message, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Theory, MemberData(nameof(Accesses))]
    public void WhatCannotBeOpenedIsAnIOException(string what)
    {
        string file = _directory.Write("file", [1]), locked = _directory.Write("locked", [1]);
        Assert.ThrowsAny<IOException>(() => Access(what, _directory.File("missing/file")));
        // A file where a folder belongs; a path beyond every limit.
        Assert.ThrowsAny<IOException>(() => Access(what, Path.Combine(file, "file")));
        Assert.ThrowsAny<IOException>(() => Access(what, _directory.File(string.Join('/', Enumerable.Repeat(new string('x', 100), 100)))));
        if (OperatingSystem.IsLinux())
            Assert.ThrowsAny<IOException>(() => Access(what, "/sys/kernel/netgen-is-not-here"));
        // Who may do everything is refused nothing.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        File.SetUnixFileMode(locked, UnixFileMode.None);
        string folder = _directory.File("closed");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string path = what == "save" ? Path.Combine(folder, "file") : locked;
        Assert.Contains("no permission", Assert.ThrowsAny<IOException>(() => Access(what, path)).Message, StringComparison.Ordinal);
    }

    /// <summary>A pipe has no length and no places: it is refused, and not waited for.</summary>
    [Theory, MemberData(nameof(Accesses))]
    public void ADeviceIsNoFile(string what)
    {
        if (OperatingSystem.IsLinux() && what != "save")
            Assert.ThrowsAny<IOException>(() => Access(what, "/dev/null"));
    }

    [Theory, MemberData(nameof(Accesses))]
    public void PathsThatAreNoneAreRefusedAsArguments(string what)
    {
        Assert.Contains("NUL at index", Assert.Throws<ArgumentException>("path", () => Access(what, _directory.File("a\0b"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("path", () => Access(what, ""));
        if (!OperatingSystem.IsWindows())
            Assert.Contains("U+D83E, at index",
                Assert.Throws<ArgumentException>("path", () => Access(what, _directory.File("a\uD83Eb"))).Message,
                StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void AMissingFolderIsNamedAndNoTemporaryFile()
    {
        string path = _directory.File("missing/model.safetensors");
        string message = Assert.Throws<DirectoryNotFoundException>(() => SafeTensors.Save(path, Network(1))).Message;
        Assert.Contains($"there is no folder '{_directory.File("missing")}'", message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", message, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfASurrogatePairIsRefusedBeforeAnythingIsWritten()
    {
        string path = _directory.File("model.safetensors");
        SafeTensors.Save(path, Network(1));
        byte[] before = File.ReadAllBytes(path);
        foreach (string text in (string[])["\uD83E", "a\uDD94", "\uDD94\uD83E", "🦔\uD800b"])
        {
            Assert.Contains("half of a surrogate pair",
                Assert.Throws<ArgumentException>("parameters", () => SafeTensors.Save(path, [Floats.Plain("x" + text, 1)])).Message,
                StringComparison.Ordinal);
            Assert.Throws<ArgumentException>("metadata",
                () => SafeTensors.Save(path, Network(2), new Dictionary<string, string> { ["key"] = text }));
            Assert.Throws<ArgumentException>("metadata",
                () => SafeTensors.Save(path, Network(2), new Dictionary<string, string> { [text] = "value" }));
        }
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void WholePairsAreKept()
    {
        string path = _directory.File("model.safetensors");
        SafeTensors.Save(path, [Floats.Plain("🦔", 1)], new Dictionary<string, string> { ["🦔🦔"] = "a🦔\0\uFFFD" });
        SafeTensors.Load(path, [Floats.Plain("🦔", 1)]);
        using var reader = new SafeTensorsReader(path);
        Assert.Equal("a🦔\0\uFFFD", reader.Metadata["🦔🦔"]);
    }
}
