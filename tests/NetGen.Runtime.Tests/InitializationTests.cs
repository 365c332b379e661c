using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public class InitializationTests
{
    private const int Out = 200, In = 30, Area = 9;

    private static Parameter[] Layer()
    {
        Parameter Make(string name, int[] shape, ParameterKind kind) => new(
            name, shape, new AlignedBuffer(shape.Aggregate((a, b) => a * b)), 0, new TensorLayout(new TensorDimension(shape.Aggregate((a, b) => a * b), 1)), kind, In * Area, Out * Area);
        return [Make("conv1.weight", [Out, In, 3, 3], ParameterKind.Weight), Make("conv1.bias", [Out], ParameterKind.Bias)];
    }

    private static float[] Draw(Initialization initialization, ulong seed = 1)
    {
        Parameter[] layer = Layer();
        layer[1].Fill(77);
        initialization.Apply(layer, seed);
        if (initialization != Initialization.PyTorchDefault)
            Assert.All(layer[1].ToArray(), x => Assert.Equal(0, x));
        return layer[0].ToArray();
    }

    [Fact]
    public void PyTorchs_default_is_uniform_in_one_over_root_fan_in_for_weight_and_bias()
    {
        Parameter[] layer = Layer();
        Initialization.PyTorchDefault.Apply(layer, 3);
        AssertUniform(layer[0].ToArray(), 1 / Math.Sqrt(In * Area));
        float[] bias = layer[1].ToArray();
        Assert.All(bias, x => Assert.InRange(x, -1 / MathF.Sqrt(In * Area), 1 / MathF.Sqrt(In * Area)));
        Assert.InRange(bias.Max() - bias.Min(), 1.9f / MathF.Sqrt(In * Area), 2 / MathF.Sqrt(In * Area));
        // Weight and bias come from different streams.
        Assert.NotEqual(layer[0].ToArray()[..Out], bias);
    }

    [Fact]
    public void Xavier_and_Kaiming_have_PyTorchs_spread()
    {
        const double fanIn = In * Area, fanOut = Out * Area;
        AssertUniform(Draw(Initialization.XavierUniform), Math.Sqrt(6 / (fanIn + fanOut)));
        AssertUniform(Draw(Initialization.CreateXavierUniform(5f / 3)), 5.0 / 3 * Math.Sqrt(6 / (fanIn + fanOut)));
        AssertNormal(Draw(Initialization.XavierNormal), Math.Sqrt(2 / (fanIn + fanOut)));
        AssertNormal(Draw(Initialization.CreateXavierNormal(2)), 2 * Math.Sqrt(2 / (fanIn + fanOut)));
        AssertUniform(Draw(Initialization.KaimingUniform), Math.Sqrt(6 / fanIn));
        AssertUniform(Draw(Initialization.CreateKaimingUniform(FanMode.FanOut)), Math.Sqrt(6 / fanOut));
        AssertUniform(Draw(Initialization.CreateKaimingUniform(gain: 1)), Math.Sqrt(3 / fanIn));
        AssertNormal(Draw(Initialization.KaimingNormal), Math.Sqrt(2 / fanIn));
        AssertNormal(Draw(Initialization.CreateKaimingNormal(FanMode.FanOut, 1)), Math.Sqrt(1 / fanOut));
    }

    [Fact]
    public void The_seed_decides()
    {
        foreach (Initialization initialization in new[] { Initialization.PyTorchDefault, Initialization.KaimingNormal })
        {
            Assert.Equal(Draw(initialization, 5), Draw(initialization, 5));
            Assert.NotEqual(Draw(initialization, 5), Draw(initialization, 6));
            Assert.NotEqual(Draw(initialization, 5), Draw(initialization, 5 | 1UL << 40));
        }
    }

    [Fact]
    public void The_layout_does_not_change_what_an_element_gets()
    {
        Parameter plain = Floats.Plain("p", 6, 4);
        var packed = new Parameter("p", [6, 4], new AlignedBuffer(64), 0, new TensorLayout(new(6, 1), new(4, 16)), ParameterKind.Weight, 4, 6);
        Initialization.PyTorchDefault.Apply([plain], 1);
        Initialization.PyTorchDefault.Apply([packed], 1);
        Assert.Equal(plain.ToArray(), packed.ToArray());
    }

    [Fact]
    public void Bad_gains_are_refused_and_names_are_invariant()
    {
        Assert.Throws<ArgumentOutOfRangeException>("gain", () => Initialization.CreateXavierUniform(0));
        Assert.Throws<ArgumentOutOfRangeException>("gain", () => Initialization.CreateXavierNormal(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("gain", () => Initialization.CreateKaimingNormal(gain: float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("mode", () => Initialization.CreateKaimingUniform((FanMode)7));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("KaimingUniform(FanOut, gain 1.5)", Initialization.CreateKaimingUniform(FanMode.FanOut, 1.5f).ToString());
            Assert.Equal("PyTorchDefault", Initialization.PyTorchDefault.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // 54,000 numbers: the tolerances are four standard deviations and more.

    private static void AssertUniform(float[] values, double bound)
    {
        Assert.All(values, x => Assert.True(x >= (float)-bound && x < (float)bound));
        Assert.InRange(values.Max(), 0.999 * bound, bound);
        Assert.InRange(values.Min(), -bound * 1.000001, -0.999 * bound);
        Assert.InRange(values.Average(x => (double)x) / bound, -0.01, 0.01);
        Assert.InRange(values.Average(x => (double)x * x) / (bound * bound), 1.0 / 3 - 0.006, 1.0 / 3 + 0.006);
    }

    private static void AssertNormal(float[] values, double deviation)
    {
        Assert.InRange(values.Average(x => (double)x) / deviation, -0.02, 0.02);
        Assert.InRange(values.Average(x => (double)x * x) / (deviation * deviation), 0.975, 1.025);
        Assert.InRange(values.Average(x => Math.Pow(x / deviation, 4)), 2.8, 3.2);
        Assert.InRange(values.Count(x => Math.Abs(x) < deviation) / (double)values.Length, 0.6827 - 0.01, 0.6827 + 0.01);
        Assert.InRange(values.Max(Math.Abs) / deviation, 3.5, 6.5);
    }
}
