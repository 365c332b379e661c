namespace NetGen;

/// <summary>Writes a file so that its name always stands for a complete one: the old or the new.</summary>
internal static class AtomicFile
{
    private const string Extension = ".tmp";

    /// <summary>A temporary file that has not been written for this long was left by a process that was killed.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>
    /// Writes to a temporary file in the same directory, flushes it to the disk and renames it. If anything fails, the
    /// temporary file is removed and what was there before is untouched. What a killed process left behind is removed too, an hour later.
    /// </summary>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        (string target, string temporary) = Prepare(path);
        try
        {
            using (FileStream stream = Create(target, temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception)
        {
            Remove(temporary);
            if (exception is UnauthorizedAccessException refused)
                throw FileAccessor.Refusal(path, refused);
            throw;
        }
        DeleteAbandoned(target);
    }

    /// <summary>Tries whether <see cref="Write"/> could write: makes a temporary file and removes it.</summary>
    /// <param name="path">The file that is going to be written.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Try(string path)
    {
        (string target, string temporary) = Prepare(path);
        try
        {
            Create(target, temporary).Dispose();
        }
        catch (UnauthorizedAccessException exception)
        {
            throw FileAccessor.Refusal(path, exception);
        }
        finally
        {
            Remove(temporary);
        }
    }

    /// <summary>The file to replace and the temporary one, after what can be told without writing anything.</summary>
    private static (string Target, string Temporary) Prepare(string path)
    {
        FileAccessor.CheckPath(path);
        string target = Path.GetFullPath(path);
        string name = Path.GetFileName(target);
        if (name.Length == 0 || Directory.Exists(target))
            throw new IOException($"{path}: it is a folder, not a file.");
        int length = FileAccessor.NameLength(name);
        if (length > FileAccessor.MaxNameLength)
            throw new PathTooLongException($"{path}: the file's name "
                + $"has {length} {(OperatingSystem.IsWindows() ? "characters" : "bytes")}, and may have {FileAccessor.MaxNameLength}.");
        // A symbolic link stays one: its target is replaced.
        target =
            FileAccessor.Access(target, target => new FileInfo(target).LinkTarget == null
            ? target : File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName);
        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{path}: there is no folder '{folder}' to write it in.");
        return (target, Path.Combine(folder, $"{TemporaryPrefix(target)}{Path.GetRandomFileName()}{Extension}"));
    }

    /// <summary>
    /// How the names of a file's temporary ones begin: with its own, or as much of it as leaves room for the rest where file systems take
    /// no longer names.
    /// </summary>
    private static string TemporaryPrefix(string target)
    {
        string name = Path.GetFileName(target);
        // A point and "abcdefgh.ijk".
        int room = FileAccessor.MaxNameLength - 1 - 12 - Extension.Length;
        while (FileAccessor.NameLength(name) > room)
            name = name[..^(name.Length > 1 && char.IsSurrogatePair(name[^2], name[^1]) ? 2 : 1)];
        return name + ".";
    }

    private static FileStream Create(string target, string temporary)
    {
        var options =
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        // A file that only its owner could read stays so.
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            options.UnixCreateMode = File.GetUnixFileMode(target);
        return new FileStream(temporary, options);
    }

    private static void Remove(string temporary)
    {
        // The first error is the one to report, whatever comes of the cleaning.
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void DeleteAbandoned(string target)
    {
        string prefix = TemporaryPrefix(target);
        // The new file has its name by now; that there is litter beside it is no reason to fail.
        try
        {
            // Compared here, and not by a pattern of the system: names may have a star or a question mark.
            foreach (string left in Directory.EnumerateFiles(Path.GetDirectoryName(target)!))
            {
                ReadOnlySpan<char> name = Path.GetFileName(left.AsSpan());
                if (name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
                    && name.Length > prefix.Length + Extension.Length
                    && DateTime.UtcNow - File.GetLastWriteTimeUtc(left) > Abandoned)
                {
                    File.Delete(left);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
