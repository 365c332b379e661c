namespace NetGen;

/// <summary>How <see cref="LearningRates.FindLearningRate"/> looks for a learning rate.</summary>
public sealed class LearningRateSearch
{
    private readonly float _minimum = 1e-7f, _maximum = 10;
    private readonly int _steps = 100;
    private readonly double _smoothing = 0.98, _divergence = 4;

    /// <summary>The rate of the first step; 10⁻⁷ by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number above 0.</exception>
    public float Minimum
    {
        get => _minimum;
        init => _minimum = AboveZero(value, nameof(Minimum));
    }

    /// <summary>The rate of the last step, if the loss does not diverge before; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number above 0.</exception>
    public float Maximum
    {
        get => _maximum;
        init => _maximum = AboveZero(value, nameof(Maximum));
    }

    /// <summary>Steps at most; 100 by default. Where the source has less batches, they begin anew as another epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 10.</exception>
    public int Steps
    {
        get => _steps;
        init => _steps = value >= 10 ? value : throw new ArgumentOutOfRangeException(nameof(Steps), value, "Expected at least 10.");
    }

    /// <summary>How much of the running mean of losses stays at a step; 0.98 by default. 0 does not smooth.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 up to but not including 1.</exception>
    public double Smoothing
    {
        get => _smoothing;
        init => _smoothing = value is >= 0 and < 1
            ? value : throw new ArgumentOutOfRangeException(nameof(Smoothing), value, "Expected from 0 up to but not including 1.");
    }

    /// <summary>
    /// Ends the search where the smoothed loss is more than so many times the smallest so far, or not finite; 4 by default. For losses that
    /// may be negative, or with <see cref="Optimizer.Maximize"/>, infinity goes on to the last step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 1.</exception>
    public double Divergence
    {
        get => _divergence;
        init => _divergence = value > 1
            ? value : throw new ArgumentOutOfRangeException(nameof(Divergence), value, "Expected a number above 1.");
    }

    private static float AboveZero(float value, string name) => value > 0 && float.IsFinite(value)
        ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number above 0.");
}

/// <summary>Losses by learning rate, of a search that has ended.</summary>
/// <param name="Rates">The rate of each step that was tried and whose loss was finite.</param>
/// <param name="Losses">The loss of each step's batch, before its update.</param>
/// <param name="Smoothed">Their running mean, without bias towards 0.</param>
/// <param name="IsDiverged">The search ended because the loss had become too large.</param>
public sealed record LearningRateCurve(
    IReadOnlyList<float> Rates, IReadOnlyList<float> Losses, IReadOnlyList<double> Smoothed, bool IsDiverged)
{
    // As in fastai's suggestions: at the beginning the mean is of few losses, and at the end it begins to diverge.
    private const int AtEnd = 5, ShareAtBeginning = 10;

    /// <summary>
    /// The rate at which the smoothed loss falls most steeply from one step to the next, the first tenth and the last five steps left out;
    /// a rate to begin with. Null where it falls nowhere, or there are too few steps.
    /// </summary>
    public float? Suggestion
    {
        get
        {
            float? best = null;
            double steepest = 0;
            for (int i = Rates.Count / ShareAtBeginning; i + 1 < Rates.Count - AtEnd; i++)
            {
                // By the logarithm of the rate, of which all steps are alike.
                double slope = Smoothed[i + 1] - Smoothed[i];
                if (slope < steepest)
                    (steepest, best) = (slope, Rates[i]);
            }
            return best;
        }
    }

    /// <summary>
    /// The rate at which the smoothed loss was smallest: at it the loss is about to diverge, so that a tenth of it is common.
    /// </summary>
    public float? RateOfSmallestLoss
    {
        get
        {
            int smallest = 0;
            for (int i = 1; i < Rates.Count; i++)
            {
                if (Smoothed[i] < Smoothed[smallest])
                    smallest = i;
            }
            return Rates.Count > 0 ? Rates[smallest] : null;
        }
    }
}
