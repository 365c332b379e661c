using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Names;

/// <summary>What the generated class keeps for itself meets no name of the user's, and depends on no order that the user cannot know.</summary>
public class PrivateStateTests
{
    /// <summary>Names that private members had, or might be given, by anyone who does not think of the user's.</summary>
    private static readonly string[] Names =
    [
        "prepare", "prepared", "prepared_version", "packed_length", "parameter_list", "storage", "network", "arena", "capacity", "state", "seed", "path",
        "initialization", "pool", "run", "run_together", "forward", "backward", "step", "update", "begin", "execute", "dispose", "max_batch", "batch_size", "threads",
        "vector_width", "schedule", "row_block", "scratch_length", "forward_phase", "optimizer", "gradient_norm", "sample_losses", "train", "loss", "store", "load_output",
        "list", "declared", "input", "output", "weight", "bias", "item", "exp", "system", "net_gen", "weights", "kernels", "worker", "workers", "first", "count", "samples",
    ];

    [Fact]
    public void LayersMayHaveEveryNameThatIsNotPublic()
    {
        string layers = string.Join(", ", Names.Select(name => $"Linear(4, Name = \"{name}\"), GELU"));
        GenerationResult result = GeneratorHarness.Run($$"""
            [Network(16, 8, 8)]
            [Conv2d(16, 3, Padding = "same", Bias = false, Name = "prepare"), BatchNorm2d, Conv2d(16, 3, Padding = "same", Name = "prepared"), ReLU, Sequential<Inner>, CrossEntropyLoss]
            [Initialize(Init.KaimingNormal)]
            partial class Net;

            [Network(4), {{layers}}, CrossEntropyLoss]
            partial class Plain;

            [Block, Flatten, {{layers}}]
            class Inner;
            """);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics);
    }

    [Theory]
    [InlineData("private void Prepare(VectorWidth width) { }")]
    [InlineData("private readonly object _prepared = new(); private readonly Parameter[] _parameterList = []; private readonly float[] _parameters = [1]; public int Use => _prepared.GetHashCode() + _parameterList.Length + _parameters.Length;")]
    [InlineData("private const int PackedLength = 3; public int Use => PackedLength;")]
    [InlineData("private static class Avx2Kernels; private static class NetGenError;")]
    [InlineData("private int Run(float x) => 1; private Net Network => this; private int Threads => 3;")]
    [InlineData("public Net(NetGen.CompilerServices.AlignedBuffer buffer) : this(0) { }")]
    [InlineData("public Net() : this(default) { }")]
    [InlineData("public Net(string path) : this(seed: 3) => LoadParameters(path);")]
    [InlineData("public Net(int seed, Initialization initialization) : this((ulong)seed, initialization) { }")]
    public void MembersOfTheUserMayHaveEveryNameThatIsNotPublic(string members)
    {
        GenerationResult result = GeneratorHarness.Run($$"""
            [Network(8, 8, 8)]
            [Conv2d(16, 3, Padding = "same", Bias = false), BatchNorm2d, Conv2d(16, 3, Padding = "same"), ReLU, Flatten, Linear(4), CrossEntropyLoss]
            partial class Net
            {
                {{members}}
            }
            """);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics);
    }

    /// <summary>
    /// Static fields are made in the order of the source, and that of the parts of a class is not defined: the user's may come before any
    /// of the generated ones, and ask for a network.
    /// </summary>
    [Theory]
    [InlineData("[Initialize(Init.Constant, Value = 0.5)]", 0.5f)]
    [InlineData("[Initialize(Init.Constant, \"linear2\", Value = 3), Initialize(Init.Constant, Value = 0.5)]", 0.5f)]
    [InlineData("[Initialize(Init.Uniform, \"linear2\"), Initialize(Init.Constant, \"linear1\", Value = 0.25)]", 0.25f)]
    public void StaticFieldsOfTheUserMayHoldNetworks(string initialize, float expected)
    {
        Assembly assembly = Load($$"""
            [Network(2)]
            [Linear(2, 2, Name = "linear1"), Linear(2, 1, Name = "linear2")]
            {{initialize}}
            public partial class Net
            {
                public static readonly Net Instance = new(1);
                private static readonly Initialization Declared = DeclaredInitialization;
                public static readonly Net Other = new(2, DeclaredInitialization);

                static Net() => Last = new Net();

                public static Net Last { get; }

                public static bool AllThere => Declared is not null && Other.Linear1.Weight.ToArray()[0] == First;

                public static float First => Instance.Linear1.Weight.ToArray()[3];
            }
            """);
        Type net = assembly.GetType("Net")!;
        Assert.Equal(expected, net.GetProperty("First")!.GetValue(null));
        Assert.True((bool)net.GetProperty("AllThere")!.GetValue(null)!);
    }

    /// <summary>The class has one field and one type for its own use, and nothing else that is not for the user; session and trainer cannot be added to.</summary>
    [Fact]
    public void OneFieldAndOneTypeArePrivate()
    {
        GenerationResult result = GeneratorHarness.Run("""
            [Network(8, 8, 8)]
            [Conv2d(16, 3, Padding = "same", Bias = false), BatchNorm2d, Conv2d(16, 3, Padding = "same"), ReLU, Flatten, Linear(4), CrossEntropyLoss]
            [Initialize(Init.KaimingNormal)]
            partial class Net;
            """);
        Assert.Empty(result.NetGenDiagnostics);
        string[] hidden = [.. result.Compilation.GetTypeByMetadataName("Net")!.GetMembers()
            .Where(member => !member.IsImplicitlyDeclared && member.CanBeReferencedByName && member.DeclaredAccessibility != Accessibility.Public)
            .Select(member => member.Name)
            .Order(StringComparer.Ordinal)];
        Assert.Equal(["__NetGen", "__netGen"], hidden);
        Assert.All(result.Compilation.GetTypeByMetadataName("Net")!.InstanceConstructors, constructor => Assert.Equal(Accessibility.Public, constructor.DeclaredAccessibility));
        Assert.DoesNotContain(result.Compilation.GetTypeByMetadataName("Net")!.GetMembers(), member => member is IFieldSymbol { IsStatic: true, IsConst: false });
    }

    private static Assembly Load(string source)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        Assert.Empty(result.NetGenDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        using var image = new MemoryStream();
        Assert.Empty(result.Compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        image.Position = 0;
        return new AssemblyLoadContext("Net", isCollectible: true).LoadFromStream(image);
    }
}
