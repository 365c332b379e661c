using System.Runtime.InteropServices;

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

    /// <summary>
    /// Sets to zero again what lies between tensors and pads their blocks: a step that was clipped by a norm that is none has made NaN of
    /// it, which no file that is read later would mend, and of which every sum behind it would be made.
    /// </summary>
    internal void ClearPadding(AlignedBuffer parameters, AlignedBuffer gradients)
    {
        AlignedBuffer[] buffers = [parameters, gradients, .. new[] { _first, _second, _third }.OfType<AlignedBuffer>()];
        foreach (Parameter parameter in _parameters.Where(parameter => parameter.IsLearned && parameter.Offset < Count))
        {
            nint end = _tensors.First(start => start > parameter.Offset);
            foreach (AlignedBuffer buffer in buffers)
            {
                Parameter own = parameter.In(buffer, parameter.Name);
                float[] values = own.ToArray();
                NativeMemory.Clear(buffer.Pointer + parameter.Offset, (nuint)(end - parameter.Offset) * sizeof(float));
                own.CopyFrom(values);
            }
        }
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
