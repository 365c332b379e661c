using System.Text;

namespace NetGen.Generator.Text;

/// <summary>Writes indented source text. Lines may hold several lines of text; each gets the current indentation.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public SourceWriter Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0)
                _text.Append(' ', _indent * 4).Append(line);
            _text.Append('\n');
        }
        return this;
    }

    /// <summary>Declares memory on the stack that the method writes before it reads it, so that nobody need clear it.</summary>
    /// <param name="length">C# expression of the number of floats.</param>
    public void UnclearedStack(string pointer, string length)
    {
        HasUnclearedStack = true;
        Line($"float* {pointer} = stackalloc float[{length}];");
    }

    /// <summary>The method that was written wants the attribute <c>SkipLocalsInit</c>.</summary>
    public bool HasUnclearedStack { get; private set; }

    /// <summary>Writes <paramref name="header"/> and an opening brace; disposing the result closes it.</summary>
    public Scope Block(string header = "", string closing = "}")
    {
        if (header.Length > 0)
            Line(header);
        Line("{");
        _indent++;
        return new Scope(this, closing);
    }

    /// <summary>
    /// A method whose numbers and addresses wrap as they do in C# by default, whatever the project that compiles it says: addresses
    /// in front of an image are computed with negative offsets, which <c>CheckForOverflowUnderflow</c> takes for an overflow.
    /// </summary>
    public Scope UncheckedMethod(string header)
    {
        Line(header);
        Line("{");
        _indent++;
        Line("unchecked");
        Line("{");
        _indent++;
        return new Scope(this, "}", levels: 2);
    }

    /// <summary>Indents what follows without braces, for a single statement or a continued line.</summary>
    public Scope Indent()
    {
        _indent++;
        return new Scope(this, null);
    }

    public override string ToString() => _text.ToString();

    internal readonly struct Scope(SourceWriter writer, string? closing, int levels = 1) : IDisposable
    {
        public void Dispose()
        {
            for (int level = 0; level < levels; level++)
            {
                writer._indent--;
                if (closing is not null)
                    writer.Line(closing);
            }
        }
    }
}
