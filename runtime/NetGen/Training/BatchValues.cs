namespace NetGen;

/// <summary>What the samples of a batch have for one input or one target, one sample after the other: numbers, or class indices.</summary>
/// <remarks>Arrays and memory convert to it, so that a list of them can be written as <c>[images, captions]</c>.</remarks>
public readonly struct BatchValues
{
    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public BatchValues(ReadOnlyMemory<float> values) => Values = values;

    /// <summary>Class indices.</summary>
    /// <param name="labels">The indices.</param>
    public BatchValues(ReadOnlyMemory<int> labels) => Labels = labels;

    /// <summary>The numbers; empty where they are <see cref="Labels"/>.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>The class indices; empty where they are <see cref="Values"/>.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Elements in all.</summary>
    public int Length => Values.Length + Labels.Length;

    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator BatchValues(float[] values) => new((ReadOnlyMemory<float>)values);

    /// <summary>Class indices.</summary>
    /// <param name="labels">The indices.</param>
    public static implicit operator BatchValues(int[] labels) => new((ReadOnlyMemory<int>)labels);

    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator BatchValues(ReadOnlyMemory<float> values) => new(values);

    /// <summary>Class indices.</summary>
    /// <param name="labels">The indices.</param>
    public static implicit operator BatchValues(ReadOnlyMemory<int> labels) => new(labels);

    /// <summary>Numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator BatchValues(Memory<float> values) => new(values);

    /// <summary>Class indices.</summary>
    /// <param name="labels">The indices.</param>
    public static implicit operator BatchValues(Memory<int> labels) => new(labels);
}
