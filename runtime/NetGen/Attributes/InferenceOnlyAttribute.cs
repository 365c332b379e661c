namespace NetGen;

/// <summary>
/// The network is never trained: nothing of training is written for it, no <c>Trainer</c>, no <c>CreateTrainer</c> and no gradients, which
/// is more than half of the code. Its parameters come from a file, mostly that of a network of the same layers which is trained. It may
/// keep its weights in fewer bits.
/// </summary>
/// <remarks>
/// A loss on such a network is an error (NG1140). To those who know it as an <see cref="INetwork"/> alone,
/// <see cref="INetwork.CreateTrainer"/> throws <see cref="NotSupportedException"/>.
/// </remarks>
/// <example>
/// <code>
/// [Network(128), Input&lt;int&gt;("tokens"), Stream, InferenceOnly(Weights = WeightFormat.BFloat16)]
/// [Embedding(32_000, 1_024), Repeat&lt;DecoderBlock&gt;(16), RMSNorm, Linear(32_000, Bias = false)]
/// public sealed partial class Writer;
///
/// Writer writer = Writer.Load("llama.safetensors");
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class InferenceOnlyAttribute : Attribute
{
    /// <summary>
    /// How the matrices are kept that <c>Linear</c> layers multiply with, those in attention and in layers made of others included, and the
    /// tables of <c>Embedding</c>. Biases, normalisations, convolutions and the weights within recurrent layers are float32 in any case.
    /// </summary>
    public WeightFormat Weights { get; set; } = WeightFormat.Float32;
}
