namespace NetGen.Data;

/// <summary>
/// Reads pictures of any kind that is known, told by how the file begins, not by its name: PNG and JPEG. Pictures are turned as their EXIF
/// orientation says.
/// </summary>
public static class ImageFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha; 0 for what the file holds.</param>
    /// <exception cref="ImageFileException">The file is damaged, or neither PNG nor JPEG; the exception says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are not 0 to 4.</exception>
    /// <exception cref="JpegLibraryException">
    /// The file is JPEG, and <see cref="JpegFile.Backend"/> asks for libjpeg-turbo, which cannot be loaded.
    /// </exception>
    public static Image Read(string path, int channels = 0)
    {
        FileAccessor.CheckPath(path);
        ThrowIfNoChannels(channels);
        return ToImage(Read(path, channels, new ImageBuffer()));
    }

    /// <summary>Reads a file into memory that is reused.</summary>
    internal static ImageView Read(string path, int channels, ImageBuffer buffer)
    {
        int length;
        byte[] file;
        using (Microsoft.Win32.SafeHandles.SafeFileHandle handle = FileAccessor.OpenHandle(path, out long fileLength))
        {
            if (fileLength > Array.MaxLength)
                throw new ImageFileException(path, 0, $"a file of {fileLength} bytes exceeds the {Array.MaxLength} that an array holds.");
            length = (int)fileLength;
            file = buffer.File(length);
            int done = FileAccessor.Fill(handle, file.AsSpan(0, length), 0);
            if (done < length)
                throw new ImageFileException(path,
                    done, $"expected {length} bytes, but the file ends here: it became shorter while it was read.");
        }
        ReadOnlySpan<byte> contents = file.AsSpan(0, length);
        if (contents.StartsWith(PngChunks.Signature))
            return PngDecoder.Decode(file, length, path, channels, buffer);
        if (contents.StartsWith(JpegStructure.Signature))
            return JpegDecoder.Decode(contents, path, channels, buffer);
        throw UnknownKind(path, contents);
    }

    /// <summary>Reads what a picture measures from its file's header, without decoding it: as it is seen, turned by its EXIF.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageFileException">The header is damaged, or the file is neither PNG nor JPEG.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageSize ReadSize(string path)
    {
        FileAccessor.CheckPath(path);
        return ImageHeader.Read(path);
    }

    internal static ImageFileException UnknownKind(string path, ReadOnlySpan<byte> contents) => new(path, 0, contents.IsEmpty
        ? "the file is empty."
        : $"this is neither a PNG nor a JPEG file: it begins with 0x{Convert.ToHexString(contents[..Math.Min(8, contents.Length)])}.");

    internal static Image ToImage(ImageView view) => new(view.Shape.Width, view.Shape.Height, view.Shape.Channels, view.Pixels.ToArray());

    internal static void ThrowIfNoChannels(int channels)
    {
        if (channels is < 0 or > 4)
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Expected 1 to 4 channels, or 0 for those of the file.");
    }
}
