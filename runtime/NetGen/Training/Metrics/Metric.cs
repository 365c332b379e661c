namespace NetGen;

/// <summary>A number that tells how good outputs are, gathered batch by batch. It allocates nothing while it gathers.</summary>
public abstract class Metric
{
    /// <summary>What it is called in reports, e.g. <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The output that it measures, by name; null, the default, for the only one, or the only one that a loss is of. It is compared with
    /// the target of that output's loss.
    /// </summary>
    public string? Of { get; init; }

    /// <summary>What it is called where there are several: the output, and what is measured.</summary>
    public string Title => Of == null ? Name : $"{Of} {Name}";

    /// <summary>Large values are good, as of an accuracy; otherwise small ones, as of a loss.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>The value over all samples since <see cref="Reset"/>; NaN before the first.</summary>
    public abstract double Value { get; }

    /// <summary>Forgets all samples.</summary>
    public abstract void Reset();

    /// <summary>
    /// Throws what <see cref="Add"/> would throw for outputs and targets of these sizes, and takes nothing: <see cref="TrainingLoop"/> asks
    /// before it trains or evaluates. Does nothing by default.
    /// </summary>
    /// <param name="output">As many values as the network's outputs have, which say nothing.</param>
    /// <param name="batch">The batch, for its targets.</param>
    /// <exception cref="ArgumentException">The targets are not of the form that the metric needs, or a length is wrong.</exception>
    public virtual void Check(ReadOnlySpan<float> output, in Batch batch)
    {
    }

    /// <summary>Takes the outputs of a batch.</summary>
    /// <param name="output">The network's outputs, one sample after the other.</param>
    /// <param name="batch">
    /// The batch, for its targets. Where each position of a sample has a class of its own, as in a text whose next characters are told,
    /// each position is a sample, whether all texts are as long or have lengths of their own: the batch counts positions, and has a target
    /// for each. A metric of whole texts of fixed length takes as many positions together.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The targets are not of the form that the metric needs, or a length is wrong; nothing was taken.
    /// </exception>
    public abstract void Add(ReadOnlySpan<float> output, in Batch batch);
}

/// <summary>A metric of class scores and class indices.</summary>
public abstract class ClassMetric : Metric
{
    /// <summary>The label of samples that do not count, PyTorch's −100 by default.</summary>
    public int IgnoreIndex { get; init; } = -100;

    /// <inheritdoc/>
    public sealed override void Check(ReadOnlySpan<float> output, in Batch batch)
    {
        if (batch.Labels.IsEmpty)
            throw new ArgumentException($"The metric {Name} needs class indices, but the source gives values.", nameof(batch));
        if (batch.Labels.Length != batch.Count)
            throw new ArgumentException($"The metric {Name} needs one class index for each sample, but the source "
                + $"gives {batch.Labels.Length} for {batch.Count}.", nameof(batch));
        Check(output, batch.Labels);
    }

    /// <inheritdoc/>
    public sealed override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
        Check(output, batch);
        Take(output, batch.Labels);
    }

    /// <summary>Takes the outputs of some samples.</summary>
    /// <param name="output">
    /// A score for each class, sample after sample; logits and probabilities alike where only their order matters.
    /// </param>
    /// <param name="labels">The class index of each sample.</param>
    /// <exception cref="ArgumentException">
    /// The scores are not as many for each label, or a label is no class; nothing was taken.
    /// </exception>
    public void Add(ReadOnlySpan<float> output, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty)
            return;
        Check(output, labels);
        Take(output, labels);
    }

    private void Check(ReadOnlySpan<float> output, ReadOnlySpan<int> labels)
    {
        if (output.Length == 0 || output.Length % labels.Length != 0)
            throw new ArgumentException($"Expected as many scores for each of {labels.Length} labels, got {output.Length} in all.",
                nameof(output));
        int classes = output.Length / labels.Length;
        CheckClasses(classes);
        foreach (int label in labels)
        {
            if ((uint)label >= (uint)classes && label != IgnoreIndex)
                throw new ArgumentException($"Expected labels from 0 to {classes - 1}, or {IgnoreIndex} for what does not count, "
                    + $"got {label}.", nameof(labels));
        }
    }

    private void Take(ReadOnlySpan<float> output, ReadOnlySpan<int> labels)
    {
        int classes = output.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != IgnoreIndex)
                AddSample(output.Slice(i * classes, classes), labels[i]);
        }
    }

    /// <summary>Throws where the metric is of another number of classes.</summary>
    /// <param name="classes">The number of scores of a sample.</param>
    /// <exception cref="ArgumentException">The number is wrong.</exception>
    protected virtual void CheckClasses(int classes)
    {
    }

    /// <summary>Takes one sample that counts.</summary>
    /// <param name="scores">A score for each class.</param>
    /// <param name="label">Its class.</param>
    protected abstract void AddSample(ReadOnlySpan<float> scores, int label);

    /// <summary>The class with the largest score, the first of several; NaN is larger than all, as in PyTorch's <c>argmax</c>.</summary>
    /// <param name="scores">A score for each class.</param>
    public static int ArgMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (IsLarger(scores[i], scores[best]))
                best = i;
        }
        return best;
    }

    internal static bool IsLarger(float left, float right) => left > right || (float.IsNaN(left) && !float.IsNaN(right));
}
