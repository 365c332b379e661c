namespace NetGen;

/// <summary>
/// Instance normalisation of sequences, PyTorch's <c>InstanceNorm1d</c>: input and output (channels, length). Each channel of each sample
/// is normalised by its own mean and biased variance, y = (x − mean) / √(variance + eps) · weight + bias, in training and inference alike
/// (Ulyanov et al., arXiv:1607.08022). Parameters, if affine: weight and bias [channels].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InstanceNorm1dAttribute : LayerAttribute
{
    /// <summary>Instance normalisation of as many channels as arrive.</summary>
    public InstanceNorm1dAttribute()
    {
    }

    /// <summary>Instance normalisation.</summary>
    /// <param name="numFeatures">Channels of the input, checked against the preceding layer.</param>
    /// <param name="eps">Added to the variance.</param>
    public InstanceNorm1dAttribute(int numFeatures, double eps = 1e-5)
    {
        NumFeatures = numFeatures;
        Eps = eps;
    }

    /// <summary>Channels of the input; null where they are inferred.</summary>
    public int? NumFeatures { get; }

    /// <summary>Added to the variance; 0 or more.</summary>
    public double Eps { get; set; } = 1e-5;

    /// <summary>The layer learns weight and bias; false by default.</summary>
    public bool Affine { get; set; }

    /// <summary>Not supported: statistics are always those of the sample. False by default, as in PyTorch.</summary>
    public bool TrackRunningStats { get; set; }
}
