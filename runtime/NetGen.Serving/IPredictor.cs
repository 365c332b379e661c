namespace NetGen.Serving;

/// <summary>
/// Computes outputs for any number of concurrent callers: requests that wait are put into one batch. It is a singleton; its calls may come
/// from any thread.
/// </summary>
/// <remarks>
/// The memory of a request belongs to the predictor until the task has ended, however it ends; afterwards it is neither read nor written.
/// Cancellation takes a request out that waits; one that is being computed is finished. A request for several samples stays together.
/// </remarks>
public interface IPredictor
{
    /// <summary>What the network is given, and what it gives.</summary>
    NetworkPorts Ports { get; }

    /// <summary>The most samples of a request, and of a batch.</summary>
    int MaxBatch { get; }

    /// <summary>Computes the output of a network with one input, of floats, and one output.</summary>
    /// <param name="input">n samples, one behind the other, n from 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="output">Receives the n samples' outputs.</param>
    /// <param name="cancellationToken">Takes the request back while it waits.</param>
    /// <exception cref="ArgumentException">A length or type is wrong.</exception>
    /// <exception cref="RequestRejectedException">The task's: the queue is full, or the predictor stopped.</exception>
    /// <exception cref="OperationCanceledException">The task's: it was cancelled while it waited.</exception>
    ValueTask ForwardAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken = default);

    /// <summary>Computes the output of a network with one input, of ints, and one output.</summary>
    /// <param name="input">n samples, one behind the other, n from 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="output">Receives the n samples' outputs.</param>
    /// <param name="cancellationToken">Takes the request back while it waits.</param>
    /// <exception cref="ArgumentException">
    /// A length or type is wrong, or a value is the number of no row of the table that it is looked up in.
    /// </exception>
    /// <exception cref="RequestRejectedException">The task's: the queue is full, or the predictor stopped.</exception>
    /// <exception cref="OperationCanceledException">The task's: it was cancelled while it waited.</exception>
    ValueTask ForwardAsync(ReadOnlyMemory<int> input, Memory<float> output, CancellationToken cancellationToken = default);

    /// <summary>Computes all outputs of any network.</summary>
    /// <param name="inputs">
    /// The values of each input, in the order of <see cref="NetworkPorts.Inputs"/>: n samples, one behind the other. The span itself may
    /// change after the call, what it shows may not.
    /// </param>
    /// <param name="outputs">Receives the n samples' values of each output, in the order of <see cref="NetworkPorts.Outputs"/>.</param>
    /// <param name="cancellationToken">Takes the request back while it waits.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer or more inputs or outputs, or a length or type is wrong, or an int is the number of no row of the table that it is
    /// looked up in.
    /// </exception>
    /// <exception cref="RequestRejectedException">The task's: the queue is full, or the predictor stopped.</exception>
    /// <exception cref="OperationCanceledException">The task's: it was cancelled while it waited.</exception>
    ValueTask ForwardAsync(
        ReadOnlySpan<BatchValues> inputs, ReadOnlySpan<Memory<float>> outputs, CancellationToken cancellationToken = default);
}

/// <summary>The predictor of one network, as it is injected.</summary>
/// <typeparam name="TNetwork">The network's class.</typeparam>
public interface IPredictor<TNetwork> : IPredictor
    where TNetwork : class, INetwork;

/// <summary>Calls that bring the output's memory themselves.</summary>
public static class PredictorExtensions
{
    /// <summary>Computes the output of a network with one input, of floats, and one output, into a new array.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="input">n samples, one behind the other, n from 1 to <see cref="IPredictor.MaxBatch"/>.</param>
    /// <param name="cancellationToken">Takes the request back while it waits.</param>
    /// <returns>The n samples' outputs.</returns>
    /// <exception cref="ArgumentException">The network has several inputs or outputs, or a length or type is wrong.</exception>
    /// <exception cref="RequestRejectedException">The queue is full, or the predictor stopped.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public static async ValueTask<float[]> PredictAsync(
        this IPredictor predictor, ReadOnlyMemory<float> input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        float[] output = Output(predictor.Ports, input.Length);
        await predictor.ForwardAsync(input, output, cancellationToken).ConfigureAwait(false);
        return output;
    }

    /// <summary>Computes the output of a network with one input, of ints, and one output, into a new array.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="input">n samples, one behind the other, n from 1 to <see cref="IPredictor.MaxBatch"/>.</param>
    /// <param name="cancellationToken">Takes the request back while it waits.</param>
    /// <returns>The n samples' outputs.</returns>
    /// <exception cref="ArgumentException">
    /// The network has several inputs or outputs, or a length or type is wrong, or a value is the number of no row of the table that it is
    /// looked up in.
    /// </exception>
    /// <exception cref="RequestRejectedException">The queue is full, or the predictor stopped.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public static async ValueTask<float[]> PredictAsync(
        this IPredictor predictor, ReadOnlyMemory<int> input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        float[] output = Output(predictor.Ports, input.Length);
        await predictor.ForwardAsync(input, output, cancellationToken).ConfigureAwait(false);
        return output;
    }

    /// <summary>Memory for as many samples as an input has; what is wrong with the input, <c>ForwardAsync</c> says.</summary>
    private static float[] Output(NetworkPorts ports, int length)
        => new float[(long)Math.Max(1, length / Math.Max(1, ports.Inputs[0].Size)) * ports.Outputs[0].Size];
}
