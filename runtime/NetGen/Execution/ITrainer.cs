namespace NetGen;

/// <summary>What every generated trainer has.</summary>
/// <remarks>
/// A trainer serves one caller at a time; a call while another is inside is refused with an <see cref="InvalidOperationException"/> before
/// anything happens.
/// <see cref="IDisposable.Dispose"/> may be called at any time, from any thread: a call that is inside ends first.
/// </remarks>
public interface ITrainer : IDisposable
{
    /// <summary>The network whose parameters are trained.</summary>
    INetwork Network { get; }

    /// <summary>The largest number of samples of one step.</summary>
    int BatchSize { get; }

    /// <summary>
    /// The smallest number of samples of one step: 2 where a batch normalisation sees one value of a channel in each sample, otherwise 1.
    /// </summary>
    int MinBatchSize { get; }

    /// <summary>What the network is given, what it gives, and what that is compared with.</summary>
    NetworkPorts Ports => Network.Ports;

    /// <summary>Values of one sample of the input.</summary>
    /// <exception cref="InvalidOperationException">The network has several inputs.</exception>
    int InputSize => Ports.Input.Size;

    /// <summary>Values of one sample of the output.</summary>
    /// <exception cref="InvalidOperationException">The network has several outputs.</exception>
    int OutputSize => Ports.Output.Size;

    /// <summary>The network declares a loss, and so can be trained by <see cref="Step"/>.</summary>
    bool HasLoss { get; }

    /// <summary>What turns gradients into steps; its learning rate may be changed at any time.</summary>
    Optimizer Optimizer { get; }

    /// <summary>Norm of the gradients at the last update, before they were clipped by it; null where it is not measured.</summary>
    float? GradientNorm { get; }

    /// <summary>The vectors that the kernels in use work on.</summary>
    VectorWidth VectorWidth { get; }

    /// <summary>Threads that share the work of one call, the caller's included.</summary>
    int Threads { get; }

    /// <summary>What runs, in words: vectors, threads and the lanes of each layer.</summary>
    string Schedule { get; }

    /// <summary>One step of training: forward, losses, backward, and the optimiser's update.</summary>
    /// <param name="batch">
    /// The samples, <see cref="MinBatchSize"/> to <see cref="BatchSize"/>, with values for each input and each target of
    /// <see cref="Ports"/>.
    /// </param>
    /// <returns>The loss of the batch, before the update; of several the sum.</returns>
    /// <exception cref="ArgumentException">
    /// There are fewer or more inputs or targets than the network's, or a target is class indices where the loss takes values, or values
    /// where it takes class indices, or a length is wrong; nothing was changed.
    /// </exception>
    /// <exception cref="NotSupportedException">The network declares no loss; nothing was changed.</exception>
    float Step(in Batch batch);

    /// <summary>
    /// A step that nobody waits for where it runs on a GPU: it returns when the step before the last is done, and the caller may read the
    /// next batch meanwhile. On the processor, and where the step's result decides what follows, it is <see cref="Step"/>: with clipping
    /// by norm, accumulated gradients, and losses that refuse outputs.
    /// </summary>
    /// <param name="batch">As <see cref="Step"/> takes it. It has been read when the call returns.</param>
    /// <exception cref="ArgumentException">As of <see cref="Step"/>; nothing was changed.</exception>
    /// <exception cref="NotSupportedException">The network declares no loss; nothing was changed.</exception>
    /// <exception cref="CudaException">
    /// The step cannot be started, or an earlier one failed; of that one the parameters on the GPU are lost.
    /// </exception>
    void Enqueue(in Batch batch);

    /// <summary>
    /// The loss of the newest step or backward pass that has come back, before its update; NaN before the first. Waits for nothing.
    /// </summary>
    /// <exception cref="CudaException">A step failed that nobody waited for.</exception>
    float LastLoss { get; }

    /// <summary>Waits for all steps that were enqueued; <see cref="LastLoss"/> is that of the last of them then.</summary>
    /// <exception cref="CudaException">A step failed that nobody waited for.</exception>
    void Synchronize();

    /// <summary>
    /// A step without the optimiser's update: forward, losses and backward. With <see cref="AccumulateGradients"/> the gradients are added
    /// to those of the calls since the last update.
    /// </summary>
    /// <param name="batch">As <see cref="Step"/> takes it.</param>
    /// <returns>The loss of the batch; of several the sum.</returns>
    /// <exception cref="ArgumentException">As of <see cref="Step"/>; nothing was changed.</exception>
    /// <exception cref="NotSupportedException">The network declares no loss; nothing was changed.</exception>
    float Backward(in Batch batch);

    /// <summary>The optimiser's update, by the gradients of the last backward pass, or by the sum of those since the last update.</summary>
    /// <exception cref="InvalidOperationException">There are no gradients.</exception>
    void Update();

    /// <summary>Backward passes add their gradients to those since the last update, instead of replacing them.</summary>
    bool AccumulateGradients { get; set; }

    /// <summary>What the gradients of losses are multiplied by: 1 / k for the mean of k batches; 1 by default.</summary>
    double GradientFactor { get; set; }

    /// <summary>
    /// Writes parameters, what the optimiser remembers, learning rates, steps and the seed of dropout to one safetensors file, which at
    /// any moment is the old one or the complete new one. <see cref="Checkpoint"/> adds the rest of a training.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="notes">Texts to keep with it.</param>
    /// <exception cref="ArgumentException">
    /// The path is empty, or has a NUL or half of a surrogate pair, or a text has that, or the texts are more than a header holds; nothing
    /// is written.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void SaveCheckpoint(string path, IReadOnlyDictionary<string, string>? notes = null);

    /// <summary>
    /// Goes on from a checkpoint of the same network with an optimiser of the same kind and the same groups. On any error nothing is
    /// changed.
    /// </summary>
    /// <param name="path">The file to read.</param>
    /// <returns>The notes that were saved with it.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged, no checkpoint, or of another network or optimiser.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    IReadOnlyDictionary<string, string> LoadCheckpoint(string path);
}
