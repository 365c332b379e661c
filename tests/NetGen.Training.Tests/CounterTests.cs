namespace NetGen.Training.Tests;

/// <summary>The batches that a normalisation has seen are counted exactly, beyond what a float tells apart.</summary>
public sealed class CounterTests : IDisposable
{
    // The first whole number that no float is.
    private const long BeyondFloats = (1 << 24) + 1;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(BeyondFloats - 1)]
    [InlineData(BeyondFloats)]
    [InlineData(20_000_001)]
    [InlineData((1L << 53) + 1)]
    [InlineData(long.MaxValue - 3)]
    public void EveryStepCountsOneAndFilesKeepIt(long count)
    {
        string network = _directory.File("network.safetensors"), checkpoint = _directory.File("checkpoint.safetensors");
        var net = new Classifier(seed: 1);
        net.BatchNorm1.NumBatchesTracked.CounterValue = count;
        using (Classifier.Trainer trainer = net.CreateTrainer(16, new Adam()))
        {
            for (int i = 0; i < 3; i++)
                trainer.Step(Samples.Input(16), Samples.Labels(Samples.Input(16)));
            Assert.Equal(count + 3, net.BatchNorm1.NumBatchesTracked.CounterValue);
            trainer.SaveCheckpoint(checkpoint);
        }
        net.Save(network);
        using (var reader = new SafeTensorsReader(network))
            Assert.Equal([count + 3], reader.Read<long>("batchnorm1.num_batches_tracked"));
        Assert.Equal(count + 3, Classifier.Load(network).BatchNorm1.NumBatchesTracked.CounterValue);

        var other = new Classifier(seed: 2);
        using Classifier.Trainer otherTrainer = other.CreateTrainer(16, new Adam());
        otherTrainer.LoadCheckpoint(checkpoint);
        Assert.Equal(count + 3, other.BatchNorm1.NumBatchesTracked.CounterValue);
    }

    [Fact]
    public void ACountThatCanGoNoFurtherStays()
    {
        var net = new Classifier(seed: 1);
        net.BatchNorm1.NumBatchesTracked.CounterValue = long.MaxValue;
        using Classifier.Trainer trainer = net.CreateTrainer(16, new SGD(0.1f));
        trainer.Forward(Samples.Input(16), default);
        Assert.Equal(long.MaxValue, net.BatchNorm1.NumBatchesTracked.CounterValue);
    }

    /// <summary>A mean over 20,000,002 batches moves by one part in as many.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(20_000_001)]
    [InlineData(3_000_000_001)]
    public void TheCumulativeAverageWeighsByTheWholeCount(long count)
    {
        var net = new Cumulative();
        net.BatchNorm1.NumBatchesTracked.CounterValue = count;
        using Cumulative.Trainer trainer = net.CreateTrainer(2, new SGD(0.1f));
        trainer.Forward([2, 0, 4, -1, 0, 0, 0, -3], default);
        float[] expected = Array.ConvertAll<double, float>([1, 0, 2, -2], mean => (float)(mean / (count + 1)));
        Assert.Equal(expected, net.BatchNorm1.RunningMean.ToArray());
    }

    [Fact]
    public void InitialisationCountsFromZero()
    {
        var net = new Classifier(seed: 1);
        net.BatchNorm1.NumBatchesTracked.CounterValue = BeyondFloats;
        Initialization.PyTorchDefault.Apply(net.Parameters, 1);
        Assert.Equal(0, net.BatchNorm1.NumBatchesTracked.CounterValue);
    }
}
