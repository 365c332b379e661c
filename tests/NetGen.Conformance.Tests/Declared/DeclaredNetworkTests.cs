using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>The generated members as a user writes them down.</summary>
public sealed class DeclaredNetworkTests
{
    [Fact]
    public void Constants_describe_the_network()
    {
        Assert.Equal(784, MnistConvNet.InputSize);
        Assert.Equal(10, MnistConvNet.OutputSize);
        Assert.Equal(455_690, MnistConvNet.ParameterCount);
        Assert.Equal([1, 28, 28], MnistConvNet.InputShape.ToArray());
        Assert.Equal([10], MnistConvNet.OutputShape.ToArray());
        // 28²·32·49 + 14²·64·32·25 + 3136·128 + 128·10.
        Assert.Equal(28L * 28 * 32 * 49 + 14L * 14 * 64 * 32 * 25 + 3136 * 128 + 1280, MnistConvNet.MultiplyAdds);
        foreach (string part in new[] { "Conv2d", "(32, 28, 28)", "MaxPool2d", "(64, 7, 7)", "Linear", "(128)", "(10)" })
            Assert.Contains(part, MnistConvNet.Summary, StringComparison.Ordinal);
        Assert.Contains("455", MnistConvNet.Summary, StringComparison.Ordinal);
    }

    [Theory, InlineData(2), InlineData(3)]
    public void Single_samples_have_the_same_bits_whether_the_threads_sleep_or_not(int threads)
    {
        var net = new LeNet(seed: 1);
        float[] input = Numbers.Uniform(1, LeNet.InputSize), expected = new float[LeNet.OutputSize], output = new float[LeNet.OutputSize];
        using (LeNet.Session alone = net.CreateSession())
            alone.Forward(input, expected);
        using LeNet.Session session = net.CreateSession(1, new SessionOptions { Threads = threads });
        for (int call = 0; call < 300; call++)
        {
            Array.Clear(output);
            session.Forward(input, output);
            Assert.Equal(expected, output);
            // Long enough for the other threads to fall asleep.
            if (call % 50 == 49)
                Thread.Sleep(2);
        }
    }

    [Fact]
    public void Parameters_are_found_by_layer_and_by_name()
    {
        var net = new MnistConvNet(seed: 1);
        Assert.Equal(["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "linear1.weight", "linear1.bias", "linear2.weight",
            "linear2.bias"],
            net.Parameters.Select(p => p.Name));
        Assert.Equal([32, 1, 7, 7], net.Conv1.Weight.Shape.ToArray());
        Assert.Equal([128, 3136], net.Linear1.Weight.Shape.ToArray());
        net.Linear1.Weight[5, 77] = 3;
        Assert.Equal(3, net.Linear1.Weight.ToArray()[5 * 3136 + 77]);
        Assert.Same(net.Conv2.Bias, net.Parameters[3]);

        var residual = new Outer.ResidualNet();
        Assert.Equal(["stem.weight", "stem.bias", "residual1.conv1.weight", "residual1.conv1.bias", "residual1.conv2.weight",
            "residual1.conv2.bias",
            "second.conv1.weight", "second.conv1.bias", "second.conv2.weight", "second.conv2.bias", "fc.weight", "fc.bias"],
            residual.Parameters.Select(p => p.Name));
        Assert.Same(residual.Second.Conv2.Bias, residual.Parameters[9]);

        var patches = new FeedForward(seed: 3, Initialization.KaimingNormal);
        Assert.Equal([16, 1, 15, 16], patches.Patches.Weight.Shape.ToArray());
        Assert.Single(patches.Parameters);
        Assert.IsAssignableFrom<INetwork>(patches);
    }

    [Fact]
    public void A_network_is_initialised_as_it_declares()
    {
        var net = new InitializedNet(seed: 7);
        Initialization kaiming = Initialization.CreateKaimingNormal(FanMode.FanOut, Initialization.GainOf(Nonlinearity.LeakyReLU, 0.2f));
        var plain = new InitializedNet(7, kaiming);
        Assert.Equal(plain.Conv1.Weight.ToArray(), net.Conv1.Weight.ToArray());
        AssertAll(net.Conv1.Bias, 0);
        AssertAll(net.BatchNorm1.Weight, 1);

        // Rows of length 2, at right angles.
        float[] linear = net.Linear1.Weight.ToArray();
        const int Inputs = 16 * 36;
        for (int a = 0; a < 10; a++)
        {
            for (int b = 0; b <= a; b++)
                Assert.Equal(a == b ? 4 : 0, Enumerable.Range(0, Inputs).Sum(i => (double)linear[a * Inputs + i] * linear[b * Inputs + i]),
                    5);
        }
        AssertAll(net.Linear1.Bias, -2);

        // The block's own, but where the network says otherwise; the longer path of the block still stands.
        Assert.All(net.Residual1.Conv1.Weight.ToArray(), w => Assert.InRange(w, 1, 2));
        Assert.All(net.Residual2.Conv1.Weight.ToArray(), w => Assert.InRange(w, -0.04f, 0.04f));
        AssertAll(net.Residual1.Conv1.Bias, 0.5f);
        AssertAll(net.Residual2.Conv1.Bias, 0.5f);
        AssertAll(net.Residual2.BatchNorm1.Weight, 0.5f);
        AssertAll(net.Residual1.BatchNorm1.Bias, 0);

        Assert.Equal(net.Linear1.Weight.ToArray(), new InitializedNet(7, InitializedNet.DeclaredInitialization).Linear1.Weight.ToArray());
        Assert.NotEqual(net.Linear1.Weight.ToArray(), new InitializedNet(8).Linear1.Weight.ToArray());

        static void AssertAll(Parameter parameter, float expected) =>
            Assert.All(parameter.ToArray(), value => Assert.Equal(expected, value));
    }

    [Fact]
    public void A_declared_network_computes_what_PyTorch_computes()
    {
        GoldenFile golden = GoldenFile.Read("mnist_conv_net");
        var net = new MnistConvNet();
        foreach ((Parameter parameter, float[] values) in net.Parameters.Zip(golden.Parameters))
            parameter.CopyFrom(values);
        float[] output = new float[golden.Count * MnistConvNet.OutputSize];
        using MnistConvNet.Session session = net.CreateSession(maxBatch: golden.Count);
        session.Forward(golden.Input, output);
        ReferenceResult estimate = new ReferenceInterpreter(golden.Stack, golden.Parameters).Run(golden.Input, golden.Target,
            golden.Count)[0];
        golden.Check("output", Array.ConvertAll(output, v => (double)v), estimate.Output.Errors);
    }

    [Fact]
    public void Training_lowers_the_loss_with_dropout_and_without()
    {
        const int Batch = 32;
        float[] images = Numbers.Uniform(1, Batch * 784);
        int[] labels = Numbers.Labels(2, Batch, 10);
        var net = new MnistConvNet(seed: 1);
        using MnistConvNet.Trainer trainer = net.CreateTrainer(Batch, new Adam(1e-3f), new TrainerOptions { Seed = 3 });
        float first = trainer.Step(images, labels), last = first;
        for (int i = 0; i < 80; i++)
            last = trainer.Step(images, labels);
        Assert.True(last < 0.5f * first, $"The loss fell from {first} to {last} only.");
        Assert.Contains(trainer.Gradients.Conv1.Weight.ToArray(), v => v != 0);

        var residual = new Outer.ResidualNet(seed: 1);
        using Outer.ResidualNet.Trainer residualTrainer = residual.CreateTrainer(batchSize: 8, new Adam(3e-3f));
        float[] input = Numbers.Uniform(4, 8 * Outer.ResidualNet.InputSize), target = Numbers.Uniform(5, 16);
        first = residualTrainer.Step(input, target);
        for (int i = 0; i < 60; i++)
            last = residualTrainer.Step(input, target);
        Assert.True(last < 0.5f * first, $"The loss fell from {first} to {last} only.");
    }

    [Fact]
    public void Sessions_tell_what_runs()
    {
        using LeNet.Session session = new LeNet().CreateSession(maxBatch: 4,
            new SessionOptions { VectorWidth = VectorWidth.Vector128, Threads = 2 });
        Assert.Equal(VectorWidth.Vector128, session.VectorWidth);
        Assert.Equal(2, session.Threads);
        Assert.Equal(4, session.MaxBatch);
        Assert.Contains("128", session.Schedule, StringComparison.Ordinal);
    }

    /// <summary>Parameters are read only by sessions: several run side by side on several threads.</summary>
    [Fact]
    public void Sessions_of_one_network_run_side_by_side()
    {
        var net = new LeNet(seed: 5);
        const int Count = 9;
        float[] input = Numbers.Uniform(6, Count * LeNet.InputSize), expected = new float[Count * LeNet.OutputSize];
        using (LeNet.Session session = net.CreateSession(Count))
            session.Forward(input, expected);
        var outputs = new float[4][];
        var threads = Enumerable.Range(0, outputs.Length).Select(t => new Thread(() =>
        {
            outputs[t] = new float[expected.Length];
            using LeNet.Session session = net.CreateSession(Count);
            for (int i = 0; i < 20; i++)
                session.Forward(input, outputs[t]);
        })).ToArray();
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.All(outputs, output => Assert.Equal(expected, output));
    }
}
