using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Phases of one shape along one axis: what their kernels have as constants, and the range of what tells them apart.</summary>
/// <param name="Taps">Taps of each phase.</param>
/// <param name="Count">Positions of each phase.</param>
/// <param name="MinBefore">The smallest of <see cref="StridePhase.Before"/>.</param>
/// <param name="MaxBefore">The largest.</param>
internal readonly record struct PhaseGroup(int Taps, int Count, int MinBefore, int MaxBefore)
{
    /// <summary>
    /// The groups of an axis: taps differ by one at most where there are any, and so do counts. Found from the first taps, which are as few
    /// as the window has taps, however large the stride.
    /// </summary>
    public static IReadOnlyList<PhaseGroup> Of(StridePhases axis)
    {
        var groups = new Dictionary<(int Taps, int Count), (int Min, int Max, int Phases)>();
        for (int first = 0; first < Math.Min(axis.TapStep, axis.Taps); first++)
        {
            int start = axis.StartOf(first);
            if (start >= axis.Count)
                continue;
            StridePhase phase = axis[start];
            (int min, int max, int phases) = groups.TryGetValue((phase.Taps, phase.Count), out var known)
                ? known : (phase.Before, phase.Before, 0);
            groups[(phase.Taps, phase.Count)] = (Math.Min(min, phase.Before), Math.Max(max, phase.Before), phases + 1);
        }
        // The phases that no tap hits.
        int larger = axis.Stride >= axis.Positions ? axis.Count : axis.Positions % axis.Stride;
        AddEmpty(axis.Positions / axis.Stride + 1, larger);
        AddEmpty(axis.Positions / axis.Stride, axis.Count - larger);
        return groups.Select(group => new PhaseGroup(group.Key.Taps, group.Key.Count, group.Value.Min, group.Value.Max))
            .OrderByDescending(group => group.Taps).ThenByDescending(group => group.Count).ToList();

        void AddEmpty(int count, int phases)
        {
            if (axis.Stride >= axis.Positions)
                count = 1;
            if (phases > groups.Where(group => group.Key.Count == count).Sum(group => group.Value.Phases))
                groups.Add((0, count), (0, 0, 0));
        }
    }
}
