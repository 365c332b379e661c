namespace NetGen.Generator.Text;

/// <summary>C# expressions as text, put together from others.</summary>
internal static class Expressions
{
    /// <summary>
    /// The expression as an operand of any operator, or to have a member called: in brackets, where operators stand at its outermost level.
    /// </summary>
    public static string Operand(string expression) => IsOperand(expression) ? expression : $"({expression})";

    /// <summary>Emitted operators have a space on both sides, signs none: a space outside of all brackets is an operator.</summary>
    private static bool IsOperand(string expression)
    {
        if (expression[0] is '-' or '~')
            return false;
        int depth = 0;
        foreach (char character in expression)
        {
            depth += character is '(' or '[' or '{' ? 1 : character is ')' or ']' or '}' ? -1 : 0;
            if (character == ' ' && depth == 0)
                return false;
        }
        return true;
    }
}
