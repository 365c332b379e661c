namespace NetGen;

/// <summary>Writes a file so that its name always stands for a complete one: the old or the new.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same directory, flushes it to the disk and renames it. If anything fails, the
    /// temporary file is removed and what was there before is untouched.
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
}
