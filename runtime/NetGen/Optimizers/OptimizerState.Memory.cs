namespace NetGen.CompilerServices;

/// <content>What is remembered of parameters, kept aside to be gone back to.</content>
public sealed unsafe partial class OptimizerState
{
    /// <summary>Copies all that steps change, learning rates included.</summary>
    internal Memory Remember() => new(
        [.. new[] { _first, _second, _third }.OfType<AlignedBuffer>().Select(TrainerCore.Snapshot.Copy)],
        [.. _groups.Select(group => group.Progress)], new ScheduledRates(Optimizer, this).Read(), Optimizer.CyclicMomentum, Steps,
        GradientNorm);

    /// <summary>Goes back to what was.</summary>
    internal void GoBack(Memory memory)
    {
        FreeBuffers(memory.Buffers.Length);
        AlignedBuffer?[] buffers = [_first, _second, _third];
        for (int i = 0; i < memory.Buffers.Length; i++)
        {
            TrainerCore.Snapshot.CopyTo(memory.Buffers[i], buffers[i]!);
            buffers[i]!.Touch();
        }
        for (int i = 0; i < _groups.Length; i++)
            _groups[i].Progress = memory.Progress[i];
        new ScheduledRates(Optimizer, this).Write((memory.Rates, memory.Momentum));
        (Steps, GradientNorm) = (memory.Steps, memory.GradientNorm);
    }

    /// <summary>What was at some time.</summary>
    internal sealed record Memory(
        AlignedBuffer[] Buffers, (long Steps, bool HasMomentum)[] Progress, double?[] Rates, double? Momentum, long Steps,
        float? GradientNorm) : IDisposable
    {
        public void Dispose()
        {
            foreach (AlignedBuffer buffer in Buffers)
                buffer.Dispose();
        }
    }
}
