using NetGen.Generator.Inference;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Shapes;

public class ShapeInferenceTests
{
    [Fact]
    public void FollowsTheNetworkOfTheReadme()
    {
        InferenceResult result = ShapeInference.Infer(SampleSpecs.MnistConvNet());

        Assert.Empty(result.Problems);
        Assert.Equal(
            ["conv1 (32, 28, 28)", "relu1 (32, 28, 28)", "maxpool1 (32, 14, 14)", "flatten1 (6272)", "residual1 (6272)", "linear1 (10)"],
            result.Network.Layers.Select(layer => $"{layer.Path} {layer.Output}"));
        Assert.Equal(["residual1.linear1 (16)", "residual1.gelu1 (16)", "residual1.linear2 (6272)"],
            result.Network.Layers[4].Members.Select(layer => $"{layer.Path} {layer.Output}"));
        Assert.Equal("(1, 28, 28)", result.Network.Input.ToString());
        Assert.Equal("(10)", result.Network.Output.ToString());
    }

    /// <summary>No sizes, however absurd, may crash: what specifications the parser never makes are checked as well.</summary>
    [Fact]
    public void SurvivesExtremeSpecs()
    {
        int[] values = [int.MinValue, -1, 0, 1, 2, 3, 28, 46341, int.MaxValue];
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            var layers = new List<LayerSpec>();
            for (int layer = random.Next(5); layer >= 0; layer--)
                layers.Add(RandomLayer($"layer{layer}", depth: 0));
            int[] shape = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Value())];
            var spec =
                SampleSpecs.MnistConvNet() with { InputShape = shape.ToEquatableArray(), Layers = layers.ToEquatableArray(),
                Losses = (random.Next(3) switch
                {
                    0 => Array.Empty<LossSpec>(),
                    1 => [CrossEntropyLossSpec.Default],
                    _ => [new MSELossSpec(LossReduction.Mean)],
                }).ToEquatableArray()
                };
            InferenceResult result = ShapeInference.Infer(spec);
            if (!result.HasErrors)
            {
                Assert.True(result.Network.Output.IsComplete);
                Assert.All(result.Network.Layers, layer => Assert.True(layer.Input.IsComplete && layer.Output.Size > 0));
            }
        }

        int Value() => values[random.Next(random.Next(2) == 0 ? values.Length : 7)];
        Pair Pair() => random.Next(2) == 0 ? NetGen.Generator.Specs.Pair.Both(Value()) : new Pair(Value(), Value());
        bool Flag() => random.Next(2) == 0;
        int? Maybe() => Flag() ? Value() : null;

        LayerSpec RandomLayer(string name, int depth) => random.Next(depth < 3 ? 9 : 8) switch
        {
            0 => new Conv2dSpec(name, Maybe(), Value(), Pair(), Pair(), Pair(), Flag()),
            1 => new LinearSpec(name, Maybe(), Value(), Flag()),
            2 => new MaxPool2dSpec(name, Pair(), Pair(), Pair(), Flag()),
            3 => new AvgPool2dSpec(name, Pair(), Pair(), Pair(), Flag(), Flag()),
            4 => new ActivationSpec(name, random.Next(2) == 0 ? Activation.ReLU : Activation.Sigmoid),
            5 => new SoftmaxSpec(name),
            6 => new DropoutSpec(name, random.Next(3) - 0.5f, Flag()),
            7 => new FlattenSpec(name),
            _ => SampleSpecs.Residual(name, "Block",
                [.. Enumerable.Range(0, random.Next(4)).Select(i => RandomLayer($"inner{i}", depth + 1))]),
        };
    }

    [Fact]
    public void CancelsBetweenLayers()
        => Assert.Throws<OperationCanceledException>(() =>
            ShapeInference.Infer(SampleSpecs.MnistConvNet(), new CancellationToken(canceled: true)));
}
