using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Sizes;

/// <summary>Equal layers are written once: what is emitted for many is hardly longer than what is emitted for one.</summary>
public class DepthTests
{
    /// <summary>The tables of layers and the schedule name each layer, and so grow.</summary>
    private const double AllowedGrowth = 1.3;

    private const string Residuals = "[Block, Residual<Body>, ReLU, Residual<Body>, ReLU] class Stage;";

    [Theory]
    [InlineData("Network(16, 16, 16)", "Flatten, Linear(10)",
        "[Block, Conv2d(16, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, Conv2d(16, 3, Padding = 1, Bias = false), BatchNorm2d]")]
    [InlineData("Network(256)", "Linear(10)", "[Block, LayerNorm, Linear(256), GELU, Linear(256)]")]
    public void Text_does_not_grow_with_depth(string network, string end, string body)
    {
        int one = TextOf(1), many = TextOf(32);
        Assert.True(many <= AllowedGrowth * one, $"{one} characters for one block, {many} for 32.");

        int TextOf(int count)
        {
            GenerationResult result = GeneratorHarness.Run(
                $"[{network}, Repeat<Stage>({count}), {end}, CrossEntropyLoss]\npartial class Net;\n{Residuals}\n{body} class Body;");
            Assert.Empty(result.NetGenDiagnostics);
            return result.Sources.Sum(source => source.Source.Length);
        }
    }
}
