namespace NetGen.Cuda.Simulator.Driver;

/// <summary>The driver's answers, of those that this one gives; names are the driver's without its prefix.</summary>
public enum CudaResult
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    Deinitialized = 4,
    NoDevice = 100,
    InvalidDevice = 101,
    InvalidContext = 201,
    InvalidPtx = 218,
    UnsupportedPtxVersion = 222,
    InvalidHandle = 400,
    NotFound = 500,
    NotReady = 600,
    IllegalAddress = 700,
    MisalignedAddress = 716,
    LaunchFailed = 719,
    NotSupported = 801,
    StreamCaptureUnsupported = 900,
    StreamCaptureInvalidated = 901,
    StreamCaptureUnmatched = 903,
    StreamCaptureUnjoined = 904,
    StreamCaptureIsolation = 905,
    CapturedEvent = 907,
    StreamCaptureWrongThread = 908,
}

/// <summary>A call that gives something else than success.</summary>
internal sealed class CudaFailure(CudaResult result, string reason) : Exception(reason)
{
    public CudaResult Result => result;
}
