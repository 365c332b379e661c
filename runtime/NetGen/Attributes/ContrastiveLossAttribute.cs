namespace NetGen;

/// <summary>
/// CLIP's loss of two outputs that belong together sample by sample, such as the embeddings of images and of their captions. With the n
/// samples of a batch the scores are first · secondᵀ / temperature, n × n; the cross-entropy of each row with its own column as the class,
/// and of each column with its own row, are averaged. <c>Step</c> and <c>Backward</c> take no target.
/// </summary>
/// <remarks>
/// <para>
/// The outputs are vectors of one length, as a rule of length 1: put <c>Normalize</c> in front of <c>Output</c>. CLIP's logit scale is the
/// inverse of the temperature, at first 1 / 0.07.
/// </para>
/// <para>
/// What a sample is compared with are the other samples of its batch: a batch of one sample has a loss of 0 and gradients of 0. The last
/// batch of an epoch may be smaller, and is easier then.
/// </para>
/// <para>From Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021, figure 3.</para>
/// </remarks>
/// <param name="first">The name of the output with the first vector of each sample.</param>
/// <param name="second">The name of the output with the second.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ContrastiveLossAttribute(string first, string second) : LossAttribute
{
    /// <summary>The name of the output with the first vector of each sample.</summary>
    public string First { get; } = first;

    /// <summary>The name of the output with the second.</summary>
    public string Second { get; } = second;

    /// <summary>The products are divided by it; 1 by default, above 0.</summary>
    public double Temperature { get; set; } = 1;

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples; <c>"sum"</c> does not. The trainer's <c>SampleLosses</c> has for each
    /// sample the mean of its row's and its column's cross-entropy.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
