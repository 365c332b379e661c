using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Parsing;

/// <summary>Attribute soups: most do not even compile. The generator must take them all without an exception.</summary>
public class FuzzTests
{
    private static readonly string[] Attributes =
    [
        "Network", "Block", "Conv2d", "Linear", "Dense", "Conv2D", "CrossEntropy", "Linaer", "Residul<First>", "MaxPool2d", "AvgPool2d", "ReLU", "Sigmoid", "Tanh", "GELU", "Softmax", "Dropout", "Dropout2d", "Flatten",
        "Residual<First>", "Residual<Second>", "Residual<Third>", "Residual<int>", "Residual<>", "Residual", "CrossEntropyLoss", "MSELoss", "Layer", "Obsolete", "Nonsense",
    ];

    private static readonly string[] Values =
    [
        "1", "2", "3", "4", "8", "28", "0", "-1", "int.MaxValue", "int.MinValue", "0.5", "1e300", "double.NaN", "true", "null", "\"x\"", "'c'", "[1, 2]", "[]", "[1, 2, 3]",
        "[..new[] { 1 }]", "new[] { 3, 4 }", "new int[0]", "new int[2] { 1, 1 }", "new[] { \"a\" }", "new object[] { 1, null "
            + "}", "typeof(int)", "typeof(First)", "DayOfWeek.Friday",
        "(byte)2", "3L", "missing", "checked(int.MaxValue + 1)", "1 / 0", "nameof(First)", "default", "2 * 7", "(1, 2)", "Environment.TickCount", "Sizes.Some", "\"relu\"", "", "-", "(",
    ];

    private static readonly string[] Names =
    [
        "Stride = ", "Padding = ", "Bias = ", "Name = ", "CeilMode = ", "Approximate "
            + "= ", "kernelSize: ", "outChannels: ", "inFeatures: ", "stride: ", "p: ", "Nothing = ", "nothing: ", "Paddin = ", "padding: ", "inplace: ", "activation: ", "units: ",
    ];

    private static readonly string[] Declarations =
    [
        "partial class Net", "public sealed partial class Net", "class Net", "partial record Net", "partial record struct "
            + "Net", "partial struct Net", "static partial class Net",
        "abstract partial class Net", "partial class Net<T>", "file partial class Net", "partial class Net(int x)", "partial "
            + "interface Net", "enum Net", "partial class First", "partial class Session",
        "partial class @class", "partial class",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NeverThrows(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 150; i++)
        {
            string source = Source(random);
            CSharpCompilation compilation = GeneratorHarness.Compile(source);
            GeneratorRunResult result =
                GeneratorHarness.CreateDriver(compilation).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _)
                .GetRunResult().Results.Single();
            if (result.Exception is not null || result.Diagnostics.Any(diagnostic => diagnostic.Id == "NG9999"))
                Assert.Fail($"{result.Exception}\n{string.Join("\n", result.Diagnostics)}\n{source}");

            // What compiled before must compile with the stub of a network in error, but for a class to which partial is missing.
            if (result.GeneratedSources.All(IsStub) && !HasErrors(compilation) && HasErrors(output))
                Assert.Fail($"{string.Join("\n", output.GetDiagnostics())}\n{source}");
        }
    }

    private static bool IsStub(GeneratedSourceResult source)
        => source.SourceText.ToString().Contains("has errors", StringComparison.Ordinal);

    private static bool HasErrors(Compilation compilation)
        => compilation.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS0260");

    private static string Source(Random random)
    {
        var source = new StringBuilder();
        if (random.Next(4) == 0)
            source.AppendLine(Pick(random, ["namespace Space;", "using Net = int;", "#nullable disable", "// nothing"]));
        Stack(random, source, Pick(random, ["[Network(4)]", "[Network(1, 28, 28)]", "[Network(28)]", "[Network([1, 8, 8])]", ""]));
        source.Append(random.Next(3) == 0 ? Pick(random, Declarations) : Declarations[0]).AppendLine(" { }");
        foreach (string block in (string[])["First", "Second", "Third"])
        {
            Stack(random, source, random.Next(8) == 0 ? "" : "[Block]");
            source.AppendLine(CultureInfo.InvariantCulture, $"partial class {block} {{ }}");
        }
        if (random.Next(6) == 0)
        {
            Stack(random, source, "");
            source.AppendLine("partial class Net { }");
        }
        return source.ToString();
    }

    private static void Stack(Random random, StringBuilder source, string first)
    {
        source.AppendLine(first);
        for (int i = random.Next(6); i > 0; i--)
            source.Append('[').Append(Pick(random, Attributes)).Append(Arguments(random)).AppendLine("]");
    }

    private static string Arguments(Random random)
    {
        int count = random.Next(5);
        if (count == 0)
            return "";
        // Mostly plain numbers, so that many get as far as shapes.
        IEnumerable<string> arguments = Enumerable.Range(0, count).Select(_ =>
            (random.Next(5) == 0 ? Pick(random, Names) : "") + (random.Next(3) == 0 ? Pick(random, Values) : Values[random.Next(6)]));
        return "(" + string.Join(", ", arguments) + ")";
    }

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
