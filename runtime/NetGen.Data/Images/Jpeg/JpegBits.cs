namespace NetGen.Data;

/// <summary>
/// Reads the bits of a scan's coded data. Behind their end, which is the next marker, there are zeros; whoever took some of them has read
/// data that end too early (<see cref="Problem"/>).
/// </summary>
/// <param name="file">The whole file.</param>
/// <param name="position">Where the coded data begin.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> file, int position)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _position = position, _count, _beyond;
    private ulong _bits;
    private string? _problem, _restart;

    /// <summary>
    /// What is wrong with the data read so far; null if nothing is. Of data that end too early, what follows from the zeros behind them is
    /// not said.
    /// </summary>
    public readonly string? Problem => _restart ?? (_count < _beyond ? "the coded data end too early" : _problem);

    /// <summary>Bits of runs of blocks that are over, which progressive files have.</summary>
    public int BlocksLeft { get; set; }

    /// <summary>Says what is wrong, unless something was before.</summary>
    public void Report(string problem) => _problem ??= problem;

    /// <summary>The next symbol of a code.</summary>
    public int Symbol(JpegHuffmanTable table)
    {
        if (_count < 16)
            Fill();
        int symbol = table.Find((int)(_bits >> (_count - 16)) & 0xFFFF, out int length);
        _count -= length;
        if (symbol >= 0)
            return symbol;
        Report("there is a code that its Huffman table does not have");
        return 0;
    }

    /// <summary>The next bits as a number.</summary>
    /// <param name="count">From 0 to 16.</param>
    public int Take(int count)
    {
        if (_count < count)
            Fill();
        _count -= count;
        return (int)(_bits >> _count) & ((1 << count) - 1);
    }

    /// <summary>The next bits as a number with a sign: half of them stand for the negative ones (T.81, F.2.2.1).</summary>
    /// <param name="count">From 0 to 16.</param>
    public int TakeSigned(int count)
    {
        if (count == 0)
            return 0;
        int value = Take(count);
        return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Goes behind the marker of restart that must be here.</summary>
    /// <param name="number">Its number, from 0 to 7.</param>
    public void Restart(int number)
    {
        int left = BytesLeft();
        if (left > 0)
            _restart ??= "there are coded data too many before a marker of restart";
        (_bits, _count, _beyond, BlocksLeft) = (0, 0, 0, 0);
        while (_position + 1 < _file.Length && _file[_position] == 0xFF && _file[_position + 1] == 0xFF)
            _position++;
        if (_position + 1 >= _file.Length || _file[_position] != 0xFF || _file[_position + 1] != 0xD0 + number)
            _restart ??= "a marker of restart is missing";
        else
            _position += 2;
    }

    /// <summary>Whole bytes of coded data that nobody has read.</summary>
    public int BytesLeft()
    {
        int left = Math.Max(0, _count - _beyond) / 8;
        while (_position + 1 < _file.Length && (_file[_position] != 0xFF || _file[_position + 1] == 0))
        {
            _position += _file[_position] == 0xFF ? 2 : 1;
            left++;
        }
        return left;
    }

    private void Fill()
    {
        while (_count <= 56)
        {
            int value = 0;
            if (_position < _file.Length && _file[_position] != 0xFF)
                value = _file[_position++];
            else if (_position + 1 < _file.Length && _file[_position + 1] == 0)
                (value, _position) = (0xFF, _position + 2);
            else
                _beyond += 8;
            _bits = _bits << 8 | (uint)value;
            _count += 8;
        }
    }
}
