namespace NetGen.Data.Tests;

/// <summary>What the system refuses is an IOException, as the documentation says, and never an UnauthorizedAccessException.</summary>
public sealed class FilePathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Accesses => ["image", "png", "jpeg", "write", "cifar"];

    private static void Access(string what, string path)
    {
        switch (what)
        {
            case "image":
                ImageFile.Read(path);
                break;
            case "png":
                PngFile.Read(path);
                break;
            case "jpeg":
                JpegFile.Read(path);
                break;
            case "write":
                PngFile.Write(path, 1, 1, 1, [0]);
                break;
            default:
                CifarDataset.ReadCifar10(Path.GetDirectoryName(path)!, train: false);
                break;
        }
    }

    [Theory, MemberData(nameof(Accesses))]
    public void AFolderInTheFilesPlace(string what)
    {
        string path = Path.Combine(_folder, "test_batch.bin");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<IOException>(() => Access(what, path));
    }

    [Theory, MemberData(nameof(Accesses))]
    public void WhatIsNotThereOrMayNotBeOpened(string what)
    {
        string file = Path.Combine(_folder, "test_batch.bin");
        Assert.ThrowsAny<IOException>(() => Access(what, Path.Combine(_folder, "missing", "test_batch.bin")));
        Assert.ThrowsAny<IOException>(() => Access(what, Path.Combine(_folder, new string('x', 300), "test_batch.bin")));
        File.WriteAllBytes(file, new byte[3073]);
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        File.SetUnixFileMode(file, UnixFileMode.None);
        Assert.Contains("no permission", Assert.ThrowsAny<IOException>(() => Access(what, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PathsThatAreNone()
    {
        foreach (string what in (string[])["image", "png", "jpeg", "write"])
            Assert.Throws<ArgumentException>("path", () => Access(what, Path.Combine(_folder, "a\0b")));
        Assert.Throws<ArgumentException>("root", () => new ImageFolder(Path.Combine(_folder, "a\0b")));
        if (!OperatingSystem.IsWindows())
            Assert.Throws<ArgumentException>("path", () => PngFile.Write(Path.Combine(_folder, "a\uD83E.png"), 1, 1, 1, [0]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void FoldersOfImagesThatCannotBeListed()
    {
        Assert.Throws<DirectoryNotFoundException>(() => new ImageFolder(Path.Combine(_folder, "missing")));
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.ThrowsAny<IOException>(() => new ImageFolder(file));
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        Directory.CreateDirectory(Path.Combine(_folder, "class"), UnixFileMode.None);
        Assert.Contains("no permission", Assert.ThrowsAny<IOException>(() => new ImageFolder(_folder)).Message, StringComparison.Ordinal);
    }
}
