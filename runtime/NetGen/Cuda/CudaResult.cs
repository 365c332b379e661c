namespace NetGen.Cuda;

/// <summary>The driver's answers that are told apart; the others have their names from the driver.</summary>
internal enum CudaResult
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NoDevice = 100,
    InvalidPtx = 218,
    UnsupportedPtxVersion = 222,
    NotReady = 600,
    IllegalAddress = 700,
    MisalignedAddress = 716,
    LaunchFailed = 719,
}
