namespace NetGen.Generator.Cuda.Kernels;

/// <summary>What products on tensor cores take their operands for; the names are those of the runtime's <c>Precision</c>.</summary>
internal enum ProductPrecision
{
    /// <summary>24 binary digits, in two parts.</summary>
    Float32,

    /// <summary>11 binary digits.</summary>
    TF32,

    /// <summary>8 binary digits.</summary>
    BFloat16,
}

/// <summary>Sets of precisions.</summary>
internal static class ProductPrecisions
{
    /// <summary>Those that a network has where it is asked for: all but float32.</summary>
    public static IReadOnlyList<ProductPrecision> Reduced { get; } = [ProductPrecision.TF32, ProductPrecision.BFloat16];
}
