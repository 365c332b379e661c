using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen.Data;

/// <summary>Decodes PNG files (W3C recommendation, second edition) of all colour types, depths and both interlace methods.</summary>
internal static class PngDecoder
{
    /// <summary>No byte of deflate's stands for more than this many bytes: 258 of them for two bits.</summary>
    private const int DeflatesBest = 1032;

    // Adam7: first column, first row, and the distances of columns and rows, of each of the seven passes.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] OnePass = [(0, 0, 1, 1)];

    /// <summary>Decodes a file.</summary>
    /// <param name="file">Holds the file from its beginning.</param>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="name">What to call it in exceptions.</param>
    /// <param name="channels">Channels wanted, or 0 for those of the file.</param>
    /// <param name="buffer">Where the pixels go, and memory for rows.</param>
    /// <exception cref="ImageFileException">The file is damaged.</exception>
    public static ImageView Decode(byte[] file, int length, string name, int channels, ImageBuffer buffer)
    {
        PngChunks chunks = PngChunks.Read(file.AsSpan(0, length), name);
        PngHeader header = chunks.Header;
        var passes = header.Interlaced ? Passes : OnePass;

        long raw = 0;
        foreach (var pass in passes)
        {
            (int columns, int rows) = Extent(header, pass);
            if (columns > 0)
                raw += rows * (1 + header.RowBytes(columns));
        }
        if (raw > chunks.DataLength * DeflatesBest)
        {
            // Before memory is asked for: a header can tell of any size.
            throw new ImageFileException(name, chunks.FirstData,
                $"an image of {header.Width} × {header.Height} pixels needs {raw} bytes, more than {chunks.DataLength} compressed "
                    + $"bytes can stand for.");
        }

        int inFile = ChannelsInFile(header, chunks.Transparency);
        if (channels == 0)
            channels = inFile;
        var shape = new ImageShape(channels, header.Height, header.Width);
        Span<byte> pixels = buffer.Pixels(shape.Length);

        // Two rows as they are in the file, then one of samples, then one of the channels that are wanted.
        int rowBytes = (int)header.RowBytes(header.Width);
        Span<byte> memory = buffer.Rows(2 * (rowBytes + 1) + header.Width * (inFile + channels));
        Span<byte> even = memory[..(rowBytes + 1)], odd = memory.Slice(rowBytes + 1, rowBytes + 1);
        Span<byte> samples = memory.Slice(2 * (rowBytes + 1), header.Width * inFile), wanted = memory[^(header.Width * channels)..];

        var data = new PngDataStream(file, chunks.FirstData, chunks.DataLength);
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        int distance = Math.Max(1, header.Samples * header.BitDepth / 8);
        foreach (var pass in passes)
        {
            (int columns, int rows) = Extent(header, pass);
            if (columns == 0)
                continue;
            int passBytes = (int)header.RowBytes(columns);
            odd.Clear();
            for (int y = 0; y < rows; y++)
            {
                Span<byte> current = (y % 2 == 0 ? even : odd)[..(passBytes + 1)], above = (y % 2 == 0 ? odd : even).Slice(1, passBytes);
                ReadRow(zlib, data, name, current);
                if (current[0] >= PngFilters.Count)
                    throw new ImageFileException(name, data.Chunk, $"expected a filter of 0 to 4 before row {y}, found {current[0]}.");
                PngFilters.Undo(current[0], current[1..], above, distance);

                Span<byte> row = samples[..(columns * inFile)];
                Expand(chunks, current[1..], row, inFile, name, data.Chunk);
                int line = (pass.Y + y * pass.StepY) * header.Width;
                if (pass.StepX == 1)
                {
                    PixelConversion.Convert(row, inFile, pixels.Slice(line * channels, columns * channels), channels);
                    continue;
                }
                Span<byte> converted = wanted[..(columns * channels)];
                PixelConversion.Convert(row, inFile, converted, channels);
                for (int x = 0; x < columns; x++)
                    converted.Slice(x * channels, channels).CopyTo(pixels[((line + pass.X + x * pass.StepX) * channels)..]);
            }
        }
        ReadEnd(zlib, data, name);
        return ExifOrientation.Apply(new ImageView(pixels, shape, PixelLayout.Interleaved), chunks.Orientation, buffer);
    }

    /// <summary>Columns and rows of a pass; no columns where either is none.</summary>
    private static (int Columns, int Rows) Extent(PngHeader header, (int X, int Y, int StepX, int StepY) pass)
    {
        int columns = (int)(((long)header.Width - pass.X + pass.StepX - 1) / pass.StepX),
            rows = (int)(((long)header.Height - pass.Y + pass.StepY - 1) / pass.StepY);
        return columns > 0 && rows > 0 ? (columns, rows) : (0, 0);
    }

    private static int ChannelsInFile(PngHeader header, ReadOnlySpan<byte> transparency) => header.ColourType switch
    {
        PngColourType.Grey or PngColourType.GreyAlpha => header.ColourType == PngColourType.GreyAlpha || !transparency.IsEmpty ? 2 : 1,
        _ => header.ColourType == PngColourType.Rgba || !transparency.IsEmpty ? 4 : 3,
    };

    private static void ReadRow(ZLibStream zlib, PngDataStream data, string name, Span<byte> row)
    {
        int read;
        try
        {
            read = zlib.ReadAtLeast(row, row.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception)
        {
            throw new ImageFileException(name,
                data.Chunk, $"the compressed image data of this chunk or those before it are damaged: {exception.Message}", exception);
        }
        if (read < row.Length)
            throw new ImageFileException(name, data.Chunk, "the compressed image data end before the image does.");
    }

    /// <summary>
    /// Nothing may follow the last row but zlib's checksum, Adler-32 of all rows, and nothing that. zlib compares the checksum if it is
    /// there; a stream that ends before it, or within it, is let pass, and shows by what was asked of the data.
    /// </summary>
    private static void ReadEnd(ZLibStream zlib, PngDataStream data, string name)
    {
        int more;
        try
        {
            more = zlib.ReadByte();
        }
        catch (InvalidDataException exception)
        {
            throw new ImageFileException(name,
                data.Chunk, $"the compressed image data end damaged, or their checksum (Adler-32) is not that of the "
                + $"image: {exception.Message}", exception);
        }
        if (more >= 0)
            throw new ImageFileException(name, data.Chunk, "the compressed image data go on after the last row of the image.");
        if (data.WasExceeded)
            throw new ImageFileException(name,
                data.Chunk, "the compressed image data end before their checksum (Adler-32), or within it: they are truncated.");
        if (data.Left > 0)
            throw new ImageFileException(name, data.Chunk, "something follows the compressed image data and their checksum (Adler-32).");
    }

    /// <summary>From the bits of a row in the file to bytes, one for each channel that the file has.</summary>
    private static void Expand(in PngChunks chunks, ReadOnlySpan<byte> row, Span<byte> samples, int channels, string name, int chunk)
    {
        PngHeader header = chunks.Header;
        int inRow = header.Samples, depth = header.BitDepth;
        ReadOnlySpan<byte> transparency = chunks.Transparency, palette = chunks.Palette;
        if (inRow == channels && depth == 8)
        {
            row.CopyTo(samples);
            return;
        }
        int pixels = samples.Length / channels;
        if (header.ColourType == PngColourType.Palette)
        {
            int colours = palette.Length / 3;
            for (int i = 0; i < pixels; i++)
            {
                int index = Sample(row, i, depth);
                if (index >= colours)
                    throw new ImageFileException(name, chunk, $"a pixel has colour {index} of a palette of {colours}.");
                palette.Slice(3 * index, 3).CopyTo(samples[(i * channels)..]);
                if (channels == 4)
                    samples[i * 4 + 3] = index < transparency.Length ? transparency[index] : byte.MaxValue;
            }
            return;
        }

        // Grey or colours, with alpha or with one colour that is transparent.
        int most = (1 << depth) - 1;
        bool keyed = inRow != channels;
        for (int i = 0; i < pixels; i++)
        {
            bool isKey = keyed;
            for (int c = 0; c < inRow; c++)
            {
                int value = Sample(row, i * inRow + c, depth);
                if (keyed)
                    isKey &= value == (BinaryPrimitives.ReadUInt16BigEndian(transparency[(2 * c)..]) & most);
                samples[i * channels + c] = depth switch
                {
                    // To the nearest of 256 levels.
                    16 => (byte)((value * 255 + 32895) >> 16),
                    8 => (byte)value,
                    _ => (byte)(value * (255 / most)),
                };
            }
            if (keyed)
                samples[i * channels + inRow] = isKey ? (byte)0 : byte.MaxValue;
        }
    }

    /// <summary>Sample i of a row: packed from the high bits of a byte down, or two bytes, the high one first.</summary>
    private static int Sample(ReadOnlySpan<byte> row, int i, int depth) => depth switch
    {
        8 => row[i],
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * i)..]),
        _ => (row[i * depth / 8] >> (8 - depth - i * depth % 8)) & ((1 << depth) - 1),
    };
}
