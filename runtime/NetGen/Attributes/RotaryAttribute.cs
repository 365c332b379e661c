namespace NetGen;

/// <summary>
/// Rotary positions (Su et al., 2021): input and output (positions, heads × features). In position p, pair i of each head's features (a, b)
/// becomes (a cos φ − b sin φ, b cos φ + a sin φ) with φ = p · base^(−2i / features of a head). Put behind the <c>Linear</c>s that give the
/// queries and the keys of an attention.
/// </summary>
/// <remarks>
/// Published LLaMA weights in Hugging Face's form pair feature i of a head's first half with feature i of its second, the default here;
/// the original weights pair neighbours (<see cref="Interleaved"/>). <see cref="Factor"/> and what belongs to it is <c>rope_scaling</c> of
/// LLaMA 3.1 and later.
/// </remarks>
/// <example>
/// <code>
/// [Linear(256, Bias = false), Rotary(Heads = 8, Name = "q"), From("input"), Linear(128, Bias = false), Rotary(Heads = 4, Name = "k")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RotaryAttribute : LayerAttribute
{
    /// <summary>Heads that the features are divided into, each of an even number; 1 by default.</summary>
    public int Heads { get; set; } = 1;

    /// <summary>The base of the frequencies, <c>rope_theta</c>; 10,000 by default.</summary>
    public double Base { get; set; } = 10000;

    /// <summary>Pairs are neighbours, features 2i and 2i + 1, and not the halves of a head; false by default.</summary>
    public bool Interleaved { get; set; }

    /// <summary>By how much long waves are stretched, <c>factor</c> of <c>rope_scaling</c>; 1, not at all, by default.</summary>
    public double Factor { get; set; } = 1;

    /// <summary>Waves that fit fewer times than this into <see cref="OriginalLength"/> are stretched whole; 1 by default.</summary>
    public double LowFrequencyFactor { get; set; } = 1;

    /// <summary>Waves that fit more often than this are left alone, those between in proportion; 4 by default.</summary>
    public double HighFrequencyFactor { get; set; } = 4;

    /// <summary>Positions that the frequencies were learned for, <c>original_max_position_embeddings</c>; 8,192 by default.</summary>
    public int OriginalLength { get; set; } = 8192;
}
