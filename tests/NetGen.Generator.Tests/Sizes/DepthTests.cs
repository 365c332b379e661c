using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Sizes;

/// <summary>Blocks and parts inside one another have a limit, which they share: each is read inside the one before it.</summary>
public sealed class DepthTests
{
    private const string Blocks = "[Block, Sequential<N{0}>] class N{1};", Parts = "[Network(4), Part<N{0}>] partial class N{1};";
    private const int Limit = 64;

    [Theory]
    [InlineData(Blocks, Limit, false)]
    [InlineData(Blocks, Limit + 1, true)]
    [InlineData(Parts, Limit, false)]
    [InlineData(Parts, Limit + 1, true)]
    [InlineData(Parts, 300, true)]
    public void Deeper_than_the_limit_is_an_error(string around, int depth, bool isRefused)
    {
        bool areParts = around == Parts;
        IEnumerable<string> classes = Enumerable.Range(1, depth - 1)
            .Select(i => string.Format(CultureInfo.InvariantCulture, around, i - 1, i));
        string innermost = areParts ? "[Network(4), Linear(4)] partial class N0;" : "[Block, Linear(4)] class N0;";
        string use = (areParts ? "Part<N" : "Sequential<N") + (depth - 1).ToString(CultureInfo.InvariantCulture);
        GenerationResult result = GeneratorHarness.Run(
            $"using NetGen;\n[Network(4), {use}>] partial class Net;\n{innermost}\n{string.Join('\n', classes)}");
        string[] errors = [.. result.NetGenDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture))];
        Assert.All(errors, error => Assert.Contains("64 blocks inside one another", error, StringComparison.Ordinal));
        Assert.Equal(isRefused, errors.Length > 0);
    }
}
