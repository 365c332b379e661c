using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace NetGen.Data.Tests;

public sealed class PngTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Files => Golden.Images.GetProperty("png").Names();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_colour_type_depth_and_interlace_method_is_read(string name)
    {
        JsonElement golden = Golden.Images.GetProperty("png").Named(name);
        Image image = PngFile.Read(_directory.Write("picture.png", golden.Bytes("file")));
        Assert.Equal((golden.Int("width"), golden.Int("height"), golden.Int("channels")), (image.Width, image.Height, image.Channels));
        Assert.Equal(golden.Bytes("pixels"), image.Pixels);
    }

    [Fact]
    public void Channels_are_converted_as_PIL_does()
    {
        JsonElement golden = Golden.Images.GetProperty("converted");
        byte[] file = golden.Bytes("file");
        Assert.Equal(golden.Bytes("grey"), PngFile.Decode(file, "picture", 1).Pixels);
        Assert.Equal(golden.Bytes("rgb"), PngFile.Decode(file, "picture", 3).Pixels);

        Image all = PngFile.Decode(file, "picture"), greyAlpha = PngFile.Decode(file, "picture", 2);
        Assert.Equal(4, all.Channels);
        Assert.Equal(golden.Bytes("grey"), greyAlpha.Pixels.Where((_, i) => i % 2 == 0));
        Assert.Equal(all.Pixels.Where((_, i) => i % 4 == 3), greyAlpha.Pixels.Where((_, i) => i % 2 == 1));

        // And up again: grey repeated, alpha opaque.
        byte[] grey = PngFile.Encode(2, 1, 1, [7, 250]);
        Assert.Equal([7, 7, 7, 255, 250, 250, 250, 255], PngFile.Decode(grey, "picture", 4).Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => PngFile.Decode(grey, "picture", 5));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(17, 5, 1)]
    [InlineData(17, 5, 2)]
    [InlineData(64, 3, 3)]
    [InlineData(33, 40, 4)]
    public void What_is_written_is_read(int width, int height, int channels)
    {
        var random = new Random(width);
        var image = new Image(width, height, channels);
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)(i / 3 + random.Next(4));
        string path = _directory.File("written.png");
        PngFile.Write(path, image);
        Image read = PngFile.Read(path);
        Assert.Equal(image.Shape, read.Shape);
        Assert.Equal(image.Pixels, read.Pixels);
    }

    [Fact]
    public void Filters_make_slopes_small()
    {
        var image = new Image(256, 256, 3);
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)(i / 3 % 256 + i / 768);
        Assert.InRange(PngFile.Encode(256, 256, 3, image.Pixels).Length, 100, 3000);
    }

    [Fact]
    public void Sixteen_bits_become_eight_by_rounding()
    {
        for (int value = 0; value < 65536; value++)
            Assert.Equal((int)Math.Round(value / 257.0, MidpointRounding.AwayFromZero), (value * 255 + 32895) >> 16);
    }

    /// <summary>
    /// One byte changed anywhere is noticed, and so is a file cut anywhere: never another picture, never another exception.
    /// </summary>
    [Fact]
    public void Every_damaged_byte_and_every_cut_is_refused_by_name_and_offset()
    {
        byte[] file = Golden.Images.GetProperty("png").Named("type 3, 4 bits, interlaced, transparent").Bytes("file");
        for (int i = 0; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= 0x10;
            var exception = Assert.Throws<ImageFileException>(() => PngFile.Decode(damaged, "broken.png"));
            Assert.StartsWith($"broken.png: at byte {exception.Offset}: ", exception.Message);
            Assert.InRange(exception.Offset, 0, i);
            Assert.True(i - exception.Offset < 800, $"damage at {i} was reported at {exception.Offset}");

            exception = Assert.Throws<ImageFileException>(() => PngFile.Decode(file[..i], "cut.png"));
            Assert.InRange(exception.Offset, 0, i);
        }
    }

    /// <summary>Damage that no checksum shows: another picture, or the exception that says where, and nothing else.</summary>
    [Fact]
    public void Whatever_chunks_hold_decoding_ends_well()
    {
        var random = new Random(3);
        int read = 0, refused = 0;
        foreach (JsonElement golden in Golden.Images.GetProperty("png").EnumerateArray())
        {
            byte[] file = golden.Bytes("file");
            for (int trial = 0; trial < 60; trial++)
            {
                byte[] damaged = [.. file];
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                    damaged[random.Next(8, damaged.Length)] = (byte)random.Next(256);
                MendChecksums(damaged);
                try
                {
                    Image image = PngFile.Decode(damaged, "damaged.png");
                    Assert.Equal(image.Shape.Length, image.Pixels.Length);
                    read++;
                }
                catch (ImageFileException exception)
                {
                    Assert.InRange(exception.Offset, 0, damaged.Length);
                    refused++;
                }
            }
        }
        Assert.True(read > 100 && refused > 500, $"{read} read, {refused} refused");

        static void MendChecksums(byte[] file)
        {
            for (int position = 8; file.Length - position >= PngChunks.Overhead;)
            {
                uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position));
                if (length > file.Length - position - PngChunks.Overhead)
                    return;
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(position + 8 + (int)length),
                    Crc32.Compute(file.AsSpan(position + 4, 4 + (int)length)));
                position += PngChunks.Overhead + (int)length;
            }
        }
    }

    public static TheoryData<string, int, string> Wrong() => new()
    {
        { "GIF89a--------------", 0, "this is no PNG file: its signature is missing" },
        { "PNG IDAT!00 IEND!", 8, "expected chunk IHDR first, found IDAT" },
        { "PNG IHDR!00000002000000020802000000 IEND!", 33, "chunk IEND comes before any IDAT" },
        { "PNG IHDR!00000002000000020802000000 IHDR!00000002000000020802000000", 33, "a second chunk IHDR" },
        { "PNG IHDR!00000000000000020802000000", 8, "0 × 2 pixels" },
        { "PNG IHDR!0000000200000002080200", 8, "expected 13 bytes" },
        { "PNG IHDR!00000002000000020805000000", 8, "colour type of 0, 2, 3, 4 or 6, found 5" },
        { "PNG IHDR!00000002000000020402000000", 8, "expected 8, 16 bits for a sample of colour type 2, found 4" },
        { "PNG IHDR!00000002000000020802000002", 8, "interlace method 0 or 1, found 2" },
        { "PNG IHDR!00000002000000020802000100", 8, "filter method 0, found 0 and 1" },
        { "PNG IHDR!7fffffff7fffffff0802000000", 8, "exceeds the" },
        { "PNG IHDR!00000002000000020803000000 IDAT!00", 33, "no chunk PLTE before" },
        { "PNG IHDR!00000002000000020800000000 PLTE!000000", 33, "has no palette" },
        { "PNG IHDR!00000002000000020803000000 PLTE!0000", 33, "colours of 3 bytes in chunk PLTE, found 2" },
        { "PNG IHDR!00000002000000020103000000 PLTE!000000000000000000", 33, "expected 1 to 2 colours" },
        { "PNG IHDR!00000002000000020803000000 PLTE!000000 tRNS!0000", 48, "expected 1 bytes in chunk tRNS, found 2" },
        { "PNG IHDR!00000002000000020806000000 tRNS!0000", 33, "has no chunk tRNS" },
        { "PNG IHDR!00000002000000020800000000 CRIT!", 33, "chunk CRIT is one that a decoder must know" },
        { "PNG IHDR!00000002000000020800000000 IDAT!00 tEXt! IDAT!00", 58, "must follow each other" },
        { "PNG IHDR!00004000000040000802000000 IDAT!0000 IEND!", 33, "more than 2 compressed bytes can stand for" },
        { "PNG IHDR!00000002000000020800000000 IDAT!0102030405060708 IEND!",
            33, "compressed image data of this chunk or those before it are damaged" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named(string recipe, int offset, string message)
    {
        var exception = Assert.Throws<ImageFileException>(() => PngFile.Decode(File(recipe), "wrong.png"));
        Assert.Equal(("wrong.png", offset), (exception.Path, exception.Offset));
        Assert.Contains(message, exception.Message);
    }

    [Fact]
    public void Rows_that_are_missing_too_many_or_of_no_filter_are_named()
    {
        Assert.Contains("end before the image does", Rows([0, 1, 2, 0, 3]).Message);
        Assert.Contains("go on after the last row", Rows([0, 1, 2, 0, 3, 4, 9]).Message);
        Assert.Contains("expected a filter of 0 to 4 before row 1, found 5", Rows([0, 1, 2, 5, 3, 4]).Message);
        Assert.Contains("colour 3 of a palette of 2", Assert.Throws<ImageFileException>(() => PngFile.Decode(
            File($"PNG IHDR!00000001000000010803000000 PLTE!000000ffffff IDAT!{Zlib([0, 3])} IEND!"), "wrong.png")).Message);

        static ImageFileException Rows(byte[] rows) => Assert.Throws<ImageFileException>(() =>
            PngFile.Decode(File($"PNG IHDR!00000002000000020800000000 IDAT!{Zlib(rows)} IEND!"), "wrong.png"));
    }

    /// <summary>zlib's own checksum, Adler-32, is looked at as well: wrong, cut or missing, and nothing may follow it.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(200, 90)]
    public void The_checksum_within_the_image_data_is_looked_at(int width, int height)
    {
        var rows = new byte[height * (width + 1)];
        new Random(4).NextBytes(rows);
        for (int y = 0; y < height; y++)
            rows[y * (width + 1)] = 0;
        byte[] zlib = Convert.FromHexString(Zlib(rows));
        Decode([zlib]);

        // However the data are divided into chunks.
        for (int cut = 0; cut <= 6; cut++)
        {
            Decode([zlib[..^cut], zlib[^cut..]]);
            Decode([zlib[..^cut], [], zlib[^cut..], []]);
        }
        Decode([zlib[..1], .. zlib[1..^5].Chunk(97), zlib[^5..^1], zlib[^1..]]);

        for (int lost = 1; lost <= 4; lost++)
        {
            Refused("truncated", [zlib[..^lost]]);
            Refused("truncated", [zlib[..^lost], []]);
            byte[] wrong = [.. zlib];
            wrong[^lost] ^= 1;
            Refused("checksum (Adler-32) is not that of the image", [wrong]);
        }
        Refused("compressed image data end before", [zlib[..^5]]);
        foreach (byte[] more in (byte[][])[[0], [1, 2, 3, 4], zlib[^4..], zlib, new byte[40_000]])
        {
            Refused("something follows", [[.. zlib, .. more]]);
            Refused("something follows", [zlib, more]);
        }

        void Refused(string part, byte[][] data)
        {
            var exception = Assert.Throws<ImageFileException>(() => Decode(data));
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
            Assert.True(exception.Offset >= 33);
        }

        void Decode(byte[][] data)
        {
            string chunks = string.Concat(data.Select(part => $" IDAT!{Convert.ToHexString(part)}"));
            Image image = PngFile.Decode(File($"PNG IHDR!{width:x8}{height:x8}0800000000{chunks} IEND!"), "picture.png");
            Assert.Equal(rows.Chunk(width + 1).SelectMany(row => row.Skip(1)), image.Pixels);
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PngFile.Encode(2, 2, 3, new byte[11]));
        Assert.Throws<ArgumentException>(() => PngFile.Encode(0, 2, 3, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngFile.Encode(1, 1, 5, new byte[5]));
        Assert.Throws<ArgumentException>(() => new Image(2, 2, 1, new byte[5]));
        Assert.Throws<ArgumentException>(() => new Image(-1, 2, 1));
        Assert.Throws<FileNotFoundException>(() => PngFile.Read(_directory.File("missing.png")));
    }

    /// <summary>A file from "PNG TYPE!hex TYPE!hex", checksums and lengths right; anything else as it stands.</summary>
    internal static byte[] File(string recipe)
    {
        string[] words = recipe.Split(' ');
        if (words[0] != "PNG")
            return Encoding.ASCII.GetBytes(recipe);
        var file = new List<byte>(PngChunks.Signature.ToArray());
        foreach (string word in words[1..])
        {
            string[] parts = word.Split('!');
            byte[] data = Convert.FromHexString(parts[1]), body = [.. Encoding.ASCII.GetBytes(parts[0]), .. data];
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.AddRange(number);
            file.AddRange(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(body));
            file.AddRange(number);
        }
        return [.. file];
    }

    internal static string Zlib(byte[] data)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal))
            zlib.Write(data);
        return Convert.ToHexString(stream.ToArray());
    }
}
