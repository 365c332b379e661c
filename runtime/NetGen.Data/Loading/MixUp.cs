namespace NetGen.Data;

/// <summary>
/// Mixes each sample with the one before it in its batch, by a share drawn from Beta(α, α) for the batch, and the targets likewise (Zhang
/// et al., 2018); torchvision's <c>MixUp</c>.
/// </summary>
/// <example><code>trainer.Fit(new MixUp(train, classes: 10, alpha: 0.2, seed: 1), options);</code></example>
public sealed class MixUp : BatchMixing
{
    /// <summary>Mixes the batches of a source.</summary>
    /// <param name="source">
    /// Gives samples of one input of floats with class indices, or with shares of classes or values of their own.
    /// </param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="alpha">
    /// How evenly samples are mixed: small numbers nearly leave them, 1 draws each share as likely as any other.
    /// </param>
    /// <param name="seed">With epoch and batch, decides the shares.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public MixUp(IBatchSource source, int classes, double alpha = 1, ulong seed = 0)
        : base(source, classes, alpha, seed)
    {
    }

    private protected override double Mix(ReadOnlySpan<float> samples, int count, double share, ref SampleRandom random, Span<float> mixed)
    {
        Blend(samples, count, (float)share, (float)(1 - share), mixed);
        return share;
    }
}
