namespace NetGen.Training.Tests;

/// <summary>What says that the third epoch is the best, whatever the network does: how far the epoch is from it.</summary>
/// <param name="before">Epochs that were measured by another.</param>
internal sealed class BestInThirdEpoch(int before = 0) : Metric
{
    private int _epoch = before;

    public override string Name => "distance";

    public override bool HigherIsBetter => false;

    public override double Value => Math.Abs(_epoch - 3);

    public override void Reset() => _epoch++;

    public override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
    }
}
