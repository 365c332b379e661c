namespace NetGen.Cuda;

/// <summary>Where a trainer's memory lies on a GPU, beside parameters and activations.</summary>
/// <param name="Gradients">The parameters' gradients.</param>
/// <param name="Batch">What is there once for a batch.</param>
/// <param name="Scratch">Working memory of a pass.</param>
/// <param name="Losses">Each sample's loss, in double, one loss behind the other.</param>
/// <param name="LossStride">Bytes from one loss to the next.</param>
/// <param name="Scales">What the gradient of each loss is multiplied by.</param>
/// <param name="Random">What dropout draws from.</param>
internal sealed record CudaTrainingMemory(
    ulong Gradients, ulong Batch, ulong Scratch, ulong Losses, ulong LossStride, ulong Scales, ulong Random);
