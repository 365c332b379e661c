namespace NetGen;

/// <summary>What every generated network has: learnable parameters, which can be saved and loaded, sessions and trainers.</summary>
public interface INetwork : IParameterSet
{
    /// <summary>
    /// Writes all parameters to a <c>safetensors</c> file. The file is written beside <paramref name="path"/> and then renamed,
    /// so that a file of that name is either the old one or the complete new one. It has a checksum.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void Save(string path);

    /// <summary>
    /// Reads all parameters from a <c>safetensors</c> file, which must hold exactly this network's names and shapes, as float32, float16,
    /// bfloat16 or float64, and whose checksum must be right where it has one; or from several files with an index. On any error the
    /// network is unchanged.
    /// </summary>
    /// <param name="path">The file, or the index, <c>model.safetensors.index.json</c>, or the folder of either.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="SafeTensorsException">The file is damaged or does not fit this network.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    void LoadParameters(string path);

    /// <summary>What the network is given, what it gives, and what that is compared with.</summary>
    NetworkPorts Ports { get; }

    /// <summary>The layers as a graph.</summary>
    NetworkGraph Graph { get; }

    /// <summary>Prepares inference with the parameters of this network, which are shared and only read.</summary>
    /// <param name="maxBatch">The largest number of samples of one call.</param>
    /// <param name="options">Vector width and threads; by default the widest this processor runs well, and one thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1, or the number of threads negative.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the vector width asked for.</exception>
    ISession CreateSession(int maxBatch = 1, SessionOptions? options = null);

    /// <summary>Prepares training of this network's parameters.</summary>
    /// <param name="batchSize">The largest number of samples of one step.</param>
    /// <param name="optimizer">What turns gradients into steps.</param>
    /// <param name="options">Vector width, threads, the seed of dropout, and how gradients are clipped.</param>
    /// <exception cref="ArgumentException">
    /// A parameter group of the optimiser takes no parameter of this network, or one that another group takes too.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1, or the number of threads negative.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the vector width asked for.</exception>
    /// <exception cref="NotSupportedException">The network is declared <see cref="InferenceOnlyAttribute"/>.</exception>
    ITrainer CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options = null);
}
