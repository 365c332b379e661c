namespace NetGen;

/// <summary>What every generated session has: inference with the parameters of one network.</summary>
/// <remarks>
/// A session serves one caller at a time; a call while another is inside is refused with an <see cref="InvalidOperationException"/> before
/// anything happens. Sessions of one network run side by side. <see cref="IDisposable.Dispose"/> may be called at any time, from any
/// thread: a call that is inside ends first.
/// </remarks>
public interface ISession : IDisposable
{
    /// <summary>The largest number of samples of one call.</summary>
    int MaxBatch { get; }

    /// <summary>Values of one input sample.</summary>
    int InputSize { get; }

    /// <summary>Values of one output sample.</summary>
    int OutputSize { get; }

    /// <summary>The vectors that the kernels in use work on.</summary>
    VectorWidth VectorWidth { get; }

    /// <summary>Threads that share the work of one call, the caller's included.</summary>
    int Threads { get; }

    /// <summary>What runs, in words: vectors, threads and the lanes of each layer.</summary>
    string Schedule { get; }

    /// <summary>Computes the network's output.</summary>
    /// <param name="input">n samples of <see cref="InputSize"/> values, n from 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="output">Receives n × <see cref="OutputSize"/> values.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this session; nothing was done.</exception>
    void Forward(ReadOnlySpan<float> input, Span<float> output);
}
