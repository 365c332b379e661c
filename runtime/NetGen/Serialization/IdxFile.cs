using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>
/// Reads IDX files, the format of MNIST and Fashion-MNIST: two zero bytes, a type byte, the number of dimensions, their sizes
/// as big-endian 32-bit numbers, then the elements, row-major and big-endian. Plain or compressed with gzip; which of the two
/// is seen from the content, not from the name.
/// </summary>
public static class IdxFile
{
    // Bytes that one byte of deflate stands for, at most: the bound of its format. No more memory is asked for on a header's word.
    private const int MaxCompression = 1032;

    /// <summary>Reads an image file (magic number 2051): unsigned bytes in three dimensions.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IdxException">The file is damaged or holds no images.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxImages ReadImages(string path) => ToImages(Read(path, Images));

    /// <summary>Reads an image file from a stream, such as an embedded resource.</summary>
    /// <param name="stream">Holds the file and nothing else; must be able to seek, and is read from its beginning.</param>
    /// <param name="name">What to call it in exceptions.</param>
    /// <exception cref="IdxException">The file is damaged or holds no images.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public static IdxImages ReadImages(Stream stream, string name) => ToImages(Read(stream, name, Images));

    /// <summary>Reads a label file (magic number 2049): unsigned bytes in one dimension.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IdxException">The file is damaged or holds no labels.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] ReadLabels(string path) => Read(path, Labels).Data;

    /// <summary>Reads a label file from a stream, such as an embedded resource.</summary>
    /// <param name="stream">Holds the file and nothing else; must be able to seek, and is read from its beginning.</param>
    /// <param name="name">What to call it in exceptions.</param>
    /// <exception cref="IdxException">The file is damaged or holds no labels.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public static byte[] ReadLabels(Stream stream, string name) => Read(stream, name, Labels).Data;

    /// <summary>Reads a file of any type and number of dimensions.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IdxException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxArray Read(string path) => Read(path, null);

    private static (IdxType Type, int Dimensions, string Description) Images =>
        (IdxType.UInt8, 3, "images (magic number 2051: unsigned bytes in 3 dimensions)");

    private static (IdxType Type, int Dimensions, string Description) Labels =>
        (IdxType.UInt8, 1, "labels (magic number 2049: unsigned bytes in 1 dimension)");

    private static IdxImages ToImages(IdxArray array) => new(array.Data, array.Shape[0], array.Shape[1], array.Shape[2]);

    private static IdxArray Read(string path, (IdxType Type, int Dimensions, string Description)? expected)
    {
        using FileStream file =
            FileAccessor.Access(path, path => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16));
        if (!file.CanSeek)
            throw new IOException($"{path}: it is a pipe or device, which cannot be read at any place.");
        return Read(file, path, expected);
    }

    private static IdxArray Read(Stream file, string path, (IdxType Type, int Dimensions, string Description)? expected)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!file.CanSeek)
            throw new ArgumentException("Expected a stream that can seek: the length is checked before memory is asked for.", "stream");
        file.Position = 0;
        long fileLength = file.Length;
        bool compressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;

        // The length of what is to come, before any memory is asked for: gzip keeps it, modulo 2³², in its last four bytes.
        // It also shows a file cut inside gzip's own trailer, which the decoder lets pass.
        long contentLength = fileLength;
        if (compressed)
        {
            // Header of 10 bytes, at least one block of 2, trailer of 8.
            if (fileLength < 20)
                throw new IdxException(path, $"a gzip file of {fileLength} bytes is truncated.");
            file.Position = fileLength - sizeof(uint);
            Span<byte> size = stackalloc byte[sizeof(uint)];
            file.ReadExactly(size);
            contentLength = BinaryPrimitives.ReadUInt32LittleEndian(size);
        }
        file.Position = 0;
        if (!compressed)
            return Parse(path, file, contentLength, fileLength, compressed, expected);

        using var decoder = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            return Parse(path, decoder, contentLength, fileLength, compressed, expected);
        }
        catch (InvalidDataException exception)
        {
            throw new IdxException(path, $"the gzip data are damaged: {exception.Message}", exception);
        }
    }

    private static IdxArray Parse(string path, Stream stream, long contentLength, long stored, bool compressed,
        (IdxType Type, int Dimensions, string Description)? expected)
    {
        Span<byte> magic = stackalloc byte[4];
        ReadExactly(path, stream, magic, "the magic number");
        if (magic[0] != 0 || magic[1] != 0)
            throw new IdxException(
                path, $"expected two zero bytes at the start, found 0x{magic[0]:X2} 0x{magic[1]:X2}; this is no IDX file.");
        var type = (IdxType)magic[2];
        int size = type switch
        {
            IdxType.UInt8 or IdxType.Int8 => 1,
            IdxType.Int16 => 2,
            IdxType.Int32 or IdxType.Float32 => 4,
            IdxType.Float64 => 8,
            _ => throw new IdxException(path, $"expected a type of 0x08, 0x09, 0x0B, 0x0C, 0x0D or 0x0E, found 0x{magic[2]:X2}."),
        };
        int dimensions = magic[3];
        if (expected is { } wanted && (wanted.Type != type || wanted.Dimensions != dimensions))
            throw new IdxException(
                path, $"expected {wanted.Description}, found magic number {BinaryPrimitives.ReadInt32BigEndian(magic)}: {type} "
                + $"in {dimensions} dimension{(dimensions == 1 ? "" : "s")}.");
        if (dimensions == 0)
            throw new IdxException(path, "expected at least one dimension, found none.");

        Span<byte> sizes = stackalloc byte[sizeof(uint) * byte.MaxValue];
        sizes = sizes[..(sizeof(uint) * dimensions)];
        ReadExactly(path, stream, sizes, "the sizes of the dimensions");
        var shape = new int[dimensions];
        UInt128 elements = 1;
        for (int d = 0; d < dimensions; d++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(sizes[(sizeof(uint) * d)..]);
            if (extent > int.MaxValue)
                throw new IdxException(path, $"dimension {d} has {extent} elements; at most {int.MaxValue} are read.");
            shape[d] = (int)extent;
            // Saturated far above what an array holds, so that no number of dimensions overflows.
            elements = UInt128.Min(elements * extent, ulong.MaxValue);
        }
        string text = Parameter.FormatShape(shape);
        if (shape.Contains(0))
            elements = 0;
        if (elements * (uint)size > (uint)Array.MaxLength)
            throw new IdxException(path, $"{type} of shape {text} exceed the {Array.MaxLength} bytes that an array holds.");

        int bytes = (int)elements * size;
        long needed = magic.Length + sizes.Length + (long)bytes;
        if (needed != contentLength)
        {
            throw new IdxException(path, compressed
                ? $"{type} of shape {text} need {needed} bytes, but gzip's trailer tells of {contentLength}: the file is truncated, "
                    + $"has something after its end, or is made of several gzip members."
                : $"{type} of shape {text} need {needed} bytes, but the file has {contentLength}: {(contentLength < needed ? "it is "
                    + "truncated" : "something follows the data")}.");
        }
        if (compressed && bytes / MaxCompression > stored)
            throw new IdxException(path, $"{type} of shape {text} need {bytes} bytes, more than a gzip file of {stored} bytes can hold.");
        var data = new byte[bytes];
        ReadExactly(path, stream, data, "the data");
        if (stream.ReadByte() >= 0)
            throw new IdxException(path, "something follows the data.");
        if (BitConverter.IsLittleEndian)
            LittleEndian.Reverse(data, size);
        return new IdxArray(type, shape, data);
    }

    private static void ReadExactly(string path, Stream stream, Span<byte> destination, string what)
    {
        int read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
            throw new IdxException(path, $"expected {destination.Length} bytes for {what}, found {read}: the file is truncated.");
    }
}
