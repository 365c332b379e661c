using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NetGen;

/// <summary>Opens files, so that whatever the system refuses is one kind of error, which names the path that the caller gave.</summary>
internal static class FileAccessor
{
    /// <summary>What the file systems in use take for one name: bytes of UTF-8, or characters on Windows.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Calls what opens or reads a file.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="access">Takes the path.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">There is no such file, or no permission, or it is a folder.</exception>
    public static T Access<T>(string path, Func<string, T> access)
    {
        CheckPath(path);
        try
        {
            return access(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Directory.Exists(path) ? new IOException($"{path}: it is a folder, not a file.", exception) : Refusal(path, exception);
        }
    }

    /// <summary>Opens a file to read it at any place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Receives its length in bytes.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">There is no such file, or no permission, or it is a folder, or a pipe.</exception>
    public static SafeFileHandle OpenHandle(string path, out long length)
    {
        SafeFileHandle handle = Access(path, path => File.OpenHandle(path));
        try
        {
            length = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (NotSupportedException exception)
        {
            handle.Dispose();
            throw new IOException($"{path}: it is a pipe or device, which cannot be read at any place.", exception);
        }
    }

    /// <summary>Reads bytes of a file until a span is full or the file ends.</summary>
    /// <param name="file">The file.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="position">Where the first of them is.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int Fill(SafeFileHandle file, Span<byte> destination, long position)
    {
        int done = 0;
        while (done < destination.Length && RandomAccess.Read(file, destination[done..], position + done) is > 0 and int read)
            done += read;
        return done;
    }

    /// <summary>Calls what makes or lists a folder, or works in it.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="path">The folder.</param>
    /// <param name="access">Takes the path.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">There is no such folder, or no permission.</exception>
    public static T AccessFolder<T>(string path, Func<string, T> access)
    {
        CheckPath(path);
        try
        {
            return access(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Refusal(path, exception);
        }
    }

    /// <summary>Refuses paths that the system would refuse in its own words, or silently take for others.</summary>
    /// <param name="path">The path.</param>
    /// <param name="parameterName">The parameter that it came by.</param>
    /// <exception cref="ArgumentException">It is empty, or has a NUL or half of a surrogate pair.</exception>
    public static void CheckPath(string path, string parameterName = "path")
    {
        ArgumentException.ThrowIfNullOrEmpty(path, parameterName);
        int nul = path.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The path has a NUL at index {nul}."), parameterName);
        // Windows names files in UTF-16 and takes any; elsewhere the file would get another name.
        if (!OperatingSystem.IsWindows())
            FileText.Check(path, "The path", parameterName);
    }

    /// <summary>
    /// Tries whether a folder can be made, where it is missing, and written in: a file is made in it, or in the nearest that there is above
    /// it, and removed.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">It cannot be made or written in.</exception>
    public static void TryFolder(string folder)
    {
        CheckPath(folder, nameof(folder));
        string existing = Path.GetFullPath(folder);
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
            existing = above;
        if (!Directory.Exists(existing))
            throw new IOException($"{folder}: '{existing}' is a file, not a folder.");
        AccessFolder(existing, existing =>
        {
            string trial = Path.Combine(existing, Path.GetRandomFileName() + ".tmp");
            using (new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
                return trial;
        });
    }

    /// <summary>The length of a file's name as file systems count it.</summary>
    /// <param name="name">The name.</param>
    public static int NameLength(string name) => OperatingSystem.IsWindows() ? name.Length : Encoding.UTF8.GetByteCount(name);

    /// <summary>The input-output error that stands for a missing permission.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="exception">What the system said.</param>
    public static IOException Refusal(string path, UnauthorizedAccessException exception)
        => new($"{path}: no permission. {exception.Message}", exception);
}
