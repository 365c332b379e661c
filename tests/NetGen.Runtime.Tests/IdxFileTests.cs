using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen.Runtime.Tests;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static byte[] Idx(byte type, uint[] shape, params byte[] data)
    {
        var contents = new List<byte> { 0, 0, type, (byte)shape.Length };
        foreach (uint extent in shape)
        {
            byte[] bytes = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, extent);
            contents.AddRange(bytes);
        }
        contents.AddRange(data);
        return [.. contents];
    }

    private static byte[] Gzip(byte[] contents)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(contents);
        return stream.ToArray();
    }

    private static byte[] Bytes(int count) => Enumerable.Range(0, count).Select(i => (byte)(i * 7)).ToArray();

    private IdxException AssertRefused(byte[] contents, string message, Action<string>? read = null)
    {
        string path = _directory.Write("data.idx", contents);
        var exception = Assert.Throws<IdxException>(() => (read ?? (file => IdxFile.Read(file)))(path));
        Assert.Equal(path, exception.Path);
        Assert.StartsWith(path, exception.Message);
        Assert.Contains(message, exception.Message);
        return exception;
    }

    [Theory]
    [InlineData("images-idx3-ubyte", false)]
    [InlineData("images-idx3-ubyte.gz", true)]
    [InlineData("plain.gz", false)]
    [InlineData("compressed", true)]
    public void Images_and_labels_are_read_plain_and_compressed_whatever_the_name(string name, bool compressed)
    {
        byte[] Maybe(byte[] contents) => compressed ? Gzip(contents) : contents;
        byte[] pixels = Bytes(5 * 3 * 4);
        IdxImages images = IdxFile.ReadImages(_directory.Write(name, Maybe(Idx(8, [5, 3, 4], pixels))));
        Assert.Equal((5, 3, 4), (images.Count, images.Rows, images.Columns));
        Assert.Equal(pixels, images.Pixels);
        Assert.Equal(pixels[24..36], images[2].ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => images[5].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => images[-1].Length);
        Assert.Equal(Bytes(9), IdxFile.ReadLabels(_directory.Write(name, Maybe(Idx(8, [9], Bytes(9))))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_six_types_are_read(bool compressed)
    {
        IdxArray Read(byte type, int size)
        {
            byte[] contents = Idx(type, [2, 1, 3], Bytes(6 * size));
            return IdxFile.Read(_directory.Write("data.idx", compressed ? Gzip(contents) : contents));
        }
        byte[] data = Bytes(48);
        Assert.Equal(data[..6], Read(0x08, 1).AsSpan<byte>().ToArray());
        Assert.Equal(data[..6].Select(x => (sbyte)x), Read(0x09, 1).AsSpan<sbyte>().ToArray());
        Assert.Equal(Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadInt16BigEndian(data.AsSpan(2 * i))),
            Read(0x0B, 2).AsSpan<short>().ToArray());
        Assert.Equal(Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(4 * i))),
            Read(0x0C, 4).AsSpan<int>().ToArray());
        Assert.Equal(Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadSingleBigEndian(data.AsSpan(4 * i))),
            Read(0x0D, 4).AsSpan<float>().ToArray());
        Assert.Equal(Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadDoubleBigEndian(data.AsSpan(8 * i))),
            Read(0x0E, 8).AsSpan<double>().ToArray());
        IdxArray array = Read(0x0D, 4);
        Assert.Equal(IdxType.Float32, array.Type);
        Assert.Equal([2, 1, 3], array.Shape.ToArray());
        Assert.Contains("to be read as Single, not Int32",
            Assert.Throws<InvalidOperationException>(() => array.AsSpan<int>().Length).Message);
    }

    [Fact]
    public void Empty_arrays_are_legal()
    {
        Assert.Empty(IdxFile.ReadLabels(_directory.Write("a", Idx(8, [0]))));
        IdxImages images = IdxFile.ReadImages(_directory.Write("b", Gzip(Idx(8, [0, 28, 28]))));
        Assert.Equal((0, 28, 28), (images.Count, images.Rows, images.Columns));
        IdxArray array = IdxFile.Read(_directory.Write("c", Idx(0x0E, [2147483647, 2147483647, 2147483647, 0])));
        Assert.Equal(0, array.AsSpan<double>().Length);
    }

    public static TheoryData<byte[], string> Damaged => new()
    {
        { [], "expected 4 bytes for the magic number, found 0" },
        { [0, 0, 8], "expected 4 bytes for the magic number, found 3" },
        { [1, 0, 8, 1, 0, 0, 0, 0], "expected two zero bytes at the start, found 0x01 0x00" },
        { [0, 0, 7, 1, 0, 0, 0, 0], "found 0x07" },
        { [0, 0, 0x0A, 1, 0, 0, 0, 0], "expected a type of 0x08, 0x09, 0x0B, 0x0C, 0x0D or 0x0E, found 0x0A" },
        { [0, 0, 8, 0], "expected at least one dimension" },
        { [0, 0, 8, 2, 0, 0, 0, 1, 0], "expected 8 bytes for the sizes of the dimensions, found 5" },
        { Idx(8, [5], Bytes(4)), "UInt8 of shape [5] need 13 bytes, but the file has 12: it is truncated" },
        { Idx(8, [5], Bytes(6)), "UInt8 of shape [5] need 13 bytes, but the file has 14: something follows the data" },
        { Idx(0x0D, [5], Bytes(19)), "Float32 of shape [5] need 28 bytes, but the file has 27" },
        { Idx(8, [0], 1), "something follows" },
        { Idx(8, [0x8000_0000], 1), "dimension 0 has 2147483648 elements" },
        { Idx(8, [0xFFFF_FFFF], 1), "dimension 0 has 4294967295 elements" },
        { Idx(8, [65536, 65536], 1), "UInt8 of shape [65536, 65536] exceed" },
        { Idx(0x0E, [2147483647], 1), "Float64 of shape [2147483647] exceed" },
        { Idx(8, [2147483647, 2147483647, 2147483647, 2147483647, 2147483647], 1), "exceed" },
        // Claims two gigabytes: refused before they are asked for.
        { Idx(8, [2147483000], Bytes(100)), "it is truncated" },
        // gzip
        { [0x1F, 0x8B], "a gzip file of 2 bytes is truncated" },
        { Gzip([0, 0, 8]), "expected 4 bytes for the magic number, found 3" },
        { Gzip(Idx(8, [2147483000], Bytes(100))), "gzip's trailer tells of 108" },
        { Gzip(Idx(8, [5], Bytes(6))), "UInt8 of shape [5] need 13 bytes, but gzip's trailer tells of 14" },
        { [.. Gzip(Idx(8, [5], Bytes(5))), 0], "gzip's trailer tells of" },
        { [.. Gzip(Idx(8, [5], Bytes(2))), .. Gzip(Bytes(3))], "several gzip members" },
    };

    [Theory, MemberData(nameof(Damaged))]
    public void Damaged_files_are_refused(byte[] contents, string message) => AssertRefused(contents, message);

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] plain = Idx(0x0B, [3, 5], Bytes(30));
        for (int length = 0; length < plain.Length; length++)
            AssertRefused(plain[..length], "");
        byte[] compressed = Gzip(Idx(8, [30, 40], Bytes(1200)));
        for (int length = 0; length < compressed.Length; length++)
            AssertRefused(compressed[..length], "");
    }

    [Fact]
    public void Every_flipped_bit_in_compressed_data_is_noticed_or_harmless()
    {
        byte[] data = new byte[200];
        new Random(1).NextBytes(data);
        byte[] compressed = Gzip(Idx(8, [200], data));
        for (int bit = 0; bit < compressed.Length * 8; bit++)
        {
            byte[] damaged = (byte[])compressed.Clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            string path = _directory.Write("data.gz", damaged);
            byte[]? labels = null;
            try
            {
                labels = IdxFile.ReadLabels(path);
            }
            catch (IdxException)
            {
            }
            // gzip's header holds a time and flags that mean nothing here.
            if (labels != null)
                Assert.Equal(data, labels);
        }
    }

    [Fact]
    public void The_wrong_kind_of_file_is_named()
    {
        AssertRefused(Idx(8, [5], Bytes(5)), "expected images (magic number 2051: unsigned bytes in 3 dimensions), found magic number 2049: UInt8 in 1 dimension.", path => IdxFile.ReadImages(path));
        AssertRefused(Idx(8, [1, 2, 2], Bytes(4)), "expected labels (magic number 2049: unsigned bytes in 1 dimension), found magic number 2051: UInt8 in 3 dimensions.", path => IdxFile.ReadLabels(path));
        AssertRefused(Idx(0x0D, [1], Bytes(4)), "found magic number 3329: Float32", path => IdxFile.ReadLabels(path));
        Assert.Throws<FileNotFoundException>(() => IdxFile.ReadLabels(_directory.File("missing")));
    }

    /// <summary>A few bytes that promise two billion get no memory for them.</summary>
    [Fact]
    public void A_small_file_gets_no_large_memory()
    {
        byte[] header = [0, 0, 8, 3, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x80];
        using var stream = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionLevel.Optimal))
            zip.Write([.. header, .. RandomBytes(200_000)]);
        byte[] file = stream.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(^4..), 16 + 32768u * 128 * 128);
        string path = _directory.Write("bomb.gz", file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more than a gzip file of", Assert.Throws<IdxException>(() => IdxFile.ReadImages(path)).Message,
            StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        static byte[] RandomBytes(int count)
        {
            var bytes = new byte[count];
            new Random(1).NextBytes(bytes);
            return bytes;
        }
    }
}
