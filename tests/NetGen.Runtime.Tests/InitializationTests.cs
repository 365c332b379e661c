using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public class InitializationTests
{
    private const int Out = 200, In = 30, Area = 9;

    private static Parameter[] Layer()
    {
        Parameter Make(string name, int[] shape, ParameterKind kind) => new(
            name, shape, new AlignedBuffer(shape.Aggregate((a, b) => a * b)), 0,
                new TensorLayout(new TensorDimension(shape.Aggregate((a, b) => a * b), 1)), kind, In * Area, Out * Area);
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
        var packed =
            new Parameter("p", [6, 4], new AlignedBuffer(64), 0, new TensorLayout(new(6, 1), new(4, 16)), ParameterKind.Weight, 4, 6);
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

    [Fact]
    public void Gains_are_PyTorchs()
    {
        Assert.Equal(1, Initialization.GainOf(Nonlinearity.Linear));
        Assert.Equal(1, Initialization.GainOf(Nonlinearity.Sigmoid));
        Assert.Equal(5f / 3, Initialization.GainOf(Nonlinearity.Tanh));
        Assert.Equal(1.41421356f, Initialization.GainOf(Nonlinearity.ReLU));
        Assert.Equal(1.41414285f, Initialization.GainOf(Nonlinearity.LeakyReLU), 6);
        Assert.Equal(1.38675049f, Initialization.GainOf(Nonlinearity.LeakyReLU, 0.2f), 6);
        Assert.Equal(0.75f, Initialization.GainOf(Nonlinearity.SELU));
        Assert.Throws<ArgumentOutOfRangeException>("nonlinearity", () => Initialization.GainOf((Nonlinearity)99));
        Assert.Throws<ArgumentOutOfRangeException>("negativeSlope", () => Initialization.GainOf(Nonlinearity.LeakyReLU, float.NaN));
    }

    [Fact]
    public void Uniform_normal_and_constant_are_what_they_say()
    {
        AssertUniform([.. Draw(Initialization.CreateUniform(2, 6)).Select(x => x - 4)], 2, 1e-6f);
        Assert.All(Draw(Initialization.CreateUniform()), x => Assert.InRange(x, 0, MathF.BitDecrement(1)));
        AssertNormal(Draw(Initialization.CreateNormal()), 1);
        AssertNormal([.. Draw(Initialization.CreateNormal(-3, 0.25f)).Select(x => x + 3)], 0.25);
        Assert.All(Draw(Initialization.CreateConstant(-1.5f)), x => Assert.Equal(-1.5f, x));
        Assert.All(Draw(Initialization.CreateUniform(7, 7)), x => Assert.Equal(7, x));
        Assert.All(Draw(Initialization.CreateNormal(7, 0)), x => Assert.Equal(7, x));
        Assert.All(Draw(Initialization.CreateTruncatedNormal(7, 0)), x => Assert.Equal(2, x));
    }

    // Every way of drawing candidates: wide, lopsided, narrow around the mean, the tails on both sides, a narrow range in a tail.
    [Theory]
    [InlineData(0, 1, -2, 2)]
    [InlineData(0.5, 0.02, 0.46, 0.54)]
    [InlineData(1, 2, 0, 100)]
    [InlineData(0, 1, -0.5, 0.25)]
    [InlineData(0, 1, 3, 9)]
    [InlineData(0, 1, -9, -3)]
    [InlineData(0, 1, 3, 3.1)]
    [InlineData(-10, 1, 28, 60)]
    public void The_truncated_normal_has_its_bounds_and_moments(float mean, float deviation, float minimum, float maximum)
    {
        float[] values = Draw(Initialization.CreateTruncatedNormal(mean, deviation, minimum, maximum));
        Assert.All(values, x => Assert.InRange(x, minimum, maximum));
        (double m1, double m2, double below) = TruncatedMoments(mean, deviation, minimum, maximum);
        double spread = Math.Sqrt(m2), error = spread / Math.Sqrt(values.Length);
        double average = values.Average(x => (double)x);
        Assert.InRange(average, m1 - 5 * error, m1 + 5 * error);
        Assert.InRange(values.Average(x => (x - m1) * (x - m1)) / m2, 0.94, 1.06);
        // The distribution function at the mean: a wrong form with the right moments would be seen.
        Assert.InRange(values.Count(x => x < m1) / (double)values.Length, below - 0.011, below + 0.011);
    }

    // Mean, variance and the share below the mean, by Simpson's rule on the density.
    private static (double Mean, double Variance, double Below) TruncatedMoments(double mean, double deviation, double minimum,
        double maximum)
    {
        // Relative to the largest density in the range, and no further than where it has fallen to nothing.
        double peak = Math.Clamp(mean, minimum, maximum), reach = 40 * deviation;
        (double low, double high) = (Math.Max(minimum, peak - reach), Math.Min(maximum, peak + reach));
        double Density(double x) => Math.Exp(((peak - mean) * (peak - mean) - (x - mean) * (x - mean)) / (2 * deviation * deviation));
        double Integral(Func<double, double> f, double from, double to)
        {
            const int n = 40000;
            double h = (to - from) / n, sum = f(from) + f(to);
            for (int i = 1; i < n; i++)
                sum += f(from + i * h) * (i % 2 == 1 ? 4 : 2);
            return sum * h / 3;
        }
        double mass = Integral(Density, low, high), first = Integral(x => x * Density(x), low, high) / mass;
        return (first, Integral(x => (x - first) * (x - first) * Density(x), low, high) / mass, Integral(Density, low, first) / mass);
    }

    [Theory]
    [InlineData(20, 3, 5, 5, 1)]
    [InlineData(200, 3, 3, 3, 1.5)]
    [InlineData(64, 64, 1, 1, 0.5)]
    [InlineData(1, 7, 1, 1, 1)]
    [InlineData(7, 1, 1, 1, 1)]
    public void Orthogonal_matrices_are_orthogonal(int rows, int channels, int height, int width, float gain)
    {
        Parameter weight = Floats.Plain("conv1.weight", rows, channels, height, width);
        Initialization.CreateOrthogonal(gain).Apply([weight], 9);
        float[] values = weight.ToArray();
        int columns = channels * height * width, count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        double At(int vector, int i) => rows <= columns ? values[vector * columns + i] : values[i * columns + vector];
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = 0;
                for (int i = 0; i < length; i++)
                    product += At(a, i) * At(b, i);
                Assert.InRange(product, (a == b ? gain * gain : 0) - 1e-6, (a == b ? gain * gain : 0) + 1e-6);
            }
        }
    }

    [Fact]
    public void Orthogonal_matrices_are_drawn_evenly()
    {
        // Of rotations and reflections of the plane: the first column's angle is uniform, and both kinds are as frequent.
        const int count = 4000;
        double cosine = 0, sine = 0, cosine2 = 0, determinant = 0;
        for (uint seed = 0; seed < count; seed++)
        {
            Parameter weight = Floats.Plain("w", 2, 2);
            Initialization.Orthogonal.Apply([weight], seed);
            float[] m = weight.ToArray();
            (cosine, sine, cosine2) = (cosine + m[0], sine + m[2], cosine2 + m[0] * m[0]);
            determinant += m[0] * m[3] - m[1] * m[2];
        }
        Assert.InRange(cosine / count, -0.05, 0.05);
        Assert.InRange(sine / count, -0.05, 0.05);
        Assert.InRange(cosine2 / count, 0.475, 0.525);
        Assert.InRange(determinant / count, -0.07, 0.07);
    }

    [Fact]
    public void In_a_network_vectors_keep_their_default_and_alone_they_are_drawn()
    {
        Parameter[] Network()
        {
            static Parameter Make(string name, ParameterKind kind, float initial, params int[] shape)
            {
                int length = shape.Aggregate((a, b) => a * b);
                return new Parameter(name, shape, new AlignedBuffer(length), 0, new TensorLayout(new TensorDimension(length, 1)), kind,
                    shape.Length > 1 ? shape[1] : length, shape[0], initial);
            }
            return
            [
                Make("linear1.weight", ParameterKind.Weight, float.NaN, 8, 4), Make("linear1.bias", ParameterKind.Bias, float.NaN, 8),
                Make("norm1.weight", ParameterKind.Weight, 1, 8), Make("norm1.bias", ParameterKind.Bias, 0, 8),
                    Make("norm1.running_var", ParameterKind.Buffer, 1, 8),
                Make("linear2.weight", ParameterKind.Weight, float.NaN, 8, 4), Make("linear2.bias", ParameterKind.Bias, float.NaN, 8),
            ];
        }

        Parameter[] whole = Network();
        Initialization.CreateNormal(5, 0.1f).Apply(whole, 1);
        Assert.All(whole[0].ToArray(), x => Assert.InRange(x, 4, 6));
        AssertAll(0, whole[1]);
        AssertAll(1, whole[2]);
        AssertAll(0, whole[3]);
        AssertAll(1, whole[4]);

        Parameter[] parts = Network();
        Initialization byPath = Initialization.CreateByPath(
            Initialization.CreateConstant(3),
            ("norm1", Initialization.CreateConstant(4)), ("norm1.bias", Initialization.CreateConstant(5)),
                ("linear2", Initialization.Orthogonal), ("linear2.bias", Initialization.PyTorchDefault));
        byPath.Apply(parts, 1);
        AssertAll(3, parts[0]);
        AssertAll(0, parts[1]);
        AssertAll(4, parts[2]);
        AssertAll(5, parts[3]);
        AssertAll(1, parts[4]);
        Parameter[] orthogonal = Network();
        Initialization.Orthogonal.Apply(orthogonal, 1);
        Assert.Equal(orthogonal[5].ToArray(), parts[5].ToArray());
        Parameter[] standard = Network();
        Initialization.PyTorchDefault.Apply(standard, 1);
        Assert.Equal(standard[6].ToArray(), parts[6].ToArray());

        Assert.Contains("\"linear3\" is no layer",
            Assert.Throws<ArgumentException>(() =>
            Initialization.CreateByPath(Initialization.Orthogonal, ("linear3", Initialization.Orthogonal)).Apply(parts, 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("norm1.weight [8] has 1",
            Assert.Throws<ArgumentException>(() =>
            Initialization.CreateByPath(Initialization.CreateConstant(9), ("norm1", Initialization.Orthogonal))
            .Apply(parts, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            Initialization.CreateByPath(Initialization.CreateConstant(9), ("norm1.running_var", Initialization.CreateConstant(9)))
            .Apply(parts, 1));
        AssertAll(3, parts[0]);
        Assert.Throws<ArgumentException>("parts",
            () => Initialization.CreateByPath(Initialization.Orthogonal, ("a", Initialization.Orthogonal),
            ("a", Initialization.Orthogonal)));
        Assert.Throws<ArgumentException>("parts",
            () => Initialization.CreateByPath(Initialization.Orthogonal, ("", Initialization.Orthogonal)));
        Assert.Throws<ArgumentException>("parts", () => Initialization.CreateByPath(Initialization.Orthogonal, ("a", byPath)));
        Assert.Throws<ArgumentException>("otherwise", () => Initialization.CreateByPath(byPath));

        static void AssertAll(float expected, Parameter parameter) => Assert.All(parameter.ToArray(), x => Assert.Equal(expected, x));
    }

    [Fact]
    public void A_single_parameter_is_drawn_whatever_it_is()
    {
        Parameter[] layer = Layer();
        Initialization.CreateNormal(3, 0.01f).Apply(layer[1], 1);
        Assert.All(layer[1].ToArray(), x => Assert.InRange(x, 2.9f, 3.1f));
        Initialization.KaimingNormal.Apply(layer[0], 1);
        AssertNormal(layer[0].ToArray(), Math.Sqrt(2.0 / (In * Area)));
        // The name decides: parameters of the same shape differ.
        Parameter a = Floats.Plain("a", 4, 4), b = Floats.Plain("b", 4, 4), again = Floats.Plain("a", 4, 4);
        foreach (Parameter parameter in new[] { a, b, again })
            Initialization.XavierNormal.Apply(parameter, 1);
        Assert.Equal(a.ToArray(), again.ToArray());
        Assert.NotEqual(a.ToArray(), b.ToArray());
        float[] before = layer[1].ToArray();
        foreach (Initialization scheme in new[] { Initialization.XavierUniform, Initialization.KaimingNormal, Initialization.Orthogonal })
            Assert.Contains("at least two dimensions",
                Assert.Throws<ArgumentException>("parameter", () => scheme.Apply(layer[1], 1)).Message, StringComparison.Ordinal);
        Assert.Equal(before, layer[1].ToArray());
    }

    [Fact]
    public void Bad_numbers_are_refused()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>("minimum", () => Initialization.CreateUniform(bad, 1));
            Assert.Throws<ArgumentOutOfRangeException>("maximum", () => Initialization.CreateUniform(0, bad));
            Assert.Throws<ArgumentOutOfRangeException>("mean", () => Initialization.CreateNormal(bad));
            Assert.Throws<ArgumentOutOfRangeException>("standardDeviation", () => Initialization.CreateNormal(0, bad));
            Assert.Throws<ArgumentOutOfRangeException>("mean", () => Initialization.CreateTruncatedNormal(bad));
            Assert.Throws<ArgumentOutOfRangeException>("value", () => Initialization.CreateConstant(bad));
            Assert.Throws<ArgumentOutOfRangeException>("gain", () => Initialization.CreateOrthogonal(bad));
        }
        Assert.Throws<ArgumentOutOfRangeException>("standardDeviation", () => Initialization.CreateTruncatedNormal(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => Initialization.CreateTruncatedNormal(0, 1, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => Initialization.CreateUniform(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("gain", () => Initialization.CreateOrthogonal(0));
    }

    // 54,000 numbers: the tolerances are four standard deviations and more.

    private static void AssertUniform(float[] values, double bound, float rounding = 0)
    {
        Assert.All(values, x => Assert.True(x >= (float)-bound - rounding && x < (float)bound + rounding));
        Assert.InRange(values.Max(), 0.999 * bound, bound + rounding);
        Assert.InRange(values.Min(), -bound * 1.000001 - rounding, -0.999 * bound);
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
