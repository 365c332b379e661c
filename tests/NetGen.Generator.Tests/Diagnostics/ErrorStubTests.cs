using Microsoft.CodeAnalysis;
using NetGen.Generator.Parsing;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>A network in error has its whole surface, so that the code that uses it brings no errors of its own.</summary>
public class ErrorStubTests
{
    private const string Network = """
        namespace Mine;

        [Network(1, 28, 28)]
        [Conv2d(1, 8, 3, Padding = 1, Bias = false), ReLU, MaxPool2d(2)]
        [Residual<Body>, Flatten, Linear(17, 10, Name = "head")]
        LOSS
        public sealed partial class Net;

        [Block]
        [Conv2d(8, 3, Padding = 1), ReLU, Residual<Inner>]
        public class Body;

        [Block]
        [Conv2d(8, 1, Name = "residual1")]
        public class Inner;
        """;

    private const string User = """

        public static class User
        {
            public static void Run()
            {
                var net = new Net(seed: 1);
                net = new Net();
                net = new Net(1, Initialization.KaimingNormal);
                INetwork general = net;
                const int Sizes = Net.InputSize + Net.OutputSize + Net.ParameterCount + (int)(Net.ActivationBytes + Net.MultiplyAdds);
                const string Text = Net.Summary;
                ReadOnlySpan<int> shapes = Net.InputShape.Length > 0 ? Net.InputShape : Net.OutputShape;
                Parameter weight = net.Conv1.Weight, bias = net.Head.Bias, inner = net.Residual1.Residual1.Residual1.Bias;
                IReadOnlyList<Parameter> all = net.Parameters;
                net.Save("a");
                net = Net.Load("a");
                net.LoadParameters("a");
                using (Net.Session session = net.CreateSession(maxBatch: 256, new SessionOptions { Threads = 2 }))
                {
                    session.Forward(new float[Net.InputSize], new float[Net.OutputSize]);
                    string schedule = session.MaxBatch + session.Schedule + session.Threads + session.VectorWidth;
                }
                using Net.Trainer trainer = net.CreateTrainer(batchSize: 64, new Adam(1e-3f), new TrainerOptions { Seed = 3 });
                trainer.Forward(new float[1], new float[1]);
                trainer.BackwardFromOutput(new float[1], default);
                trainer.Update();
                Optimizer optimizer = trainer.Optimizer;
                Parameter gradient = trainer.Gradients.Conv1.Weight, other = trainer.Gradients.Residual1.Conv1.Bias;
                string line = trainer.BatchSize + trainer.Schedule + trainer.Threads + trainer.VectorWidth;
                USE
            }
        }
        """;

    [Theory]
    [InlineData("[CrossEntropyLoss]", "float loss = trainer.Step(new float[1], new int[1]) + trainer.Backward(new int[1]) + trainer.Backward(new int[1], new float[1]);")]
    [InlineData("[MSELoss]", "float loss = trainer.Step(new float[1], new float[1]) + trainer.Backward(new float[1]) + trainer.Backward(new float[1], new float[1]);")]
    [InlineData("", "")]
    public void UserCodeBinds(string loss, string use)
    {
        GenerationResult result = GeneratorHarness.Run((Network + User)
            .Replace("LOSS", loss, StringComparison.Ordinal)
            .Replace("USE", use, StringComparison.Ordinal));

        Assert.Equal("NG1001", Assert.Single(result.NetGenDiagnostics).Id);
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    /// <summary>A span of an input of ints is one, and there is none for its gradient.</summary>
    [Theory]
    [InlineData("10", "")]
    [InlineData("11", "NG1001")]
    public void InputsOfIntsBind(string inFeatures, string error)
    {
        GenerationResult result = GeneratorHarness.Run($$"""
            [Network]
            [Input<int>("tokens", 8), EmbeddingBag(50, 10), Linear({{inFeatures}}, 4, Name = "seen")]
            [Input("x", 6), Linear(4), Add("seen"), CrossEntropyLoss]
            public sealed partial class Net;

            [Network, Input<int>("tokens", 8), EmbeddingBag(50, 10), Linear({{inFeatures}}, 4), MSELoss]
            public sealed partial class Only;

            public static class User
            {
                public static void Run(Net.Trainer trainer, Only.Trainer only)
                {
                    using Net.Session session = new Net().CreateSession();
                    session.Forward(new int[Net.TokensSize], new float[Net.XSize], new float[4]);
                    trainer.Forward(new int[8], new float[6], default);
                    float loss = trainer.Step(new int[8], new float[6], new int[1]);
                    loss += trainer.Backward(new int[1]) + trainer.Backward(new int[1], new float[6]);
                    trainer.BackwardFromOutput(new float[4], new float[6]);
                    only.BackwardFromOutput(new float[4]);
                    loss += only.Step(new int[8], new float[4]) + only.Backward(new float[4]);
                }
            }
            """);
        Assert.Equal(error.Length == 0 ? [] : new[] { error, error }, result.NetGenDiagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Empty(result.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void WholeFile()
        => Verifier.Verify(GeneratorHarness.Run(Network.Replace("LOSS", "[CrossEntropyLoss]", StringComparison.Ordinal)).Sources);

    /// <summary>
    /// A member that is not in the stub would give second-hand errors; one that only the stub has would let code compile that later does
    /// not.
    /// </summary>
    [Fact]
    public void HasTheSurfaceOfARealNetwork()
    {
        string sound =
            Network.Replace("LOSS", "[CrossEntropyLoss]", StringComparison.Ordinal)
            .Replace("Linear(17, 10", "Linear(8 * 14 * 14, 10", StringComparison.Ordinal);
        GenerationResult real = GeneratorHarness.Run(sound),
            stub = GeneratorHarness.Run(sound.Replace("8 * 14", "9 * 14", StringComparison.Ordinal));
        Assert.Empty(real.NetGenDiagnostics);
        Assert.NotEmpty(stub.NetGenDiagnostics);
        foreach (string type in (string[])["Mine.Net", "Mine.Net+Session", "Mine.Net+Trainer"])
            Assert.Equal(PublicMembers(real, type), PublicMembers(stub, type));
    }

    /// <summary>
    /// Every member of a generated network must be known as taken, private ones too, or a layer or a member of the user's of that
    /// name would end in an error of the compiler; and no name is taken for nothing. If this fails, mend GeneratedMembers.
    /// </summary>
    [Fact]
    public void TheNamesTakenAreThoseDeclared()
    {
        const string Source = """
            [Network(16, 8, 8), Initialize(Init.KaimingNormal)]
            [Conv2d(16, 3, Padding = "same", Bias = false), BatchNorm2d, ReLU, Dropout2d, MaxPool2d(2), Conv2d(16, 3), Residual<Body>, Flatten, Linear(4), GELU, Dropout, Linear(3), CrossEntropyLoss]
            partial class Net;

            [Block, Conv2d(16, 1), Tanh]
            class Body;
            """;
        GenerationResult real = GeneratorHarness.Run(Source),
            stub = GeneratorHarness.Run(Source.Replace("Linear(3)", "Linear(5, 3)", StringComparison.Ordinal));
        Assert.Empty(real.NetGenDiagnostics);
        Assert.NotEmpty(stub.NetGenDiagnostics);
        string[] layers = ["Conv1", "BatchNorm1", "Conv2", "Residual1", "Linear1", "Linear2"];
        HashSet<string> taken = GeneratedMembers.Of(layers);
        Assert.Equal(taken.Order(StringComparer.Ordinal), MemberNames(real));
        Assert.Equal(taken.Where(name => name != "__netGen").Order(StringComparer.Ordinal), MemberNames(stub));
    }

    private static string[] MemberNames(GenerationResult result) => [.. result.Compilation.GetTypeByMetadataName("Net")!.GetMembers()
        .Where(member => !member.IsImplicitlyDeclared && member.CanBeReferencedByName)
        .Select(member => member.Name)
        .Distinct()
        .Order(StringComparer.Ordinal)];

    private static string[] PublicMembers(GenerationResult result, string type) => [.. result.Compilation.GetTypeByMetadataName(type)!
        .GetMembers()
        .Where(member => member.DeclaredAccessibility == Accessibility.Public
            && member is not INamedTypeSymbol and not IMethodSymbol { AssociatedSymbol: not null })
        .Select(member => member.ToDisplayString(new SymbolDisplayFormat(
            memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeModifiers,
            parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue)))
        .Order(StringComparer.Ordinal)];
}
