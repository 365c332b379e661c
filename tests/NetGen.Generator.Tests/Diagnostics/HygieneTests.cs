using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>The generated code stands in the user's namespace and class, whose names must not change its meaning.</summary>
public class HygieneTests
{
    private const string Network = """
        namespace Mine.Deep
        {
            [Network(1, 8, 8)]
            [Conv2d(4, 3), ReLU, Dropout2d, MaxPool2d(2), AvgPool2d(3), Residual<Body>, Flatten, Linear(4), GELU, Dropout, Linear(3), Sigmoid, CrossEntropyLoss]
            partial class Net;

            [Block, Conv2d(4, 1), Tanh]
            class Body;
        }
        """;

    /// <summary>For every name that the generated code uses without qualification, the user has a type of that name.</summary>
    [Fact]
    public void TypesOfTheUserDoNotHideThoseOfTheFramework()
    {
        GenerationResult plain = GeneratorHarness.Run(Network);
        string[] names = [.. UnqualifiedNames(plain).Order(StringComparer.Ordinal)];

        string types = string.Concat(names.Select(name => $"class {name} {{ }} "));
        GenerationResult hidden = GeneratorHarness.Run($"{Network}\nnamespace Mine.Deep {{ {types} }}");
        Diagnostic[] errors = [.. hidden.CompilerDiagnostics.Where(IsError)];
        Assert.True(errors.Length == 0, string.Join('\n', errors.Take(20)));
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    /// <summary>Names of types outside of the network that stand in the generated source without anything in front of them.</summary>
    private static HashSet<string> UnqualifiedNames(GenerationResult result)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in result.Run.GeneratedSources.Select(source => source.SyntaxTree))
        {
            SemanticModel model = result.Compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                bool isQualified = (name.Parent is QualifiedNameSyntax qualified && qualified.Right == name)
                    || (name.Parent is MemberAccessExpressionSyntax member && member.Name == name)
                    || name.Parent is AliasQualifiedNameSyntax
                    || name.Ancestors().Any(ancestor => ancestor is UsingDirectiveSyntax);
                if (!isQualified && model.GetSymbolInfo(name).Symbol is INamedTypeSymbol { ContainingAssembly.Name: not "Fixture" })
                    names.Add(name.Identifier.ValueText);
            }
        }
        return names;
    }
}
