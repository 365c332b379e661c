using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The steps of a recurrent layer that looks at a memory, with the working memory that they take besides that of the steps.
/// </summary>
/// <param name="Steps">Of the layer.</param>
/// <param name="Key">Where the keys lie; likewise <paramref name="Memory"/>.</param>
internal sealed record MemoryGeometry(RecurrentGeometry Steps, MemoryAttention Attention, Layout Key, Layout Memory)
{
    private int ProductFeatures => Steps.Gates * Steps.Lanes;

    /// <summary>Positions of the memory with what fills the last vector.</summary>
    public int Padded => Layout.RoundUp(Attention.Positions);

    /// <summary>The memory has a length of its own in each sample.</summary>
    public bool HasLengths => Key.HasLengths;

    public RecurrentRows States => new("state", 0, Steps.Hidden);

    public RecurrentRows Products => new("products", Steps.Products, ProductFeatures);

    /// <summary>The queries of additive scores; others' are the states.</summary>
    public RecurrentRows Queries
        => Attention.IsAdditive ? new("queries", (int)Steps.ForwardScratch, Attention.Size) : new("queries", 0, Steps.Hidden);

    public RecurrentRows Contexts => new("contexts", (int)Steps.ForwardScratch + OwnQueries, Attention.Features);

    public RecurrentRows ContextProducts => new("contextProducts", Contexts.Offset + Steps.Rows * Contexts.Stride, ProductFeatures);

    /// <summary>One row's scores.</summary>
    public int Scores => ContextProducts.Offset + Steps.Rows * Steps.ProductStride;

    public long ForwardScratch => Scores + (long)Padded;

    private int OwnQueries => Attention.IsAdditive ? Steps.Rows * Layout.ForRows(Attention.Size).SampleStride : 0;

    /// <summary>Of the state's products; likewise the others, going back.</summary>
    public RecurrentRows ProductGradients => new("products", Steps.ProductGradients, ProductFeatures);

    /// <summary>What flows past the products to the state before.</summary>
    public RecurrentRows Bypass => new("bypass", Steps.Cells, Steps.Hidden);

    public RecurrentRows InputGradients => new("inputProducts", (int)Steps.BackwardScratch, ProductFeatures);

    public RecurrentRows ContextGradients
        => new("contexts", InputGradients.Offset + Steps.Rows * Steps.ProductStride, Attention.Features);

    /// <summary>What flows back to the states through the queries.</summary>
    public RecurrentRows OfQueries => new("ofQueries", ContextGradients.Offset + Steps.Rows * ContextGradients.Stride, Steps.Hidden);

    /// <summary>The gradients of the queries, which are the states' own where no product is between.</summary>
    public RecurrentRows QueryGradients => Attention.IsAdditive
        ? new("queries", OfQueries.Offset + Steps.Rows * Steps.StateStride, Attention.Size) : OfQueries;

    public int Slopes => OfQueries.Offset + Steps.Rows * Steps.StateStride + OwnQueries;

    public long BackwardScratch => Slopes + (long)Padded;
}
