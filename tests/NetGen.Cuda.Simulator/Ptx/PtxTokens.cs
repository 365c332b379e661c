using System.Globalization;

namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>The tokens of a text, taken one by one, and what is written alike inside and outside of kernels.</summary>
internal sealed class PtxTokens(PtxText source)
{
    private readonly List<PtxToken> _tokens = PtxLexer.Read(source);
    private int _next;

    public PtxText Source => source;

    public PtxToken Peek => _tokens[_next];

    public bool IsAtEnd => Peek.Kind == PtxTokenKind.End;

    /// <summary>The token behind the next one.</summary>
    public PtxToken Second => _tokens[Math.Min(_next + 1, _tokens.Count - 1)];

    public PtxToken Take()
    {
        PtxToken token = Peek;
        if (token.Kind == PtxTokenKind.End)
            throw Error("the text ends here, in the middle of something");
        _next++;
        return token;
    }

    public bool TakeIf(char sign)
    {
        if (!Peek.Is(sign))
            return false;
        _next++;
        return true;
    }

    public bool TakeIf(string word)
    {
        if (Peek.Kind != PtxTokenKind.Word || Peek.Text != word)
            return false;
        _next++;
        return true;
    }

    public void Expect(char sign)
    {
        if (!TakeIf(sign))
            throw Error($"'{sign}' is expected where {Peek} stands");
    }

    public void Expect(string text)
    {
        if (Peek.Text != text)
            throw Error($"'{text}' is expected where {Peek} stands");
        Take();
    }

    public string ExpectOneOf(params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (TakeIf(word))
                return word;
        }
        throw Error($"one of {string.Join(", ", words)} is expected where {Peek} stands");
    }

    /// <summary>A name: of a register, an array, a label, a kernel.</summary>
    public string Name()
    {
        if (Peek.Kind != PtxTokenKind.Word || Peek.Text.StartsWith('.'))
            throw Error($"a name is expected where {Peek} stands");
        return Take().Text;
    }

    /// <summary>A whole number that is not negative and fits an <c>int</c>.</summary>
    public int Count()
    {
        if (Number() is IntegerSyntax { IsNegative: false, Bits: <= int.MaxValue } number)
            return (int)number.Bits;
        throw Error("a whole number is expected");
    }

    /// <summary>A number with its sign.</summary>
    public OperandSyntax Number()
    {
        bool isNegative = TakeIf('-');
        if (Peek.Kind != PtxTokenKind.Number)
            throw Error($"a number is expected where {Peek} stands");
        string text = Take().Text;
        ReadOnlySpan<char> digits = text.AsSpan(Math.Min(2, text.Length));
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase) || text.StartsWith("0d", StringComparison.OrdinalIgnoreCase))
        {
            int bytes = char.ToLowerInvariant(text[1]) == 'f' ? 4 : 8;
            if (isNegative || digits.Length != 2 * bytes
                || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits))
                throw Error($"'{text}' is no number: {2 * bytes} hexadecimal digits follow '{text[..2]}', and the sign is one of its bits");
            return new FloatSyntax(bits, bytes);
        }
        string whole = text.TrimEnd('U');
        bool isHexadecimal = whole.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (isHexadecimal
            ? !ulong.TryParse(whole.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            : !ulong.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            throw Error($"'{text}' is no number; one with a fraction is written by its bits, as 0f3F800000");
        return new IntegerSyntax(isNegative ? 0 - value : value, isNegative && value != 0);
    }

    /// <summary>
    /// <c>.shared .align 16 .b8 name[1024];</c>, also with several extents; where it has contents, <c>= {…}</c> behind it. The directive
    /// of the space is next.
    /// </summary>
    public PtxArray ReadArray(bool isExtern, bool hasContents = false)
    {
        string space = Take().Text[1..];
        int alignment = TakeIf(".align") ? Count() : 0;
        PtxType type = Type();
        if (type.Kind == PtxKind.Predicate)
            throw Error("predicates have no place in memory");
        string name = Name();
        long elements = 1;
        bool isDynamic = false, isFirst = true;
        while (TakeIf('['))
        {
            if (isFirst && isExtern && Peek.Is(']'))
                isDynamic = true;
            else
                elements *= Count();
            isFirst = false;
            Expect(']');
        }
        if (isExtern != isDynamic)
            throw Error("an .extern array is one without a size, 'name[]', and any other has one");
        if (elements * type.Bytes > int.MaxValue)
            throw Error($"'{name}' is larger than any memory of its kind");
        var contents = new List<byte>();
        if (hasContents)
        {
            Expect('=');
            ReadContents(type, elements, isScalar: isFirst, contents);
        }
        Expect(';');
        alignment = Math.Max(alignment, type.Bytes);
        if ((alignment & (alignment - 1)) != 0)
            throw Error($"an alignment is a power of two, not {alignment}");
        return new PtxArray(name, space, alignment, isDynamic ? 0 : (int)elements * type.Bytes, isDynamic, contents);
    }

    private void ReadContents(PtxType type, long elements, bool isScalar, List<byte> contents)
    {
        if (!isScalar)
            Expect('{');
        long given = 0;
        do
        {
            OperandSyntax number = Number();
            ulong bits = number switch
            {
                FloatSyntax value when type.IsFloat && value.Bytes == type.Bytes => value.Bits,
                IntegerSyntax value when !type.IsFloat && value.Fits(type.Bytes) => value.Bits,
                _ => throw Error($"{number} is no {type}"),
            };
            for (int i = 0; i < type.Bytes; i++)
                contents.Add((byte)(bits >> (8 * i)));
            given++;
        }
        while (!isScalar && TakeIf(','));
        if (!isScalar)
            Expect('}');
        if (given > elements)
            throw Error($"{given} numbers for an array of {elements}");
        while (given++ < elements)
            contents.AddRange(new byte[type.Bytes]);
    }

    public PtxType Type()
    {
        PtxToken token = Take();
        return (token.Text.StartsWith('.') ? PtxType.Find(token.Text[1..]) : null)
            ?? throw Error($"a type such as .f32 is expected where {token} stands");
    }

    /// <summary>An error on the line of the last token that was taken.</summary>
    public PtxException Error(string reason) => source.Error(_tokens[Math.Max(0, _next - 1)].Line, reason);
}
