using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Text of a line that is made anew again and again without allocating; what does not fit is left out.</summary>
internal sealed class LineText
{
    private readonly char[] _characters = new char[1024];

    /// <summary>Characters so far.</summary>
    public int Length { get; private set; }

    /// <summary>The text so far.</summary>
    public ReadOnlySpan<char> Text => _characters.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = 0;

    /// <summary>Leaves out what is behind so many characters.</summary>
    public void Cut(int length) => Length = Math.Min(Length, length);

    /// <summary>Adds spaces up to so many characters.</summary>
    public void Pad(int length)
    {
        while (Length < length && Length < _characters.Length)
            Append(' ');
    }

    /// <summary>Adds a character.</summary>
    public void Append(char character)
    {
        if (Length < _characters.Length)
            _characters[Length++] = character;
    }

    /// <summary>Adds text.</summary>
    public void Append(string text) => Append($"{text}");

    /// <summary>Adds text, with numbers in the invariant form.</summary>
    /// <param name="text">The text, which has been added while it was put together.</param>
    public void Append([InterpolatedStringHandlerArgument("")] ref Handler text)
    {
    }

    /// <summary>Adds a measured value with some four digits that say something.</summary>
    public void AppendValue(double value)
    {
        double size = Math.Abs(value);
        if (double.IsFinite(value) && size is 0 or (>= 0.001 and < 10_000))
            Append($"{value:F4}");
        else
            Append($"{value:G4}");
    }

    /// <summary>Adds a time as hours, minutes and seconds, e.g. <c>1:02:03</c> or <c>0:07</c>.</summary>
    public void AppendTime(double seconds)
    {
        long whole = double.IsFinite(seconds) ? (long)Math.Ceiling(Math.Min(seconds, int.MaxValue)) : 0;
        if (whole >= 3600)
            Append($"{whole / 3600}:{whole / 60 % 60:00}:{whole % 60:00}");
        else
            Append($"{whole / 60}:{whole % 60:00}");
    }

    /// <summary>Puts text together in place.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly LineText _line;

        /// <summary>Begins to add to a line.</summary>
        public Handler(int literalLength, int formattedCount, LineText line)
        {
            _ = literalLength + formattedCount;
            _line = line;
        }

        /// <summary>Adds text.</summary>
        public void AppendLiteral(string text) => Add(text);

        /// <summary>Adds text.</summary>
        public void AppendFormatted(string? text) => Add(text);

        /// <summary>Adds a number.</summary>
        public void AppendFormatted<T>(T value, string? format = null)
            where T : ISpanFormattable
        {
            if (value.TryFormat(_line._characters.AsSpan(_line.Length), out int written, format, CultureInfo.InvariantCulture))
                _line.Length += written;
        }

        /// <summary>Adds a number, behind spaces so that it has a width.</summary>
        public void AppendFormatted<T>(T value, int alignment, string? format = null)
            where T : ISpanFormattable
        {
            Span<char> text = stackalloc char[32];
            if (!value.TryFormat(text, out int written, format, CultureInfo.InvariantCulture))
                return;
            for (int i = written; i < alignment; i++)
                _line.Append(' ');
            Add(text[..written]);
        }

        private void Add(ReadOnlySpan<char> text)
        {
            text = text[..Math.Min(text.Length, _line._characters.Length - _line.Length)];
            text.CopyTo(_line._characters.AsSpan(_line.Length));
            _line.Length += text.Length;
        }
    }
}
