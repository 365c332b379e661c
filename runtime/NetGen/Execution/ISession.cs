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

    /// <summary>What the network is given, what it gives, and what that is compared with.</summary>
    NetworkPorts Ports { get; }

    /// <summary>Values of one sample of the input.</summary>
    /// <exception cref="InvalidOperationException">The network has several inputs.</exception>
    int InputSize => Ports.Input.Size;

    /// <summary>Values of one sample of the output.</summary>
    /// <exception cref="InvalidOperationException">The network has several outputs.</exception>
    int OutputSize => Ports.Output.Size;

    /// <summary>The vectors that the kernels in use work on.</summary>
    VectorWidth VectorWidth { get; }

    /// <summary>Threads that share the work of one call, the caller's included.</summary>
    int Threads { get; }

    /// <summary>What runs, in words: vectors, threads and the lanes of each layer.</summary>
    string Schedule { get; }

    /// <summary>Computes the output of a network with one input, of floats, and one output.</summary>
    /// <param name="input">n samples of <see cref="InputSize"/> values, n from 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="output">Receives n × <see cref="OutputSize"/> values.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another thread is in a call of this session, or the network has several inputs or outputs, or one of ints; nothing was done.
    /// </exception>
    void Forward(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Computes the output of a network with one input, of ints, and one output.</summary>
    /// <param name="input">n samples of <see cref="InputSize"/> values, n from 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="output">Receives n × <see cref="OutputSize"/> values.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is the number of no row of the tables that it is looked up in.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another thread is in a call of this session, or the network has several inputs or outputs, or one of floats; nothing was done.
    /// </exception>
    void Forward(ReadOnlySpan<int> input, Span<float> output) => throw Ports.OtherThan(typeof(int));

    /// <summary>Computes all outputs.</summary>
    /// <param name="batch">The samples, 1 to <see cref="MaxBatch"/>, with values for each input; targets are not looked at.</param>
    /// <param name="outputs">Receives for each output as many values as the samples have of it.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer or more inputs or outputs than the network's, or a length is wrong, or values of an input are of another type, or
    /// the numbers of no rows of the tables that they are looked up in.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call of this session; nothing was done.</exception>
    void Forward(in Batch batch, ReadOnlySpan<Memory<float>> outputs);
}
