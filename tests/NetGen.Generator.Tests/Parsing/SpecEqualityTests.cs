using NetGen.Generator.Specs;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Parsing;

/// <summary>The pipeline's cache lives on specifications that are equal when they say the same.</summary>
public class SpecEqualityTests
{
    [Fact]
    public void EqualContentIsEqual()
    {
        NetworkSpec left = SampleSpecs.MnistConvNet(), right = Infrastructure.SampleSpecs.MnistConvNet();
        Assert.NotSame(left, right);
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Fact]
    public void EveryDifferenceCounts()
    {
        NetworkSpec spec = SampleSpecs.MnistConvNet();
        LayerSpec[] layers = [.. spec.Layers];
        ScopeSpec body = layers[4].Scopes[0];
        ScopeSpec[] shorter = [body with { Layers = body.Layers.Skip(1).ToEquatableArray() }], named = [body with { Name = "body" }];
        NetworkSpec[] others =
        [
            spec with { Name = "Other" },
            spec with { Modifiers = "public" },
            spec with { InputShape = new[] { 1, 28, 29 }.ToEquatableArray() },
            spec with { Losses = EquatableArray<LossSpec>.Empty },
            spec with { Losses = Losses(CrossEntropyLossSpec.Default with { Reduction = LossReduction.Sum }) },
            spec with { Losses = Losses(CrossEntropyLossSpec.Default with { Of = new[] { "output" }.ToEquatableArray() }) },
            spec with { Losses = Losses(CrossEntropyLossSpec.Default with { Factor = 2 }) },
            spec with { Target = new TargetSpec(HasMultiplyAddEstimate: false) },
            spec with { ContainingTypes = EquatableArray<ContainingTypeSpec>.Empty },
            spec with { HintSuffix = "-1" },
            spec with { Initializers = Initializers("conv1", 0) },
            spec with { Initializers = Initializers("conv1", 0.5f) },
            spec with { Initializers = Initializers("conv2", 0) },
            spec with { Layers = layers.Take(5).ToEquatableArray() },
            spec with { Layers = layers.Reverse().ToEquatableArray() },
            spec with { Layers = layers.Select(layer => layer is Conv2dSpec conv ? conv with { Bias = false } : layer).ToEquatableArray() },
            spec with { Layers = layers.Select(layer => layer is FlattenSpec ? new SoftmaxSpec("flatten1") : layer).ToEquatableArray() },
            spec with { Layers =
                layers.Select(layer => layer is ResidualSpec ? layer with { Scopes = shorter.ToEquatableArray() } : layer)
                .ToEquatableArray() },
            spec with { Layers =
                layers.Select(layer => layer is ResidualSpec ? layer with { Scopes = named.ToEquatableArray() } : layer).ToEquatableArray()
                },
        ];
        Assert.All(others, other => Assert.NotEqual(spec, other));
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    private static EquatableArray<LossSpec> Losses(LossSpec loss) => new[] { loss }.ToEquatableArray();

    private static EquatableArray<InitializerSpec> Initializers(string path, float value)
        => new[] {
            new InitializerSpec("<initialize0>", "", new[] { path }.ToEquatableArray(), InitScheme.Constant,
            new[] { value }.ToEquatableArray(), "", "") }.ToEquatableArray();

    [Fact]
    public void DefaultArrayIsEmpty()
    {
        Assert.Equal(EquatableArray<int>.Empty, default);
        Assert.Equal(EquatableArray<int>.Empty.GetHashCode(), default(EquatableArray<int>).GetHashCode());
        Assert.Empty(default(EquatableArray<int>));
    }
}
