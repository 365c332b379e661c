namespace NetGen.Training.Tests;

/// <summary>The declared loss on validation data is that of <c>Step</c>, of which these networks compute the same in training.</summary>
public sealed class NetworkLossTests
{
    private const int Count = 8;

    [Fact]
    public void EveryLossOfOneOutputIsThatOfTheTrainer()
    {
        var net = new AllLosses(seed: 3);
        var targets = new Dictionary<string, BatchValues[]>
        {
            ["kind"] = [new[] { 0, 3, -1, 2, 1, 1, 0, 3 }],
            ["tag"] = [new[] { 2, 1, -100, 0, 0, 1, 2, 2 }],
            ["square"] = [Values(5, 11)],
            ["absolute"] = [Values(5, 12)],
            ["huber"] = [Values(5, 13)],
            ["smooth"] = [Values(5, 14)],
            ["probability"] = [new float[] { 0, 1, 0.5f, 1, 0, 0, 1, 1, 0.25f, 0, 1, 0, 1, 1, 0, 0.75f }],
            ["logit"] = [new float[] { 1, 0, 1, 0.5f, 0, 1, 0, 0, 1, 1, 0.25f, 0, 1, 0, 1, 1 }],
            ["divergence"] = [Distributions(4)],
            ["angle"] = [Values(3, 15), new[] { 1, -1, 1, -1, -1, 1, 1, -1 }],
        };
        var losses = new Dictionary<string, NetworkLoss>
        {
            ["kind"] = new(net) { Of = "kind" },
            ["tag"] = new(net) { Of = "tag", Weight = [0.5f, 2, 1.25f] },
            ["square"] = new(net) { Of = "square" },
            ["absolute"] = new(net) { Of = "absolute" },
            ["huber"] = new(net) { Of = "huber" },
            ["smooth"] = new(net) { Of = "smooth" },
            ["probability"] = new(net) { Of = "probability", Weight = [0.75f] },
            ["logit"] = new(net) { Of = "logit", Weight = [0.5f, 1.5f], PosWeight = [3, 0.25f] },
            ["divergence"] = new(net) { Of = "divergence" },
            ["angle"] = new(net) { Of = "angle" },
        };
        double expected = Trained(net, targets), sum = Measured(net, targets, losses.Values, batch: 3)
            - (1 - 0.125) * losses["absolute"].Value;
        Assert.Equal(expected, sum, 5e-6 * expected);
        foreach ((string of, NetworkLoss loss) in losses)
        {
            Assert.Equal($"{of} loss", loss.Title);
            Assert.InRange(loss.Value, 0.01, 50);
        }
        Assert.Equal("huber loss: HuberLoss(delta 0.25)", losses["huber"].ToString());

        // Class probabilities are another form of the same loss.
        targets["kind"] = [Distributions(4)];
        expected = Trained(net, targets);
        sum = Measured(net, targets, losses.Values, batch: 3) - (1 - 0.125) * losses["absolute"].Value;
        Assert.Equal(expected, sum, 5e-6 * expected);
    }

    [Fact]
    public void LossesOfSeveralOutputsAreThoseOfTheTrainer()
    {
        var net = new PairLosses(seed: 4);
        var targets = new Dictionary<string, BatchValues[]> { ["a"] = [new[] { 1, -1, 1, -1, -1, 1, 1, -1 }] };
        NetworkLoss[] losses = [new(net) { Of = "a" }, new(net) { Of = "text_embeds" }, new(net) { Of = "negative" }];
        double expected = Trained(net, targets);
        Assert.Equal(expected, Measured(net, targets, losses, Count), 5e-6 * expected);
        Assert.All(losses, loss => Assert.InRange(loss.Value, 0.01, 50));
        // In batches of one nothing is told apart from anything.
        Measured(net, targets, losses, 1);
        Assert.Equal(0, losses[1].Value, 12);
        Assert.Contains("compares the outputs a and b", Assert.Throws<NotSupportedException>(
            () => losses[0].Add(new float[4], new Batch(1, [new float[6]], [new[] { 1 }]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PositionsAreCountedOneByOne()
    {
        var net = new Positions(seed: 5);
        int[] tokens = [.. Enumerable.Range(0, 3 * Count).Select(i => i * 5 % 7)];
        int[] next = [.. Enumerable.Range(0, 3 * Count).Select(i => i % 4 == 3 ? -100 : i % 5)];
        using ITrainer trainer = ((INetwork)net).CreateTrainer(Count, new SGD(0));
        double expected = trainer.Backward(new Batch(Count, tokens, next));
        using ISession session = ((INetwork)net).CreateSession(3);
        Metric[] metrics = [new NetworkLoss(net), new CrossEntropy(), new Perplexity(), new Accuracy()];
        session.Evaluate(ArrayBatches.ForPorts([tokens], [next], Count, new BatchOptions { BatchSize = 3 }), metrics);
        Assert.Equal(expected, metrics[0].Value, 5e-6);
        Assert.Equal(metrics[0].Value, metrics[1].Value, 12);
        Assert.Equal(Math.Exp(expected), metrics[2].Value, 5e-5);
        Assert.Equal(next.Count(label => label >= 0), ((Accuracy)metrics[3]).Count);
    }

    [Fact]
    public void LengthsOfTheirOwn()
    {
        var net = new Tags(seed: 6);
        int[][] tokens = [[1, 2, 3], [4, 5], [6, 7, 8, 9]], tags = [[0, 1, 2], [3, -100], [1, 0, 2, 3]];
        float[][] shapes = [.. tokens.Select(sample => Enumerable.Range(0, 3 * sample.Length).Select(i => i * 0.1f).ToArray())];
        var words = new SampleValues(tokens);
        var shape = new SampleValues(shapes, features: 3) { Like = words };
        using ITrainer trainer = ((INetwork)net).CreateTrainer(3, new SGD(0));
        var source = new SequenceBatches([words, shape], [tags], batchSize: 3);
        source.Start(1);
        Assert.True(source.TryNext(out Batch batch));
        double expected = trainer.Backward(batch);
        using ISession session = ((INetwork)net).CreateSession(3);
        var loss = new NetworkLoss(net);
        session.Evaluate(new SequenceBatches([words, shape], [tags], batchSize: 2), loss);
        Assert.Equal(expected, loss.Value, 5e-6);
    }

    [Fact]
    public void FitMeasuresItOnValidationData()
    {
        var net = new Regression(seed: 1);
        using Regression.Trainer trainer = net.CreateTrainer(16, new SGD(0.05));
        FitResult result = trainer.Fit(Samples.Values(64, 16), new FitOptions
        {
            Epochs = 3,
            Validation = Samples.Values(50, 16),
            Metrics = [new NetworkLoss(net), new MeanSquaredError()],
        });
        Assert.All(result.Epochs, epoch => Assert.Equal(epoch.Metrics[1], epoch.Metrics[0], 12));
        Assert.True(result.Epochs[2].Metrics[0] < result.Epochs[0].Metrics[0]);
    }

    [Fact]
    public void WhatCannotBeMeasuredIsToldBeforeAnythingIs()
    {
        var net = new AllLosses(seed: 3);
        Says("declares no loss", new NetworkLoss(new Encoder()), new Encoder(), new float[8]);
        Says("declares 10 losses: expected one of 'kind', 'tag',", new NetworkLoss(net), net, new float[6]);
        Says("No loss of AllLosses is of 'features': expected one of", new NetworkLoss(net) { Of = "features" }, net, new float[6]);
        Says("NLLLoss(class weights) has class weights, which only its declaration knows: expected the same 3 as NetworkLoss.Weight, got 0",
            new NetworkLoss(net) { Of = "tag" }, net, new float[6]);
        Says("expected the same 1 or 2 as NetworkLoss.PosWeight, got 3",
            new NetworkLoss(net) { Of = "logit", Weight = [1], PosWeight = [1, 2, 3] }, net, new float[6]);
        Says("MSELoss has none, so that NetworkLoss.Weight must be empty", new NetworkLoss(net) { Of = "square", Weight = [1] }, net,
            new float[6]);
        Says("Expected 11 targets in a batch", new NetworkLoss(net) { Of = "square" }, net, new float[6], targetCount: 1);
        Says("another network is measured", new NetworkLoss(net) { Of = "square" }, new Regression(), new float[8]);
        Assert.True(double.IsNaN(new NetworkLoss(net).Value));

        var bounded = new NetworkLoss(net) { Of = "probability", Weight = [1] };
        BatchValues[] targets = [.. ((INetwork)net).Ports.Targets.Select(target => target.Labels > 0 && target.Values == 0
            ? (BatchValues)new[] { 1 } : new float[target.Values])];
        Assert.Contains("BCELoss is defined for outputs from 0 to 1", Assert.Throws<ArithmeticException>(
            () => bounded.Add([0.5f, 1.5f], new Batch(1, [new float[6]], targets))).Message, StringComparison.Ordinal);
        Assert.True(double.IsNaN(bounded.Value));
        bounded.Add([0.5f, 0.5f], new Batch(1, [new float[6]], targets));
        Assert.Equal(Math.Log(2), bounded.Value, 6);
        bounded.Reset();
        Assert.True(double.IsNaN(bounded.Value));
    }

    private static void Says(string expected, NetworkLoss loss, INetwork network, float[] sample, int targetCount = 0)
    {
        using ISession session = network.CreateSession(1);
        BatchValues[] targets = targetCount > 0 ? [.. Enumerable.Repeat((BatchValues)new[] { 1 }, targetCount)] : [new[] { 1 }];
        Assert.Contains(expected, Assert.Throws<ArgumentException>(
            () => session.Evaluate(ArrayBatches.ForPorts([sample], targets, 1, new BatchOptions { BatchSize = 1 }), loss)).Message,
            StringComparison.Ordinal);
    }

    private static double Trained(INetwork net, Dictionary<string, BatchValues[]> targets)
    {
        using ITrainer trainer = net.CreateTrainer(Count, new SGD(0));
        return trainer.Backward(new Batch(Count, [Samples6()], Ordered(net, targets)));
    }

    private static double Measured(INetwork net, Dictionary<string, BatchValues[]> targets, IEnumerable<NetworkLoss> losses, int batch)
    {
        using ISession session = net.CreateSession(Count);
        Metric[] metrics = [.. losses];
        session.Evaluate(
            ArrayBatches.ForPorts([Samples6()], Ordered(net, targets), Count, new BatchOptions { BatchSize = batch }), metrics);
        return metrics.Sum(metric => metric.Value);
    }

    /// <summary>In the order of the ports.</summary>
    private static BatchValues[] Ordered(INetwork net, Dictionary<string, BatchValues[]> targets)
    {
        var taken = new Dictionary<string, int>();
        return [.. net.Ports.Targets.Select(target =>
        {
            int index = taken.GetValueOrDefault(target.Output);
            taken[target.Output] = index + 1;
            return targets[target.Output][index];
        })];
    }

    private static float[] Samples6() => Values(6, 9);

    private static float[] Values(int size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Count * size).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }

    private static float[] Distributions(int size)
    {
        var random = new Random(10);
        return [.. Enumerable.Range(0, Count).SelectMany(_ =>
        {
            // With a 0 in each, of which the divergence is 0.
            float[] shares = [.. Enumerable.Range(0, size).Select(i => i == 1 ? 0 : (float)random.NextDouble())];
            float sum = shares.Sum();
            return shares.Select(share => share / sum);
        })];
    }
}
