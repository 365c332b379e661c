using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>The decoder that needs no library: its pixels are those of libjpeg-turbo, to the bit.</summary>
public sealed class ManagedJpegTests
{
    public static TheoryData<string> Files => Golden.Jpegs.GetProperty("files").Names();

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_are_those_of_libjpeg_turbo(string name)
    {
        JsonElement golden = Golden.Jpegs.GetProperty("files").Named(name);
        byte[] file = golden.Bytes("file");
        Image image = JpegTests.Decode(file, name, JpegBackend.Managed);
        Assert.Equal((golden.Int("width"), golden.Int("height"), golden.Int("channels")), (image.Width, image.Height, image.Channels));
        Assert.Equal(golden.Bytes("pixels"), image.Pixels);

        // TurboJPEG has no name for every sampling that libjpeg decodes.
        if (JpegTests.Installed && !name.StartsWith("sampled 4x2", StringComparison.Ordinal) && !name.Contains("1x4"))
            Assert.Equal(image.Pixels, JpegTests.Decode(file, name, JpegBackend.LibJpegTurbo).Pixels);
    }

    /// <summary>Pictures of all sizes behind each other: what a larger one has left in memory is not seen.</summary>
    [Fact]
    public void Memory_is_reused()
    {
        JsonElement[] all = [.. Golden.Jpegs.GetProperty("files").EnumerateArray()];
        var buffer = new ImageBuffer();
        var random = new Random(2);
        for (int trial = 0; trial < 200; trial++)
        {
            JsonElement golden = all[random.Next(all.Length)];
            ImageView view = JpegDecoder.Decode(golden.Bytes("file"), "picture.jpg", 0, buffer, JpegBackend.Managed);
            Assert.Equal(golden.Bytes("pixels"), view.Pixels.ToArray());
        }
    }

    [Fact]
    public void Kinds_that_are_not_read_are_named()
    {
        foreach (JpegBackend backend in JpegTests.Backends)
        {
            Assert.Contains("4 components (4: CMYK) is not read", Assert.Throws<ImageFileException>(() =>
                JpegTests.Decode(Golden.Jpegs.Bytes("cmyk"), "print.jpg", backend)).Message);
        }
        byte[] arithmetic = Golden.Jpegs.Bytes("arithmetic");
        var exception = Assert.Throws<ImageFileException>(() => JpegTests.Decode(arithmetic, "coded.jpg", JpegBackend.Managed));
        Assert.Contains("marker 0xC9 (lossless, hierarchical, or coded arithmetically) is not read", exception.Message);
        Assert.Equal(arithmetic.AsSpan().IndexOf([(byte)0xFF, (byte)0xC9]), exception.Offset);
    }

    [Fact]
    public void Damaged_tables_and_headers_are_named_with_their_offset()
    {
        byte[] file = Golden.Jpegs.GetProperty("files").Named("sampled 2x2").Bytes("file");
        int quantization = Marker(0xDB), huffman = Marker(0xC4), frame = Marker(0xC0), scan = Marker(0xDA);
        Refused(quantization, "a number of 0 to 3 and 64 values", f => f[quantization + 4] = 4);
        Refused(huffman, "a class of 0 or 1, a number of 0 to 3", f => f[huffman + 4] = 0x20);
        Refused(huffman, "is all there can be", f => f[huffman + 5] = 255);
        Refused(huffman, "more codes of a length than there can be", f => (f[huffman + 5], f[huffman + 7]) = (3, 2));
        Refused(frame, "sampling factors are 1 to 4", f => f[frame + 11] = 0x50);
        Refused(frame, "a component sampled 2 × 1 beside one sampled 3 × 2 is not read",
            f => (f[frame + 11], f[frame + 14]) = (0x32, 0x21));
        Refused(scan, "the component 9, which the frame has not", f => f[scan + 5] = 9);
        Refused(scan, "the component 1, which the frame has not, or which it has already", f => f[scan + 7] = 1);
        Refused(scan, "numbered from 0 to 3, found 7 and 0", f => f[scan + 6] = 0x70);
        Refused(scan, "a Huffman table that the file has not told", f => f[scan + 6] = 0x33);
        Refused(scan, "the table of quantisation 3, which the file has not told", f => f[frame + 12] = 3);
        Refused(scan, "1 to 3 components", f => f[scan + 4] = 0);

        int Marker(byte marker) => file.AsSpan().IndexOf([(byte)0xFF, marker]);

        void Refused(int offset, string message, Action<byte[]> damage)
        {
            byte[] damaged = [.. file];
            damage(damaged);
            var exception = Assert.Throws<ImageFileException>(() => JpegTests.Decode(damaged, "broken.jpg", JpegBackend.Managed));
            Assert.Contains(message, exception.Message);
            Assert.Equal(offset, exception.Offset);
        }
    }

    /// <summary>Coded data that are cut out, put in, or lack a marker of restart, in every kind of file, are damage.</summary>
    [Fact]
    public void Damaged_coded_data_are_found()
    {
        foreach (JsonElement golden in Golden.Jpegs.GetProperty("files").EnumerateArray())
        {
            byte[] file = golden.Bytes("file");
            int scan = file.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
            int data = scan + 2 + (file[scan + 2] << 8 | file[scan + 3]);
            if (file.Length - 2 - data >= 4)
            {
                int kept = (file.Length - 2 - data) / 2;
                if (file[data + kept - 1] == 0xFF)
                    kept--;
                Refused([.. file[..(data + kept)], 0xFF, 0xD9], golden.Text("name").Contains("restart") ? "" : "too early");
            }
            Refused([.. file[..^2], .. new byte[20], 0xFF, 0xD9], "are left behind the last block");
            int restart = file.AsSpan(data).IndexOf([(byte)0xFF, (byte)0xD0]);
            if (restart >= 0)
            {
                Refused([.. file[..(data + restart)], .. file[(data + restart + 2)..]], "");
                Refused([.. file[..(data + restart + 1)], 0xD3, .. file[(data + restart + 2)..]], "restart");
            }

            void Refused(byte[] damaged, string message)
            {
                var exception = Assert.Throws<ImageFileException>(() => JpegTests.Decode(damaged, "broken.jpg", JpegBackend.Managed));
                Assert.Equal(scan, exception.Offset);
                Assert.Contains("the image data that begin here are damaged", exception.Message);
                Assert.Contains(message, exception.Message);
            }
        }
    }
}
