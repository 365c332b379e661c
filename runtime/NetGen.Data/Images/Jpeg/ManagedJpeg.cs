using System.Buffers.Binary;

namespace NetGen.Data;

/// <summary>
/// Decodes JPEG files (ITU-T T.81) without a library: Huffman-coded ones, baseline, extended and progressive, of one component or three.
/// Transform, interpolation and colours have libjpeg-turbo's bits. Each thread has one, whose memory grows to the largest picture.
/// </summary>
internal sealed class ManagedJpeg
{
    [ThreadStatic]
    private static ManagedJpeg? t_decoder;

    private readonly JpegComponent[] _all = [new(), new(), new()];
    private readonly ushort[][] _quantization = [new ushort[64], new ushort[64], new ushort[64], new ushort[64]];
    private readonly bool[] _hasQuantization = new bool[4];
    private readonly JpegHuffmanTable[] _dc = [new(), new(), new(), new()], _ac = [new(), new(), new(), new()];
    private readonly JpegComponent[] _inScan = new JpegComponent[3];
    private int[] _sums = [];
    private byte[] _rows = [];
    private string _name = "";
    private int _width, _height, _components, _restartInterval;
    private (int Horizontal, int Vertical) _most;
    private bool _isProgressive, _hasFrame, _hasJfif;
    private int _adobe;

    private ManagedJpeg()
    {
    }

    /// <summary>Decodes into tightly packed rows: grey from one component, RGB from three.</summary>
    /// <exception cref="ImageFileException">The file is damaged, or of a kind that is not read.</exception>
    public static void Decompress(ReadOnlySpan<byte> file, Span<byte> pixels, JpegStructure structure, string name)
    {
        ManagedJpeg decoder = t_decoder ??= new ManagedJpeg();
        decoder.Begin(structure, name);
        decoder.ReadSegments(file);
        decoder.Finish(pixels);
    }

    private void Begin(JpegStructure structure, string name)
    {
        (_width, _height, _components, _name) = (structure.Width, structure.Height, structure.Components, name);
        (_restartInterval, _adobe, _isProgressive, _hasFrame, _hasJfif) = (0, -1, false, false, false);
        Array.Clear(_hasQuantization);
        foreach (JpegHuffmanTable table in _dc)
            table.Clear();
        foreach (JpegHuffmanTable table in _ac)
            table.Clear();
    }

    /// <summary>Goes through the segments, which <see cref="JpegStructure"/> has found to lie within the file, and decodes scans.</summary>
    private void ReadSegments(ReadOnlySpan<byte> file)
    {
        int position = 2;
        while (true)
        {
            int start = position;
            while (file[position] == 0xFF)
                position++;
            byte marker = file[position++];
            if (marker == 0xD9)
                return;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
            ReadOnlySpan<byte> segment = file.Slice(position + 2, length - 2);
            position += length;
            switch (marker)
            {
                case 0xDB:
                    ReadQuantization(segment, start);
                    break;
                case 0xC4:
                    ReadHuffmanTables(segment, start);
                    break;
                case 0xC0 or 0xC1 or 0xC2:
                    ReadFrame(segment, start, marker == 0xC2);
                    break;
                case >= 0xC3 and <= 0xCF and not (0xC8 or 0xCC):
                    throw Damage(start, $"a frame of marker 0x{marker:X2} (lossless, hierarchical, or coded arithmetically) is not read; "
                        + "expected a baseline or progressive one. Convert it.");
                case 0xDD:
                    if (segment.Length != 2)
                        throw Damage(start, $"a restart interval has 2 bytes, found {segment.Length}.");
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xE0:
                    _hasJfif |= segment.StartsWith("JFIF\0"u8);
                    break;
                case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8):
                    _adobe = segment[11];
                    break;
                case 0xDA:
                    ReadScan(file, segment, start, position);
                    position = JpegStructure.EndOfScan(file, position);
                    break;
            }
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> segment, int start)
    {
        while (!segment.IsEmpty)
        {
            int bytes = segment[0] >> 4 == 0 ? 1 : 2, number = segment[0] & 15;
            if (segment[0] >> 4 > 1 || number > 3 || segment.Length < 1 + 64 * bytes)
                throw Damage(start, "a table of quantisation has a number of 0 to 3 and 64 values of 8 or 16 bits; this one has not.");
            for (int i = 0; i < 64; i++)
            {
                _quantization[number][JpegScan.Order[i]] =
                    bytes == 1 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + 2 * i)..]);
            }
            _hasQuantization[number] = true;
            segment = segment[(1 + 64 * bytes)..];
        }
    }

    private void ReadHuffmanTables(ReadOnlySpan<byte> segment, int start)
    {
        while (!segment.IsEmpty)
        {
            int kind = segment[0] >> 4, number = segment[0] & 15, symbols = 0;
            if (kind > 1 || number > 3 || segment.Length < 17)
                throw Damage(start, "a Huffman table has a class of 0 or 1, a number of 0 to 3, and 16 counts; this one has not.");
            ReadOnlySpan<byte> counts = segment.Slice(1, 16);
            foreach (byte count in counts)
                symbols += count;
            if (symbols > 256 || symbols > segment.Length - 17)
                throw Damage(start, $"a Huffman table tells of {symbols} symbols, but {Math.Min(256, segment.Length - 17)} is all there "
                    + "can be.");
            if (!(kind == 0 ? _dc : _ac)[number].Define(counts, segment.Slice(17, symbols)))
                throw Damage(start, "a Huffman table tells of more codes of a length than there can be.");
            segment = segment[(17 + symbols)..];
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, int start, bool progressive)
    {
        if (segment.Length != 6 + 3 * _components)
            throw Damage(start, $"the header of a frame of {_components} components has {6 + 3 * _components} bytes, found "
                + $"{segment.Length}.");
        _most = (1, 1);
        for (int i = 0; i < _components; i++)
        {
            JpegComponent component = _all[i];
            ReadOnlySpan<byte> told = segment.Slice(6 + 3 * i, 3);
            (component.Id, component.Horizontal, component.Vertical, component.Table) = (told[0], told[1] >> 4, told[1] & 15, told[2]);
            if (component.Horizontal is < 1 or > 4 || component.Vertical is < 1 or > 4 || component.Table > 3)
                throw Damage(start, "a component's sampling factors are 1 to 4, and its table of quantisation 0 to 3; found "
                    + $"{component.Horizontal} × {component.Vertical} and {component.Table}.");
            _most = (Math.Max(_most.Horizontal, component.Horizontal), Math.Max(_most.Vertical, component.Vertical));
        }
        for (int i = 0; i < _components; i++)
        {
            JpegComponent component = _all[i];
            if (_most.Horizontal % component.Horizontal != 0 || _most.Vertical % component.Vertical != 0)
                throw Damage(start, $"a component sampled {component.Horizontal} × {component.Vertical} beside one sampled "
                    + $"{_most.Horizontal} × {_most.Vertical} is not read: the one must divide the other.");
            component.Begin(_width, _height, _most, progressive);
        }
        (_isProgressive, _hasFrame) = (progressive, true);
    }

    private void ReadScan(ReadOnlySpan<byte> file, ReadOnlySpan<byte> segment, int start, int position)
    {
        int count = segment.IsEmpty ? 0 : segment[0];
        if (!_hasFrame || count < 1 || count > _components || segment.Length != 4 + 2 * count)
            throw Damage(start, $"a scan has 1 to {_components} components and 4 bytes and 2 for each of them; found {count} components "
                + $"and {segment.Length} bytes.");
        var scan = new JpegScan(_isProgressive, segment[^3], segment[^2], segment[^1] >> 4, segment[^1] & 15);
        if (!scan.IsValid(count))
            throw Damage(start, $"a scan of coefficients {segment[^3]} to {segment[^2]}, bits {segment[^1] >> 4} to {segment[^1] & 15}, "
                + $"of {count} components cannot be.");
        for (int i = 0; i < count; i++)
        {
            int id = segment[1 + 2 * i], tables = segment[2 + 2 * i];
            JpegComponent? component = null;
            foreach (JpegComponent known in _all.AsSpan(0, _components))
            {
                if (known.Id == id)
                    component = known;
            }
            if (component is null || Array.IndexOf(_inScan, component, 0, i) >= 0)
                throw Damage(start, $"a scan has the component {id}, which the frame has not, or which it has already.");
            if (tables >> 4 > 3 || (tables & 15) > 3)
                throw Damage(start, $"Huffman tables are numbered from 0 to 3, found {tables >> 4} and {tables & 15}.");
            (component.Dc, component.Ac) = (_dc[tables >> 4], _ac[tables & 15]);
            if (scan.NeedsDc && !component.Dc.IsDefined || scan.NeedsAc && !component.Ac.IsDefined)
                throw Damage(start, $"the component {id} is coded by a Huffman table that the file has not told.");
            if (!component.IsBegun)
            {
                if (!_hasQuantization[component.Table])
                    throw Damage(start, $"the component {id} has the table of quantisation {component.Table}, which the file has not "
                        + "told.");
                _quantization[component.Table].CopyTo(component.Quantization, 0);
                component.IsBegun = true;
            }
            _inScan[i] = component;
        }
        string? problem = scan.Decode(file, position, _inScan.AsSpan(0, count), _width, _height, _most, _restartInterval);
        if (problem is not null)
            throw Damage(start, $"the image data that begin here are damaged: {problem}.");
    }

    private void Finish(Span<byte> pixels)
    {
        ReadOnlySpan<JpegComponent> components = _all.AsSpan(0, _components);
        foreach (JpegComponent component in components)
        {
            if (!component.IsBegun)
                throw Damage(0, $"no scan has the component {component.Id}.");
            if (_isProgressive)
                JpegScan.Transform(component);
        }
        if (_components == 1)
        {
            for (int y = 0; y < _height; y++)
                _all[0].Row(y).CopyTo(pixels[(y * _width)..]);
            return;
        }

        // Rows of all three components, as long as whole units are.
        int stride = _all[0].BlocksInRow / _all[0].Horizontal * _most.Horizontal * 8;
        if (_rows.Length < 3 * stride)
            _rows = new byte[3 * stride];
        if (_sums.Length < stride)
            _sums = new int[stride];
        bool isRgb = IsRgb();
        for (int y = 0; y < _height; y++)
        {
            for (int i = 0; i < 3; i++)
            {
                JpegComponent component = components[i];
                JpegRows.Expand(component, y, _most.Horizontal / component.Horizontal, _most.Vertical / component.Vertical, _sums,
                    _rows.AsSpan(i * stride, stride));
            }
            ReadOnlySpan<byte> first = _rows.AsSpan(0, _width), second = _rows.AsSpan(stride, _width),
                third = _rows.AsSpan(2 * stride, _width);
            Span<byte> row = pixels.Slice(3 * y * _width, 3 * _width);
            if (isRgb)
                JpegRows.Interleave(first, second, third, row);
            else
                JpegRows.ToRgb(first, second, third, row);
        }
    }

    /// <summary>Whether the components are red, green and blue: as Adobe's segment says, or else by their names.</summary>
    private bool IsRgb() =>
        !_hasJfif && (_adobe >= 0 ? _adobe == 0 : (_all[0].Id, _all[1].Id, _all[2].Id) == ('R', 'G', 'B'));

    private ImageFileException Damage(int offset, string problem) => new(_name, offset, problem);
}
