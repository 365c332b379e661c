using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>The class that users call.</summary>
public class SurfaceTests
{
    /// <summary>A third of what the two classes of this network were while each held all that is the same for every network.</summary>
    private const int MostOfSessionAndTrainer = 49_242 / 3;

    private const string Network = """
        namespace Samples
        {
            [Network(1, 28, 28), Initialize(Init.KaimingNormal)]
            [Conv2d(32, 7, Padding = 3, Bias = false), BatchNorm2d, ReLU, MaxPool2d(2), Residual<Body>, Flatten, Linear(1, Bias = false), BatchNorm1d, Sigmoid, BCELoss]
            public sealed partial class Net;

            [Block, Conv2d(32, 1), Tanh]
            class Body;
        }
        """;

    /// <summary>What a core of the runtime calls has its documentation there, and the compiler's warning is off for it.</summary>
    [Fact]
    public void EveryPublicMemberIsDocumented()
    {
        SyntaxNode root = Surface(Network, "Samples.Net");
        MemberDeclarationSyntax[] members = [.. root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(IsPublic)];
        Assert.True(members.Length > 60, $"Only {members.Length} members were found.");
        Assert.All(members, member => Assert.Contains("/// <summary>", member.GetLeadingTrivia().ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void OnlyMembersOfTheCoreAreOverridden()
    {
        SyntaxNode root = Surface(Network, "Samples.Net");
        string[] overridden = [.. root.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.Modifiers.Any(SyntaxKind.OverrideKeyword)).Select(method => $"{TypeOf(method)}.{method.Identifier}")];
        Assert.All(overridden, name => Assert.Matches("^(Session|Trainer)\\.", name));
        Assert.Contains("Session.ComputeForward", overridden);
        Assert.Contains("Trainer.ComputePart", overridden);
    }

    /// <summary>Of the first sample.</summary>
    [Fact]
    public void SessionAndTrainerSayWhatIsParticular()
    {
        string source = File.ReadAllText(Path.Combine(TestPaths.Repository, "samples", "01-MnistConvNet", "MnistConvNet.cs"));
        SyntaxNode root = Surface(source, "NetGen.Samples.MnistConvNet");
        IEnumerable<ClassDeclarationSyntax> types = root.DescendantNodes().OfType<ClassDeclarationSyntax>();
        int length = types.Where(type => type.Identifier.Text is "Session" or "Trainer").Sum(type => type.Span.Length);
        Assert.InRange(length, MostOfSessionAndTrainer / 2, MostOfSessionAndTrainer);
    }

    private static SyntaxNode Surface(string source, string hintName)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics);
        return CSharpSyntaxTree.ParseText(result.Sources.Single(file => file.HintName == hintName + ".g.cs").Source).GetRoot();
    }

    private static bool IsPublic(MemberDeclarationSyntax member) => member.Modifiers.Any(SyntaxKind.PublicKeyword);

    private static string TypeOf(SyntaxNode member) => member.Ancestors().OfType<ClassDeclarationSyntax>().First().Identifier.Text;
}
