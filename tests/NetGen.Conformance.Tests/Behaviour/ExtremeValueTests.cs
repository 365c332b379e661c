using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Layers.Activations;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>Activations over float32's range, NaN, infinity, and logits that would overflow an exponential.</summary>
public sealed class ExtremeValueTests
{
    private static readonly float[] Values =
    [
        .. Enumerable.Range(-600, 1201).Select(i => i / 50f), .. Enumerable.Range(-60, 121).Select(i => i * 2f),
        0f, -0f, 1e-30f, -1e-30f, 1e-8f, -1e-8f, 1e-4f, -1e-4f, 87.5f, -87.5f, 88.8f, -88.8f, 104f, -104f, 1e4f, -1e4f, 1e30f, -1e30f,
        float.MaxValue, float.MinValue,
        float.Epsilon, -float.Epsilon,
    ];

    [Theory]
    [InlineData("relu")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("gelutanh")]
    [InlineData("leakyrelu")]
    [InlineData("leakyrelu:-0.25")]
    [InlineData("leakyrelu:0")]
    [InlineData("elu")]
    [InlineData("elu:0.3")]
    [InlineData("elu:-2")]
    [InlineData("selu")]
    [InlineData("silu")]
    [InlineData("mish")]
    [InlineData("hardswish")]
    [InlineData("hardsigmoid")]
    [InlineData("relu6")]
    [InlineData("hardtanh")]
    [InlineData("hardtanh:0.5,2")]
    [InlineData("softplus")]
    [InlineData("softplus:2.5,4.0507")]
    [InlineData("softplus:-1")]
    public void Activations_and_their_slopes_are_right_everywhere(string name)
    {
        Stack stack = Stack.Parse($"in:{Values.Length} {name}");
        var kind = (Activation)stack.Layers[0].Layer;
        var ones = new float[Values.Length];
        Array.Fill(ones, 1f);
        foreach (CodeForm form in CodeForm.All)
        {
            using ITrainerAdapter trainer = CompiledNetworks.Of(stack, form.Consumer).Create(1).CreateTrainer(1, new SGD(0.1f),
                new TrainerOptions { VectorWidth = form });
            float[] output = new float[Values.Length], slopes = new float[Values.Length];
            trainer.Forward(Values, output);
            trainer.BackwardFromOutput(ones, slopes);
            for (int i = 0; i < Values.Length; i++)
            {
                double x = Values[i], expected = kind.Value(x), slope = kind.Derivative(x);
                double unit = 1.0 / (1 << 23), scale = kind is Sigmoid or Tanh or Hardsigmoid ? 1 : Math.Abs(expected);
                // Far out x Φ(x) is tiny: absolute in units of x there.
                if (kind is GELU or GELUTanh or Hardswish)
                    scale = Math.Max(scale, Math.Min(Math.Abs(x), 10));
                // The product βx is rounded before it is an exponent.
                if (kind is Softplus softplus && softplus.Beta != 1)
                    scale *= 1 + Math.Min(Math.Abs(softplus.Beta * x), 90) / 8;
                Check.That(output[i] == (float)expected || Math.Abs(output[i] - expected) <= 4 * unit * scale + 2e-43,
                    $"{name}({Values[i]:R}) on {form} is {output[i]:R}, expected {expected:R}.");
                Check.That(Math.Abs(slopes[i] - slope) <= 8 * unit * (1 + Math.Min(Math.Abs(x), 3)),
                    $"{name}'({Values[i]:R}) on {form} is {slopes[i]:R}, expected {slope:R}.");
            }
        }
    }

    [Theory]
    [InlineData("relu", float.NaN, float.NaN)]
    [InlineData("sigmoid", float.NaN, float.NaN)]
    [InlineData("tanh", float.NaN, float.NaN)]
    [InlineData("gelu", float.NaN, float.NaN)]
    [InlineData("gelutanh", float.NaN, float.NaN)]
    [InlineData("relu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("relu", float.NegativeInfinity, 0f)]
    [InlineData("sigmoid", float.PositiveInfinity, 1f)]
    [InlineData("sigmoid", float.NegativeInfinity, 0f)]
    [InlineData("tanh", float.PositiveInfinity, 1f)]
    [InlineData("tanh", float.NegativeInfinity, -1f)]
    [InlineData("gelu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("leakyrelu", float.NaN, float.NaN)]
    [InlineData("leakyrelu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("leakyrelu", float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData("elu", float.NaN, float.NaN)]
    [InlineData("elu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("elu", float.NegativeInfinity, -1f)]
    [InlineData("selu", float.NaN, float.NaN)]
    [InlineData("selu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("selu", float.NegativeInfinity, -1.7580993f)]
    [InlineData("silu", float.NaN, float.NaN)]
    [InlineData("silu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("silu", float.NegativeInfinity, 0f)]    // The limit; PyTorch's is NaN, −∞ · 0.
    [InlineData("mish", float.NaN, float.NaN)]
    [InlineData("mish", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("mish", float.NegativeInfinity, 0f)]    // The limit; PyTorch's is NaN, −∞ · 0.
    [InlineData("hardswish", float.NaN, float.NaN)]
    [InlineData("hardswish", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("hardswish", float.NegativeInfinity, float.NaN)]
    [InlineData("hardsigmoid", float.NaN, float.NaN)]
    [InlineData("hardsigmoid", float.PositiveInfinity, 1f)]
    [InlineData("hardsigmoid", float.NegativeInfinity, 0f)]
    [InlineData("relu6", float.NaN, float.NaN)]
    [InlineData("relu6", float.PositiveInfinity, 6f)]
    [InlineData("hardtanh:-2,3", float.NegativeInfinity, -2f)]
    [InlineData("softplus", float.NaN, float.NaN)]
    [InlineData("softplus", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("softplus", float.NegativeInfinity, 0f)]
    [InlineData("maximumc:0", float.NaN, float.NaN)]
    [InlineData("minimumc:6", float.NaN, float.NaN)]
    [InlineData("maximum:input", float.NaN, float.NaN)]
    [InlineData("maximumc:0", float.NegativeInfinity, 0f)]
    [InlineData("minimumc:6", float.PositiveInfinity, 6f)]
    [InlineData("sub:input", float.PositiveInfinity, float.NaN)]
    [InlineData("mulc:0", float.NegativeInfinity, float.NaN)]
    [InlineData("div:input", 0f, float.NaN)]
    public void Special_values_are_what_PyTorch_makes_of_them(string name, float x, float expected)
    {
        Stack stack = Stack.Parse($"in:37 {name}");
        var input = new float[37];
        Array.Fill(input, x);
        foreach (CodeForm form in CodeForm.All)
        {
            using ISessionAdapter session = CompiledNetworks.Of(stack, form.Consumer).Create(1).CreateSession(1,
                new SessionOptions { VectorWidth = form });
            var output = new float[37];
            session.Forward(input, output);
            Assert.All(output, v => Check.That(float.IsNaN(expected) ? float.IsNaN(v) : v == expected,
                $"{name}({x}) on {form} is {v:R}, expected {expected:R}."));
        }
    }

    /// <summary>A NaN reaches every output that depends on it and no other: a fault in the data is seen, not hidden.</summary>
    [Theory]
    [InlineData("in:3x8x8 max:k3,s2,p1")]
    [InlineData("in:17x6x6 max:k2")]
    [InlineData("in:3x8x8 conv:17,k3,p1 relu max:k2")]
    [InlineData("in:3x8x8 conv:5,k3,p1 relu avg:k2")]
    [InlineData("in:3x8x8 conv:32,k3,s2,p1 relu")]
    [InlineData("in:2x8x8 res[ conv:2,k3,p1 relu ]")]
    [InlineData("in:20x4x4 groupnorm:4")]
    [InlineData("in:17x4x5 instancenorm:affine")]
    [InlineData("in:17x4x5 layernorm:5")]
    [InlineData("in:37 rmsnorm")]
    [InlineData("in:17x4x5 prelu:17")]
    [InlineData("in:17x4x5 maximum[ identity | conv:1,k1 ]")]
    [InlineData("in:17x4x5 sub[ aavg:1x_ | identity ] maximumc:0")]
    [InlineData("in:20x4x4 relu concat:input,. minimum[ identity | aavg:1 ]")]
    [InlineData("in:3x8x8 conv:17,k3,p1 relu mul[ identity | aavg:1 conv:17,k1 sigmoid ]")]
    public void NaN_reaches_what_depends_on_it(string text)
    {
        Stack stack = Stack.Parse(text);
        const int Count = 18;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 2);
        float[] input = Numbers.Uniform(3, Count * stack.Input.Size);
        for (int sample = 0; sample < Count; sample += 3)
            input[sample * stack.Input.Size + 8 * sample % stack.Input.Size + 5] = float.NaN;
        var zeros = new Target { Values = new float[Count * stack.Output.Size] };
        double[] expected = new ReferenceInterpreter(stack, parameters).Run(input, zeros, Count)[0].Output.Values;
        Assert.Contains(expected, double.IsNaN);
        foreach (CodeForm form in CodeForm.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, form.Consumer), stack, parameters);
            var output = new float[expected.Length];
            using (ISessionAdapter session = net.CreateSession(Count, new SessionOptions { VectorWidth = form }))
                session.Forward(input, output);
            AssertSameNaNs($"{text}, session, {form}", expected, output);
            using ITrainerAdapter trainer = net.CreateTrainer(Count, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
            trainer.Forward(input, output);
            AssertSameNaNs($"{text}, trainer, {form}", expected, output);
        }
    }

    /// <summary>
    /// Derivatives that are fused into what sends the gradient: at a NaN it goes on, or is one itself. The gradient that comes in is
    /// finite, so that it is the layer's own NaN that decides.
    /// </summary>
    [Theory]
    [InlineData("in:3x6x6 relu conv:17,k1")]
    [InlineData("in:3x6x6 conv:5,k3,p1 relu conv:4,k3,p1")]
    [InlineData("in:17x6x6 hardtanh:-2,2 conv:20,k3,s2,p1")]
    [InlineData("in:16x8x8 relu conv:16,k3,p1")]
    [InlineData("in:32x1x2 relu conv:32,k3,p1")]
    [InlineData("in:20x5x5 relu6 conv:20,k3,p1,g20")]
    [InlineData("in:6x5x5 relu convt:5,k3,s2")]
    [InlineData("in:33 relu linear:17")]
    [InlineData("in:33 hardtanh linear:40")]
    [InlineData("in:17x6x6 relu avg:k2")]
    [InlineData("in:3x6x6 leakyrelu avg:k3,s1,p1")]
    [InlineData("in:3x6x6 relu max:k2")]
    [InlineData("in:17x7x7 hardtanh:-2,2 max:k3,s2")]
    [InlineData("in:3x9x9 elu amax:2")]
    [InlineData("in:20x9x8 sigmoid amax:1")]
    [InlineData("in:5x6x6 res[ relu ] res[ max:k3,s1,p1 ]")]
    [InlineData("in:12x9 prelu:12 max:k3")]
    [InlineData("in:3x6x6 max@p:k2,indices relu unpool:p")]
    public void The_gradient_at_a_NaN_is_the_interpreters(string text)
    {
        Stack stack = Stack.Parse(text);
        const int Count = 18;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 2);
        float[] input = Numbers.Uniform(3, Count * stack.Input.Size);
        for (int sample = 0; sample < Count; sample += 3)
            input[sample * stack.Input.Size + 8 * sample % stack.Input.Size] = float.NaN;
        var target = new Target { Values = Numbers.Uniform(4, Count * stack.Output.Size) };
        ReferenceResult expected = new ReferenceInterpreter(stack, parameters).Run(input, target, Count)[0];
        foreach (CodeForm form in CodeForm.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, form.Consumer), stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(Count, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
            var gradient = new float[input.Length];
            trainer.Forward(input, new float[Count * stack.Output.Size]);
            trainer.BackwardFromOutput(target.Values, gradient);
            AssertSameNaNs($"gradient of {text} on {form}", expected.InputGradient.Values, gradient);
            for (int i = 0; i < gradient.Length; i++)
            {
                double right = expected.InputGradient.Values[i], error = expected.InputGradient.Errors[i];
                Assert.True(double.IsNaN(right) || Math.Abs(gradient[i] - right) <= (double.IsNaN(error) ? 1e-5 : Estimate.Tolerance * error)
                    + 1e-6 * Math.Abs(right),
                    $"gradient of {text} on {form}: element {i} is {gradient[i]:R}, expected {right:R}.");
            }
        }
    }

    private static void AssertSameNaNs(string what, double[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Check.That(double.IsNaN(expected[i]) == float.IsNaN(actual[i]),
                $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}.");
    }

    /// <summary>A NaN has its own place, as in PyTorch; of several, the last has it. −∞ everywhere is a maximum like any other.</summary>
    [Theory]
    [InlineData(new[] { 1, float.NaN, 3, 4 }, new[] { 0, float.NaN, 0, 0 })]
    [InlineData(new[] { float.NaN, 2, float.NaN, 4 }, new[] { 0, 0, float.NaN, 0 })]
    [InlineData(new[] { float.NaN, 2, 3, 4 }, new[] { float.NaN, 0, 0, 0 })]
    [InlineData(new[] { float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity },
        new[] { float.NegativeInfinity, 0, 0, 0 })]
    [InlineData(new[] { 1, float.PositiveInfinity, 3, 4 }, new[] { 0, float.PositiveInfinity, 0, 0 })]
    public void Unpooling_has_a_place_for_every_maximum(float[] window, float[] expected)
    {
        Stack stack = Stack.Parse("in:1x2x2 max@p:k2,indices unpool:p");
        foreach (CodeForm form in CodeForm.All)
        {
            using ISessionAdapter session = CompiledNetworks.Of(stack, form.Consumer).Create(1).CreateSession(1,
                new SessionOptions { VectorWidth = form });
            var output = new float[4];
            session.Forward(window, output);
            Assert.Equal(expected, output);
        }
    }

    /// <summary>A mean that is a hundred thousand times the deviation costs no digits beyond those that the input has lost.</summary>
    [Theory]
    [InlineData("in:200 layernorm:eps1e-9")]
    [InlineData("in:37 layernorm:eps1e-9")]
    [InlineData("in:5x9x8 layernorm:eps1e-9")]
    [InlineData("in:17x9x8 layernorm:8,eps1e-9")]
    [InlineData("in:20x9x8 groupnorm:4,eps1e-9")]
    [InlineData("in:17x9x8 instancenorm:affine,eps1e-9")]
    public void A_large_mean_does_not_hide_a_small_variance(string text)
    {
        Stack stack = Stack.Parse(text);
        const int Count = 3;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 2);
        float[] input = Array.ConvertAll(Numbers.Uniform(3, Count * stack.Input.Size), x => 1000 + 0.01f * x);
        var target = new Target { Values = Numbers.Uniform(4, Count * stack.Output.Size) };
        ReferenceResult expected = new ReferenceInterpreter(stack, parameters).Run(input, target, Count)[0];
        foreach (CodeForm form in CodeForm.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, form.Consumer), stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(Count, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
            float[] output = new float[Count * stack.Output.Size], gradient = new float[input.Length];
            trainer.Forward(input, output);
            NetworkChecker.Compare(output, expected.Output, $"{text} on {form}", stack.Output.Size);
            trainer.BackwardFromOutput(target.Values, gradient);
            NetworkChecker.Compare(gradient, expected.InputGradient, $"gradient of {text} on {form}", stack.Input.Size);
        }
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(1e30f)]
    public void Large_logits_do_not_overflow(float size)
    {
        Stack stack = Stack.Parse("in:5 relu ce"), softmax = Stack.Parse("in:5 softmax");
        float[] logits = [0, size, size / 2, 1, 0];
        foreach (CodeForm form in CodeForm.All)
        {
            using ITrainerAdapter trainer = CompiledNetworks.Of(stack, form.Consumer).Create(1).CreateTrainer(1, new SGD(0.1f),
                new TrainerOptions { VectorWidth = form });
            float[] output = new float[5], gradient = new float[5];
            trainer.Forward(logits, output);
            Assert.Equal(0, trainer.Backward([1], [], gradient));
            Assert.All(gradient, g => Assert.Equal(0, g, 1e-6f));
            trainer.Forward(logits, output);
            Assert.Equal(size, trainer.Backward([4], []), size * 1e-6f);

            using ISessionAdapter session = CompiledNetworks.Of(softmax, form.Consumer).Create(1).CreateSession(1,
                new SessionOptions { VectorWidth = form });
            session.Forward(logits, output);
            Assert.Equal([0f, 1f, 0f, 0f, 0f], output);
            session.Forward(Array.ConvertAll(logits, v => -v), output);
            Assert.Equal(size > 1e5f ? [0.5f, 0, 0, 0, 0.5f] : [0.42231882f, 0, 0, 0.15536241f, 0.42231882f], output,
                (a, b) => Math.Abs(a - b) < (size > 1e5f ? 1 : 1e-6f));
        }
    }
}
