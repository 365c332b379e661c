using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Parsing;

/// <summary>
/// Generators have printed numbers in the user's culture, which broke the build in Finland: minus is U+2212 there, and the comma decimal.
/// </summary>
public class CultureTests
{
    [Theory]
    [InlineData("""
        [Network(1, 9, 9)]
        [Conv2d(1, 4, [5, 3], Padding = new[] { 1, 2 }, Name = "stem"), GELU, MaxPool2d([2, 3], Stride = 2, CeilMode = true), Dropout2d(0.25), Flatten]
        [Linear(7), Tanh, Dropout(0.1), Linear(3)]
        [CrossEntropyLoss]
        partial class Net;
        """)]
    [InlineData("""
        [Network(1, -9, 9)]
        [Conv2d(1, -4, [5, -3], Padding = new[] { 1, -2 }), Dropout(-0.25), Dropout(1e30), MaxPool2d(2, Padding = -1.5), Flatten, Linear(-3, 4)]
        partial class Net;
        """)]
    public void OutputDoesNotDependOnIt(string source)
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("fi-FI").Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = "\u00a0";
        (string[] sources, string[] messages) expected = RunUnder(CultureInfo.InvariantCulture, source), actual = RunUnder(culture, source);

        Assert.Equal(expected.sources, actual.sources);
        Assert.Equal(expected.messages, actual.messages);
        Assert.NotEmpty(actual.sources);
    }

    private static (string[] Sources, string[] Messages) RunUnder(CultureInfo culture, string source)
    {
        (CultureInfo before, CultureInfo uiBefore) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            GenerationResult result = GeneratorHarness.Run(source);
            return ([.. result.Sources.Select(file => file.Source)],
                [.. result.NetGenDiagnostics.Select(diagnostic => diagnostic.ToString())]);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, uiBefore);
        }
    }
}
