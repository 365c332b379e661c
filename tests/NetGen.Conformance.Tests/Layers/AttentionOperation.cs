using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A layer that multiplies elements by random factors in training.</summary>
internal interface IDrops
{
    /// <summary>The share that become zero.</summary>
    float Dropped { get; }
}

/// <summary>What layers of attention have in common: which keys a query sees, and what is done to scores and probabilities.</summary>
/// <param name="Window">The last keys that a causal query sees; null for all.</param>
/// <param name="Mask">Name of what is added to the scores; null for nothing.</param>
internal abstract record AttentionOperation(int Heads, bool Causal, int? Window, bool Alibi, string? Mask, float Dropout)
    : Operation, IDrops
{
    public float Dropped => Dropout;

    /// <summary>Of the notation of networks.</summary>
    protected IEnumerable<string> AttentionOptions =>
    [
        Causal ? "causal" : "", Window is null ? "" : FormattableString.Invariant($"window{Window}"), Alibi ? "alibi" : "",
        Mask is null ? "" : "mask=" + Mask, Dropout == 0 ? "" : "drop" + AttributeWriter.Code(Dropout),
    ];

    protected IEnumerable<string> MaskRead => Mask is null ? [] : [Mask];

    protected void DeclareAttention(AttributeWriter attribute)
    {
        attribute.Property("Causal", Causal, false);
        if (Window is { } window)
            attribute.Property("Window", AttributeWriter.Code(window));
        attribute.Property("Alibi", Alibi, false);
        if (Mask is not null)
            attribute.Property("Mask", $"\"{Mask}\"");
        attribute.Property("Dropout", AttributeWriter.Code((double)Dropout), Dropout, 0f);
    }

    /// <summary>The attention of one sample.</summary>
    /// <param name="mask">The values of the mask, and its shape.</param>
    protected AttentionFunction Function(
        LayerRun run, int sample, int keyValueHeads, int queries, int keys, double scale, (Estimate Values, Shape Shape)? mask)
        => new(Heads, keyValueHeads, queries, keys, Causal, scale)
        {
            Window = Window,
            Slopes = Alibi ? [.. Slopes(Heads)] : null,
            Mask = mask is { Shape.Dimensions: var extents } m ? (m.Values, extents.Count == 3 ? extents[0] : 1, extents[^2]) : null,
            Drop = run.Drops && Dropout > 0 ? element => run.DropoutScale(sample, element) : null,
        };

    /// <summary>As published: 2^(−8h / heads), and where the heads are no power of two, every second of twice the next lower power.</summary>
    private static IEnumerable<double> Slopes(int heads)
    {
        if (int.IsPow2(heads))
            return Enumerable.Range(1, heads).Select(h => Math.Pow(2, -8.0 * h / heads));
        int lower = 1 << (int)Math.Log2(heads);
        return [.. Slopes(lower), .. Slopes(2 * lower).Where((_, i) => i % 2 == 0).Take(heads - lower)];
    }
}
