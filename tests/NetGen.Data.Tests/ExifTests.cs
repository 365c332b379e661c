using System.Buffers.Binary;
using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>Pictures are turned as EXIF's orientation says, to what PIL's <c>ImageOps.exif_transpose</c> gives.</summary>
public sealed class ExifTests
{
    /// <summary>What becomes of the picture 0 1 2 above 3 4 5: its width, and its pixels.</summary>
    public static TheoryData<int, int, byte[]> Turns => new()
    {
        { 1, 3, [0, 1, 2, 3, 4, 5] },
        { 2, 3, [2, 1, 0, 5, 4, 3] },
        { 3, 3, [5, 4, 3, 2, 1, 0] },
        { 4, 3, [3, 4, 5, 0, 1, 2] },
        { 5, 2, [0, 3, 1, 4, 2, 5] },
        { 6, 2, [3, 0, 4, 1, 5, 2] },
        { 7, 2, [5, 2, 4, 1, 3, 0] },
        { 8, 2, [2, 5, 1, 4, 0, 3] },
    };

    [Theory]
    [MemberData(nameof(Turns))]
    public void PNG_is_turned_by_its_chunk(int orientation, int width, byte[] expected)
    {
        using var directory = new TemporaryDirectory();
        for (int channels = 1; channels <= 4; channels++)
        {
            byte[] pixels = [.. Enumerable.Range(0, 6 * channels).Select(i => (byte)(i / channels + 50 * (i % channels)))];
            byte[] plain = PngFile.Encode(3, 2, channels, pixels);
            foreach (bool little in (bool[])[false, true])
            {
                // Before the image data, after them, and with the prefix that belongs to JPEG only.
                byte[] exif = Tiff(orientation, little);
                foreach (byte[] file in
                    (byte[][])[With(plain, 33, exif), With(plain, plain.Length - 12, exif),
                    With(plain, 33, [.. ExifOrientation.Prefix, .. exif])])
                {
                    Image image = PngFile.Decode(file, "picture.png");
                    Assert.Equal((width, 6 / width, channels), (image.Width, image.Height, image.Channels));
                    Assert.Equal(expected.SelectMany(pixel => Enumerable.Range(0, channels).Select(c => (byte)(pixel + 50 * c))),
                        image.Pixels);
                    Assert.Equal(image.Pixels, ImageFile.Read(directory.Write("picture.png", file)).Pixels);
                }
            }
        }
    }

    /// <summary>A folder's pictures, by one buffer, of alternating extents and orientations.</summary>
    [Fact]
    public void Folders_give_turned_pictures()
    {
        using var directory = new TemporaryDirectory();
        byte[] plain = PngFile.Encode(3, 2, 1, [0, 1, 2, 3, 4, 5]);
        for (int orientation = 1; orientation <= 8; orientation++)
            directory.Write($"class/{orientation}.png", With(plain, 33, Tiff(orientation, little: true)));
        var set = new ImageFolder(directory.Path, channels: 1);
        var buffer = new ImageBuffer();
        foreach (object[] turn in Turns)
        {
            ImageView view = set.Read((int)turn[0] - 1, buffer);
            Assert.Equal((int)turn[1], view.Shape.Width);
            Assert.Equal((byte[])turn[2], view.Pixels.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void JPEG_is_turned_by_its_segment(int orientation, int width, byte[] expected)
    {
        byte[] file = Golden.Images.GetProperty("jpeg").Named("colours, subsampled").Bytes("file");
        foreach (bool little in (bool[])[false, true])
        {
            byte[] turned = WithSegment(file, [.. ExifOrientation.Prefix, .. Tiff(orientation, little)]);
            Assert.Equal(orientation, JpegStructure.Read(turned, "picture.jpg").Orientation);
            Image plain = JpegFile.Decode(file, "picture.jpg"), image = JpegFile.Decode(turned, "picture.jpg");
            Assert.Equal(width == 3 ? (plain.Width, plain.Height) : (plain.Height, plain.Width), (image.Width, image.Height));
            // The corners of the picture are where the table's are.
            byte[] corners = [0, 2, 3, 5];
            for (int position = 0; position < 6; position++)
            {
                if (!corners.Contains(expected[position]))
                    continue;
                int x = position % width == 0 ? 0 : image.Width - 1, y = position / width == 0 ? 0 : image.Height - 1;
                int from = expected[position] is 0 or 3 ? 0 : plain.Width - 1, fromRow = expected[position] < 3 ? 0 : plain.Height - 1;
                Assert.Equal(plain.Pixels.AsSpan(3 * (fromRow * plain.Width + from), 3).ToArray(),
                    image.Pixels.AsSpan(3 * (y * image.Width + x), 3).ToArray());
            }
        }
    }

    /// <summary>EXIF that says nothing, or nothing that can be read, leaves the picture as it is stored.</summary>
    [Fact]
    public void EXIF_that_says_nothing_turns_nothing()
    {
        byte[] right = Tiff(6, little: true);
        Assert.Equal(6, ExifOrientation.Read(right));
        for (int length = 0; length < right.Length - 4; length++)
            Assert.InRange(ExifOrientation.Read(right.AsSpan(0, length)), 1, 6);
        foreach (int orientation in (int[])[0, 9, 65535])
            Assert.Equal(1, ExifOrientation.Read(Tiff(orientation, little: false)));
        Assert.Equal(1, ExifOrientation.Read("no TIFF at all"u8));
        Assert.Equal(1, ExifOrientation.Read([]));

        var random = new Random(1);
        for (int trial = 0; trial < 20_000; trial++)
        {
            byte[] damaged = [.. right];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Assert.InRange(ExifOrientation.Read(damaged), 1, 8);
        }

        // Other tags before it, and it as a number of one byte or four.
        Assert.Equal(8, ExifOrientation.Read([.. "MM\0*"u8, 0, 0, 0, 9, 77, 0, 2, .. Entry(0x010F, 2, 4, 0), .. Entry(0x0112, 4, 1, 8)]));
        Assert.Equal(5, ExifOrientation.Read([.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, .. Entry(0x0112, 1, 1, 5 << 24)]));
        Assert.Equal(1, ExifOrientation.Read([.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, .. Entry(0x0112, 2, 1, 5 << 24)]));
        Assert.Contains("second chunk eXIf", Assert.Throws<ImageFileException>(() =>
            PngFile.Decode(With(With(PngFile.Encode(1, 1, 1, [0]), 33, right), 33, right), "twice.png")).Message, StringComparison.Ordinal);
    }

    private static byte[] Entry(ushort tag, ushort type, int count, int value)
    {
        var entry = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(entry, tag);
        BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(2), type);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(8), value);
        return entry;
    }

    /// <summary>EXIF data with nothing but an orientation.</summary>
    internal static byte[] Tiff(int orientation, bool little)
    {
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, .. Entry(0x0112, 3, 1, orientation << 16), 0, 0, 0, 0];
        if (!little)
            return tiff;
        "II"u8.CopyTo(tiff);
        foreach ((int at, int length) in ((int, int)[])[(2, 2), (4, 4), (8, 2), (10, 2), (12, 2), (14, 4), (18, 2)])
            tiff.AsSpan(at, length).Reverse();
        return tiff;
    }

    /// <summary>A PNG file with a chunk eXIf at a place between chunks.</summary>
    internal static byte[] With(byte[] file, int position, byte[] exif)
    {
        byte[] body = [.. "eXIf"u8, .. exif], length = new byte[4], checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, exif.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.Compute(body));
        return [.. file[..position], .. length, .. body, .. checksum, .. file[position..]];
    }

    /// <summary>A JPEG file with a segment APP1 at its beginning.</summary>
    internal static byte[] WithSegment(byte[] file, byte[] data)
        => [.. file[..2], 0xFF, 0xE1, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data, .. file[2..]];
}
