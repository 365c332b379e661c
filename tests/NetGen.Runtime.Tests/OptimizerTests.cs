using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public unsafe class OptimizerTests
{
    public static TheoryData<VectorWidth> Widths => Floats.Widths;

    public static TheoryData<VectorWidth, string> WidthsAndOptimizers
    {
        get
        {
            var cases = new TheoryData<VectorWidth, string>();
            foreach (VectorWidth width in Floats.SupportedWidths)
            {
                foreach (string name in Optimizers.Keys)
                    cases.Add(width, name);
            }
            return cases;
        }
    }

    internal static readonly Dictionary<string, Func<Optimizer>> Optimizers = new()
    {
        ["SGD"] = () => new SGD(0.1f),
        ["SGD decay"] = () => new SGD(0.1f, weightDecay: 0.01f),
        ["SGD momentum"] = () => new SGD(0.1f, 0.9f),
        ["SGD dampening"] = () => new SGD(0.1f, 0.9f, 0.3f, 0.01f),
        ["SGD nesterov"] = () => new SGD(0.1f, 0.9f, 0, 0.01f, true),
        ["Adam"] = () => new Adam(),
        ["Adam decay"] = () => new Adam(1e-2f, 0.8f, 0.9f, 1e-6f, 0.1f),
        ["Adam no epsilon"] = () => new Adam(epsilon: 0),
        ["Adam betas zero"] = () => new Adam(beta1: 0, beta2: 0),
        ["Adam amsgrad"] = () => new Adam(1e-2f, 0.8f, 0.9f, 1e-6f, 0.1f, true),
        ["AdamW"] = () => new AdamW(),
        ["AdamW decay"] = () => new AdamW(1e-2f, 0.8f, 0.9f, 1e-6f, 0.5f),
        ["AdamW amsgrad"] = () => new AdamW(1e-2f, 0.8f, 0.9f, 1e-6f, 0.5f, true),
        ["RMSprop"] = () => new RMSprop(),
        ["RMSprop no epsilon"] = () => new RMSprop(epsilon: 0),
        ["RMSprop momentum"] = () => new RMSprop(1e-2f, 0.9f, 1e-6f, 0.1f, 0.8f),
        ["RMSprop centered"] = () => new RMSprop(1e-2f, 0.9f, 1e-4f, 0.1f, 0, true),
        ["RMSprop centered momentum"] = () => new RMSprop(1e-2f, 0.9f, 1e-4f, 0, 0.7f, true),
        ["Adagrad"] = () => new Adagrad(),
        ["Adagrad decay"] = () => new Adagrad(0.1f, 0.05f, 0.1f, 0.5f, 1e-6f),
        ["SGD uphill"] = () => new SGD(0.1f, 0.9f, 0.3f, 0.01f) { Maximize = true },
        ["AdamW uphill"] = () => new AdamW(1e-2f, weightDecay: 0.5f) { Maximize = true },
    };

    [Theory, MemberData(nameof(WidthsAndOptimizers))]
    public void Follows_the_definition_in_double(VectorWidth width, string name)
    {
        const int count = 101, steps = 25;
        Optimizer optimizer = Optimizers[name]();
        float[] initial = Floats.Random(count, 1);
        double[] expected = initial.Select(x => (double)x).ToArray();
        var first = new double[count];
        var second = new double[count];
        var third = new double[count];
        using AlignedBuffer weights = Floats.Buffer(initial);
        using var state = new OptimizerState(optimizer, count, width);
        for (int step = 1; step <= steps; step++)
        {
            optimizer.LearningRate = 0.05f / step;
            float[] gradient = Floats.Random(count, 100 + step, MathF.Pow(10, step % 5 - 2));
            using AlignedBuffer buffer = Floats.Buffer(gradient);
            state.BeginStep();
            state.UpdateRange(weights.Pointer, buffer.Pointer, 0, count);
            Reference(optimizer, step, expected, gradient, first, second, third);
            AssertClose(expected, weights.Span(), $"{name} step {step}", 1e-5);
        }
        Assert.Equal(steps, state.Steps);
    }

    [Theory, MemberData(nameof(WidthsAndOptimizers))]
    public void Padding_stays_zero_bit_for_bit(VectorWidth width, string name)
    {
        const int count = 64 + 5;
        float[] values = Floats.Random(count, 2);
        for (int i = 0; i < count; i += 3)
            values[i] = 0;
        Optimizer optimizer = Optimizers[name]();
        using AlignedBuffer weights = Floats.Buffer(values);
        using var state = new OptimizerState(optimizer, count, width);
        for (int step = 0; step < 11; step++)
        {
            float[] gradient = Floats.Random(count, step);
            for (int i = 0; i < count; i += 3)
                gradient[i] = 0;
            using AlignedBuffer buffer = Floats.Buffer(gradient);
            state.BeginStep();
            state.UpdateRange(weights.Pointer, buffer.Pointer, 0, count);
        }
        for (int i = 0; i < count; i += 3)
            Assert.Equal(0, BitConverter.SingleToInt32Bits(weights.Span()[i]));
        for (int i = 1; i < count; i += 3)
            Assert.True(float.IsFinite(weights.Span()[i]) && weights.Span()[i] != values[i]);
    }

    [Theory, MemberData(nameof(WidthsAndOptimizers))]
    public void Averages_of_gradients_that_have_ended_never_become_subnormal(VectorWidth width, string name)
    {
        // β = 0.9 brings what a gradient of 1e-8 has left below 2⁻¹²⁶ within 700 steps; without flushing, rounding would hold it there.
        const int count = 16 + 3, steps = 1000;
        using AlignedBuffer weights = Floats.Buffer(Floats.Random(count, 4));
        using AlignedBuffer gradient = Floats.Buffer(Floats.Random(count, 5, 1e-8f)), zero = Floats.Buffer(new float[count]);
        using var state = new OptimizerState(Optimizers[name](), count, width);
        for (int step = 0; step < steps; step++)
        {
            state.BeginStep();
            state.UpdateRange(weights.Pointer, step == 0 ? gradient.Pointer : zero.Pointer, 0, count);
            foreach (float remembered in state.Remembered)
                Assert.False(float.IsSubnormal(remembered), $"{name}, step {step}: {remembered}");
        }
    }

    [Theory, MemberData(nameof(WidthsAndOptimizers))]
    public void Bits_do_not_depend_on_the_division_among_threads(VectorWidth width, string name)
    {
        const int count = 1000;
        float[] initial = Floats.Random(count, 3);
        using AlignedBuffer whole = Floats.Buffer(initial), divided = Floats.Buffer(initial);
        using var wholeState = new OptimizerState(Optimizers[name](), count, width);
        using var dividedState = new OptimizerState(Optimizers[name](), count, width);
        int[] cuts = [0, 1, 18, 255, 256, 257, 777, 777, count];
        for (int step = 0; step < 5; step++)
        {
            using AlignedBuffer gradient = Floats.Buffer(Floats.Random(count, step));
            wholeState.BeginStep();
            wholeState.UpdateRange(whole.Pointer, gradient.Pointer, 0, count);
            dividedState.BeginStep();
            Parallel.For(0, cuts.Length - 1,
                i => dividedState.UpdateRange(divided.Pointer, gradient.Pointer, cuts[i], cuts[i + 1] - cuts[i]));
        }
        Assert.Equal(Floats.Bits(whole.Span()), Floats.Bits(divided.Span()));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7), InlineData(64)]
    public void Workers_take_parts_of_each_tensor_and_each_element_is_updated_once(int workers)
    {
        // Three tensors, the first two padded to 16; what lies behind the learned floats is not touched.
        (int Offset, int Length)[] tensors = [(0, 33), (48, 5), (64, 200)];
        const int count = 264;
        using AlignedBuffer weights = Floats.Buffer(new float[count + 16]),
            gradient = Floats.Buffer(Enumerable.Repeat(1f, count + 16).ToArray());
        Parameter[] parameters =
            [.. tensors.Select((t, i) =>
            new Parameter($"p{i}", [t.Length], weights, t.Offset, new TensorLayout(new TensorDimension(t.Length, 1)),
            ParameterKind.Weight, 1, 1))];
        using var state = new OptimizerState(new SGD(1), parameters, count, new TrainerOptions(), VectorSupport.Best);
        state.BeginStep();
        for (int worker = 0; worker < workers; worker++)
            state.Update(weights.Pointer, gradient.Pointer, worker, workers);
        Assert.Equal([.. Enumerable.Repeat(-1f, count), .. new float[16]], weights.Span().ToArray());
    }

    [Fact]
    public void Fetching_lines_for_writing_changes_no_bit()
    {
        int[] bits = [.. Enumerable.Range(0, 100).Select(i => unchecked(i * 0x2F8B_1A35))];
        using var buffer = new AlignedBuffer(100);
        for (int i = 0; i < bits.Length; i++)
            buffer.Span()[i] = BitConverter.Int32BitsToSingle(bits[i]);
        CacheLines.FetchForWriting(buffer.Pointer, 100);
        CacheLines.FetchForWriting(buffer.Pointer + 3, 0);
        Assert.Equal(bits, Floats.Bits(buffer.Span()));
    }

    [Fact]
    public void Widths_agree_bit_for_bit_where_multiply_adds_are_fused()
    {
        if (!System.Runtime.Intrinsics.X86.Fma.IsSupported)
            return;
        foreach (string name in Optimizers.Keys)
        {
            int[]? first = null;
            foreach (VectorWidth width in Floats.SupportedWidths)
            {
                using AlignedBuffer weights = Floats.Buffer(Floats.Random(333, 4)), gradient = Floats.Buffer(Floats.Random(333, 5));
                using var state = new OptimizerState(Optimizers[name](), 333, width);
                for (int step = 0; step < 3; step++)
                {
                    state.BeginStep();
                    state.UpdateRange(weights.Pointer, gradient.Pointer, 0, 333);
                }
                first ??= Floats.Bits(weights.Span());
                Assert.Equal(first, Floats.Bits(weights.Span()));
            }
        }
    }

    [Fact]
    public void A_range_leaves_its_neighbours_alone()
    {
        float[] initial = Floats.Random(50, 6);
        using AlignedBuffer weights = Floats.Buffer(initial), gradient = Floats.Buffer(Floats.Random(50, 7));
        using var state = new OptimizerState(new Adam(), 50);
        state.BeginStep();
        state.UpdateRange(weights.Pointer, gradient.Pointer, 7, 21);
        Assert.Equal(initial[..7], weights.Span()[..7].ToArray());
        Assert.Equal(initial[28..], weights.Span()[28..].ToArray());
        for (int i = 7; i < 28; i++)
            Assert.NotEqual(initial[i], weights.Span()[i]);
    }

    [Fact]
    public void The_rate_is_taken_over_when_a_step_begins()
    {
        var optimizer = new SGD(1);
        using AlignedBuffer weights = Floats.Buffer([0]), gradient = Floats.Buffer([1]);
        using var state = new OptimizerState(optimizer, 1);
        state.BeginStep();
        optimizer.LearningRate = 100;
        state.UpdateRange(weights.Pointer, gradient.Pointer, 0, 1);
        Assert.Equal(-1, weights.Span()[0]);
        state.BeginStep();
        state.UpdateRange(weights.Pointer, gradient.Pointer, 0, 1);
        Assert.Equal(-101, weights.Span()[0]);
    }

    [Fact]
    public void Misuse_is_told()
    {
        var state = new OptimizerState(new Adam(), 10);
        using var buffer = new AlignedBuffer(10);
        float* pointer = buffer.Pointer;
        Assert.Throws<InvalidOperationException>(() => state.UpdateRange(pointer, pointer, 0, 10));
        state.BeginStep();
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateRange(pointer, pointer, 0, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateRange(pointer, pointer, -1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateRange(pointer, pointer, 8, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateRange(pointer, pointer, 8, nint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.UpdateRange(pointer, pointer, 8, -1));
        state.UpdateRange(pointer, pointer, 10, 0);
        state.Dispose();
        state.Dispose();
        Assert.Throws<ObjectDisposedException>(state.BeginStep);
        Assert.Throws<ObjectDisposedException>(() => state.UpdateRange(pointer, pointer, 0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OptimizerState(new Adam(), -1));
        Assert.Throws<ArgumentNullException>(() => new OptimizerState(null!, 1));
    }

    [Fact]
    public void A_momentum_of_a_group_needs_an_optimiser_with_momentum()
    {
        using var buffer = new AlignedBuffer(16);
        var parameter = new Parameter("a", [4], buffer, 0, new TensorLayout(new TensorDimension(4, 1)), ParameterKind.Weight, 1, 1);
        var optimizer = new Adam { Groups = { new ParameterGroup("a") } };
        using var state = new OptimizerState(optimizer, [parameter], 16, new TrainerOptions(), VectorWidth.Vector128);
        state.BeginStep();
        optimizer.Groups[0].Momentum = 0.5f;
        Assert.Contains("Parameter group \"a\" has a momentum of its own, which Adam does not have",
            Assert.Throws<InvalidOperationException>(state.BeginStep).Message, StringComparison.Ordinal);
        Assert.Equal(1, state.Steps);
        Assert.Throws<InvalidOperationException>(() =>
            new OptimizerState(optimizer, [parameter], 16, new TrainerOptions(), VectorWidth.Vector128));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => optimizer.Groups[0].Momentum = -1);
        optimizer.Groups[0].Momentum = null;
        state.BeginStep();
        Assert.Equal(2, state.Steps);
    }

    [Fact]
    public void Settings_are_checked_as_PyTorch_does()
    {
        foreach (float bad in new[] { -1f, float.NaN, float.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new SGD(bad));
            Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new SGD(1, bad));
            Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new SGD(1, weightDecay: bad));
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Adam(bad));
            Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new Adam(beta1: bad));
            Assert.Throws<ArgumentOutOfRangeException>("beta2", () => new AdamW(beta2: bad));
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new AdamW(epsilon: bad));
            Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new AdamW(weightDecay: bad));
            var optimizer = new Adam();
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => optimizer.LearningRate = bad);
            Assert.Equal(1e-3f, optimizer.LearningRate);
        }
        Assert.Throws<ArgumentOutOfRangeException>("beta1", () => new Adam(beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>("dampening", () => new SGD(1, dampening: float.NaN));
        Assert.Throws<ArgumentException>("nesterov", () => new SGD(1, nesterov: true));
        Assert.Throws<ArgumentException>("nesterov", () => new SGD(1, 0.9f, 0.1f, nesterov: true));
        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f, 1e-2f),
            (new AdamW().LearningRate, new AdamW().Beta1, new AdamW().Beta2, new AdamW().Epsilon, new AdamW().WeightDecay));
        Assert.Equal(0, new Adam().WeightDecay);
    }

    [Theory, MemberData(nameof(WidthsAndOptimizers))]
    public void Steps_allocate_nothing(VectorWidth width, string name)
    {
        using AlignedBuffer weights = Floats.Buffer(Floats.Random(1003, 8)), gradient = Floats.Buffer(Floats.Random(1003, 9));
        using var state = new OptimizerState(Optimizers[name](), 1003, width);
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            state.BeginStep();
            state.UpdateRange(weights.Pointer, gradient.Pointer, 0, 1003);
        }
    }

    [Fact]
    public void Works_in_a_culture_with_other_numbers()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("fi-FI");
            using AlignedBuffer weights = Floats.Buffer([1]), gradient = Floats.Buffer([1]);
            using var state = new OptimizerState(new Adam(), 1);
            state.BeginStep();
            state.UpdateRange(weights.Pointer, gradient.Pointer, 0, 1);
            Assert.Equal(0.999f, weights.Span()[0], 6);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // The definitions, literally, element by element in double.
    private static void Reference(Optimizer optimizer, int step, double[] weights, float[] gradients, double[] first, double[] second,
        double[] third)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            double g = optimizer.Maximize
                ? -gradients[i] : gradients[i], w = weights[i], rate = optimizer.LearningRate, decay = optimizer.WeightDecay;
            switch (optimizer)
            {
                case SGD sgd:
                    g += decay * w;
                    if (sgd.Momentum != 0)
                    {
                        first[i] = step == 1 ? g : sgd.Momentum * first[i] + (1 - sgd.Dampening) * g;
                        g = sgd.Nesterov ? g + sgd.Momentum * first[i] : first[i];
                    }
                    weights[i] = w - rate * g;
                    break;
                case Adam adam:
                    weights[i] = AdamUpdate(w, g + decay * w, adam.Beta1, adam.Beta2, adam.Epsilon, adam.Amsgrad);
                    break;
                case AdamW adam:
                    weights[i] = AdamUpdate(w * (1 - rate * decay), g, adam.Beta1, adam.Beta2, adam.Epsilon, adam.Amsgrad);
                    break;
                case RMSprop rms:
                    g += decay * w;
                    double alpha = (double)(decimal)rms.Alpha;
                    first[i] = alpha * first[i] + (1 - alpha) * g * g;
                    third[i] = alpha * third[i] + (1 - alpha) * g;
                    double variance = rms.Centered ? first[i] - third[i] * third[i] : first[i];
                    second[i] = rms.Momentum * second[i] + g / (Math.Sqrt(variance) + rms.Epsilon);
                    weights[i] = w - rate * second[i];
                    break;
                case Adagrad adagrad:
                    g += decay * w;
                    first[i] = (step == 1 ? adagrad.InitialAccumulatorValue : first[i]) + g * g;
                    weights[i] =
                        w - rate / (1 + (step - 1) * (double)(decimal)adagrad.LearningRateDecay)
                        * g / (Math.Sqrt(first[i]) + adagrad.Epsilon);
                    break;
            }

            double AdamUpdate(double start, double gradient, float beta1, float beta2, double epsilon, bool amsgrad)
            {
                (double b1, double b2) = ((double)(decimal)beta1, (double)(decimal)beta2);
                first[i] = b1 * first[i] + (1 - b1) * gradient;
                second[i] = b2 * second[i] + (1 - b2) * gradient * gradient;
                third[i] = amsgrad ? Math.Max(third[i], second[i]) : second[i];
                double denominator = Math.Sqrt(third[i]) / Math.Sqrt(1 - Math.Pow(b2, step)) + epsilon;
                return start - rate / (1 - Math.Pow(b1, step)) * first[i] / denominator;
            }
        }
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what, double tolerance = 2e-6)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i]))))
                Assert.Fail($"{what}, element {i}: expected {expected[i]:R}, found {actual[i]:R}.");
        }
    }
}
