using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>
/// Several inputs, outputs and losses, and shared parameters: what calls give is held against sums by hand and against finite differences.
/// </summary>
public sealed class GraphNetworkTests
{
    private const float Difference = 1 / 128f;

    public static TheoryData<VectorWidth, int, int> Configurations
    {
        get
        {
            var data = new TheoryData<VectorWidth, int, int>();
            foreach (VectorWidth width in new[] { VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512 })
            {
                foreach ((int samples, int threads) in new[] { (1, 1), (3, 2), (17, 3) })
                    data.Add(width, samples, threads);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Configurations))]
    public void Losses_and_gradients_of_several_ports(VectorWidth width, int samples, int threads)
    {
        if (!IsSupported(width))
            return;
        var net = new SeveralPorts(seed: 5);
        var options = new TrainerOptions { VectorWidth = width, Threads = threads };
        using SeveralPorts.Trainer trainer = net.CreateTrainer(17, new SGD(0.1f), options);
        float[] image = Numbers.Uniform(1, samples * SeveralPorts.ImageSize);
        float[] position = Numbers.Uniform(2, samples * SeveralPorts.PositionSize);
        int[] kinds = [.. Enumerable.Range(0, samples).Select(i => i % SeveralPorts.KindSize)];
        float[] boxes = Numbers.Uniform(3, samples * SeveralPorts.BoxSize), others = Numbers.Uniform(4, samples * SeveralPorts.AgainSize);

        // Outputs: what a session gives is what training gives, and a value that is published twice is the same.
        var outputs = new Outputs(samples);
        trainer.Forward(image, position, outputs.Map, outputs.Features, outputs.Kind, outputs.Box, outputs.Again);
        var inference = new Outputs(samples);
        using (SeveralPorts.Session session = net.CreateSession(samples, new SessionOptions { VectorWidth = width, Threads = threads }))
            session.Forward(image, position, inference.Map, inference.Features, inference.Kind, inference.Box, inference.Again);
        foreach ((float[] trained, float[] inferred) in outputs.All.Zip(inference.All))
            AssertClose(trained.Select(x => (double)x), inferred, 1e-5);
        Assert.Equal(outputs.Box, outputs.Again);

        // The loss is the sum of all, with their factors.
        float[] imageGradient = new float[image.Length], positionGradient = new float[position.Length];
        float loss = trainer.Backward(kinds, boxes, others, imageGradient, positionGradient);
        Assert.Equal(outputs.Loss(kinds, boxes, others), loss, 1e-5);
        Assert.Equal(samples, trainer.KindSampleLosses.Length);
        Assert.Equal(outputs.SumOfSquares(boxes), trainer.BoxSampleLosses.ToArray().Sum(), 1e-4);
        List<float[]> gradients = [.. trainer.Gradients.All.Select(gradient => gradient.ToArray())];

        // Gradients by finite differences of the loss.
        CheckDifferences(image, imageGradient, () => Loss(image, position));
        CheckDifferences(position, positionGradient, () => Loss(image, position));
        for (int i = 0; i < net.Parameters.Count; i++)
            CheckParameter(net.Parameters[i], gradients[i], () => Loss(image, position));

        // The same from gradients of the outputs that the caller has computed; outputs without a loss get zeros.
        Outputs own = outputs.Gradients(kinds, boxes, others);
        float[] imageFromOutput = new float[image.Length];
        trainer.Forward(image, position, default, default, default, default, default);
        trainer.BackwardFromOutput(own.Map, own.Features, own.Kind, own.Box, own.Again, imageFromOutput, default);
        AssertClose(imageGradient.Select(x => (double)x), imageFromOutput, 1e-5);
        for (int i = 0; i < gradients.Count; i++)
            AssertClose(gradients[i].Select(x => (double)x), trainer.Gradients.All[i].ToArray(), 1e-5);

        // And gradients of outputs without a loss count, too.
        Array.Fill(own.Map, 0.01f);
        trainer.BackwardFromOutput(own.Map, own.Features, own.Kind, own.Box, own.Again, default, default);
        Assert.NotEqual(gradients[0], trainer.Gradients.Stem.Weight.ToArray());
        // A step does not remember them.
        trainer.Forward(image, position, default, default, default, default, default);
        trainer.Backward(kinds, boxes, others);
        Assert.Equal(gradients[0], trainer.Gradients.Stem.Weight.ToArray());

        float Loss(float[] x, float[] y)
        {
            trainer.Forward(x, y, default, default, default, default, default);
            return trainer.Backward(kinds, boxes, others);
        }
    }

    [Fact]
    public void Steps_have_the_same_bits_at_every_number_of_threads()
    {
        float[][] states = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            var net = new SeveralPorts(seed: 5);
            using SeveralPorts.Trainer trainer = net.CreateTrainer(19, new Adam(0.01f), new TrainerOptions { Threads = threads });
            for (int step = 0; step < 3; step++)
            {
                trainer.Step(Numbers.Uniform(10 + step, 19 * SeveralPorts.ImageSize),
                    Numbers.Uniform(20 + step, 19 * SeveralPorts.PositionSize), [.. Enumerable.Range(0, 19).Select(i => i % 4)],
                    Numbers.Uniform(30 + step, 57), Numbers.Uniform(40 + step, 57));
            }
            return net.Parameters.SelectMany(parameter => parameter.ToArray()).ToArray();
        })];
        Assert.Equal(states[0], states[1]);
        Assert.Equal(states[0], states[2]);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_named_and_nothing_is_done()
    {
        var net = new SeveralPorts(seed: 5);
        using SeveralPorts.Trainer trainer = net.CreateTrainer(2, new SGD(1));
        float[] before = net.Stem.Weight.ToArray(), image = new float[2 * SeveralPorts.ImageSize], position = new float[10];
        Assert.Contains("'position'", Fault(() => trainer.Step(image, position.AsSpan(1), [0, 0], new float[6], new float[6])));
        Assert.Contains("'kindTarget'", Fault(() => trainer.Step(image, position, [0], new float[6], new float[6])));
        Assert.Contains("'againTarget'", Fault(() => trainer.Step(image, position, [0, 0], new float[6], new float[5])));
        Assert.Contains("'image'", Fault(() => trainer.Step(image.AsSpan(1), position, [0, 0], new float[6], new float[6])));
        Assert.Equal(before, net.Stem.Weight.ToArray());
        using SeveralPorts.Session session = net.CreateSession(2);
        var outputs = new Outputs(2);
        Assert.Contains("'box'", Fault(() =>
            session.Forward(image, position, outputs.Map, outputs.Features, outputs.Kind, default, outputs.Again)));

        static string Fault(Action call) => Assert.ThrowsAny<ArgumentException>(call).Message;
    }

    [Theory, MemberData(nameof(Configurations))]
    public void Several_inputs_around_a_batch_normalisation(VectorWidth width, int samples, int threads)
    {
        if (!IsSupported(width) || samples == 1)
            return;
        var net = new WholeBatchPorts(seed: 3);
        var options = new TrainerOptions { VectorWidth = width, Threads = threads };
        using WholeBatchPorts.Trainer trainer = net.CreateTrainer(17, new SGD(0), options);
        float[] input = Numbers.Uniform(1, samples * WholeBatchPorts.InputSize);
        float[] right = Numbers.Uniform(2, samples * WholeBatchPorts.RightSize);
        float[] target = Numbers.Uniform(3, samples * WholeBatchPorts.OutputSize), output = new float[target.Length];
        float[] inputGradient = new float[input.Length], rightGradient = new float[right.Length];
        trainer.Forward(input, right, output);
        float loss = trainer.Backward(target, inputGradient, rightGradient);
        Assert.Equal(output.Zip(target, (y, t) => (double)(y - t) * (y - t)).Average(), loss, 1e-5);
        CheckDifferences(input, inputGradient, Loss);
        CheckDifferences(right, rightGradient, Loss);

        float Loss()
        {
            trainer.Forward(input, right, default);
            return trainer.Backward(target);
        }
    }

    [Theory, MemberData(nameof(Configurations))]
    public void Gradients_of_shared_parameters_add(VectorWidth width, int samples, int threads)
    {
        if (!IsSupported(width))
            return;
        Assert.Equal(
            ["tower.conv1.weight", "tower.conv1.bias", "tower.slope.weight", "tower.layernorm1.weight", "tower.layernorm1.bias",
                "tower.conv2.weight", "tower.conv2.bias", "fc.weight", "fc.bias", "tied.weight", "tied.bias"],
            new SharedTowers().Parameters.Select(parameter => parameter.Name));
        Check(new SharedTowers(seed: 2), samples, width, threads);
        Check(new SharedBehindFlatten(seed: 2), samples, width, threads);
    }

    [Fact]
    public void Statistics_of_shared_normalisations_move_at_each_use()
    {
        var net = new SharedNorms(seed: 4);
        using SharedNorms.Trainer trainer = net.CreateTrainer(8, new SGD(0));
        float[] input = Numbers.Uniform(1, 8 * SharedNorms.InputSize);
        trainer.Forward(input, default);
        Assert.Equal(2, net.Tower.BatchNorm1.NumBatchesTracked.CounterValue);

        // Of one feature: half of what there was, twice, with the means of the inputs and of twice the inputs.
        float[] weight = net.Tower.Linear1.Weight.ToArray();
        double mean = Enumerable.Range(0, 8).Average(n => Enumerable.Range(0, 6).Sum(i => (double)weight[i] * input[n * 6 + i]));
        Assert.Equal(0.25 * mean + 0.5 * (2 * mean), net.Tower.BatchNorm1.RunningMean.ToArray()[0], 1e-5);
        Check(net, 8, trainer.VectorWidth, 2);
    }

    [Fact]
    public void Shared_parameters_are_saved_once()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netgen-shared-{Environment.ProcessId}.safetensors");
        try
        {
            var net = new SharedTowers(seed: 6);
            net.Save(path);
            SharedTowers loaded = SharedTowers.Load(path);
            Assert.Equal(net.Parameters.SelectMany(p => p.ToArray()), loaded.Parameters.SelectMany(p => p.ToArray()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>All gradients of a network with one input and a target of numbers, by finite differences.</summary>
    private static void Check(INetwork net, int samples, VectorWidth width, int threads)
    {
        var options = new TrainerOptions { VectorWidth = width, Threads = threads };
        using ITrainer trainer = net.CreateTrainer(17, new SGD(0), options);
        float[] input = Numbers.Uniform(7, samples * trainer.InputSize), target = Numbers.Uniform(8, samples * trainer.OutputSize);
        Loss();
        List<float[]> gradients = [.. Gradients(trainer).Select(gradient => gradient.ToArray())];
        Parameter[] learned = [.. net.Parameters];
        for (int i = 0; i < learned.Length; i++)
        {
            if (learned[i].IsLearned)
                CheckParameter(learned[i], gradients[i], Loss);
        }

        // With a rate of zero a step changes nothing.
        float Loss() => trainer.Step(new Batch(samples, input, target));
    }

    private static IReadOnlyList<Parameter> Gradients(ITrainer trainer)
    {
        object gradients = trainer.GetType().GetProperty("Gradients")!.GetValue(trainer)!;
        return (IReadOnlyList<Parameter>)gradients.GetType().GetProperty("All")!.GetValue(gradients)!;
    }

    private static void CheckParameter(Parameter parameter, float[] gradient, Func<float> loss)
    {
        float[] values = parameter.ToArray();
        CheckDifferences(values, gradient, () =>
        {
            parameter.CopyFrom(values);
            return loss();
        });
        parameter.CopyFrom(values);
    }

    /// <summary>Some elements, spread over all.</summary>
    private static void CheckDifferences(float[] values, float[] gradient, Func<float> loss)
    {
        const int Most = 4;
        for (int k = 0; k < Math.Min(Most, values.Length); k++)
        {
            int i = (int)((long)k * (values.Length - 1) / Math.Max(1, Math.Min(Most, values.Length) - 1));
            float kept = values[i];
            values[i] = kept + Difference;
            double up = loss();
            values[i] = kept - Difference;
            double slope = (up - loss()) / (2 * Difference);
            values[i] = kept;
            loss();
            Assert.True(Math.Abs(slope - gradient[i]) <= 2e-3 + 0.03 * Math.Abs(slope),
                $"element {i}: {gradient[i]}, differences say {slope}.");
        }
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<float> actual, double tolerance)
        => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));

    private static bool IsSupported(VectorWidth width)
    {
        try
        {
            using SharedNorms.Session session = new SharedNorms().CreateSession(1, new SessionOptions { VectorWidth = width });
            return true;
        }
        catch (PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>What <see cref="SeveralPorts"/> gives, with its losses and their gradients by hand.</summary>
    private sealed class Outputs(int samples)
    {
        public float[] Map { get; } = new float[samples * SeveralPorts.MapSize];

        public float[] Features { get; } = new float[samples * SeveralPorts.FeaturesSize];

        public float[] Kind { get; } = new float[samples * SeveralPorts.KindSize];

        public float[] Box { get; } = new float[samples * SeveralPorts.BoxSize];

        public float[] Again { get; } = new float[samples * SeveralPorts.AgainSize];

        public IEnumerable<float[]> All => [Map, Features, Kind, Box, Again];

        public double SumOfSquares(float[] boxes) => Box.Zip(boxes, (y, t) => (double)(y - t) * (y - t)).Sum();

        public double Loss(int[] kinds, float[] boxes, float[] others)
        {
            double cross = Enumerable.Range(0, samples).Average(n => Math.Log(Row(n).Sum(x => Math.Exp(x))) - Row(n)[kinds[n]]);
            double smooth = Again.Zip(others, (y, t) => Math.Abs(y - t) < 1 ? 0.5 * (y - t) * (y - t) : Math.Abs(y - t) - 0.5).Sum();
            return cross + 0.5 * SumOfSquares(boxes) / boxes.Length + 0.25 * smooth;
        }

        public Outputs Gradients(int[] kinds, float[] boxes, float[] others)
        {
            var gradients = new Outputs(samples);
            for (int n = 0; n < samples; n++)
            {
                double sum = Row(n).Sum(x => Math.Exp(x));
                for (int c = 0; c < SeveralPorts.KindSize; c++)
                {
                    double share = Math.Exp(Row(n)[c]) / sum - (c == kinds[n] ? 1 : 0);
                    gradients.Kind[n * SeveralPorts.KindSize + c] = (float)(share / samples);
                }
            }
            for (int i = 0; i < boxes.Length; i++)
            {
                gradients.Box[i] = (Box[i] - boxes[i]) / boxes.Length;
                gradients.Again[i] = 0.25f * Math.Clamp(Again[i] - others[i], -1, 1);
            }
            return gradients;
        }

        private ArraySegment<float> Row(int n) => new(Kind, n * SeveralPorts.KindSize, SeveralPorts.KindSize);
    }
}
