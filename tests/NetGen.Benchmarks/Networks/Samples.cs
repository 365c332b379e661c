using System.Runtime.InteropServices;

namespace NetGen.Benchmarks.Networks;

/// <summary>Samples for any contender, one behind the other.</summary>
internal abstract class Samples
{
    /// <summary>As files for the peers hold them: float32, or int32.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>A forward pass of these samples into the output.</summary>
    public abstract Action ForwardOf(Handle handle, float[] output);

    /// <summary>A training step on these samples.</summary>
    public abstract Func<float> StepOf(TrainerHandle trainer, int[] labels);
}

/// <summary>Numbers in [0, 1), or tokens for networks over text.</summary>
internal sealed class Samples<T>(T[] values) : Samples
    where T : unmanaged
{
    public T[] Values => values;

    public override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(values.AsSpan());

    public override Action ForwardOf(Handle handle, float[] output)
    {
        var forward = handle.Bind<ForwardCall<T>>("Forward");
        return () => forward(values, output);
    }

    public override Func<float> StepOf(TrainerHandle trainer, int[] labels)
    {
        var step = trainer.Bind<StepCall<T>>("Step");
        return () => step(values, labels);
    }
}
