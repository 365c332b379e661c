using System.Buffers.Binary;
using System.Text;

namespace NetGen.Data;

/// <summary>The chunks of a PNG file that decoding needs, after all of them were checked: order, lengths and checksums.</summary>
internal ref struct PngChunks
{
    /// <summary>The eight bytes that every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Bytes around a chunk's data: its length and type before, its checksum behind.</summary>
    public const int Overhead = 12;

    private static readonly int[] DepthsOfGrey = [1, 2, 4, 8, 16], DepthsOfPalette = [1, 2, 4, 8], DepthsOfOthers = [8, 16];

    private readonly string _name;
    private bool _hasExif;

    private PngChunks(string name) => _name = name;

    public PngHeader Header { get; private set; }

    /// <summary>Red, green and blue of each entry.</summary>
    public ReadOnlySpan<byte> Palette { get; private set; }

    /// <summary>The data of the transparency chunk, empty if there is none.</summary>
    public ReadOnlySpan<byte> Transparency { get; private set; }

    /// <summary>EXIF's orientation, from 1 to 8.</summary>
    public int Orientation { get; private set; }

    /// <summary>Where the first chunk of image data begins.</summary>
    public int FirstData { get; private set; }

    /// <summary>Compressed bytes of all of them.</summary>
    public long DataLength { get; private set; }

    /// <summary>Goes through the file once.</summary>
    /// <exception cref="ImageFileException">Something is not as the recommendation says.</exception>
    public static PngChunks Read(ReadOnlySpan<byte> file, string name)
    {
        if (!file.StartsWith(Signature))
            throw new ImageFileException(name, 0, file.Length < Signature.Length
                ? "the file ends within PNG's signature." : "this is no PNG file: its signature is missing.");

        var chunks = new PngChunks(name) { FirstData = -1, Orientation = ExifOrientation.AsStored };
        int position = Signature.Length;
        bool dataEnded = false;
        while (true)
        {
            if (file.Length - position < Overhead)
                throw new ImageFileException(name,
                    position, $"expected a chunk, of at least {Overhead} bytes, found {file.Length - position}: the file is truncated.");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            ReadOnlySpan<byte> typeBytes = file.Slice(position + 4, 4);
            if (length > file.Length - position - Overhead)
            {
                throw new ImageFileException(name, position,
                    $"chunk {Text(typeBytes)} tells of {length} bytes of data, but {file.Length - position - Overhead} are left: the "
                        + $"file is truncated, or the length is damaged.");
            }
            ReadOnlySpan<byte> data = file.Slice(position + 8, (int)length);
            uint told = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..]),
                found = Crc32.Compute(file.Slice(position + 4, 4 + (int)length));
            if (told != found)
                throw new ImageFileException(name,
                    position, $"chunk {Text(typeBytes)} is damaged: its checksum is 0x{told:X8}, that of its data 0x{found:X8}.");

            bool first = position == Signature.Length;
            if (first != typeBytes.SequenceEqual("IHDR"u8))
                throw new ImageFileException(name, position, first
                    ? $"expected chunk IHDR first, found {Text(typeBytes)}." : "there is a second chunk IHDR.");
            bool isData = typeBytes.SequenceEqual("IDAT"u8);
            if (chunks.FirstData >= 0 && !isData)
                dataEnded = true;

            if (first)
                chunks.Header = chunks.ReadHeader(data, position);
            else if (isData)
                chunks.AddData(position, length, dataEnded);
            else if (typeBytes.SequenceEqual("PLTE"u8))
                chunks.ReadPalette(data, position);
            else if (typeBytes.SequenceEqual("tRNS"u8))
                chunks.ReadTransparency(data, position);
            else if (typeBytes.SequenceEqual("eXIf"u8))
                chunks.ReadExif(data, position);
            else if (typeBytes.SequenceEqual("IEND"u8))
                break;
            else if ((typeBytes[0] & 0x20) == 0)
                throw new ImageFileException(name,
                    position, $"chunk {Text(typeBytes)} is one that a decoder must know to show the image, and is not known.");
            position += Overhead + (int)length;
        }
        if (chunks.FirstData < 0)
            throw new ImageFileException(name, position, "there is no image data: chunk IEND comes before any IDAT.");
        return chunks;
    }

    private readonly PngHeader ReadHeader(ReadOnlySpan<byte> data, int position)
    {
        if (data.Length != 13)
            throw new ImageFileException(_name, position, $"expected 13 bytes in chunk IHDR, found {data.Length}.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw new ImageFileException(_name, position, $"an image of {width} × {height} pixels has no pixels, or too many.");
        int depth = data[8];
        var colour = (PngColourType)data[9];
        int[] depths = colour switch
        {
            PngColourType.Grey => DepthsOfGrey,
            PngColourType.Palette => DepthsOfPalette,
            PngColourType.Rgb or PngColourType.GreyAlpha or PngColourType.Rgba => DepthsOfOthers,
            _ => throw new ImageFileException(_name, position, $"expected a colour type of 0, 2, 3, 4 or 6, found {data[9]}."),
        };
        if (!depths.Contains(depth))
            throw new ImageFileException(_name,
                position, $"expected {string.Join(", ", depths)} bits for a sample of colour type {data[9]}, found {depth}.");
        if (data[10] != 0 || data[11] != 0)
            throw new ImageFileException(_name, position, $"expected compression and filter method 0, found {data[10]} and {data[11]}.");
        if (data[12] > 1)
            throw new ImageFileException(_name, position, $"expected interlace method 0 or 1, found {data[12]}.");
        var header = new PngHeader((int)width, (int)height, depth, colour, data[12] == 1);
        if ((Int128)4 * width * height > Array.MaxLength)
            throw new ImageFileException(_name,
                position, $"an image of {width} × {height} pixels exceeds the {Array.MaxLength} bytes that an array holds.");
        return header;
    }

    private void AddData(int position, uint length, bool dataEnded)
    {
        if (dataEnded)
            throw new ImageFileException(_name, position, "chunks IDAT must follow each other; another chunk stands between them.");
        if (Header.ColourType == PngColourType.Palette && Palette.IsEmpty)
            throw new ImageFileException(_name,
                position, "the colours are those of a palette, but there is no chunk PLTE before the image data.");
        if (FirstData < 0)
            FirstData = position;
        DataLength += length;
    }

    private void ReadPalette(ReadOnlySpan<byte> data, int position)
    {
        if (FirstData >= 0 || !Palette.IsEmpty)
            throw new ImageFileException(_name, position, FirstData >= 0
                ? "chunk PLTE comes after the image data." : "there is a second chunk PLTE.");
        if (Header.ColourType is PngColourType.Grey or PngColourType.GreyAlpha)
            throw new ImageFileException(_name, position, "an image in grey has no palette, but there is a chunk PLTE.");
        int most = Header.ColourType == PngColourType.Palette ? 1 << Header.BitDepth : 256;
        if (data.IsEmpty || data.Length % 3 != 0 || data.Length > 3 * most)
            throw new ImageFileException(_name,
                position, $"expected 1 to {most} colours of 3 bytes in chunk PLTE, found {data.Length} bytes.");
        Palette = data;
    }

    private void ReadTransparency(ReadOnlySpan<byte> data, int position)
    {
        if (FirstData >= 0 || !Transparency.IsEmpty)
            throw new ImageFileException(_name, position, FirstData >= 0
                ? "chunk tRNS comes after the image data." : "there is a second chunk tRNS.");
        (int least, int most) = Header.ColourType switch
        {
            PngColourType.Grey => (2, 2),
            PngColourType.Rgb => (6, 6),
            PngColourType.Palette when Palette.IsEmpty
                => throw new ImageFileException(_name, position, "chunk tRNS comes before the palette that it belongs to."),
            PngColourType.Palette => (1, Palette.Length / 3),
            _ => throw new ImageFileException(_name, position, "an image with an alpha channel has no chunk tRNS."),
        };
        if (data.Length < least || data.Length > most)
            throw new ImageFileException(_name,
                position, $"expected {(least == most ? $"{least}" : $"{least} to {most}")} bytes in chunk tRNS, found {data.Length}.");
        Transparency = data;
    }

    private void ReadExif(ReadOnlySpan<byte> data, int position)
    {
        if (_hasExif)
            throw new ImageFileException(_name, position, "there is a second chunk eXIf.");
        _hasExif = true;
        Orientation = ExifOrientation.Read(data);
    }

    /// <summary>A chunk's type as it can be printed.</summary>
    private static string Text(ReadOnlySpan<byte> type)
    {
        foreach (byte b in type)
        {
            if (!char.IsAsciiLetter((char)b))
                return $"0x{Convert.ToHexString(type)}";
        }
        return Encoding.ASCII.GetString(type);
    }
}
