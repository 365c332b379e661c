using System.Buffers.Binary;

namespace NetGen.Data;

/// <summary>
/// What the markers of a JPEG file say (ITU-T T.81, annex B). They are gone through before samples are decoded: libjpeg-turbo tells no
/// offsets. EXIF is looked for before the first scan, as PIL does.
/// </summary>
/// <param name="Width">Columns, as stored.</param>
/// <param name="Height">Rows, as stored.</param>
/// <param name="Components">1 for grey, 3 for colours.</param>
/// <param name="FirstScan">Where the first scan begins.</param>
/// <param name="Orientation">EXIF's, from 1 to 8.</param>
internal readonly record struct JpegStructure(int Width, int Height, int Components, int FirstScan, int Orientation)
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, StartOfImage = 0xD8, App1 = 0xE1;

    /// <summary>Start of image, and the first byte of the next marker.</summary>
    public static ReadOnlySpan<byte> Signature => [0xFF, StartOfImage, 0xFF];

    /// <summary>Goes through all markers to the end of the image.</summary>
    /// <exception cref="ImageFileException">The file is damaged or cut.</exception>
    public static JpegStructure Read(ReadOnlySpan<byte> file, string name)
    {
        if (!file.StartsWith(Signature))
            throw new ImageFileException(name, 0, "this is no JPEG file: its first marker is missing.");
        int width = 0, height = 0, components = 0, firstScan = -1, position = 2;
        int? orientation = null;
        while (true)
        {
            int start = position;
            if (position < file.Length && file[position] != 0xFF)
                throw new ImageFileException(name, position, $"expected a marker, which begins with 0xFF, found 0x{file[position]:X2}.");
            while (position < file.Length && file[position] == 0xFF)
                position++;
            if (position >= file.Length)
                throw new ImageFileException(name, start, "the file ends without the marker that ends the image: it is truncated.");
            byte marker = file[position++];
            if (marker == EndOfImage)
                break;
            if (file.Length - position < 2)
                throw new ImageFileException(name, start, $"the file ends within the segment of marker 0x{marker:X2}: it is truncated.");
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
            if (length < 2 || length > file.Length - position)
            {
                throw new ImageFileException(name, start,
                    $"the segment of marker 0x{marker:X2} tells of {length} bytes, but {file.Length - position} are left: the file is "
                        + $"truncated, or the length is damaged.");
            }
            ReadOnlySpan<byte> segment = file.Slice(position + 2, length - 2);
            position += length;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (segment.Length < 6)
                    throw new ImageFileException(name, start, $"a frame's header has 6 bytes or more, found {segment.Length}.");
                if (components != 0)
                    throw new ImageFileException(name, start, "there is a second frame.");
                if (segment[0] != 8)
                    throw new ImageFileException(name, start, $"samples of {segment[0]} bits are not read; expected 8.");
                height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                components = segment[5];
                if (width == 0 || height == 0)
                    throw new ImageFileException(name, start, $"an image of {width} × {height} pixels is not read.");
                if (4L * width * height > Array.MaxLength)
                    throw new ImageFileException(name,
                        start, $"an image of {width} × {height} pixels exceeds the {Array.MaxLength} bytes that an array holds.");
                if (components is not (1 or 3))
                    throw new ImageFileException(name,
                        start, $"an image of {components} components (4: CMYK) is not read; expected 1, grey, or 3, colours. Convert "
                        + $"it to RGB.");
            }
            else if (marker == App1 && firstScan < 0 && segment.StartsWith(ExifOrientation.Prefix))
            {
                orientation ??= ExifOrientation.Read(segment);
            }
            else if (marker == StartOfScan)
            {
                if (components == 0)
                    throw new ImageFileException(name, start, "a scan begins before any frame's header.");
                if (firstScan < 0)
                    firstScan = start;
                position = EndOfScan(file, position);
            }
        }
        if (firstScan < 0)
            throw new ImageFileException(name, position, "the image ends before its first scan.");
        return new JpegStructure(width, height, components, firstScan, orientation ?? ExifOrientation.AsStored);
    }

    /// <summary>
    /// The next marker that does not belong to the coded data: in them 0xFF is followed by zero, or by a marker of restart.
    /// </summary>
    internal static int EndOfScan(ReadOnlySpan<byte> file, int position)
    {
        while (true)
        {
            int next = file[position..].IndexOf((byte)0xFF);
            if (next < 0 || position + next + 1 >= file.Length)
                return file.Length;
            position += next;
            if (file[position + 1] is not (0 or (>= 0xD0 and <= 0xD7)))
                return position;
            position += 2;
        }
    }
}
