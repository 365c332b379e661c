namespace NetGen.Data;

/// <summary>
/// Reads JPEG files: baseline and progressive ones, in grey or colours, 8 bits a sample. Pictures are turned as their EXIF orientation
/// says. Samples are decoded by libjpeg-turbo where it is on the machine (Debian's package <c>libturbojpeg0</c>), and else by this library,
/// to the same bits.
/// </summary>
public static class JpegFile
{
    private static volatile JpegBackend s_backend;

    /// <summary>
    /// What decodes samples, for the whole process, in <see cref="ImageFile"/> and <see cref="ImageFolder"/> too. It may be changed at any
    /// time; files that are being read are not affected.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static JpegBackend Backend
    {
        get => s_backend;
        set => s_backend = value is >= JpegBackend.Auto and <= JpegBackend.Managed
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected Auto, LibJpegTurbo or Managed.");
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">
    /// 1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha; 0 for what the file holds: 1 or 3. Colours become grey by ITU-R
    /// BT.601's luma.
    /// </param>
    /// <exception cref="ImageFileException">The file is damaged; the exception says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JpegLibraryException"><see cref="Backend"/> asks for libjpeg-turbo, which cannot be loaded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are not 0 to 4.</exception>
    public static Image Read(string path, int channels = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(FileAccessor.Access(path, File.ReadAllBytes), path, channels);
    }

    /// <summary>Decodes a file that is in memory.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in exceptions.</param>
    /// <param name="channels">As for <see cref="Read"/>.</param>
    /// <exception cref="ImageFileException">The file is damaged; the exception says where.</exception>
    /// <exception cref="JpegLibraryException"><see cref="Backend"/> asks for libjpeg-turbo, which cannot be loaded.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are not 0 to 4.</exception>
    public static Image Decode(ReadOnlySpan<byte> file, string name, int channels = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ImageFile.ThrowIfNoChannels(channels);
        return ImageFile.ToImage(JpegDecoder.Decode(file, name, channels, new ImageBuffer()));
    }
}
