using NetGen;

namespace NetGenSpace;

/// <summary>How the network is trained.</summary>
public static class Training
{
    /// <summary>Trains a new network.</summary>
    /// <param name="train">Pictures and labels to learn from.</param>
    /// <param name="test">Pictures and labels to measure on.</param>
    /// <param name="epochs">Passes over what it learns from.</param>
    /// <param name="callbacks">Told how far it is.</param>
    /// <returns>The network, and the share of the test pictures that it names rightly.</returns>
    public static (ShapeNet Net, double Accuracy) Run((float[] Pictures, int[] Labels) train, (float[] Pictures, int[] Labels) test,
        int epochs, params FitCallback[] callbacks)
    {
        var net = new ShapeNet(seed: 1);
        using var trainer = net.CreateTrainer(batchSize: 32, new Adam(2e-3));
        FitResult result = trainer.Fit(new ArrayBatches(train.Pictures, train.Labels, batchSize: 32, shuffleSeed: 1), new FitOptions
        {
            Epochs = epochs,
            Validation = new ArrayBatches(test.Pictures, test.Labels, batchSize: 100),
            Metrics = [new Accuracy()],
            Callbacks = callbacks,

            // The program's own lines, in place of those that Fit would write.
            Display = FitDisplay.Never,
        });
        return (net, result.Epochs[^1].Metrics[0]);
    }
}
