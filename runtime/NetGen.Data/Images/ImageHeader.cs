using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace NetGen.Data;

/// <summary>
/// What a picture measures, as it is seen: from its file's header and EXIF, without decoding and without reading most of it.
/// </summary>
internal static class ImageHeader
{
    // EXIF data of a picture without a thumbnail; the orientation is at their beginning.
    private const int ExifBytes = 4096;

    /// <summary>Reads the height and width of a PNG or JPEG file.</summary>
    /// <exception cref="ImageFileException">The header is damaged, or the file is neither PNG nor JPEG.</exception>
    public static ImageSize Read(string path)
    {
        using SafeFileHandle file = FileAccessor.OpenHandle(path, out long length);
        Span<byte> begin = stackalloc byte[8];
        begin = begin[..FileAccessor.Fill(file, begin, 0)];
        if (begin.StartsWith(PngChunks.Signature))
            return ReadPng(file, path, length);
        if (begin.StartsWith(JpegStructure.Signature))
            return ReadJpeg(file, path, length);
        throw ImageFile.UnknownKind(path, begin);
    }

    private static ImageSize ReadPng(SafeFileHandle file, string path, long length)
    {
        Span<byte> chunk = stackalloc byte[16];
        long position = 8;
        ImageSize? size = null;
        while (FileAccessor.Fill(file, chunk, position) >= 8)
        {
            uint bytes = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            ReadOnlySpan<byte> kind = chunk.Slice(4, 4);
            if (kind.SequenceEqual("IHDR"u8))
            {
                size = Size(
                    BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), path, position);
            }
            else if (kind.SequenceEqual("IEND"u8))
                break;
            if (size is null)
                throw new ImageFileException(path, position, "expected the chunk IHDR first.");
            if (kind.SequenceEqual("eXIf"u8))
                return Turned(size.Value, ReadExif(file, position + 8, bytes));
            position += 12 + (long)bytes;
        }
        return size ?? throw new ImageFileException(path, Math.Min(position, length), "the file ends before its header.");
    }

    private static ImageSize ReadJpeg(SafeFileHandle file, string path, long length)
    {
        Span<byte> segment = stackalloc byte[16];
        long position = 2;
        ImageSize? size = null;
        int? orientation = null;
        while (true)
        {
            int read = FileAccessor.Fill(file, segment, position);
            if (read < 4 || segment[0] != 0xFF)
                throw new ImageFileException(
                    path, Math.Min(position, length), "expected a marker, and the file's header before its first scan.");
            byte marker = segment[1];
            if (marker == 0xFF)
            {
                position++;
                continue;
            }
            if (marker is 0xDA or 0xD9)
                break;
            int bytes = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && read >= 9)
            {
                size = Size(BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), path,
                    position);
            }
            else if (marker == 0xE1 && segment[4..read].StartsWith(ExifOrientation.Prefix))
                orientation ??= ReadExif(file, position + 4, bytes - 2);
            position += 2 + bytes;
        }
        return size is { } found ? Turned(found, orientation ?? ExifOrientation.AsStored)
            : throw new ImageFileException(path, position, "the first scan begins before any frame's header.");
    }

    private static ImageSize Size(uint height, uint width, string path, long position) =>
        height is > 0 and <= int.MaxValue && width is > 0 and <= int.MaxValue ? new ImageSize((int)height, (int)width)
            : throw new ImageFileException(path, position, $"an image of {width} × {height} pixels is not read.");

    private static ImageSize Turned(ImageSize stored, int orientation) => orientation < 5 ? stored : new(stored.Width, stored.Height);

    private static int ReadExif(SafeFileHandle file, long position, long bytes)
    {
        Span<byte> exif = stackalloc byte[(int)Math.Clamp(bytes, 0, ExifBytes)];
        return ExifOrientation.Read(exif[..FileAccessor.Fill(file, exif, position)]);
    }
}
