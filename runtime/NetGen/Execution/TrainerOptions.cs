namespace NetGen;

/// <summary>How a trainer runs.</summary>
/// <remarks>
/// <see cref="SessionOptions.Threads"/> is 0 here by default, which for a trainer means: one for each core, but no more than there are
/// samples in a batch, nor so many that one has less than about 10⁶ multiply-adds of a step, some 30 µs: a smaller step is quicker on
/// one thread. The trainer's <c>Threads</c> tells what was chosen. Any other number is taken as it is. Results have the same bits at every
/// number.
/// </remarks>
public record TrainerOptions : SessionOptions
{
    private readonly double? _clipGradientNorm, _clipGradientValue;

    /// <summary>The best vectors that there are, and as many threads as a step is enough work for.</summary>
    public TrainerOptions() => Threads = 0;

    /// <summary>Seed of the dropout masks. The same seed gives the same masks at every thread count and vector width.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Clips the gradients by their common norm before each update, PyTorch's <c>clip_grad_norm_</c> over all parameters that are
    /// not frozen: each is multiplied by min(1, maximum / (norm + 10⁻⁶)), with norm = √Σ g². Null, the default, does not;
    /// infinity only measures. The trainer's <c>GradientNorm</c> tells the norm, which has the same bits at every number of threads.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or NaN.</exception>
    public double? ClipGradientNorm
    {
        get => _clipGradientNorm;
        init => _clipGradientNorm = CheckNotNegative(value, nameof(ClipGradientNorm));
    }

    /// <summary>
    /// Moves each gradient that is not frozen into [−value, value] before each update, PyTorch's <c>clip_grad_value_</c>. Null, the
    /// default, does not. Together with <see cref="ClipGradientNorm"/> this comes first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or NaN.</exception>
    public double? ClipGradientValue
    {
        get => _clipGradientValue;
        init => _clipGradientValue = CheckNotNegative(value, nameof(ClipGradientValue));
    }

    private static double? CheckNotNegative(double? value, string name)
    {
        if (value is double number && !(number >= 0))
            throw new ArgumentOutOfRangeException(name, value, "Expected a number of at least 0.");
        return value;
    }
}
