namespace NetGen.CompilerServices;

/// <summary>Has newer contents of a buffer, on a device.</summary>
internal interface IBufferOwner
{
    /// <summary>Copies them to the buffer, if they are still newer, and says so to it.</summary>
    /// <exception cref="CudaException">They cannot be copied.</exception>
    void BringHome();
}
