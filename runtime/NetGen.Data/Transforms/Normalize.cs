namespace NetGen.Data;

/// <summary>(value − mean) / deviation, channel by channel; after <see cref="ToTensor"/>.</summary>
public sealed class Normalize : Transform
{
    private readonly float[] _mean, _std;

    /// <summary>A normalisation.</summary>
    /// <param name="mean">One for each channel, or one for all.</param>
    /// <param name="std">Standard deviations: one for each channel, or one for all.</param>
    /// <exception cref="ArgumentException">
    /// There is none, they are not as many as each other, or a number is not finite or a deviation zero.
    /// </exception>
    public Normalize(float[] mean, float[] std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Length == 0 || mean.Length != std.Length)
            throw new ArgumentException($"Expected as many means as deviations, at least one, got {mean.Length} and {std.Length}.",
                nameof(std));
        for (int c = 0; c < mean.Length; c++)
        {
            if (!float.IsFinite(mean[c]) || !float.IsFinite(std[c]) || std[c] == 0)
                throw new ArgumentException($"Expected finite means and deviations other than zero, got {Text(mean[c])} "
                    + $"and {Text(std[c])} for channel {c}.", nameof(std));
        }
        _mean = [.. mean];
        _std = [.. std];
    }

    /// <summary>A normalisation of images with one channel, or of all channels alike.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation.</param>
    /// <exception cref="ArgumentException">A number is not finite, or the deviation is zero.</exception>
    public Normalize(float mean, float std)
        : this([mean], [std])
    {
    }

    /// <inheritdoc/>
    public override string ToString() => $"Normalize([{string.Join(", ", _mean.Select(Text))}], [{string.Join(", ", _std.Select(Text))}])";

    internal override void AddTo(TransformPlan.Builder plan) => plan.AddNormalize(this, _mean, _std);
}
