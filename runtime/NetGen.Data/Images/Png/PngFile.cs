using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen.Data;

/// <summary>
/// Reads and writes PNG files (W3C recommendation, second edition) in managed code. Read are all colour types, bit depths and interlace
/// methods, and every checksum is looked at; samples of 16 bits become 8, rounded to the nearest. Pictures are turned as the orientation in
/// their chunk eXIf says. Gamma and colour profiles are not applied.
/// </summary>
public static class PngFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">
    /// 1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha; 0 for what the file holds, where a palette is RGB and transparency
    /// is alpha. Colours become grey by ITU-R BT.601's luma; alpha is dropped, not blended.
    /// </param>
    /// <exception cref="ImageFileException">The file is damaged; the exception says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
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
    /// <exception cref="ArgumentOutOfRangeException">The channels are not 0 to 4.</exception>
    public static Image Decode(byte[] file, string name, int channels = 0)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ImageFile.ThrowIfNoChannels(channels);
        return ImageFile.ToImage(PngDecoder.Decode(file, file.Length, name, channels, new ImageBuffer()));
    }

    /// <summary>Writes a file of 8 bits a sample, not interlaced.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Write(path, image.Width, image.Height, image.Channels, image.Pixels);
    }

    /// <summary>Writes a file of 8 bits a sample, not interlaced.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</param>
    /// <param name="pixels">Height · width · channels bytes, row by row from the top.</param>
    /// <exception cref="ArgumentException">The number of bytes is wrong, or an extent is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] file = Encode(width, height, channels, pixels);
        FileAccessor.Access(path, path =>
        {
            File.WriteAllBytes(path, file);
            return file;
        });
    }

    /// <summary>Encodes a picture with 8 bits a sample, not interlaced.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 2 for grey and alpha, 3 for RGB, 4 for RGB and alpha.</param>
    /// <param name="pixels">Height · width · channels bytes, row by row from the top.</param>
    /// <returns>The bytes of a file.</returns>
    /// <exception cref="ArgumentException">The number of bytes is wrong, or an extent is out of range.</exception>
    public static byte[] Encode(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        var shape = new ImageShape(channels, height, width);
        shape.ThrowIfInvalid(nameof(width));
        if (channels > 4)
            throw new ArgumentOutOfRangeException(nameof(channels),
                channels, "A PNG file has 1 to 4 channels: grey, grey and alpha, RGB, or RGB and alpha.");
        if (pixels.Length != shape.Length)
            throw new ArgumentException($"Expected {shape.Length} bytes for {width} × {height} pixels of {channels} channels, "
                + $"got {pixels.Length}.", nameof(pixels));

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] =
            (byte)(channels switch { 1 => PngColourType.Grey, 2 => PngColourType.GreyAlpha, 3 => PngColourType.Rgb, _ => PngColourType.Rgba
            });
        header[10..].Clear();

        using var file = new MemoryStream();
        file.Write(PngChunks.Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(width * channels, height, channels, pixels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>
    /// Each row takes the filter whose bytes, as signed numbers, have the smallest sum of magnitudes: the recommendation's advice.
    /// </summary>
    private static byte[] Compress(int stride, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            byte[] zeros = new byte[stride], trial = new byte[stride], best = new byte[stride];
            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<byte> row = pixels.Slice(y * stride, stride), above = y == 0 ? zeros : pixels.Slice((y - 1) * stride, stride);
                long least = long.MaxValue;
                byte chosen = 0;
                for (byte filter = 0; filter < PngFilters.Count; filter++)
                {
                    PngFilters.Apply(filter, row, above, channels, trial);
                    long sum = 0;
                    foreach (byte b in trial)
                        sum += Math.Abs((int)(sbyte)b);
                    if (sum >= least)
                        continue;
                    least = sum;
                    chosen = filter;
                    (trial, best) = (best, trial);
                }
                zlib.WriteByte(chosen);
                zlib.Write(best);
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] typeAndData = [.. type, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(typeAndData);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(typeAndData));
        file.Write(number);
    }
}
