namespace NetGen;

/// <summary>
/// Some samples and their targets, class indices or values. It shows memory of its source, valid until the source goes on.
/// </summary>
public readonly ref struct Batch
{
    /// <summary>Samples with class indices.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="input">Their values, one sample after the other.</param>
    /// <param name="labels">Their class indices.</param>
    public Batch(int count, ReadOnlySpan<float> input, ReadOnlySpan<int> labels)
    {
        Count = count;
        Input = input;
        Labels = labels;
    }

    /// <summary>Samples with values for targets.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="input">Their values, one sample after the other.</param>
    /// <param name="values">What the outputs should be.</param>
    public Batch(int count, ReadOnlySpan<float> input, ReadOnlySpan<float> values)
    {
        Count = count;
        Input = input;
        Values = values;
    }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>The samples' values, one sample after the other.</summary>
    public ReadOnlySpan<float> Input { get; }

    /// <summary>The class indices; empty where the targets are <see cref="Values"/>.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>What the outputs should be; empty where the targets are <see cref="Labels"/>.</summary>
    public ReadOnlySpan<float> Values { get; }
}
