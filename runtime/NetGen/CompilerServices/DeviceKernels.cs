using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// A network's kernels for a device. Sessions know no more of devices than this, so that a program whose networks have none carries none.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeviceKernels
{
    private protected DeviceKernels()
    {
    }

    /// <summary>The precisions beside <see cref="Precision.Float32"/> for which there are kernels. None by default.</summary>
    public virtual ReadOnlySpan<Precision> Precisions => default;

    /// <summary>Takes the device into use for a session.</summary>
    /// <param name="device">The device.</param>
    /// <param name="precision">One that there are kernels for.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="maxBatch">The most samples of a call.</param>
    internal abstract DeviceSession CreateSession(
        Device device, Precision precision, INetwork network, AlignedBuffer parameters, int maxBatch);

    /// <summary>Takes the device into use for a trainer.</summary>
    /// <param name="device">The device.</param>
    /// <param name="precision">One that there are kernels for.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="gradients">The parameters' gradients.</param>
    /// <param name="state">What the optimiser remembers, and the numbers of its steps.</param>
    /// <param name="batchSize">The most samples of a pass.</param>
    internal virtual DeviceTrainer CreateTrainer(Device device, Precision precision, INetwork network, AlignedBuffer parameters,
        AlignedBuffer gradients, OptimizerState state, int batchSize)
        => throw new PlatformNotSupportedException($"This network has kernels for {device} that infer, but none that train.");

    /// <summary>Refuses devices for what has no part on them.</summary>
    /// <param name="options">What the caller asks for.</param>
    /// <param name="what">What it is, in the plural, as the beginning of a sentence.</param>
    /// <exception cref="PlatformNotSupportedException">The options ask for a device.</exception>
    /// <exception cref="ArgumentException">They ask for a precision that the processor does not have.</exception>
    internal static void RequireProcessor(SessionOptions options, string what)
    {
        if (options.Device.IsCuda)
            throw new PlatformNotSupportedException($"{what} run on the processor, and the options ask for {options.Device}: of GPUs, "
                + "sessions and trainers make use.");
        CheckProcessor(options);
    }

    /// <summary>The kernels that the options' device needs; null of the processor, which has its own.</summary>
    /// <param name="kernels">Those of the network; null where it has none.</param>
    /// <param name="options">What the caller asks for.</param>
    /// <exception cref="PlatformNotSupportedException">The network has none, or none of the precision.</exception>
    /// <exception cref="ArgumentException">An option is given that means nothing there.</exception>
    internal static DeviceKernels? Of(DeviceKernels? kernels, SessionOptions options)
    {
        if (!options.Device.IsCuda)
        {
            CheckProcessor(options);
            return null;
        }
        if (options.VectorWidth != VectorWidth.Auto)
            throw new ArgumentException($"{nameof(SessionOptions.VectorWidth)} is {options.VectorWidth}, but {options.Device} has no "
                + $"vectors to choose: expected {VectorWidth.Auto}.", nameof(options));
        if (options.Threads is not (0 or 1))
            throw new ArgumentException($"{nameof(SessionOptions.Threads)} is {options.Threads}, but on {options.Device} threads have no "
                + "work to share: expected 1.", nameof(options));
        if (!Enum.IsDefined(options.Precision))
            throw new ArgumentException($"{nameof(SessionOptions.Precision)} is {options.Precision}; expected one of "
                + $"{string.Join(", ", Enum.GetNames<Precision>())}.", nameof(options));
        if (kernels is null)
            throw new PlatformNotSupportedException($"This network was built without kernels for {options.Device}: the "
                + "project's property <NetGenTargets>cpu;cuda</NetGenTargets> adds them.");
        if (options.Precision != Precision.Float32 && Array.IndexOf(kernels.Precisions.ToArray(), options.Precision) < 0)
            throw new PlatformNotSupportedException($"This network was built without kernels for {options.Precision}: the project's "
                + $"property <NetGenCudaPrecisions>{Precision.Float32};{options.Precision}</NetGenCudaPrecisions> adds them.");
        return kernels;
    }

    private static void CheckProcessor(SessionOptions options)
    {
        if (options.Precision != Precision.Float32)
            throw new ArgumentException($"{nameof(SessionOptions.Precision)} is {options.Precision}, but the processor computes in float32 "
                + $"alone: expected {Precision.Float32}, or a GPU as the {nameof(SessionOptions.Device)}.", nameof(options));
    }
}

/// <summary>A session's part on a device.</summary>
internal abstract unsafe class DeviceSession : IDisposable
{
    /// <summary>What runs, in words.</summary>
    public abstract string Schedule { get; }

    /// <summary>Computes all outputs, and waits for them.</summary>
    /// <param name="samples">Number of samples, checked.</param>
    /// <param name="session">Where the caller's inputs and outputs are.</param>
    public abstract void Forward(int samples, IDeviceCaller session);

    public abstract void Dispose();
}
