using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Incrementality;

/// <summary>Typing elsewhere must not generate a network again. Asked by the reasons for which steps ran.</summary>
public class IncrementalityTests
{
    private const string Network = """
        [Network(4)]
        [Residual<Body>, Linear(4, 3)]
        [CrossEntropyLoss]
        public partial class Net;
        """;

    private const string Body = """
        [Block]
        [Linear(4, 4), ReLU]
        public class Body;
        """;

    private const string Other = "public class Other { public int Size => Net.InputSize; }";

    [Fact]
    public void EditInAnotherFile()
        => Assert.Equal("Unchanged", SourceReasonsAfter(2, Other.Replace("Size", "Length", StringComparison.Ordinal)));

    [Fact]
    public void LinesAboveTheNetwork()
        => Assert.Equal("Unchanged", SourceReasonsAfter(0, "\n// moved\n\n" + Network));

    [Fact]
    public void OtherSpelling()
        => Assert.Equal("Unchanged",
            SourceReasonsAfter(0,
            Network.Replace("Linear(4, 3)", "Linear(inFeatures: 2 * 2, outFeatures: 3, Name = \"linear1\")",
            StringComparison.Ordinal)));

    [Fact]
    public void UnrelatedMember()
        => Assert.Equal("Unchanged",
            SourceReasonsAfter(0, Network.Replace("Net;", "Net { public int Extra => 1; }", StringComparison.Ordinal)));

    [Fact]
    public void NewWarning()
    {
        // The warning is reported anew, but the source stays.
        string reasons = SourceReasonsAfter(0, "#pragma warning disable NG3003\n" + Network);
        Assert.Equal("Unchanged", reasons);
    }

    [Fact]
    public void ChangedLayer()
        => Assert.Equal("Modified", SourceReasonsAfter(0, Network.Replace("Linear(4, 3)", "Linear(4, 2)", StringComparison.Ordinal)));

    [Fact]
    public void ChangedBlockInAnotherFile()
        => Assert.Equal("Modified", SourceReasonsAfter(1, Body.Replace("ReLU", "Tanh", StringComparison.Ordinal)));

    [Fact]
    public void NetworkGetsAnError()
        => Assert.Equal("Modified", SourceReasonsAfter(0, Network.Replace("Linear(4, 3)", "Linear(5, 3)", StringComparison.Ordinal)));

    [Fact]
    public void SecondNetworkLeavesTheFirst()
    {
        string reasons = SourceReasonsAfter(2, Other + "[Network(2), Linear(2)] partial class Second;");
        Assert.Equal("Unchanged, New", reasons);
    }

    [Fact]
    public void UnchangedSourceIsNotWrittenAgain()
    {
        (GeneratorRunResult before, GeneratorRunResult after) = Edit(2, Other + " // more");
        Assert.All(
            after.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs)
            .Where(output => output.Reason != IncrementalStepRunReason.Cached),
            output => Assert.Equal(IncrementalStepRunReason.Unchanged, output.Reason));
        Assert.NotEmpty(before.GeneratedSources);
        Assert.Equal(before.GeneratedSources.Select(file => file.HintName), after.GeneratedSources.Select(file => file.HintName));
        Assert.All(before.GeneratedSources.Zip(after.GeneratedSources),
            files => Assert.Same(files.First.SourceText, files.Second.SourceText));
    }

    /// <summary>What keeps a whole compilation alive in the cache must not be in the value that source is written from.</summary>
    [Fact]
    public void CachedSourceHoldsNoSymbolsOrSyntax()
    {
        (GeneratorRunResult run, _) = Edit(0, Network);
        object source = run.TrackedSteps[TrackingNames.Source].Single().Outputs.Single().Value;
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Visit(source);

        void Visit(object? value)
        {
            if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !visited.Add(value))
                return;
            Assert.False(value
                is Compilation or ISymbol or SyntaxNode or SyntaxTree or SemanticModel or Location or Diagnostic, $"{value.GetType()} "
                + $"is in the cached value.");
            if (value is System.Collections.IEnumerable items)
            {
                foreach (object? item in items)
                    Visit(item);
                return;
            }
            const BindingFlags All = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
            foreach (FieldInfo field in value.GetType().GetFields(All))
                Visit(field.GetValue(value));
            for (Type? type = value.GetType().BaseType; type is not null && type != typeof(object); type = type.BaseType)
            {
                foreach (System.Reflection.FieldInfo field in
                    type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic))
                    Visit(field.GetValue(value));
            }
        }
    }

    /// <summary>
    /// The reasons of the step from which source is written; Cached and Unchanged both mean that it is not written again.
    /// </summary>
    private static string SourceReasonsAfter(int file, string edited)
        => string.Join(", ", Edit(file, edited).After.TrackedSteps[TrackingNames.Source]
        .SelectMany(step => step.Outputs)
        .Select(output => output.Reason == IncrementalStepRunReason.Cached ? IncrementalStepRunReason.Unchanged : output.Reason));

    /// <summary>Runs the generator, replaces one of the three files, and runs it again.</summary>
    private static (GeneratorRunResult Before, GeneratorRunResult After) Edit(int file, string edited)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile([("Net.cs", Network), ("Body.cs", Body), ("Other.cs", Other)]);
        GeneratorDriver driver = GeneratorHarness.CreateDriver(compilation, trackSteps: true).RunGenerators(compilation);
        GeneratorRunResult before = driver.GetRunResult().Results.Single();
        SyntaxTree tree = compilation.SyntaxTrees[file + 1];
        compilation =
            compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(edited, (CSharpParseOptions)tree.Options, tree.FilePath));
        GeneratorRunResult after = driver.RunGenerators(compilation).GetRunResult().Results.Single();
        return (before, after);
    }
}
