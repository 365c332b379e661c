using System.Text;

namespace NetGen.Samples.Language;

/// <summary>
/// Text that comes token by token: gives the characters that are complete, and keeps the bytes of one that is not until its other tokens
/// are there.
/// </summary>
internal sealed class TextPieces(Tokens tokens)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    // Of each byte at most one character becomes, and one more of bytes that were kept.
    private char[] _characters = new char[64];

    /// <summary>The characters that a further token completes; valid until the next call.</summary>
    public ReadOnlySpan<char> Add(int token)
    {
        ReadOnlySpan<byte> bytes = tokens.BytesOf(token);
        if (_characters.Length < bytes.Length + 4)
            _characters = new char[bytes.Length + 4];
        return _characters.AsSpan(0, _decoder.GetChars(bytes, _characters, flush: false));
    }

    /// <summary>What is left of a character that was never completed: a replacement character, or nothing.</summary>
    public ReadOnlySpan<char> End() => _characters.AsSpan(0, _decoder.GetChars([], _characters, flush: true));
}
