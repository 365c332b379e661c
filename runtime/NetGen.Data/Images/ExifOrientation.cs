using System.Buffers.Binary;

namespace NetGen.Data;

/// <summary>
/// EXIF's orientation (tag 0x0112): how the stored pixels must be turned to be seen as the picture was taken. 1 to 8 mean what PIL's
/// <c>ImageOps.exif_transpose</c> takes them for.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>The picture is seen as it is stored.</summary>
    public const int AsStored = 1;

    private const int Tag = 0x0112, EntryBytes = 12;

    /// <summary>What EXIF's data begin with in a JPEG file's segment.</summary>
    public static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>
    /// Reads the orientation. EXIF is no part of the picture, and cameras write much that is not as its standard says: data that do not
    /// lead to a number from 1 to 8 say nothing.
    /// </summary>
    /// <param name="exif">A TIFF header and directories, with or without the prefix before them.</param>
    public static int Read(ReadOnlySpan<byte> exif)
    {
        while (exif.StartsWith(Prefix))
            exif = exif[Prefix.Length..];
        bool little = exif.StartsWith("II*\0"u8);
        if (!little && !exif.StartsWith("MM\0*"u8) || exif.Length < 8)
            return AsStored;
        uint directory = UInt32(exif[4..], little);
        if (directory > exif.Length - 2)
            return AsStored;
        exif = exif[(int)directory..];
        int entries = Math.Min(UInt16(exif, little), (exif.Length - 2) / EntryBytes);
        for (int i = 0; i < entries; i++)
        {
            ReadOnlySpan<byte> entry = exif.Slice(2 + i * EntryBytes, EntryBytes);
            if (UInt16(entry, little) != Tag || UInt32(entry[4..], little) != 1)
                continue;
            // The standard has two bytes; one and four are read as well.
            uint value = UInt16(entry[2..], little) switch
            {
                1 => entry[8],
                3 => UInt16(entry[8..], little),
                4 => UInt32(entry[8..], little),
                _ => 0,
            };
            return value is >= 1 and <= 8 ? (int)value : AsStored;
        }
        return AsStored;
    }

    /// <summary>Turns a picture.</summary>
    /// <param name="stored">The picture as it is stored, pixel by pixel, in any memory but that for turned pixels.</param>
    /// <param name="orientation">From 1 to 8.</param>
    /// <param name="buffer">Where the turned pixels go.</param>
    public static ImageView Apply(ImageView stored, int orientation, ImageBuffer buffer)
    {
        if (orientation == AsStored)
            return stored;
        (int channels, int height, int width) = stored.Shape;
        int last = width * height - 1, lastRow = last - width + 1;

        // Where the first pixel of the turned picture is stored, and how far away are those below it and beside it.
        (int first, int below, int beside) = orientation switch
        {
            2 => (width - 1, width, -1),
            3 => (last, -width, -1),
            4 => (lastRow, -width, 1),
            5 => (0, 1, width),
            6 => (lastRow, 1, -width),
            7 => (last, -1, -width),
            _ => (width - 1, -1, width),
        };
        ImageShape shape = orientation < 5 ? stored.Shape : new ImageShape(channels, width, height);
        ReadOnlySpan<byte> from = stored.Pixels;
        Span<byte> turned = buffer.Turned(shape.Length);
        int to = 0;
        for (int y = 0; y < shape.Height; y++)
        {
            int pixel = first + y * below;
            for (int x = 0; x < shape.Width; x++, pixel += beside)
            {
                for (int c = 0; c < channels; c++)
                    turned[to++] = from[pixel * channels + c];
            }
        }
        return new ImageView(turned, shape, PixelLayout.Interleaved);
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
