using NetGen;

namespace NetGenSpace;

/// <summary>How the network is trained.</summary>
public static class Training
{
    /// <summary>Trains a new network.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="test">Rows to measure on.</param>
    /// <param name="epochs">Passes over what it learns from.</param>
    /// <param name="callbacks">Told how far it is.</param>
    /// <returns>The network, and how far off it is in the test rows, in the mean.</returns>
    public static (AirNet Net, double Error) Run(Table train, Table test, int epochs, params FitCallback[] callbacks)
    {
        var net = new AirNet(seed: 1);
        var adam = new Adam(2e-2);
        using var trainer = net.CreateTrainer(batchSize: 100, adam);
        var batches = new ArrayBatches(train.Inputs, train.Targets, train.Count, batchSize: 100, shuffleSeed: 1);
        FitResult result = trainer.Fit(batches, new FitOptions
        {
            Epochs = epochs,
            Validation = new ArrayBatches(test.Inputs, test.Targets, test.Count, batchSize: 100),
            Metrics = [new MeanAbsoluteError()],
            Scheduler = new LearningRateScheduler(adam, new CosineAnnealingLR(epochs)),
            Callbacks = callbacks,

            // The program's own lines, in place of those that Fit would write.
            Display = FitDisplay.Never,
        });
        return (net, result.Epochs[^1].Metrics[0]);
    }
}
