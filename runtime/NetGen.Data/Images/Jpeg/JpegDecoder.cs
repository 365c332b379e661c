namespace NetGen.Data;

/// <summary>Decodes JPEG files: structure in managed code, samples by libjpeg-turbo or in managed code too.</summary>
internal static class JpegDecoder
{
    /// <summary>Decodes a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in exceptions.</param>
    /// <param name="channels">Channels wanted, or 0 for those of the file.</param>
    /// <param name="buffer">Where the pixels go.</param>
    /// <param name="backend">What decodes samples; null for <see cref="JpegFile.Backend"/>.</param>
    /// <exception cref="ImageFileException">The file is damaged.</exception>
    /// <exception cref="JpegLibraryException">libjpeg-turbo is asked for, and cannot be loaded.</exception>
    public static ImageView Decode(ReadOnlySpan<byte> file, string name, int channels, ImageBuffer buffer, JpegBackend? backend = null)
    {
        JpegStructure structure = JpegStructure.Read(file, name);
        int inFile = structure.Components;
        if (channels == 0)
            channels = inFile;

        // A file in grey is decoded as such. Colours are decoded as colours even where grey is wanted: the file's own luma, before
        // conversion to RGB and rounding, is not quite the luma of its RGB, and grey should not depend on the kind of file.
        var pixelsShape = new ImageShape(channels, structure.Height, structure.Width);
        Span<byte> pixels = buffer.Pixels(pixelsShape.Length);
        Span<byte> decoded = channels == inFile ? pixels : buffer.Rows(structure.Height * structure.Width * inFile);
        if (UsesLibrary(backend ?? JpegFile.Backend))
            Decompress(file, decoded, structure, name);
        else
            ManagedJpeg.Decompress(file, decoded, structure, name);
        if (channels != inFile)
            PixelConversion.Convert(decoded, inFile, pixels, channels);
        return ExifOrientation.Apply(new ImageView(pixels, pixelsShape, PixelLayout.Interleaved), structure.Orientation, buffer);
    }

    private static bool UsesLibrary(JpegBackend backend) => backend switch
    {
        JpegBackend.Managed => false,
        JpegBackend.LibJpegTurbo => true,
        _ => TurboJpeg.IsInstalled,
    };

    private static void Decompress(ReadOnlySpan<byte> file, Span<byte> pixels, JpegStructure structure, string name)
    {
        int format = structure.Components == 1 ? TurboJpeg.Grey : TurboJpeg.Rgb;
        string? problem = TurboJpeg.Decompress(file, pixels, structure.Width, structure.Height, format);
        if (problem is not null)
            throw new ImageFileException(name, structure.FirstScan, $"the image data that begin here are damaged: {problem}.");
    }
}
