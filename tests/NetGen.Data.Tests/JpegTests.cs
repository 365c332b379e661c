using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>Both decoders are held to PIL's pixels, libjpeg-turbo where it is on the machine.</summary>
public sealed class JpegTests
{
    public static TheoryData<string> Files => Golden.Images.GetProperty("jpeg").Names();

    internal static bool Installed
    {
        get
        {
            try
            {
                TurboJpeg.Load(TurboJpeg.Names);
                return true;
            }
            catch (JpegLibraryException)
            {
                return false;
            }
        }
    }

    /// <summary>What can decode here.</summary>
    internal static JpegBackend[] Backends =>
        Installed ? [JpegBackend.Managed, JpegBackend.LibJpegTurbo, JpegBackend.Auto] : [JpegBackend.Managed, JpegBackend.Auto];

    internal static Image Decode(ReadOnlySpan<byte> file, string name, JpegBackend backend, int channels = 0)
        => ImageFile.ToImage(JpegDecoder.Decode(file, name, channels, new ImageBuffer(), backend));

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_are_those_of_PIL(string name)
    {
        JsonElement golden = Golden.Images.GetProperty("jpeg").Named(name);
        byte[] file = golden.Bytes("file");
        foreach (JpegBackend backend in Backends)
        {
            Image image = Decode(file, name, backend);
            Assert.Equal((golden.Int("width"), golden.Int("height"), golden.Int("channels")), (image.Width, image.Height, image.Channels));
            AssertClose(golden.Bytes("pixels"), image.Pixels);
            AssertClose(golden.Bytes("grey"), Decode(file, name, backend, 1).Pixels);
        }

        // Versions of the library may round differently.
        static void AssertClose(byte[] expected, byte[] actual)
        {
            Assert.Equal(expected.Length, actual.Length);
            Assert.True(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() <= 2);
            Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Average(), 0, 0.05);
        }
    }

    [Fact]
    public void A_library_that_is_asked_for_must_be_there()
    {
        byte[] file = Golden.Images.GetProperty("jpeg")[0].Bytes("file");
        if (!Installed)
            Assert.Contains("libturbojpeg0",
                Assert.Throws<JpegLibraryException>(() => Decode(file, "picture.jpg", JpegBackend.LibJpegTurbo)).Message);
        Assert.Equal(JpegBackend.Auto, JpegFile.Backend);
        Assert.Throws<ArgumentOutOfRangeException>(() => JpegFile.Backend = (JpegBackend)3);
        Assert.Equal(JpegBackend.Auto, JpegFile.Backend);
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        var exception = Assert.Throws<JpegLibraryException>(() => TurboJpeg.Load(["libno-such-turbojpeg.so.0"]));
        Assert.Contains("libno-such-turbojpeg.so.0", exception.Message);
        Assert.Contains("libturbojpeg0", exception.Message);
        Assert.Contains("libjpeg-turbo", exception.Message);
    }

    [Fact]
    public void A_library_without_the_functions_is_named()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Contains("libc.so.6 lacks a function", Assert.Throws<JpegLibraryException>(() => TurboJpeg.Load(["libc.so.6"])).Message);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_by_name_and_offset()
    {
        byte[] file = Golden.Images.GetProperty("jpeg").Named("colours, progressive").Bytes("file");
        for (int length = 0; length < file.Length; length++)
        {
            var exception = Assert.Throws<ImageFileException>(() => JpegFile.Decode(file.AsSpan(0, length), "cut.jpg"));
            Assert.StartsWith($"cut.jpg: at byte {exception.Offset}: ", exception.Message);
            Assert.InRange(exception.Offset, 0, length);
        }
    }

    [Fact]
    public void Damaged_structure_is_named_with_its_offset()
    {
        byte[] file = Golden.Images.GetProperty("jpeg").Named("grey").Bytes("file");
        int frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        Refused(20, "expected a marker, which begins with 0xFF, found 0x00", f => f[20] = 0);
        Refused(frame, "samples of 12 bits", f => f[frame + 4] = 12);
        Refused(frame, "an image of 31 × 0 pixels", f => (f[frame + 5], f[frame + 6]) = (0, 0));
        Refused(frame, "65535 × 65535 pixels exceeds", f => f.AsSpan(frame + 5, 4).Fill(255));
        Refused(frame, "4 components", f => f[frame + 9] = 4);
        Refused(frame, "tells of 65535 bytes", f => (f[frame + 2], f[frame + 3]) = (255, 255));

        void Refused(int offset, string message, Action<byte[]> damage)
        {
            byte[] damaged = [.. file];
            damage(damaged);
            var exception = Assert.Throws<ImageFileException>(() => JpegFile.Decode(damaged, "broken.jpg"));
            Assert.Equal(offset, exception.Offset);
            Assert.Contains(message, exception.Message);
        }
    }

    [Fact]
    public void Damaged_coefficients_are_named_with_their_scan()
    {
        byte[] file = Golden.Images.GetProperty("jpeg").Named("colours, subsampled").Bytes("file");
        int scan = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        // The coded data end early: the rest is cut out, the end marker stays.
        byte[] damaged = [.. file[..(scan + 40)], 0xFF, 0xD9];
        foreach (JpegBackend backend in Backends)
        {
            var exception = Assert.Throws<ImageFileException>(() => Decode(damaged, "broken.jpg", backend));
            Assert.Equal(scan, exception.Offset);
            Assert.Contains("damaged", exception.Message);
        }
    }

    [Fact]
    public void Whatever_is_damaged_decoding_ends_well()
    {
        foreach (JpegBackend backend in Backends)
        {
            var random = new Random(5);
            int read = 0, refused = 0;
            foreach (byte[] file in Golden.Images.GetProperty("jpeg").EnumerateArray()
                .Concat(Golden.Jpegs.GetProperty("files").EnumerateArray()).Select(golden => golden.Bytes("file")))
            {
                for (int trial = 0; trial < 100; trial++)
                {
                    byte[] damaged = [.. file];
                    for (int changes = random.Next(1, 4); changes > 0; changes--)
                        damaged[random.Next(3, damaged.Length)] = (byte)random.Next(256);
                    try
                    {
                        Image image = Decode(damaged, "damaged.jpg", backend);
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
            Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
        }
    }

    [Fact]
    public void Files_are_told_by_how_they_begin()
    {
        using var directory = new TemporaryDirectory();
        JsonElement png = Golden.Images.GetProperty("png")[0];
        Assert.Equal(png.Bytes("pixels"), ImageFile.Read(directory.Write("misnamed.jpg", png.Bytes("file"))).Pixels);
        Assert.Contains("neither a PNG nor a JPEG",
            Assert.Throws<ImageFileException>(() => ImageFile.Read(directory.Write("a.png", "BM0000"u8))).Message);
        Assert.Contains("the file is empty", Assert.Throws<ImageFileException>(() => ImageFile.Read(directory.Write("b.png"))).Message);
        Assert.Equal(3, ImageFile.Read(directory.Write("misnamed.png", Golden.Images.GetProperty("jpeg")[0].Bytes("file"))).Channels);
    }
}
