namespace NetGen;

/// <summary>
/// Batch normalisation of vectors and sequences, PyTorch's <c>BatchNorm1d</c>: input and output (features) or (channels, length). In
/// training each feature or channel is normalised by its mean and (biased) variance over samples and positions, y = (x − mean) / √(variance
/// + eps) · weight + bias, and the running statistics move towards them; in inference the running statistics take their place and the layer
/// is folded into the linear layer or convolution before it. Parameters: weight and bias [channels], running_mean, running_var and
/// num_batches_tracked.
/// </summary>
/// <remarks>
/// Formula: Ioffe and Szegedy (2015), in the form of torch.nn.BatchNorm1d: the running variance is the unbiased one. A training step needs
/// more than one value per channel. Running statistics are always tracked.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BatchNorm1dAttribute : LayerAttribute
{
    /// <summary>Batch normalisation of as many channels as arrive.</summary>
    public BatchNorm1dAttribute()
    {
    }

    /// <summary>Batch normalisation.</summary>
    /// <param name="numFeatures">Channels of the input, checked against the preceding layer.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="momentum">Share of the batch's statistics in the new running ones, 0 to 1.</param>
    public BatchNorm1dAttribute(int numFeatures, double eps = 1e-5, double momentum = 0.1)
    {
        NumFeatures = numFeatures;
        Eps = eps;
        Momentum = momentum;
    }

    /// <summary>Channels of the input; 0 where they are inferred.</summary>
    public int NumFeatures { get; }

    /// <summary>Added to the variance.</summary>
    public double Eps { get; set; } = 1e-5;

    /// <summary>Share of the batch's statistics in the new running ones, 0 to 1.</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>
    /// Running statistics are the mean over all batches so far (PyTorch's <c>momentum=None</c>); <see cref="Momentum"/> is not used.
    /// </summary>
    public bool CumulativeAverage { get; set; }

    /// <summary>The layer learns weight and bias.</summary>
    public bool Affine { get; set; } = true;
}
