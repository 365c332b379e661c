namespace NetGen;

/// <summary>
/// Some samples with what they are compared with. It shows memory of its source, valid until the source goes on.
/// </summary>
/// <remarks>
/// Most networks have one input and one target: <see cref="Input"/> or <see cref="IntInput"/>, and <see cref="Labels"/> or
/// <see cref="Values"/>. Inputs and targets of others are told apart by their place, as <see cref="NetworkPorts"/> has them.
/// </remarks>
public readonly ref struct Batch
{
    // Of several, the first of which are Input, and Labels or Values too; empty for one input and one target.
    private readonly ReadOnlySpan<BatchValues> _inputs, _targets;

    /// <summary>Samples with class indices.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="input">Their values, one sample after the other.</param>
    /// <param name="labels">Their class indices.</param>
    public Batch(int count, ReadOnlySpan<float> input, ReadOnlySpan<int> labels)
    {
        (Count, InputCount, TargetCount) = (count, 1, 1);
        Input = input;
        Labels = labels;
    }

    /// <summary>Samples with values for targets.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="input">Their values, one sample after the other.</param>
    /// <param name="values">What the outputs should be.</param>
    public Batch(int count, ReadOnlySpan<float> input, ReadOnlySpan<float> values)
    {
        (Count, InputCount, TargetCount) = (count, 1, 1);
        Input = input;
        Values = values;
    }

    /// <summary>Samples of ints, such as tokens, with class indices.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="input">Their values, one sample after the other.</param>
    /// <param name="labels">Their class indices.</param>
    public Batch(int count, ReadOnlySpan<int> input, ReadOnlySpan<int> labels)
    {
        (Count, InputCount, TargetCount) = (count, 1, 1);
        IntInput = input;
        Labels = labels;
    }

    /// <summary>Samples of ints, such as tokens, with values for targets.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="input">Their values, one sample after the other.</param>
    /// <param name="values">What the outputs should be.</param>
    public Batch(int count, ReadOnlySpan<int> input, ReadOnlySpan<float> values)
    {
        (Count, InputCount, TargetCount) = (count, 1, 1);
        IntInput = input;
        Values = values;
    }

    /// <summary>Samples for any number of inputs and targets.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="inputs">The values of each input, in the order of the network's inputs.</param>
    /// <param name="targets">What the outputs are compared with, in the order of the network's targets; empty for none.</param>
    /// <exception cref="ArgumentException">There is no input.</exception>
    public Batch(int count, ReadOnlySpan<BatchValues> inputs, ReadOnlySpan<BatchValues> targets)
    {
        if (inputs.IsEmpty)
            throw new ArgumentException("Expected at least one input.", nameof(inputs));
        (Count, InputCount, TargetCount) = (count, inputs.Length, targets.Length);
        _inputs = inputs;
        _targets = targets;
        Input = inputs[0].Values.Span;
        IntInput = inputs[0].Labels.Span;
        Labels = targets.IsEmpty ? default : targets[0].Labels.Span;
        Values = targets.IsEmpty ? default : targets[0].Values.Span;
    }

    // The same samples with one target.
    private Batch(Batch samples, int count, ReadOnlySpan<int> labels, ReadOnlySpan<float> values)
    {
        this = samples;
        (Count, TargetCount) = (count, 1);
        _targets = default;
        Labels = labels;
        Values = values;
    }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>How many inputs they have values for.</summary>
    public int InputCount { get; }

    /// <summary>How many targets they have.</summary>
    public int TargetCount { get; }

    /// <summary>
    /// The samples' values, one sample after the other; of several inputs the first one's. Empty where these are <see cref="IntInput"/>.
    /// </summary>
    public ReadOnlySpan<float> Input { get; }

    /// <summary>The same of an input of ints; empty where the values are <see cref="Input"/>.</summary>
    public ReadOnlySpan<int> IntInput { get; }

    /// <summary>The class indices, of several targets the first one's; empty where these are <see cref="Values"/>.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>What the outputs should be, of several targets the first; empty where these are <see cref="Labels"/>.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The values of one of the inputs, one sample after the other; empty where they are ints.</summary>
    /// <param name="index">Which input, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ReadOnlySpan<float> GetInput(int index)
    {
        Check(index, InputCount);
        return index == 0 ? Input : _inputs[index].Values.Span;
    }

    /// <summary>The values of one of the inputs that are ints, one sample after the other; empty where it has floats.</summary>
    /// <param name="index">Which input, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ReadOnlySpan<int> GetIntInput(int index)
    {
        Check(index, InputCount);
        return index == 0 ? IntInput : _inputs[index].Labels.Span;
    }

    /// <summary>One of the targets is class indices.</summary>
    /// <param name="index">Which target, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public bool HasLabels(int index) => !GetLabels(index).IsEmpty;

    /// <summary>The class indices of one of the targets; empty where it has values.</summary>
    /// <param name="index">Which target, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ReadOnlySpan<int> GetLabels(int index)
    {
        Check(index, TargetCount);
        return index == 0 ? Labels : _targets[index].Labels.Span;
    }

    /// <summary>The values of one of the targets; empty where it has class indices.</summary>
    /// <param name="index">Which target, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ReadOnlySpan<float> GetValues(int index)
    {
        Check(index, TargetCount);
        return index == 0 ? Values : _targets[index].Values.Span;
    }

    /// <summary>The same samples with one of the targets alone, as metrics take them.</summary>
    /// <param name="index">Which target, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Batch WithTarget(int index) => WithTarget(index, Count);

    /// <summary>The same of positions of samples that have lengths of their own: each counts as a sample.</summary>
    internal Batch WithTarget(int index, int count) => new(this, count, GetLabels(index), GetValues(index));

    private static void Check(int index, int count)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Expected a number below {count}.");
    }
}
