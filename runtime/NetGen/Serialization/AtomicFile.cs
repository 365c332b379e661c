namespace NetGen;

/// <summary>Writes a file so that its name always stands for a complete one: the old or the new.</summary>
internal static class AtomicFile
{
    /// <summary>A temporary file that has not been written for this long was left by a process that was killed.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>
    /// Writes to a temporary file in the same directory, flushes it to the disk and renames it. If anything fails, the
    /// temporary file is removed and what was there before is untouched. What a killed process left behind is removed too, an hour later.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        // A symbolic link stays one: its target is replaced.
        string target = Path.GetFullPath(path);
        if (new FileInfo(target).LinkTarget != null)
            target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        // A file that only its owner could read stays so.
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            options.UnixCreateMode = File.GetUnixFileMode(target);
        string temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
            DeleteAbandoned(target);
        }
        catch
        {
            // The first error is the one to report, whatever comes of the cleaning.
            try
            {
                File.Delete(temporary);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
            }
            throw;
        }
    }

    private static void DeleteAbandoned(string target)
    {
        // The new file has its name by now; that there is litter beside it is no reason to fail.
        try
        {
            foreach (string left in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, Path.GetFileName(target) + ".*.tmp"))
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(left) > Abandoned)
                    File.Delete(left);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
