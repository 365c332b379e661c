namespace NetGen;

/// <summary>
/// PyTorch's <c>TripletMarginLoss</c> of three outputs: max(0, d(anchor, positive) − d(anchor, negative) + margin), with the distance
/// d(x, y) = ‖x − y + eps‖ₚ. <c>Step</c> and <c>Backward</c> take no target.
/// </summary>
/// <remarks>
/// The outputs are vectors of one length. Towers that share their parameters, <c>Sequential&lt;Tower&gt;(Shares = "tower")</c>, give them.
/// Where two vectors are equal, <see cref="Eps"/> is what is left of their difference, and the gradient is that of its norm; with
/// <see cref="Eps"/> = 0 it is 0.
/// </remarks>
/// <param name="anchor">The name of the output that the others are compared with.</param>
/// <param name="positive">The name of the output that should be near it.</param>
/// <param name="negative">The name of the output that should be farther away.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TripletMarginLossAttribute(string anchor, string positive, string negative) : LossAttribute
{
    /// <summary>The name of the output that the others are compared with.</summary>
    public string Anchor { get; } = anchor;

    /// <summary>The name of the output that should be near it.</summary>
    public string Positive { get; } = positive;

    /// <summary>The name of the output that should be farther away.</summary>
    public string Negative { get; } = negative;

    /// <summary>How much farther the negative must be for a loss of 0; 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>Of the norm that measures distances, 1 or more; 2 by default, <see cref="double.PositiveInfinity"/> for the largest
    /// difference.</summary>
    public double P { get; set; } = 2;

    /// <summary>Added to each difference; 10⁻⁶ by default.</summary>
    public double Eps { get; set; } = 1e-6;

    /// <summary>
    /// The negative's distance is the smaller one of those to the anchor and to the positive (Balntas et al., 2016); false by default.
    /// </summary>
    public bool Swap { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples; <c>"sum"</c> does not. Per sample, PyTorch's <c>"none"</c>, the
    /// trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
