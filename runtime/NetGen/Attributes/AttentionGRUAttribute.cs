namespace NetGen;

/// <summary>
/// A GRU that looks at a memory before each step, as decoders of translation do (Bahdanau, Cho, Bengio: Neural machine translation by
/// jointly learning to align and translate; ICLR 2015). Input (positions, features); the memory, (its positions, its features), is the
/// output of an earlier layer, e.g. the states of an encoder; output (positions, hiddenSize).
/// </summary>
/// <remarks>
/// <para>
/// Step t, with the state s<sub>t−1</sub> before it and the memory's positions m<sub>j</sub>: scores e<sub>j</sub> = vᵀ tanh(W<sub>q</sub>
/// s<sub>t−1</sub> + W<sub>k</sub> m<sub>j</sub>), weights a = softmax(e), context c = Σ a<sub>j</sub> m<sub>j</sub>, then PyTorch's GRU
/// over the input and the context: r, z = σ(W<sub>i</sub> x<sub>t</sub> + W<sub>c</sub> c + b<sub>i</sub> + W<sub>h</sub> s<sub>t−1</sub> +
/// b<sub>h</sub>), n = tanh(W<sub>in</sub> x<sub>t</sub> + W<sub>cn</sub> c + b<sub>in</sub> + r (W<sub>hn</sub> s<sub>t−1</sub> +
/// b<sub>hn</sub>)), s<sub>t</sub> = (1 − z) n + z s<sub>t−1</sub>. With <c>Score = "dot"</c> e<sub>j</sub> = s<sub>t−1</sub>ᵀ
/// m<sub>j</sub> (Luong, Pham, Manning: Effective approaches to attention-based neural machine translation; EMNLP 2015), of a memory with
/// hiddenSize features.
/// </para>
/// <para>
/// Further outputs, which other layers read as <c>"attentiongru1.context"</c> and so on: <c>h</c>, the state behind the last step;
/// <c>context</c> (positions, the memory's features); <c>attention</c> (positions, the memory's positions), the weights of each step.
/// </para>
/// <para>
/// Tensors: <c>weight_ih</c> [3 · hiddenSize, inputs], <c>weight_hh</c> [3 · hiddenSize, hiddenSize], <c>bias_ih</c>, <c>bias_hh</c> as of
/// PyTorch's <c>GRUCell</c>; <c>weight_ch</c> [3 · hiddenSize, the memory's features], which in a <c>GRUCell</c> over the concatenation of
/// input and context are the last columns of <c>weight_ih</c>; of additive scores <c>weight_query</c> [attentionSize, hiddenSize],
/// <c>weight_key</c> [attentionSize, the memory's features] and <c>weight_score</c> [1, attentionSize]. Those of the GRU are drawn from
/// ±1/√hiddenSize, those of the scores as a linear layer's.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [Network, Input&lt;int&gt;("source", UpTo = 24), Input&lt;int&gt;("words", 11)]
/// [From("source"), Embedding(64, 32), GRU(64, Name = "encoder")]
/// [From("words"), Embedding(16, 32)]
/// [AttentionGRU(64, Memory = "encoder", InitialState = "encoder.h"), Linear(16), Output("y"), CrossEntropyLoss(Dim = -1)]
/// internal sealed partial class Dates;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AttentionGRUAttribute : LayerAttribute
{
    /// <summary>A layer whose input features are checked.</summary>
    /// <param name="inputSize">Features of each position of the input, checked against the preceding layer.</param>
    /// <param name="hiddenSize">Units of a state.</param>
    public AttentionGRUAttribute(int inputSize, int hiddenSize)
        : this(hiddenSize) => InputSize = inputSize;

    /// <summary>A layer whose input features are those of the preceding layer.</summary>
    /// <param name="hiddenSize">Units of a state.</param>
    public AttentionGRUAttribute(int hiddenSize) => HiddenSize = hiddenSize;

    /// <summary>Features of each position of the input; null where they are inferred.</summary>
    public int? InputSize { get; }

    /// <summary>Units of a state.</summary>
    public int HiddenSize { get; }

    /// <summary>The name of the layer whose output is looked at; must be set.</summary>
    public string? Memory { get; set; }

    /// <summary>
    /// The name of a vector of hiddenSize features, the state before the first step, e.g. <c>"encoder.h"</c>; zeros by default.
    /// </summary>
    public string? InitialState { get; set; }

    /// <summary>How scores are computed: <c>"additive"</c>, the default, or <c>"dot"</c>.</summary>
    public string Score { get; set; } = "additive";

    /// <summary>Features of queries and keys of additive scores; hiddenSize by default.</summary>
    public int AttentionSize { get; set; }

    /// <summary>Whether biases are added to the products of inputs and of states; true by default. Scores have none.</summary>
    public bool Bias { get; set; } = true;
}
