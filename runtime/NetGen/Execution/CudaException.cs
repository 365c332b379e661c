using NetGen.Cuda;

namespace NetGen;

/// <summary>
/// An NVIDIA GPU or its driver did not do what was asked for: memory that is not there, kernels that the driver refuses, a kernel that
/// failed. Behind a kernel that failed the GPU is lost to the process, and every later call says so.
/// </summary>
public sealed class CudaException : Exception
{
    internal CudaException(CudaResult result, string message)
        : base(message)
    {
        Result = result;
    }

    /// <summary>The driver's answer.</summary>
    internal CudaResult Result { get; }
}
