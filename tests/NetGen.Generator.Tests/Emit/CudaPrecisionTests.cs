using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>The property NetGenCudaPrecisions: which precisions the kernels for GPUs are written for.</summary>
public sealed class CudaPrecisionTests
{
    private const string Large = "[Network(64), Linear(64), ReLU, Linear(2), CrossEntropyLoss] public sealed partial class Net;";
    private const string Small = "[Network(4), Linear(3), ReLU, Linear(2), CrossEntropyLoss] public sealed partial class Net;";

    /// <summary>What the targets refuse counts as not given.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("float32")]
    [InlineData("half")]
    public void Float32_is_there_without_being_asked_for(string property)
    {
        Assert.Equal(Emit(Large, null), Emit(Large, property));
        Assert.DoesNotContain("Precision", Emit(Large, property), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("float32,tf32,bfloat16", "TF32 BFloat16")]
    [InlineData("bfloat16,tf32,bfloat16", "TF32 BFloat16")]
    [InlineData("tf32", "TF32")]
    [InlineData("float32,bfloat16", "BFloat16")]
    public void Products_on_tensor_cores_are_written_for_each_that_is_asked_for(string property, string precisions)
    {
        string plain = Emit(Large, null), text = Emit(Large, property);
        // All that there is without the property is there in its order, and the rest is of precisions.
        string[] lines = text.Split('\n');
        int next = 0;
        foreach (string line in plain.Split('\n'))
        {
            next = Array.IndexOf(lines, line, next) + 1;
            Assert.True(next > 0, $"'{line}' is gone, or elsewhere.");
        }
        foreach ((string name, string instruction) in new[]
        {
            ("TF32", "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32"), ("BFloat16", "mma.sync.aligned.m16n8k16"),
        })
        {
            bool isThere = precisions.Split(' ').Contains(name);
            Assert.Equal(isThere, text.Contains($"Precision.{name} =>", StringComparison.Ordinal));
            Assert.Equal(isThere, Count(text, instruction) > Count(plain, instruction));
        }
        // Inference has one product of a tile, training that and the gradient of its weights.
        Assert.Contains($"{{ {Names(precisions)} }};", OneLine(text), StringComparison.Ordinal);
        Assert.Equal(2, Count(text, "public override ReadOnlySpan<int> PrecisionKernels"));
    }

    /// <summary>A network of small products has each precision, and no kernels for it.</summary>
    [Fact]
    public void Small_products_are_the_same_in_each()
    {
        string text = Emit(Small, "tf32");
        Assert.Equal(2, Count(text, "public override ReadOnlySpan<Precision> Precisions"));
        Assert.DoesNotContain("ModuleIn", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PrecisionKernels", text, StringComparison.Ordinal);
    }

    private static string Names(string precisions) => string.Join(" ", precisions.Split(' ').Select(name => $"Precision.{name},"));

    private static string OneLine(string text) => string.Join(' ', text.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries));

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    /// <summary>The file for GPUs, which compiles without a warning.</summary>
    /// <param name="property">As the targets give it; null for none.</param>
    private static string Emit(string network, string? property)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(network);
        (string, string)[] properties = [("_NetGenTargets", "cpu,cuda"), ("_NetGenVectorWidths", "128")];
        GeneratorDriver driver = GeneratorHarness.CreateDriver(compilation, properties: new BuildProperties(
            property is null ? properties : [.. properties, ("_NetGenCudaPrecisions", property)]));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return driver.GetRunResult().GeneratedTrees.Single(tree => tree.FilePath.EndsWith(".Cuda.g.cs", StringComparison.Ordinal))
            .ToString();
    }
}
