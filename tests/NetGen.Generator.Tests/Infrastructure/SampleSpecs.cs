using NetGen.Generator.Specs;

namespace NetGen.Generator.Tests.Infrastructure;

/// <summary>Specifications built by hand.</summary>
internal static class SampleSpecs
{
    /// <summary>A network with a residual block; every call builds it anew.</summary>
    public static NetworkSpec MnistConvNet() => new(
        "Samples",
        new[] { new ContainingTypeSpec("partial class Outer") }.ToEquatableArray(),
        "MnistConvNet",
        "public sealed",
        new[] { 1, 28, 28 }.ToEquatableArray(),
        new LayerSpec[]
        {
            new Conv2dSpec("conv1", 1, 32, Pair.Both(7), Pair.Both(1), Pair.Both(3), Bias: true),
            new ActivationSpec("relu1", Activation.ReLU),
            new MaxPool2dSpec("maxpool1", Pair.Both(2), Pair.Both(2), Pair.Both(0), CeilMode: false),
            new FlattenSpec("flatten1"),
            Residual(
                "residual1",
                "Body",
                new LinearSpec("linear1", null, 16, Bias: true),
                new ActivationSpec("gelu1", Activation.GELU),
                new LinearSpec("linear2", 16, 32 * 14 * 14, Bias: false)),
            new LinearSpec("linear1", 32 * 14 * 14, 10, Bias: true),
        }.ToEquatableArray(),
        new LossSpec[] { CrossEntropyLossSpec.Default }.ToEquatableArray(),
        new TargetSpec(HasMultiplyAddEstimate: true));

    /// <summary>x + block(x).</summary>
    public static ResidualSpec Residual(string name, string block, params LayerSpec[] layers)
        => new(name) { Scopes = new[] { new ScopeSpec("", block, layers.ToEquatableArray()) }.ToEquatableArray() };
}
