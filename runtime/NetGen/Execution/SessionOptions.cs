namespace NetGen;

/// <summary>How a session or trainer runs.</summary>
public record SessionOptions
{
    /// <summary>
    /// Width of the vectors. A width that the machine does not have is refused with a
    /// <see cref="PlatformNotSupportedException"/>; <see cref="VectorWidth.Auto"/>, the default, takes the best it has.
    /// </summary>
    public VectorWidth VectorWidth { get; init; } = VectorWidth.Auto;

    /// <summary>
    /// Threads that work on one call, the caller's included; 1 by default, 0 for one for each core (of a trainer 0 by default, which
    /// there depends on the work of a step, <see cref="TrainerOptions"/>). They divide the samples; with fewer
    /// samples than threads they share the work of each sample, unless the network is small (fewer than 200,000
    /// multiply-adds; the project's property <c>NetGenDivideFrom</c> sets another number).
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Where it runs: <see cref="Device.Cpu"/>, the default, or a GPU, which has neither vector widths nor threads to choose. A device that
    /// the machine does not have, or that the network was built without kernels for, is refused with a
    /// <see cref="PlatformNotSupportedException"/>.
    /// </summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>
    /// How many digits of their operands large products have on a GPU. Another than <see cref="Precision.Float32"/>, the default, is
    /// refused with an <see cref="ArgumentException"/> on the processor, which computes in float32 alone, and with a
    /// <see cref="PlatformNotSupportedException"/> where the network was built without its kernels: the project's property
    /// <c>NetGenCudaPrecisions</c> names those to build for.
    /// </summary>
    public Precision Precision { get; init; } = Precision.Float32;
}
