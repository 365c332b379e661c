using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>Neighbouring calls that share a loop over samples, or that take all samples at once.</summary>
/// <param name="Calls">In their order.</param>
/// <param name="SamplesAtATime">
/// What the loop takes at a time: 16 samples where they lie side by side, else one; null where there is no loop.
/// </param>
internal sealed record CallGroup(IReadOnlyList<KernelCall> Calls, int? SamplesAtATime)
{
    /// <summary>Its loop takes 16 samples at a time.</summary>
    public bool HasSampleLanes => SamplesAtATime == Layout.Block;

    public bool ForInputGradientOnly => Calls[0].ForInputGradientOnly;

    /// <summary>
    /// The groups of a pass. What works sample by sample joins its neighbours, as long as they take as many samples at a time: images with
    /// sample lanes and images with channel lanes have loops of their own.
    /// </summary>
    public static IReadOnlyList<CallGroup> Of(IReadOnlyList<KernelCall> calls)
    {
        var groups = new List<CallGroup>();
        for (int start = 0, end = 0; start < calls.Count; start = end)
        {
            int? step = null;
            while (end < calls.Count && calls[end].IsPerSample == calls[start].IsPerSample
                && calls[end].ForInputGradientOnly == calls[start].ForInputGradientOnly)
            {
                int? wanted = StepOf(calls[end]);
                if (wanted is not null && step is not null && wanted != step)
                    break;
                step ??= wanted;
                end++;
            }
            groups.Add(new CallGroup(calls.Skip(start).Take(end - start).ToList(), calls[start].IsPerSample ? step ?? 1 : null));
        }
        return groups;
    }

    /// <summary>
    /// What a call that works sample by sample takes at a time; null where it touches no image whose layout decides that.
    /// </summary>
    private static int? StepOf(KernelCall call)
    {
        List<LayoutKind> kinds = call.Values.Select(value => value.Storage.Layout.Kind).ToList();
        return kinds.Contains(LayoutKind.Samples) ? Layout.Block
            : kinds.Exists(kind => kind is LayoutKind.Blocked or LayoutKind.Positions) ? 1
            : null;
    }
}
