namespace NetGen;

/// <summary>
/// What the samples of a batch have for one input or one target, one sample after the other: numbers, or ints, which are class indices of a
/// target and tokens and the like of an input.
/// </summary>
/// <remarks>Arrays and memory convert to it, so that a list of them can be written as <c>[images, captions]</c>.</remarks>
public readonly struct BatchValues
{
    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public BatchValues(ReadOnlyMemory<float> values) => Values = values;

    /// <summary>Ints.</summary>
    /// <param name="labels">The ints.</param>
    public BatchValues(ReadOnlyMemory<int> labels) => Labels = labels;

    /// <summary>The numbers; empty where there are <see cref="Labels"/>.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>The ints; empty where there are <see cref="Values"/>.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Elements in all.</summary>
    public int Length => Values.Length + Labels.Length;

    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator BatchValues(float[] values) => new((ReadOnlyMemory<float>)values);

    /// <summary>Ints.</summary>
    /// <param name="labels">The ints.</param>
    public static implicit operator BatchValues(int[] labels) => new((ReadOnlyMemory<int>)labels);

    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator BatchValues(ReadOnlyMemory<float> values) => new(values);

    /// <summary>Ints.</summary>
    /// <param name="labels">The ints.</param>
    public static implicit operator BatchValues(ReadOnlyMemory<int> labels) => new(labels);

    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator BatchValues(Memory<float> values) => new(values);

    /// <summary>Ints.</summary>
    /// <param name="labels">The ints.</param>
    public static implicit operator BatchValues(Memory<int> labels) => new(labels);
}
