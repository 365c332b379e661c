namespace NetGen.Generator.Cuda;

/// <summary>A kernel of a module.</summary>
/// <param name="Name">Unique in the module.</param>
/// <param name="Text">PTX from its comment to its closing brace.</param>
/// <param name="Threads">Threads of a block.</param>
internal sealed record CudaKernel(string Name, string Text, int Threads);
