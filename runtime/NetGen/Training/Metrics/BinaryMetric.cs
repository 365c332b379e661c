namespace NetGen;

/// <summary>What the outputs of a network that says yes or no are.</summary>
public enum BinaryScores
{
    /// <summary>Logits, as <c>BCEWithLogitsLoss</c> takes them: their sigmoid is the probability.</summary>
    Logits,

    /// <summary>Probabilities from 0 to 1, as <c>BCELoss</c> takes them.</summary>
    Probabilities,
}

/// <summary>A metric of samples that are of a class or not.</summary>
/// <remarks>
/// Targets are values that are 0 or 1, one for each output, as <c>BCEWithLogitsLoss</c> and <c>BCELoss</c> take them: of several outputs
/// each element is a sample of its own. Or they are class indices 0 and 1, with one score, or two, for each; of two the second speaks for
/// the class, as of a network with <c>CrossEntropyLoss</c>.
/// </remarks>
public abstract class BinaryMetric : Metric
{
    private protected BinaryMetric()
    {
    }

    /// <summary>The label, or the value, of samples that do not count, −100 by default.</summary>
    public int IgnoreIndex { get; init; } = -100;

    /// <inheritdoc/>
    public sealed override void Check(ReadOnlySpan<float> output, in Batch batch)
    {
        if (!batch.Labels.IsEmpty)
            Check(output, batch.Labels);
        else
            Check(output, batch.Values);
    }

    /// <inheritdoc/>
    public sealed override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
        if (!batch.Labels.IsEmpty)
            Add(output, batch.Labels);
        else
            Add(output, batch.Values);
    }

    /// <summary>Takes the outputs of some samples.</summary>
    /// <param name="output">A score for each sample.</param>
    /// <param name="target">For each sample 1 or 0, or <see cref="IgnoreIndex"/>.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or a target is none of these, or a score is no probability where it should be one; nothing was taken.
    /// </exception>
    public void Add(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        Check(output, target);
        for (int i = 0; i < output.Length; i++)
        {
            if (target[i] != IgnoreIndex)
                AddSample(output[i], target[i] == 1);
        }
    }

    /// <summary>Takes the outputs of some samples.</summary>
    /// <param name="output">A score for each sample, or one for each of the two classes.</param>
    /// <param name="labels">The class of each sample, 0 or 1, or <see cref="IgnoreIndex"/>.</param>
    /// <exception cref="ArgumentException">
    /// The scores are neither one nor two for each label, or a label is none of these, or a score is no probability where it should be one;
    /// nothing was taken.
    /// </exception>
    public void Add(ReadOnlySpan<float> output, ReadOnlySpan<int> labels)
    {
        Check(output, labels);
        bool areTwo = output.Length > labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != IgnoreIndex)
                AddSample(areTwo ? ScoreOf(output[2 * i], output[2 * i + 1]) : output[i], labels[i] == 1);
        }
    }

    /// <summary>One score of two, of which the second speaks for the class.</summary>
    private protected abstract double ScoreOf(float negative, float positive);

    /// <summary>Throws where scores are outside of what they can be.</summary>
    private protected virtual void CheckScores(ReadOnlySpan<float> output)
    {
    }

    private protected abstract void AddSample(double score, bool isPositive);

    private void Check(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        if (output.Length != target.Length)
            throw new ArgumentException($"The metric {Name}: expected a value 0 or 1 for each output, {output.Length}, "
                + $"got {target.Length}.", nameof(target));
        foreach (float value in target)
        {
            if (value is not (0 or 1) && value != IgnoreIndex)
                throw new ArgumentException($"The metric {Name}: expected values 0 and 1, or {IgnoreIndex} for what does not count, "
                    + $"got {value}.", nameof(target));
        }
        CheckScores(output);
    }

    private void Check(ReadOnlySpan<float> output, ReadOnlySpan<int> labels)
    {
        if (output.Length != labels.Length && output.Length != 2L * labels.Length)
            throw new ArgumentException($"The metric {Name} is of two classes: expected one or two scores for each of {labels.Length} "
                + $"labels, got {output.Length} in all.", nameof(output));
        foreach (int label in labels)
        {
            if (label is not (0 or 1) && label != IgnoreIndex)
                throw new ArgumentException($"The metric {Name}: expected labels 0 and 1, or {IgnoreIndex} for what does not count, "
                    + $"got {label}.", nameof(labels));
        }
        CheckScores(output);
    }
}
