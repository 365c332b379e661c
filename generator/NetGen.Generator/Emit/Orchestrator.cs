using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Passes;

namespace NetGen.Generator.Emit;

/// <summary>
/// Writes a sequence of kernel calls over samples: neighbouring kernels that work sample by sample share one loop, so that a sample
/// stays in the cache from layer to layer; the others take all samples at once.
/// </summary>
internal sealed class Orchestrator(SourceWriter writer, KernelNames names, MemoryPlan plan, IReadOnlyDictionary<Value, string> external, string capacity, bool hasFirst)
{
    private readonly HashSet<Value> _declared = [];

    /// <param name="count">C# expression: number of samples.</param>
    public void Emit(IReadOnlyList<KernelCall> calls, string count)
    {
        int start = 0;
        while (start < calls.Count)
        {
            int end = start;
            while (end < calls.Count && calls[end].IsPerSample == calls[start].IsPerSample && calls[end].ForInputGradientOnly == calls[start].ForInputGradientOnly)
                end++;
            List<KernelCall> group = calls.Skip(start).Take(end - start).ToList();
            foreach (Value value in group.SelectMany(c => c.Values).Distinct())
                Declare(value);
            if (group[0].ForInputGradientOnly)
            {
                using (writer.Block("if (inputGradient != null)"))
                    EmitGroup(group, count);
            }
            else
            {
                EmitGroup(group, count);
            }
            start = end;
        }
    }

    /// <summary>One sample by all workers together: each has its share of a kernel, or the first has it all, and the next begins when all have finished.</summary>
    public void EmitTogether(IReadOnlyList<KernelCall> calls)
    {
        foreach (Value value in calls.SelectMany(c => c.Values).Distinct())
            Declare(value);
        for (int i = 0; i < calls.Count; i++)
        {
            if (calls[i].Kernel.Part is { } part)
            {
                writer.Line($"{names.Use(part)}({Arguments(calls[i], inLoop: false)}, worker, workers);");
            }
            else
            {
                writer.Line("if (worker == 0)");
                using (writer.Block())
                {
                    for (; ; i++)
                    {
                        writer.Line($"{names.Use(calls[i].Kernel)}({Arguments(calls[i], inLoop: false)}, 1);");
                        if (i + 1 == calls.Count || calls[i + 1].Kernel.Part is not null)
                            break;
                    }
                }
            }
            writer.Line("pool.Meet(worker);");
        }
    }

    private void EmitGroup(List<KernelCall> group, string count)
    {
        if (!group[0].IsPerSample)
        {
            foreach (KernelCall call in group)
                writer.Line($"{names.Use(call.Kernel)}({Arguments(call, inLoop: false)}, {(call.CountsBlocks ? $"({count} + 15) / 16" : count)});");
            return;
        }

        bool lanes = group.Any(c => c.Values.Any(v => v.Storage.Layout.Kind == LayoutKind.Samples));
        string layers = string.Join(", ", group.Select(c => c.Node?.Name).Where(n => n is not null).Distinct());
        writer.Line(lanes
            ? $"// 16 samples at a time, so that they stay in the cache: {layers}."
            : $"// Sample by sample, so that each stays in the cache: {layers}.");
        using (writer.Block(lanes ? $"for (int n = 0; n < {count}; n += 16)" : $"for (int n = 0; n < {count}; n++)"))
        {
            foreach (KernelCall call in group)
                writer.Line($"{names.Use(call.Kernel)}({Arguments(call, inLoop: true)}, {(!lanes || call.CountsBlocks ? "1" : $"Math.Min(16, {count} - n)")});");
        }
    }

    private string Arguments(KernelCall call, bool inLoop)
        => string.Join(", ", call.Arguments.Select(argument => argument switch
        {
            Value value => Pointer(value, inLoop),
            "firstSample" => hasFirst && inLoop ? "(uint)(first + n)" : hasFirst ? "(uint)first" : "0",
            string text => text,
            _ => throw new InvalidOperationException("An argument is a value or a text."),
        }));

    /// <summary>The arguments of a call over the whole batch, whose values have been declared.</summary>
    public string BatchArguments(KernelCall call) => Arguments(call, inLoop: false);

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

    public void Declare(Value value)
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
                address += $" + {Literals.Int(plan.Offsets[owner])} * {capacity}";
            if (hasFirst)
                address += owner.Layout.Kind == LayoutKind.Samples ? $" + first / 16 * {Literals.Int(owner.Layout.SampleStride)}L" : $" + first * {Literals.Int(owner.Layout.SampleStride)}L";
        }
        writer.Line($"float* {owner.Name} = {address}; // {owner.Shape} as {owner.Layout}");
    }
}
