using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Writes a sequence of kernel calls over samples: neighbouring kernels that work sample by sample share one loop, so that a sample
/// stays in the cache from layer to layer; the others take all samples at once.
/// </summary>
internal sealed class Orchestrator(SourceWriter writer, KernelNames names, MemoryPlan plan, IReadOnlyDictionary<Value, string> external, string capacity, bool hasFirst, DriverSections sections)
{
    private readonly HashSet<Value> _declared = [];

    /// <param name="count">C# expression: number of samples.</param>
    public void Emit(IReadOnlyList<KernelCall> calls, string count)
    {
        bool whole = DriverSections.Fits(calls);
        int start = 0;
        while (start < calls.Count)
        {
            int end = start;
            while (end < calls.Count && calls[end].IsPerSample == calls[start].IsPerSample && calls[end].ForInputGradientOnly == calls[start].ForInputGradientOnly)
                end++;
            List<KernelCall> group = calls.Skip(start).Take(end - start).ToList();
            if (whole)
                DeclareAll(group);
            if (group[0].ForInputGradientOnly)
            {
                using (writer.Block("if (inputGradient != null)"))
                    EmitGroup(group, count, whole);
            }
            else
            {
                EmitGroup(group, count, whole);
            }
            start = end;
        }
    }

    /// <summary>One sample by all workers together: each has its share of a kernel, or the first has it all, and the next begins when all have finished.</summary>
    public void EmitTogether(IReadOnlyList<KernelCall> calls)
    {
        if (!DriverSections.Fits(calls))
        {
            foreach (IReadOnlyList<KernelCall> stretch in DriverSections.Split(calls))
                writer.Line(sections.Add(null, body => Inside(body).EmitTogether(stretch)));
            return;
        }
        writer.Line("int workers = pool.Threads;");
        DeclareAll(calls);
        for (int i = 0; i < calls.Count; i++)
        {
            if (calls[i].Kernel.Part is { } part)
            {
                writer.Line(Call(part, calls[i], "1", "1", inLoop: false));
            }
            else
            {
                writer.Line("if (worker == 0)");
                using (writer.Block())
                {
                    for (; ; i++)
                    {
                        writer.Line(Call(calls[i].Kernel, calls[i], "1", "1", inLoop: false));
                        if (i + 1 == calls.Count || calls[i + 1].Kernel.Part is not null)
                            break;
                    }
                }
            }
            writer.Line("pool.Meet(worker);");
        }
    }

    /// <summary>Calls over the whole batch, each of which the workers share.</summary>
    public void EmitShared(IReadOnlyList<KernelCall> calls)
    {
        if (!DriverSections.Fits(calls))
        {
            foreach (IReadOnlyList<KernelCall> stretch in DriverSections.Split(calls))
                writer.Line(sections.Add(null, body => Inside(body).EmitShared(stretch)));
            return;
        }
        DeclareAll(calls);
        foreach (KernelCall call in calls)
            writer.Line(Call(call.Kernel, call, "samples", "(samples + 15) / 16", inLoop: false));
    }

    private void EmitGroup(List<KernelCall> group, string count, bool whole)
    {
        if (!group[0].IsPerSample)
        {
            EmitInSections(group, whole, local: null, (inside, calls) => inside.EmitForAll(calls, count));
            return;
        }

        bool lanes = group.Any(c => c.Values.Any(v => v.Storage.Layout.Kind == LayoutKind.Samples));
        string layers = string.Join(", ", group.Select(c => c.Node?.Name).Where(n => n is not null).Distinct());
        writer.Line(lanes
            ? $"// 16 samples at a time, so that they stay in the cache: {layers}."
            : $"// Sample by sample, so that each stays in the cache: {layers}.");
        using (writer.Block(lanes ? $"for (int n = 0; n < {count}; n += 16)" : $"for (int n = 0; n < {count}; n++)"))
            EmitInSections(group, whole, KernelParameters.Int("n"), (inside, calls) => inside.EmitForSample(calls, count, lanes));
    }

    /// <param name="whole">Everything is one method, which has declared the values.</param>
    private void EmitInSections(IReadOnlyList<KernelCall> calls, bool whole, KernelParameter? local, Action<Orchestrator, IReadOnlyList<KernelCall>> emit)
    {
        if (whole)
        {
            emit(this, calls);
            return;
        }
        foreach (IReadOnlyList<KernelCall> stretch in DriverSections.Split(calls))
        {
            writer.Line(sections.Add(local, body =>
            {
                Orchestrator inside = Inside(body);
                inside.DeclareAll(stretch);
                emit(inside, stretch);
            }));
        }
    }

    private void EmitForAll(IReadOnlyList<KernelCall> calls, string count)
    {
        foreach (KernelCall call in calls)
            writer.Line(Call(call.Kernel, call, count, $"({count} + 15) / 16", inLoop: false));
    }

    private void EmitForSample(IReadOnlyList<KernelCall> calls, string count, bool lanes)
    {
        foreach (KernelCall call in calls)
            writer.Line(Call(call.Kernel, call, lanes ? $"Math.Min(16, {count} - n)" : "1", "1", inLoop: true));
    }

    /// <summary>Writes a section.</summary>
    private Orchestrator Inside(SourceWriter body) => new(body, names, plan, external, capacity, hasFirst, sections);

    private string Call(Kernel kernel, KernelCall call, string samples, string blocks, bool inLoop)
        => CallText.Kernel(kernel, names.Use(kernel), call.Arguments, samples, blocks, argument => Text(argument, inLoop));

    private string Text(Argument argument, bool inLoop) => argument switch
    {
        ValueArgument value => Pointer(value.Value, inLoop),
        // Inside a loop over samples the caller's pointers advance as well.
        CallerArgument caller when inLoop => $"{CallText.Name(caller.Buffer)} + n * {Literals.Int(caller.SampleSize)}L",
        RandomArgument { Key: RandomKey.FirstSample } => hasFirst && inLoop ? "(uint)(first + n)" : hasFirst ? "(uint)first" : "0",
        _ => CallText.Argument(argument),
    };

    private string Pointer(Value value, bool inLoop)
    {
        Value owner = value.Storage;
        if (!inLoop || plan.Single.Contains(owner))
            return Name(owner);
        return owner.Layout.Kind == LayoutKind.Samples
            ? $"{Name(owner)} + n / 16 * {Literals.Int(owner.Layout.SampleStride)}L"
            : $"{Name(owner)} + n * {Literals.Int(owner.Layout.SampleStride)}L";
    }

    private string Name(Value owner) => external.TryGetValue(owner, out string? name) ? name : owner.Name;

    private void DeclareAll(IReadOnlyList<KernelCall> calls)
    {
        foreach (Value value in calls.SelectMany(c => c.Values).Distinct())
            Declare(value);
    }

    private void Declare(Value value)
    {
        Value owner = value.Storage;
        if (external.ContainsKey(owner) || !_declared.Add(owner))
            return;
        string address;
        if (plan.Single.Contains(owner))
            address = Literals.Plus("arena", plan.Offsets[owner]);
        else
        {
            address = plan.PerSampleLength > 0 ? Literals.Plus("arena", plan.PerSampleLength) : "arena";
            if (plan.Offsets[owner] > 0)
                address += $" + {Literals.Int(plan.Offsets[owner])}{(plan.Offsets[owner] * KernelFileEmitter.MostRows > int.MaxValue ? "L" : "")} * {capacity}";
            if (hasFirst)
                address += owner.Layout.Kind == LayoutKind.Samples ? $" + first / 16 * {Literals.Int(owner.Layout.SampleStride)}L" : $" + first * {Literals.Int(owner.Layout.SampleStride)}L";
        }
        writer.Line($"float* {owner.Name} = {address}; // {owner.Shape} as {owner.Layout}");
    }
}
