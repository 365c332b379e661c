using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>
/// Assertions about single elements, of which there are millions: their messages are put together where one fails, and not for each
/// element that does not.
/// </summary>
internal static class Check
{
    public static void That(
        [DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FailureMessage message)
    {
        if (!condition)
            Assert.Fail(message.ToString());
    }
}

/// <summary>The text of a failed assertion; nothing where the condition holds.</summary>
[InterpolatedStringHandler]
internal readonly ref struct FailureMessage
{
    private readonly StringBuilder? _text;

    public FailureMessage(int literalLength, int formattedCount, bool condition, out bool shouldAppend)
    {
        shouldAppend = !condition;
        _text = condition ? null : new StringBuilder(literalLength + 16 * formattedCount);
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) => _text!.Append(
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text?.ToString() ?? "";
}
