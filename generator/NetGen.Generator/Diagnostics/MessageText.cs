using System.Globalization;
using System.Numerics;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Diagnostics;

/// <summary>Numbers and shapes as messages write them: the same on every machine, whatever its culture.</summary>
internal static class MessageText
{
    public static string Number(BigInteger value)
    {
        // A true minus sign, since the sums in the messages have it too.
        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture);
        return value.Sign < 0 ? "−" + digits : digits;
    }

    public static string Fraction(float value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("-", "−");

    public static string Fraction(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("-", "−");

    /// <summary>E.g. <c>1 row</c>, <c>2 rows</c>.</summary>
    public static string Count(BigInteger count, string noun) => $"{Number(count)} {noun}{(count.IsOne ? "" : "s")}";

    /// <summary>All of a few names, or the first of many.</summary>
    public static string List(IReadOnlyList<string> names)
        => names.Count <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(10))} and {Number(names.Count - 10)} more";

    /// <summary>E.g. <c>the vector (128)</c>, <c>the sequence (100, 20)</c>, <c>the feature map (64, 7, 7)</c>; unknown sizes as <c>?</c>.</summary>
    public static string Shape(TensorShape shape)
    {
        string sizes = "(" + string.Join(", ", shape.Dimensions.Select(d => d == 0 ? "?" : Number(d))) + ")";
        return (shape.IsVector ? "the vector " : shape.IsSequence ? "the sequence " : "the feature map ") + sizes;
    }

    /// <summary>A source text's value for a message, e.g. <c>the text "x"</c> or <c>3 values</c>.</summary>
    public static string Value(TypedConstant constant)
    {
        if (constant.IsNull)
            return "null";
        if (constant.Kind == TypedConstantKind.Array)
            return $"a list of {Number(constant.Values.Length)}";
        return constant.Value switch
        {
            _ when constant.Kind != TypedConstantKind.Primitive => "a " + (constant.Type?.ToDisplayString() ?? "value of another kind"),
            string text => $"the text \"{text}\"",
            bool flag => flag ? "true" : "false",
            IFormattable number => $"the value {number.ToString(null, CultureInfo.InvariantCulture)} of type {constant.Type?.ToDisplayString() ?? "unknown"}",
            _ => "a " + (constant.Type?.ToDisplayString() ?? "value of another kind"),
        };
    }
}
