namespace NetGen.Generator.Text;

/// <summary>C# expressions as text, put together from others.</summary>
internal static class Expressions
{
    /// <summary>
    /// The expression as an operand of any operator, or to have a member called: in brackets, where operators stand at its outermost level.
    /// </summary>
    public static string Operand(string expression) => IsOperand(expression) ? expression : $"({expression})";

    /// <summary>It adds or subtracts at its outermost level.</summary>
    public static bool IsSum(string expression) => Operators(expression).Any(symbol => symbol is '+' or '-');

    private static bool IsOperand(string expression) => expression[0] is not ('-' or '~') && !Operators(expression).Any();

    /// <summary>
    /// How the operators at the outermost level begin. Emitted ones have a space on both sides, signs none: what is behind a space outside
    /// of all brackets is an operator, or an operand behind one.
    /// </summary>
    private static IEnumerable<char> Operators(string expression)
    {
        int depth = 0;
        for (int i = 0; i < expression.Length; i++)
        {
            char character = expression[i];
            depth += character is '(' or '[' or '{' ? 1 : character is ')' or ']' or '}' ? -1 : 0;
            if (character == ' ' && depth == 0)
                yield return expression[i + 1];
        }
    }
}
