namespace NetGen;

/// <summary>
/// Group normalisation, PyTorch's <c>GroupNorm</c>: the channels are split into groups of neighbours, and each group of each sample is
/// normalised with its pixels, y = (x − mean) / √(variance + eps) · weight + bias, with the biased variance, in training and inference
/// alike (Wu and He, arXiv:1803.08494). Feature maps, sequences or vectors, whose features count as channels; the output has the shape of
/// the input. Weight and bias: [channels].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GroupNormAttribute : LayerAttribute
{
    /// <summary>Group normalisation of as many channels as arrive.</summary>
    /// <param name="numGroups">Number of groups, which divides the channels.</param>
    public GroupNormAttribute(int numGroups) => NumGroups = numGroups;

    /// <summary>Group normalisation.</summary>
    /// <param name="numGroups">Number of groups, which divides the channels.</param>
    /// <param name="numChannels">Channels of the input, checked against the preceding layer.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="affine">The layer learns weight and bias.</param>
    public GroupNormAttribute(int numGroups, int numChannels, double eps = 1e-5, bool affine = true)
    {
        NumGroups = numGroups;
        NumChannels = numChannels;
        Eps = eps;
        Affine = affine;
    }

    /// <summary>Number of groups.</summary>
    public int NumGroups { get; }

    /// <summary>Channels of the input; null where they are inferred.</summary>
    public int? NumChannels { get; }

    /// <summary>Added to the variance; 0 or more.</summary>
    public double Eps { get; set; } = 1e-5;

    /// <summary>The layer learns weight and bias.</summary>
    public bool Affine { get; set; } = true;
}
