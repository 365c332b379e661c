using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Generator.Reading;

/// <summary>
/// C#'s operators and conversions over values of the types int, float, double, bool and string. A result that C# has not, such as the sum
/// of two texts and a number, is none; arithmetic outside of a type's range throws <see cref="ArithmeticException"/>.
/// </summary>
internal static class ConstantOperators
{
    /// <summary>The value as one of another type, by a conversion that the compiler has accepted.</summary>
    /// <param name="type">One of the five types; object, or nothing, leaves the value as it is.</param>
    public static Optional<object?> Convert(object? value, ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Int32 => value switch
        {
            float number => checked((int)number),
            double number => checked((int)number),
            _ => Integral(value) is long number ? checked((int)number) : default(Optional<object?>),
        },
        SpecialType.System_Single => value switch
        {
            float number => number,
            double number => (float)number,
            _ => Integral(value) is long number ? (float)number : default(Optional<object?>),
        },
        SpecialType.System_Double => value switch
        {
            float number => (double)number,
            double number => number,
            _ => Integral(value) is long number ? (double)number : default(Optional<object?>),
        },
        SpecialType.System_Boolean => value is bool flag ? flag : default(Optional<object?>),
        SpecialType.System_String => value is null or string ? new Optional<object?>(value) : default,
        null or SpecialType.System_Object => new Optional<object?>(value),
        _ => default(Optional<object?>),
    };

    public static Optional<object?> Unary(SyntaxKind operation, object? operand) => (operation, operand) switch
    {
        (SyntaxKind.UnaryPlusExpression, int or float or double) => new Optional<object?>(operand),
        (SyntaxKind.UnaryMinusExpression, int number) => checked(-number),
        (SyntaxKind.UnaryMinusExpression, float number) => -number,
        (SyntaxKind.UnaryMinusExpression, double number) => -number,
        (SyntaxKind.BitwiseNotExpression, int number) => ~number,
        (SyntaxKind.LogicalNotExpression, bool flag) => !flag,
        _ => default(Optional<object?>),
    };

    /// <summary>An operator of two operands, which are of one type as the compiler has converted them.</summary>
    public static Optional<object?> Binary(SyntaxKind operation, object? left, object? right) => (left, right) switch
    {
        (int a, int b) => OfInts(operation, a, b),
        (float a, float b) => OfFloats(operation, a, b),
        (double a, double b) => OfDoubles(operation, a, b),
        (bool a, bool b) => OfBools(operation, a, b),
        (null or string, null or string) => OfTexts(operation, (string?)left, (string?)right),
        _ => default,
    };

    private static Optional<object?> OfInts(SyntaxKind operation, int a, int b) => operation switch
    {
        SyntaxKind.AddExpression => checked(a + b),
        SyntaxKind.SubtractExpression => checked(a - b),
        SyntaxKind.MultiplyExpression => checked(a * b),
        SyntaxKind.DivideExpression => checked(a / b),
        SyntaxKind.ModuloExpression => checked(a % b),
        SyntaxKind.LeftShiftExpression => a << b,
        SyntaxKind.RightShiftExpression => a >> b,
        SyntaxKind.BitwiseAndExpression => a & b,
        SyntaxKind.BitwiseOrExpression => a | b,
        SyntaxKind.ExclusiveOrExpression => a ^ b,
        SyntaxKind.LessThanExpression => a < b,
        SyntaxKind.LessThanOrEqualExpression => a <= b,
        SyntaxKind.GreaterThanExpression => a > b,
        SyntaxKind.GreaterThanOrEqualExpression => a >= b,
        SyntaxKind.EqualsExpression => a == b,
        SyntaxKind.NotEqualsExpression => a != b,
        _ => default(Optional<object?>),
    };

    private static Optional<object?> OfFloats(SyntaxKind operation, float a, float b) => operation switch
    {
        SyntaxKind.AddExpression => a + b,
        SyntaxKind.SubtractExpression => a - b,
        SyntaxKind.MultiplyExpression => a * b,
        SyntaxKind.DivideExpression => a / b,
        SyntaxKind.ModuloExpression => a % b,
        // Comparisons are the same of the doubles that floats are.
        _ => OfDoubles(operation, a, b) is { HasValue: true, Value: bool flag } ? flag : default(Optional<object?>),
    };

    private static Optional<object?> OfDoubles(SyntaxKind operation, double a, double b) => operation switch
    {
        SyntaxKind.AddExpression => a + b,
        SyntaxKind.SubtractExpression => a - b,
        SyntaxKind.MultiplyExpression => a * b,
        SyntaxKind.DivideExpression => a / b,
        SyntaxKind.ModuloExpression => a % b,
        SyntaxKind.LessThanExpression => a < b,
        SyntaxKind.LessThanOrEqualExpression => a <= b,
        SyntaxKind.GreaterThanExpression => a > b,
        SyntaxKind.GreaterThanOrEqualExpression => a >= b,
        SyntaxKind.EqualsExpression => a == b,
        SyntaxKind.NotEqualsExpression => a != b,
        _ => default(Optional<object?>),
    };

    private static Optional<object?> OfBools(SyntaxKind operation, bool a, bool b) => operation switch
    {
        SyntaxKind.LogicalAndExpression or SyntaxKind.BitwiseAndExpression => a & b,
        SyntaxKind.LogicalOrExpression or SyntaxKind.BitwiseOrExpression => a | b,
        SyntaxKind.ExclusiveOrExpression or SyntaxKind.NotEqualsExpression => a != b,
        SyntaxKind.EqualsExpression => a == b,
        _ => default(Optional<object?>),
    };

    private static Optional<object?> OfTexts(SyntaxKind operation, string? a, string? b) => operation switch
    {
        SyntaxKind.AddExpression => a + b,
        SyntaxKind.EqualsExpression => a == b,
        SyntaxKind.NotEqualsExpression => a != b,
        _ => default(Optional<object?>),
    };

    private static long? Integral(object? value) => value switch
    {
        int number => number,
        sbyte number => number,
        byte number => number,
        short number => number,
        ushort number => number,
        uint number => number,
        long number => number,
        char number => number,
        _ => null,
    };
}
