namespace NetGen.Cuda;

/// <summary>The GPU or its driver did not do what was asked for.</summary>
internal sealed class CudaException : Exception
{
    public CudaException(CudaResult result, string message)
        : base(message)
    {
        Result = result;
    }

    /// <summary>The driver's answer.</summary>
    public CudaResult Result { get; }
}
