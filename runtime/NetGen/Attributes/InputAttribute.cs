namespace NetGen;

/// <summary>
/// An input of the network, from which the layers behind it go on. A network has one for each span that <c>Forward</c> and <c>Step</c> are
/// given; <c>[Network(3, 32, 32)]</c> is short for <c>[Network, Input("input", 3, 32, 32)]</c>.
/// </summary>
/// <example>
/// <code>
/// [Network]
/// [Input("image", 3, 32, 32), Conv2d(16, 3), ReLU, Flatten, Linear(32, Name = "seen")]
/// [Input("position", 2), Linear(32), Add("seen"), ReLU, Linear(4)]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute : LayerAttribute
{
    /// <summary>An input of the network.</summary>
    /// <param name="name">What the span is called, and the value for layers that read it.</param>
    /// <param name="shape">Shape of one sample: (channels, height, width), (channels, length) or (features).</param>
    public InputAttribute(string name, params int[] shape)
    {
        Name = name;
        Shape = shape;
    }

    /// <summary>Shape of one sample; of one position, with <see cref="UpTo"/> or <see cref="Like"/>: its features.</summary>
    public int[] Shape { get; }

    /// <summary>
    /// The most positions that a sample may have, each with the features of <see cref="Shape"/>: samples bring their lengths at run time,
    /// <c>Forward(frames, lengths, output)</c>. Samples lie one behind the other without padding, and cost what their positions cost.
    /// </summary>
    public int UpTo { get; set; }

    /// <summary>The input before it whose samples have as many positions as this one's, instead of <see cref="UpTo"/>.</summary>
    public string? Like { get; set; }
}

/// <summary>
/// An input of whole numbers, such as the tokens of a text: <c>[Input&lt;int&gt;("tokens", 64)]</c>. Layers that look them up in a table,
/// <see cref="EmbeddingAttribute"/> and <see cref="EmbeddingBagAttribute"/>, make floats of them; they have no gradient.
/// </summary>
/// <example>
/// <code>
/// [Network, Input&lt;int&gt;("tokens", 64)]
/// [EmbeddingBag(10_000, 100), Linear(2), CrossEntropyLoss]
/// public sealed partial class Sentiment;   // session.Forward(tokens, output), with a ReadOnlySpan&lt;int&gt; of tokens
/// </code>
/// </example>
/// <typeparam name="T">The type of its elements, <c>int</c>; an input of floats is declared without.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputAttribute<T> : LayerAttribute
    where T : unmanaged
{
    /// <summary>An input of the network.</summary>
    /// <param name="name">What the span is called, and the value for layers that read it.</param>
    /// <param name="shape">Shape of one sample, of up to three dimensions.</param>
    public InputAttribute(string name, params int[] shape)
    {
        Name = name;
        Shape = shape;
    }

    /// <summary>Shape of one sample; empty with <see cref="UpTo"/> or <see cref="Like"/>, which give one int at each position.</summary>
    public int[] Shape { get; }

    /// <summary>
    /// The most positions that a sample may have: samples bring their lengths at run time, <c>Forward(tokens, lengths, output)</c>. Samples
    /// lie one behind the other without padding, and cost what their positions cost.
    /// </summary>
    /// <example>
    /// <code>
    /// [Network, Input&lt;int&gt;("tokens", UpTo = 128)]
    /// [Embedding(10_000, 100), LSTM(128), Select(1, -1), Linear(2), CrossEntropyLoss]
    /// public sealed partial class Sentiment;   // session.Forward(tokens, lengths, output)
    /// </code>
    /// </example>
    public int UpTo { get; set; }

    /// <summary>The input before it whose samples have as many positions as this one's, instead of <see cref="UpTo"/>.</summary>
    public string? Like { get; set; }
}
