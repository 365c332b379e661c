using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Parsing;

/// <summary>
/// A block whose constants are given values is the block that declares these values: the compiler computes the latter's arguments, and
/// both give the same text.
/// </summary>
public class BlockConstantTests
{
    private const string Int = "Linear(@)", Number = "LeakyReLU(@)", Flag = "Linear(4, Bias = @)", Text = "Linear(4, Name = @)";

    [Theory]
    // int
    [InlineData(Int, "const int X = 3", "7", "X")]
    [InlineData(Int, "const int X = 3", "'a'", "Block.X")]
    [InlineData(Int, "const int X = 3", "-7", "+(-X) % 5 + 8")]
    [InlineData(Int, "const int X = 3", "9", "((X + 1) * 2 - X) / 2 + X % 4")]
    [InlineData(Int, "const int X = 3", "9", "(X << 2 | 3) ^ (X >> 1 & ~1)")]
    [InlineData(Int, "const int X = 3", "9", "Twice", "const int Twice = 2 * X")]
    [InlineData(Int, "const int X = 3", "9", "X > 5 ? X : 5")]
    [InlineData(Int, "const int X = 3", "9", "X <= 3 ? 1 : X >= 9 ? X == 9 ? 4 : 5 : 6")]
    [InlineData(Int, "const int X = 3", "9", "(int)(X * 1.5)")]
    [InlineData(Int, "const int X = 3", "9", "(int)(X / 2f + 0.75)")]
    // Not reached, so that it may be wrong: the compiler would refuse it.
    [InlineData(Int, "const int X = 3", "9", "X != 3 && X < 100 ? X : 2")]
    // double, float
    [InlineData(Number, "const double X = 0.1", "0.3", "X")]
    [InlineData(Number, "const double X = 0.1", "3", "X / 2")]
    [InlineData(Number, "const double X = 0.1", "3", "1 / X")]
    [InlineData(Number, "const double X = 0.1", "0.3f", "X")]
    [InlineData(Number, "const double X = 0.1", "0.3", "-(X + 1) * 3 - +X % 0.07")]
    [InlineData(Number, "const double X = 0.1", "0.3", "X < 0.2 || X == 0.5 ? 1 : X > 0.25 && X <= 0.3 ? 2.5 : 3")]
    [InlineData(Number, "const double X = 0.1", "0.3", "Half", "const double Half = X / 2")]
    [InlineData(Number, "const double X = 0.1", "0.3", "Half", "const float Half = (float)X / 2")]
    [InlineData(Number, "const float X = 0.1f", "0.3f", "X")]
    [InlineData(Number, "const float X = 0.1f", "3", "X * 0.1f + X / 7 - X % 2")]
    [InlineData(Number, "const float X = 0.1f", "0.3f", "X >= 0.3f ? X : -X * 3.0")]
    [InlineData(Number, "const int X = 1", "3", "X")]
    [InlineData(Number, "const int X = 1", "3", "X / 2 + X / 2.0")]
    [InlineData(Number, "const bool X = false", "true", "X ? 1 : 0.5")]
    // bool
    [InlineData(Flag, "const bool X = true", "false", "X")]
    [InlineData(Flag, "const bool X = false", "true", "!X")]
    [InlineData(Flag, "const bool X = true", "false", "X && true")]
    [InlineData(Flag, "const bool X = true", "false", "X || false")]
    [InlineData(Flag, "const bool X = true", "false", "X & true")]
    [InlineData(Flag, "const bool X = true", "false", "X | false")]
    [InlineData(Flag, "const bool X = true", "false", "X ^ false")]
    [InlineData(Flag, "const bool X = true", "false", "X == true")]
    [InlineData(Flag, "const bool X = true", "false", "false != X")]
    [InlineData(Flag, "const int X = 3", "4", "X < 4")]
    [InlineData(Flag, "const int X = 3", "4", "X != 4")]
    [InlineData(Flag, "const string X = \"a\"", "\"b\"", "X == \"a\"")]
    [InlineData(Flag, "const string X = \"a\"", "\"b\"", "X != \"b\"")]
    [InlineData(Flag, "const string? X = \"a\"", "\"\", null", "Y != null", "const string? Y = \"b\"")]
    // string
    [InlineData(Text, "const string X = \"a\"", "\"b\"", "X")]
    [InlineData(Text, "const string X = \"a\"", "\"b\"", "X + \"_\" + X")]
    [InlineData(Text, "const string X = \"a\"", "\"b\"", "$\"{X}_{nameof(X)}\"")]
    [InlineData(Text, "const string? X = \"a\"", "null", "X")]
    [InlineData(Text, "const bool X = true", "false", "X ? \"a\" : \"b\"")]
    [InlineData("Concat(X, \".\")", "const string X = \"first\"", "\"second\"", "")]
    [InlineData("From(@)", "const string X = \"first\"", "\"second\"", "X")]
    [InlineData("Mul(@)", "const string X = \"fir\"", "\"sec\"", "X == \"fir\" ? X + \"st\" : X + \"ond\"")]
    [InlineData("GELU(@)", "const string X = \"none\"", "\"tanh\"", "X")]
    [InlineData("GELU(Approximate = @)", "const bool X = false", "true", "X ? \"tanh\" : \"none\"")]
    [InlineData("Sequential<Inner>(@, Name = \"x\" + X)", "const string X = \"first\"", "\"second\"", "X")]
    [InlineData("Sequential<Inner>([X, Y])", "const string X = \"first\"", "\"second\", 0.3", "", "const double Y = 0.1")]
    [InlineData("Sequential<Inner>(constants: X)", "const string X = \"first\"", "\"second\"", "")]
    [InlineData("Initialize(Init.Normal, X + \".weight\", StandardDeviation = Y / 2), Linear(8, Name = X)", "const string X = \"fc\"",
        "\"head\", 0.1", "", "const double Y = 1")]
    public void GivenIsAsDeclared(string layer, string constant, string given, string expression, string second = "")
    {
        string[] values = given.Split(", ");
        string layers = layer.Replace("@", expression, StringComparison.Ordinal);
        bool isGiven = values.Length > 1;
        string expected = Generate("", layers, Declare(constant, values[0]), isGiven ? Declare(second, values[1]) : second);
        Assert.Equal(expected, Generate($"({given})", layers, constant, second));
        Assert.NotEqual(expected, Generate("", layers, constant, second));

        static string Declare(string constant, string value) => constant[..(constant.IndexOf('=', StringComparison.Ordinal) + 1)] + value;
    }

    /// <summary>In the order of declaration, those of other types left out; those without a value keep theirs.</summary>
    [Fact]
    public void ConstantsOfAllTypesAreMatchedInOrder()
    {
        const string Layers = "Linear(Width, Bias = WithBias, Name = Tag), LeakyReLU(Slope), Softplus(Scale), Dropout(Last)";
        const string Declared = "const int Width = 3; const long Other = 1; const double Slope = 0.1; const char Letter = 'x'; "
            + "const bool WithBias = true; const string Tag = \"a\"; const float Scale = 1; const double Last = 0.25";
        const string Given = "const int Width = 5; const double Slope = 2; const bool WithBias = false; const string Tag = \"b\"; "
            + "const float Scale = 2; const double Last = 0.25";
        Assert.Equal(Generate("", Layers, Given, ""), Generate("(5, 2, false, \"b\", 2f)", Layers, Declared, ""));
        Assert.Equal(Generate("", Layers, Given, ""), Generate("(new object[] { 5, 2, false, \"b\", 2f })", Layers, Declared, ""));
        Assert.Equal(Generate("", Layers, Given, ""), Generate("([5, 2, false, \"b\", 2f])", Layers, Declared, ""));
    }

    /// <summary>A list in whatever form C# has for it.</summary>
    [Theory]
    [InlineData("Concat<Branch>([3, 4, 5])")]
    [InlineData("Concat<Branch>(new[] { 3, 4, 5 })")]
    [InlineData("Concat<Branch>(new object[] { 3, 4, 5 })")]
    [InlineData("Concat<Branch>(constants: new[] { 3, 4, 5 })")]
    [InlineData("Concat<Branch>(3, 4, 5, Dim = 1)")]
    [InlineData("Concat<Branch>(3, 'b' - 94, 5)")]
    public void ListsAreWrittenInManyForms(string layer)
    {
        const string Branch = "[Block, Linear(Branch.Size)] class Branch { public const int Size = 2; }";
        string expected = All($"[Network(4), Concat<Branch>(3, 4, 5)] partial class Net; {Branch}");
        Assert.Contains("OutputSize = 12;", expected, StringComparison.Ordinal);
        Assert.Equal(expected, All($"[Network(4), {layer}] partial class Net; {Branch}"));
    }

    private static string Generate(string given, string layers, string constant, string second) => All(
        $$"""
        #nullable enable
        [Network(8)]
        [Linear(8, Name = "first"), Tanh, Linear(8, Name = "second"), Tanh]
        [Sequential<Block>{{given}}]
        partial class Net;

        [Block, {{layers}}]
        class Block
        {
            public {{string.Join("; public ", constant.Split("; "))}};
            {{(second.Length > 0 ? $"public {second};" : "")}}
        }

        [Block, Add(Inner.Value), LeakyReLU(Inner.Slope)]
        class Inner
        {
            public const string Value = "first";
            public const double Slope = 0.5;
        }
        """);

    private static string All(string source)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        Assert.DoesNotContain(result.NetGenDiagnostics.Concat(result.CompilerDiagnostics),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return string.Join("\n", result.Sources.OrderBy(pair => pair.HintName, StringComparer.Ordinal).Select(pair => pair.Source));
    }
}
