using System.Globalization;
using NetGen.Cuda;

namespace NetGen;

/// <summary>
/// Where a session or trainer runs: the processor, or an NVIDIA GPU. For a GPU the network needs kernels, which the project's property
/// <c>&lt;NetGenTargets&gt;cpu;cuda&lt;/NetGenTargets&gt;</c> adds, and the machine the driver; nothing else is loaded or installed.
/// </summary>
/// <example>
/// <code>
/// Device device = Device.IsCudaAvailable ? Device.Cuda() : Device.Cpu;
/// using var session = net.CreateSession(256, new SessionOptions { Device = device });
/// </code>
/// </example>
public sealed class Device
{
    private readonly CudaPlatform? _platform;
    private readonly int _ordinal;

    private Device(CudaPlatform? platform, int ordinal) => (_platform, _ordinal) = (platform, ordinal);

    /// <summary>The processor, the default.</summary>
    public static Device Cpu { get; } = new(null, -1);

    /// <summary>An NVIDIA GPU, of compute capability 8.0 (Ampere) or later. Whether there is one is asked when it is used.</summary>
    /// <param name="ordinal">Its number, from 0, as the driver counts (<c>CUDA_VISIBLE_DEVICES</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Device Cuda(int ordinal = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        return new Device(null, ordinal);
    }

    /// <summary>Whether this machine has a GPU that networks can run on.</summary>
    public static bool IsCudaAvailable => WhyNoCuda is null;

    /// <summary>Why this machine has no GPU that networks can run on, in a sentence; null where it has one.</summary>
    public static string? WhyNoCuda => CudaPlatform.WhyNot;

    /// <summary>Whether it is an NVIDIA GPU.</summary>
    public bool IsCuda => _ordinal >= 0;

    /// <summary><c>cpu</c> or, for the first GPU, <c>cuda:0</c>.</summary>
    public override string ToString() => IsCuda ? string.Create(CultureInfo.InvariantCulture, $"cuda:{_ordinal}") : "cpu";

    /// <summary>A GPU of a driver of one's own, such as a simulated one.</summary>
    internal static Device Of(CudaPlatform platform, int ordinal = 0) => new(platform, ordinal);

    /// <summary>The GPU's context.</summary>
    internal CudaContext Open() => (_platform ?? CudaPlatform.Current).Open(_ordinal);
}
