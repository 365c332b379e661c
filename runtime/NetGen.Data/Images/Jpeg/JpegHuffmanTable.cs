namespace NetGen.Data;

/// <summary>A Huffman code of a JPEG file (ITU-T T.81, annexes C and F.2.2.3).</summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Codes up to this length are found by one look; most are.</summary>
    public const int LookBits = 9;

    private const int Longest = 16;

    // For each beginning of LookBits bits the length of the code it begins with in the high byte, and its symbol; 0 where it is longer.
    private readonly ushort[] _look = new ushort[1 << LookBits];
    private readonly byte[] _symbols = new byte[256];

    // For each length the first code behind those of that length, and what its number among all codes is greater by than the code.
    private readonly int[] _end = new int[Longest + 1], _offset = new int[Longest + 1];

    /// <summary>Whether the file has told the table.</summary>
    public bool IsDefined { get; private set; }

    /// <summary>Forgets the table.</summary>
    public void Clear() => IsDefined = false;

    /// <summary>Takes a table from a file.</summary>
    /// <param name="counts">How many codes there are of each length, from 1 to 16.</param>
    /// <param name="symbols">What the codes stand for, in their order.</param>
    /// <returns>False where these are no code: there are more of a length than there can be.</returns>
    public bool Define(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        IsDefined = false;
        _look.AsSpan().Clear();
        symbols.CopyTo(_symbols);
        int code = 0, number = 0;
        for (int length = 1; length <= Longest; length++)
        {
            _offset[length] = number - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, number++)
            {
                if (code >= 1 << length)
                    return false;
                if (length <= LookBits)
                    _look.AsSpan(code << (LookBits - length), 1 << (LookBits - length)).Fill((ushort)(length << 8 | symbols[number]));
            }
            _end[length] = code;
            code <<= 1;
        }
        return IsDefined = true;
    }

    /// <summary>Finds the code that bits begin with.</summary>
    /// <param name="bits">16 bits.</param>
    /// <param name="length">Receives how many of them are the code.</param>
    /// <returns>The code's symbol, or −1 where no code begins so.</returns>
    public int Find(int bits, out int length)
    {
        int look = _look[bits >> (Longest - LookBits)];
        length = look >> 8;
        if (length != 0)
            return look & 0xFF;
        for (length = LookBits + 1; length <= Longest; length++)
        {
            int code = bits >> (Longest - length);
            if (code < _end[length])
                return _symbols[code + _offset[length] & 0xFF];
        }
        length = Longest;
        return -1;
    }
}
