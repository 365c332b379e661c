using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Places values in one arena. Values that never live at the same time share memory; values with a halo do not share, since
/// their zero columns must stay zero.
/// </summary>
internal sealed class MemoryPlan
{
    /// <summary>
    /// Floats from the start of the arena for values of one sample, from <see cref="PerSampleLength"/> on times the capacity for others.
    /// </summary>
    public Dictionary<Value, long> Offsets { get; } = [];

    /// <summary>Values that hold one sample (or one block of 16) at a time, since all who use them run sample by sample.</summary>
    public HashSet<Value> Single { get; } = [];

    /// <summary>Floats for the values of one sample.</summary>
    public long PerSampleLength { get; private set; }

    /// <summary>Floats for each sample that the arena is to hold, for the other values.</summary>
    public long PerRowLength { get; private set; }

    /// <summary>
    /// Those at the end of <see cref="PerRowLength"/> that are needed only if the caller asks for the gradient of an input.
    /// </summary>
    public long LateRowLength { get; private set; }

    /// <summary>Memory for inference: nothing outlives its last reader.</summary>
    public static MemoryPlan ForInference(IReadOnlyList<KernelCall> calls, IReadOnlyCollection<Value> external)
    {
        var plan = new MemoryPlan();
        List<Value> owners = Owners(calls, external);
        Dictionary<Value, (int First, int Last)> uses = Uses(calls);
        List<Loop> loops = LoopsOf(calls);
        foreach (Value owner in owners)
        {
            // All who use the value share one loop over samples. Where that takes 16 of them, a vector between two images has as many rows.
            if (loops.Find(loop => loop.Holds(uses[owner])) is { } loop
                && (!loop.HasSampleLanes || owner.Layout.Kind == LayoutKind.Samples))
            {
                plan.Single.Add(owner);
            }
        }
        plan.PerSampleLength = plan.Place(owners.Where(plan.Single.Contains), calls, uses, loops);
        plan.PerRowLength = plan.Place(owners.Where(o => !plan.Single.Contains(o)), calls, uses, loops);
        return plan;
    }

    /// <summary>Memory for training: every value keeps all samples of the batch, for the gradients of the parameters come last.</summary>
    /// <param name="extra">Values that no call of these need use.</param>
    /// <param name="late">Those that lie behind all others, in <see cref="LateRowLength"/>.</param>
    public static MemoryPlan ForTraining(
        IReadOnlyList<KernelCall> calls, IReadOnlyCollection<Value> extra, IReadOnlyCollection<Value> late)
    {
        var plan = new MemoryPlan();
        List<Value> owners = Owners(calls, []).Concat(extra.Select(v => v.Storage)).Distinct().ToList();
        foreach (Value owner in owners.Where(owner => !late.Contains(owner)).Concat(owners.Where(late.Contains)))
        {
            long length = Layout.RoundUp((owner.Layout.SampleStride + owner.Layout.SamplesPerStride - 1) / owner.Layout.SamplesPerStride);
            plan.Offsets[owner] = plan.PerRowLength;
            plan.PerRowLength += length;
            plan.LateRowLength += late.Contains(owner) ? length : 0;
        }
        return plan;
    }

    /// <summary>
    /// The loops over samples. Behind a call for all samples, or for another number of them at a time, another loop begins, for which every
    /// sample must have been kept.
    /// </summary>
    private static List<Loop> LoopsOf(IReadOnlyList<KernelCall> calls)
    {
        var loops = new List<Loop>();
        int first = 0;
        foreach (CallGroup group in CallGroup.Of(calls))
        {
            if (group.SamplesAtATime is not null)
                loops.Add(new Loop(first, first + group.Calls.Count - 1, group.HasSampleLanes));
            first += group.Calls.Count;
        }
        return loops;
    }

    /// <summary>Calls that share a loop over samples.</summary>
    private sealed record Loop(int First, int Last, bool HasSampleLanes)
    {
        public bool Holds(int call) => First <= call && call <= Last;

        public bool Holds((int First, int Last) calls) => Holds(calls.First) && Holds(calls.Last);
    }

    /// <summary>The first and the last call that uses each piece of memory.</summary>
    private static Dictionary<Value, (int First, int Last)> Uses(IReadOnlyList<KernelCall> calls)
    {
        var uses = new Dictionary<Value, (int First, int Last)>();
        for (int i = 0; i < calls.Count; i++)
        {
            foreach (Value owner in calls[i].Values.Select(value => value.Storage))
                uses[owner] = (uses.TryGetValue(owner, out (int First, int Last) known) ? known.First : i, i);
        }
        return uses;
    }

    private static List<Value> Owners(IReadOnlyList<KernelCall> calls, IReadOnlyCollection<Value> external)
        => calls.SelectMany(c => c.Values).Select(v => v.Storage).Distinct().Where(v => !external.Contains(v)).ToList();

    private long Place(
        IEnumerable<Value> values, IReadOnlyList<KernelCall> calls, Dictionary<Value, (int First, int Last)> uses, List<Loop> loops)
    {
        long end = 0;
        var placed = new List<(long Start, long End, int First, int Last)>();
        foreach (Value value in values)
        {
            (int first, int last) = value.Layout.HasHalo ? (0, calls.Count) : uses[value];
            if (!Single.Contains(value))
                (first, last) = ExtendOverLoops(loops, first, last);
            long size = value.Layout.SampleStride, start = 0;
            // First fit among the values alive at the same time.
            foreach (var other in placed.Where(p => p.First <= last && first <= p.Last).OrderBy(p => p.Start))
            {
                if (other.Start - start >= size)
                    break;
                start = Math.Max(start, other.End);
            }
            placed.Add((start, start + size, first, last));
            Offsets[value] = start;
            end = Math.Max(end, start + size);
        }
        return end;
    }

    /// <summary>
    /// Calls that share a loop over samples take turns: what holds all samples is read for later ones after others have been written for
    /// earlier ones, so that it lives as long as the loop.
    /// </summary>
    private static (int First, int Last) ExtendOverLoops(List<Loop> loops, int first, int last)
        => (loops.Find(loop => loop.Holds(first))?.First ?? first, loops.Find(loop => loop.Holds(last))?.Last ?? last);
}
