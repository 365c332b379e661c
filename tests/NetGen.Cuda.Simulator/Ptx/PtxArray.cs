namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>An array in shared or constant memory.</summary>
/// <param name="Space"><c>shared</c> or <c>const</c>.</param>
/// <param name="Alignment">In bytes.</param>
/// <param name="Bytes">Its size; of one whose size the launch decides, 0.</param>
/// <param name="IsDynamic">Whether the launch decides.</param>
/// <param name="Contents">What it holds to begin with; of shared memory nothing.</param>
/// <param name="Offset">Where it lies.</param>
internal sealed record PtxArray(
    string Name, string Space, int Alignment, int Bytes, bool IsDynamic, IReadOnlyList<byte> Contents, int Offset = 0);
