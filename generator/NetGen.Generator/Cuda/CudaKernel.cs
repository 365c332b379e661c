using NetGen.Generator.Cuda.Kernels;

namespace NetGen.Generator.Cuda;

/// <summary>A kernel of a module.</summary>
/// <param name="Name">Unique in the module.</param>
/// <param name="Text">PTX from its comment to its closing brace.</param>
/// <param name="Threads">Threads of a block.</param>
internal sealed record CudaKernel(string Name, string Text, int Threads)
{
    /// <summary>
    /// Writes the kernel that is launched in its place, alike, where products have another precision than
    /// <see cref="ProductPrecision.Float32"/>; null where it is the same in all.
    /// </summary>
    public Func<ProductPrecision, string>? InPrecision { get; init; }
}
