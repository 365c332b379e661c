namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>Cuts a module's text into tokens.</summary>
internal static class PtxLexer
{
    private const string Signs = ",;:{}()[]<>@!+-=|";

    public static List<PtxToken> Read(PtxText source)
    {
        var tokens = new List<PtxToken>();
        string text = source.Whole;
        int at = 0, line = 1;
        while (at < text.Length)
        {
            char c = text[at];
            if (c == '\n')
            {
                line++;
                at++;
            }
            else if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (text.AsSpan(at).StartsWith("//"))
            {
                while (at < text.Length && text[at] != '\n')
                    at++;
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw source.Error(line, "a comment that '/*' opens is not closed");
                line += text.AsSpan(at, end - at).Count('\n');
                at = end + 2;
            }
            else if (c == '"')
            {
                int end = text.IndexOf('"', at + 1);
                if (end < 0 || text.AsSpan(at, end - at).Contains('\n'))
                    throw source.Error(line, "a quoted text is not closed on its line");
                tokens.Add(new PtxToken(PtxTokenKind.Quoted, text[(at + 1)..end], line));
                at = end + 1;
            }
            else if (Signs.Contains(c))
            {
                tokens.Add(new PtxToken(PtxTokenKind.Sign, text.Substring(at, 1), line));
                at++;
            }
            else if (IsOfWord(c))
            {
                int end = at;
                while (end < text.Length && IsOfWord(text[end]))
                    end++;
                tokens.Add(new PtxToken(char.IsAsciiDigit(c) ? PtxTokenKind.Number : PtxTokenKind.Word, text[at..end], line));
                at = end;
            }
            else
            {
                throw source.Error(line, $"the character '{c}' has no meaning in PTX");
            }
        }
        tokens.Add(new PtxToken(PtxTokenKind.End, "", line));
        return tokens;
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '%' or '.';
}
