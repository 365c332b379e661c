namespace NetGen.Generator.Cuda.Kernels;

/// <summary>What a block computes at a time, and what of it a thread does.</summary>
/// <param name="Rows">Rows of a block.</param>
/// <param name="Columns">Columns of a block.</param>
/// <param name="Depth">Products that are in shared memory at a time.</param>
/// <param name="ThreadRows">Rows of a thread: 1, 2 or 4, or multiples of 4, so that loads of several numbers stay aligned.</param>
/// <param name="ThreadColumns">Columns of a thread, likewise.</param>
internal sealed record ProductTile(int Rows, int Columns, int Depth, int ThreadRows, int ThreadColumns)
{
    /// <summary>
    /// Rows and columns from which tensor cores compute a product: three quarters of a tile. Of smaller products they would throw away most
    /// of what they compute, and those take less time than their launch in any way: they keep the bits of a chain.
    /// </summary>
    private const int FewestLines = 48;

    /// <summary>The depth from which they do: what they sum up before they hand it over, which is work beside the products.</summary>
    private const int LeastDepth = TensorUnit.PartDepth;

    public int Threads => Rows / ThreadRows * (Columns / ThreadColumns);

    /// <summary>Tensor cores compute it.</summary>
    public bool IsOfTensorCores { get; init; }

    /// <summary>For products of a few hundred rows and columns.</summary>
    public static ProductTile Usual { get; } = new(64, 64, 16, 4, 4);

    /// <summary>
    /// For products of few rows. It is shallow, so that a thread has no more addresses of pixels than it has registers for.
    /// </summary>
    public static ProductTile Flat { get; } = new(16, 128, 8, 4, 4);

    /// <summary>
    /// Four warps of 32 rows and 32 columns: each number that a warp reads from shared memory and splits goes into 96 products of eight; in
    /// the precisions that do not split it, into 32.
    /// </summary>
    public static ProductTile TensorCores { get; } = new(64, 64, 16, 4, 8) { IsOfTensorCores = true };

    /// <summary>The tile for a product, of which what grows with the samples is null, and taken for large.</summary>
    /// <remarks>
    /// Tensor cores do three products for one and are several times as fast at each. Their tile is as large as the ordinary units', so that
    /// what stays empty at the edges of a product speaks for neither; only in a product that does not fill one tile does it. The choice is
    /// the same in all precisions, so that a launch is.
    /// </remarks>
    public static ProductTile For(int? rows, int? columns, int? depth)
    {
        if ((rows ?? FewestLines) >= FewestLines && (columns ?? FewestLines) >= FewestLines && (depth ?? LeastDepth) >= LeastDepth)
            return TensorCores;
        return rows <= Flat.Rows ? Flat : Usual;
    }

    /// <summary>What computes such tiles in a kernel.</summary>
    /// <param name="precision">That of tensor cores: what ordinary units compute is float32.</param>
    public ProductUnit CreateUnit(PtxWriter writer, ProductPrecision precision) => IsOfTensorCores
        ? new TensorUnit(writer, this, TensorFormat.Of(precision)) : new OrdinaryUnit(writer, this);
}
