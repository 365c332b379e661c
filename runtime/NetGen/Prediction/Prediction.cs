namespace NetGen;

/// <summary>What a network takes a sample for.</summary>
/// <param name="Index">The number of the class, from 0.</param>
/// <param name="Name">Its name; null where the classes have none.</param>
/// <param name="Probability">How sure the network is, from 0 to 1; NaN where its output is.</param>
public readonly record struct Prediction(int Index, string? Name, float Probability)
{
    /// <summary>Name, or number, and probability, e.g. <c>cat (98.2%)</c>.</summary>
    public override string ToString()
        => FormattableString.Invariant($"{Name ?? $"class {Index}"} ({Probability * 100:0.0}%)");
}

/// <summary>What the outputs of a network with classes are.</summary>
public enum ClassScores
{
    /// <summary>Logits: softmax of them, or the sigmoid of a single one, is the probability.</summary>
    Logits,

    /// <summary>Logarithms of probabilities, as of <c>LogSoftmax</c>.</summary>
    LogProbabilities,

    /// <summary>Probabilities, as of <c>Softmax</c>, or of <c>Sigmoid</c> for a single one.</summary>
    Probabilities,
}

/// <summary>How a <see cref="Predictor"/> works.</summary>
public sealed record PredictorOptions
{
    private readonly int _maxBatch = 1;
    private readonly double _threshold = 0.5;

    /// <summary>The most samples that are computed at once; more are taken in turn. 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MaxBatch
    {
        get => _maxBatch;
        init => _maxBatch = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxBatch), value, "Expected at least 1.");
    }

    /// <summary>The output with the classes; null, the default, for the only one, or the only one that has a loss over classes.</summary>
    public string? Output { get; init; }

    /// <summary>What the output is; null, the default, for what follows from its loss, or from its last layer.</summary>
    public ClassScores? Scores { get; init; }

    /// <summary>Of a single output: the probability above which a sample is of class 1. 0.5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No probability.</exception>
    public double Threshold
    {
        get => _threshold;
        init => _threshold = value is >= 0 and <= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "Expected a probability, from 0 to 1.");
    }

    /// <summary>Vectors and threads of the session; null, the default, for its defaults.</summary>
    public SessionOptions? Session { get; init; }
}
