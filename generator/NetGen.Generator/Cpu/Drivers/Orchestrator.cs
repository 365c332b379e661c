using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>What the methods that call kernels have in common.</summary>
/// <param name="Arguments">What the calls are given, and where their values lie.</param>
/// <param name="HasFirst">The methods take the number of their first sample.</param>
/// <param name="Sections">Receives the methods that one leaves calls to.</param>
internal sealed record DriverContext(KernelNames Names, CallArguments Arguments, bool HasFirst, DriverSections Sections)
{
    /// <summary>The pointers by which the caller asks for gradients of inputs.</summary>
    public IReadOnlyList<string> InputGradients { get; init; } = [];

    public CallTokens Tokens { get; } = new(Names, Arguments);

    /// <summary>For lengths that are known at run time only, the parameters that say where samples begin.</summary>
    public IReadOnlyList<LengthAxis> Axes { get; init; } = [];

    /// <summary>Floats from the places of values to those of the next time, inside of what comes several times; null elsewhere.</summary>
    public IReadOnlyDictionary<Value, long>? Steps { get; private init; }

    /// <summary>For methods that are called for several times, whose number they take.</summary>
    public DriverContext Inside(IReadOnlyDictionary<Value, long> steps) => this with { Steps = steps };
}

/// <summary>
/// Writes a sequence of kernel calls over samples: neighbouring kernels that work sample by sample share one loop, so that a sample
/// stays in the cache from layer to layer; the others take all samples at once. What comes several times in a row, for equal layers, is
/// written once and called as often.
/// </summary>
internal sealed class Orchestrator(SourceWriter writer, DriverContext context)
{
    /// <summary>So many groups less must be written for a method of their own to be worth it.</summary>
    private const int MinSavedGroups = 6;

    private readonly HashSet<Value> _declared = [];

    /// <summary>The lengths whose places of the sample in the loop are declared.</summary>
    private readonly HashSet<string> _placed = [];

    private MemoryPlan Plan => context.Arguments.Plan;

    /// <param name="count">C# expression: number of samples.</param>
    public void Emit(IReadOnlyList<KernelCall> calls, string count)
    {
        IReadOnlyList<CallGroup> groups = CallGroup.Of(calls);
        List<GroupStretch> stretches = [.. RepeatedGroups(groups).SelectMany(repetition => InStretches(groups, calls, repetition))];
        List<KernelCall> single =
            [.. stretches.Where(s => s.Repeated is null).SelectMany(s => s.Inner).Where(s => s.Repeated is null).SelectMany(s => s.Calls)];
        bool whole = DriverSections.Fits(single);
        foreach (GroupStretch stretch in stretches)
        {
            if (stretch.Repeated is not null)
            {
                EmitStretch(new CallStretch(stretch.Group.Calls, stretch.Repeated), whole, local: null,
                    (inside, part) => inside.Emit(part, count), declares: false);
                continue;
            }
            if (whole)
                DeclareAll(stretch.Inner.Where(inner => inner.Repeated is null).SelectMany(inner => inner.Calls));
            if (stretch.Group.ForInputGradientOnly)
            {
                string wanted = string.Join(" || ", context.InputGradients.Select(pointer => pointer + " != null"));
                using (writer.Block($"if ({wanted})"))
                    EmitGroup(stretch.Group, stretch.Inner, count, whole);
            }
            else
            {
                EmitGroup(stretch.Group, stretch.Inner, count, whole);
            }
        }
    }

    /// <summary>
    /// Groups that come several times in a row, as those of equal layers whose weights are too large to be read for each sample: they are
    /// written once, with the loops over samples inside.
    /// </summary>
    private IReadOnlyList<Repetition> RepeatedGroups(IReadOnlyList<CallGroup> groups)
    {
        // What is written for many times is not cut further.
        if (context.Steps is not null || groups.Count == 1)
            return [new Repetition(0, groups.Count, 1)];
        FactNumbers facts = context.Arguments.Facts;
        return Repetition.Find([.. groups.Select(group =>
        {
            RepetitionToken token = context.Tokens.Of([group.Calls]);
            return token with { Kind = facts.Join(facts.Of(group.SamplesAtATime ?? 0, group.ForInputGradientOnly), token.Kind) };
        })], MinSavedGroups);
    }

    /// <summary>The groups of a stretch one by one, or all of them as one of their times.</summary>
    private IEnumerable<GroupStretch> InStretches(IReadOnlyList<CallGroup> groups, IReadOnlyList<KernelCall> calls, Repetition repetition)
    {
        if (repetition.Count > 1)
        {
            int Calls(int start, int end) => groups.Skip(start).Take(end - start).Sum(group => group.Calls.Count);
            var ofCalls = new Repetition(
                Calls(0, repetition.Start), Calls(repetition.Start, repetition.Start + repetition.Period), repetition.Count);
            if (RepeatedCalls.Of(calls, ofCalls, context.Tokens) is { } repeated)
                return [new GroupStretch(new CallGroup(repeated.Calls, null), [], repeated)];
        }
        return groups.Skip(repetition.Start).Take(repetition.End - repetition.Start)
            .Select(group => new GroupStretch(group, Stretches(group.Calls), null));
    }

    /// <summary>
    /// One sample by all workers together: each has its share of a kernel, or the first has it all, and the next begins when all have
    /// finished.
    /// </summary>
    public void EmitTogether(IReadOnlyList<KernelCall> calls)
    {
        IReadOnlyList<CallStretch> stretches = Stretches(calls, call => context.Tokens.Of(call, call.Kernel.Part ?? call.Kernel));
        if (stretches.Count == 1 && stretches[0].Repeated is null && DriverSections.Fits(calls))
        {
            writer.Line("int workers = pool.Threads;");
            DeclareAll(calls);
            EmitAllTogether(calls);
            return;
        }
        foreach (CallStretch stretch in stretches)
            EmitStretch(stretch, whole: false, local: null, (inside, part) => inside.EmitTogether(part), declares: false);
    }

    /// <summary>Calls over the whole batch, each of which the workers share.</summary>
    public void EmitShared(IReadOnlyList<KernelCall> calls)
    {
        IReadOnlyList<CallStretch> stretches = Stretches(calls);
        List<KernelCall> single = stretches.Where(stretch => stretch.Repeated is null).SelectMany(stretch => stretch.Calls).ToList();
        bool whole = DriverSections.Fits(single);
        if (whole)
            DeclareAll(single);
        foreach (CallStretch stretch in stretches)
            EmitStretch(stretch, whole, local: null, (inside, part) => inside.EmitForAll(part, "samples"));
    }

    private IReadOnlyList<CallStretch> Stretches(IReadOnlyList<KernelCall> calls) => Stretches(calls, context.Tokens.Of);

    private IReadOnlyList<CallStretch> Stretches(IReadOnlyList<KernelCall> calls, Func<KernelCall, RepetitionToken> token)
    {
        // What is written for many times is not cut further.
        if (context.Steps is not null)
            return [new CallStretch(calls, null)];
        var stretches = new List<CallStretch>();
        foreach (Repetition repetition in Repetition.Find(calls.Select(token).ToList()))
        {
            List<KernelCall> own = calls.Skip(repetition.Start).Take(repetition.End - repetition.Start).ToList();
            RepeatedCalls? repeated = repetition.Count > 1 ? RepeatedCalls.Of(calls, repetition, context.Tokens) : null;
            if (repeated is null && stretches.Count > 0 && stretches[stretches.Count - 1].Repeated is null)
                stretches[stretches.Count - 1] = new CallStretch([.. stretches[stretches.Count - 1].Calls, .. own], null);
            else
                stretches.Add(new CallStretch(own, repeated));
        }
        return stretches;
    }

    private void EmitGroup(CallGroup group, IReadOnlyList<CallStretch> stretches, string count, bool whole)
    {
        if (group.SamplesAtATime is null)
        {
            foreach (CallStretch stretch in stretches)
                EmitStretch(stretch, whole, local: null, (inside, calls) => inside.EmitForAll(calls, count));
            return;
        }

        bool lanes = group.HasSampleLanes;
        string layers = Layers(group.Calls);
        writer.Line(lanes
            ? $"// 16 samples at a time, so that they stay in the cache: {layers}."
            : $"// Sample by sample, so that each stays in the cache: {layers}.");
        using (writer.Block(lanes ? $"for (int n = 0; n < {count}; n += 16)" : $"for (int n = 0; n < {count}; n++)"))
        {
            _placed.Clear();
            foreach (CallStretch stretch in stretches)
                EmitStretch(stretch, whole, Int("n"), (inside, calls) => inside.EmitForSample(calls, count, lanes));
        }
    }

    /// <summary>The layers of calls, by name; the first and the last of many.</summary>
    private static string Layers(IReadOnlyList<KernelCall> calls)
    {
        const int Most = 16;
        List<string> names = calls.Select(call => call.Node?.Name).OfType<string>().Distinct().ToList();
        return names.Count <= Most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))}, … {names[names.Count - 1]}";
    }

    /// <param name="whole">What comes once is in this method, which has declared its values.</param>
    /// <param name="local">A variable of this method that the calls need.</param>
    /// <param name="declares">The values of a section are declared at its beginning.</param>
    private void EmitStretch(
        CallStretch stretch, bool whole, KernelParameter? local, Action<Orchestrator, IReadOnlyList<KernelCall>> emit, bool declares = true)
    {
        KernelParameter[] own = local is null ? [] : [local];
        if (stretch.Repeated is { } repeated)
        {
            KernelParameter[] locals = [.. own, Int(CallText.Repeat)];
            writer.Line($"// {repeated.Calls[0].Node?.Name} to {repeated.LastLayer}: {Literals.Int(repeated.Count)} times the same.");
            using (writer.Block($"for (int {CallText.Repeat} = 0; {CallText.Repeat} "
                + $"< {Literals.Int(repeated.Count)}; {CallText.Repeat}++)"))
            {
                foreach (IReadOnlyList<KernelCall> part in DriverSections.Split(repeated.Calls))
                    EmitSection(part, locals, context.Inside(repeated.Steps));
            }
        }
        else if (whole)
        {
            emit(this, stretch.Calls);
        }
        else
        {
            foreach (IReadOnlyList<KernelCall> part in DriverSections.Split(stretch.Calls))
                EmitSection(part, own, context);
        }

        void EmitSection(IReadOnlyList<KernelCall> part, IReadOnlyList<KernelParameter> locals, DriverContext inner) => writer.Line(
            context.Sections.Add(locals, stretch.Repeated is not null, body =>
            {
                var inside = new Orchestrator(body, inner);
                if (declares)
                    inside.DeclareAll(part);
                emit(inside, part);
            }));
    }

    private void EmitForAll(IReadOnlyList<KernelCall> calls, string count)
    {
        EmitWanted(calls, wanted =>
        {
            foreach (KernelCall call in wanted)
                writer.Line(Call(call.Kernel, call, count, $"({count} + 15) / 16", inLoop: false));
        });
    }

    private void EmitForSample(IReadOnlyList<KernelCall> calls, string count, bool lanes)
    {
        PlaceSample(calls);
        EmitWanted(calls, wanted =>
        {
            foreach (KernelCall call in wanted)
                writer.Line(Call(call.Kernel, call, lanes ? $"Math.Min(16, {count} - n)" : "1", "1", inLoop: true));
        });
    }

    /// <summary>Declares where the sample of the loop begins in what has a number of positions that is known at run time only.</summary>
    private void PlaceSample(IReadOnlyList<KernelCall> calls)
    {
        IEnumerable<string> axes = calls.SelectMany(call => call.Arguments.Select(AxisOf)).OfType<string>().Distinct();
        foreach (LengthAxis axis in axes.Where(_placed.Add).Select(Axis))
        {
            string start = At(axis, "n"), length = $"{At(axis, "n + 1")} - {start}";
            writer.Line($"int {Place(axis, "row")} = {start} - {At(axis, "0")}, {Place(axis, "length")} = {length};");
        }
    }

    private static string? AxisOf(Argument argument) => argument switch
    {
        ValueArgument value => value.Value.Storage.Shape.Axis,
        LengthArgument length => length.Axis,
        LossArgument loss => loss.Axis,
        _ => null,
    };

    private LengthAxis Axis(string name) => context.Axes.First(axis => axis.Name == name);

    /// <summary>A variable of the loop over samples: <c>row</c>, the first position of the sample, or its <c>length</c>.</summary>
    private string Place(LengthAxis axis, string what)
        => context.Axes.Count == 1 ? what : Naming.Camel(axis.Name) + char.ToUpperInvariant(what[0]) + what.Substring(1);

    /// <summary>Where the positions of a sample begin, counted from the batch's first.</summary>
    /// <param name="sample">C# expression of its number in the call.</param>
    private string At(LengthAxis axis, string sample)
        => $"{axis.Pointer}[{(!context.HasFirst ? sample : sample == "0" ? "first" : "first + " + sample)}]";

    /// <summary>Calls, those under conditions that are not needed for every output.</summary>
    private void EmitWanted(IReadOnlyList<KernelCall> calls, Action<IReadOnlyList<KernelCall>> emit)
    {
        for (int start = 0, end = 0; start < calls.Count; start = end)
        {
            while (end < calls.Count && calls[end].ForOutputs == calls[start].ForOutputs)
                end++;
            List<KernelCall> alike = calls.Skip(start).Take(end - start).ToList();
            if (calls[start].ForOutputs is not { } outputs)
            {
                emit(alike);
                continue;
            }
            using (writer.Block($"if (({EntryPoints.Wanted.Name} & {Literals.Bits(outputs)}) != 0)"))
                emit(alike);
        }
    }

    private void EmitAllTogether(IReadOnlyList<KernelCall> calls) => EmitWanted(calls, EmitAlikeTogether);

    private void EmitAlikeTogether(IReadOnlyList<KernelCall> calls)
    {
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

    private string Call(Kernel kernel, KernelCall call, string samples, string blocks, bool inLoop)
        => (call.OnlyFor is { } pointer ? $"if ({pointer} != null) " : "")
            + CallText.Kernel(kernel, context.Names.Use(kernel), call.Arguments, Rows(samples, call.Rows, inLoop), blocks,
                argument => Text(argument, inLoop));

    private string Rows(string samples, RowCount rows, bool inLoop)
    {
        if (rows.Axis is { } name)
        {
            LengthAxis axis = Axis(name);
            string positions = inLoop ? Place(axis, "length") : $"{At(axis, samples)} - {At(axis, "0")}";
            return rows.OfSample == 1 ? positions : $"({positions}) * {Literals.Int(rows.OfSample)}";
        }
        return rows.OfSample == 1 ? samples : samples == "1" ? Literals.Int(rows.OfSample) : $"{samples} * {Literals.Int(rows.OfSample)}";
    }

    private string Text(Argument argument, bool inLoop) => argument switch
    {
        ValueArgument value => Pointer(value.Value, inLoop),
        BatchArgument { Value: var value } => context.HasFirst
            ? $"{Name(value)} - {Start(value.Storage)}" : Name(value),
        LossArgument { Each: > 0 } loss when inLoop => $"{loss.Parameter.Name} + "
            + Times(loss.Axis is { } axis ? Place(Axis(axis), "row") : "n", loss.Each),
        LengthArgument length when inLoop => Place(Axis(length.Axis), "length"),
        StartsArgument starts => Axis(starts.Axis).Pointer + (context.HasFirst ? " + first" : "") + (inLoop ? " + n" : ""),
        // Inside a loop over samples the caller's pointers advance as well.
        CallerArgument caller when inLoop => $"{caller.Pointer} + n * {Literals.Int(caller.SampleSize)}L",
        RandomArgument { Key: RandomKey.FirstSample }
            => context.HasFirst && inLoop ? "(uint)(first + n)" : context.HasFirst ? "(uint)first" : "0",
        _ => CallText.Argument(argument),
    };

    private string Pointer(Value value, bool inLoop)
    {
        Value owner = value.Storage;
        if (!inLoop || Plan.Single.Contains(owner))
            return Name(value);
        if (owner.Shape.Axis is { } axis)
            return $"{Name(value)} + {Times(Place(Axis(axis), "row"), owner.Layout.PositionStride)}";
        return owner.Layout.Kind == LayoutKind.Samples
            ? $"{Name(value)} + n / 16 * {Literals.Int(owner.Layout.SampleStride)}L"
            : $"{Name(value)} + n * {Literals.Int(owner.Layout.SampleStride)}L";
    }

    /// <summary>Where a value begins: the pointer of what owns the memory, moved on to the part that it is.</summary>
    private string Name(Value value) => Literals.Plus(
        context.Arguments.External.TryGetValue(value.Storage, out string? name) ? name : value.Storage.Name, value.StorageStart);

    private void DeclareAll(IEnumerable<KernelCall> calls)
    {
        foreach (Value value in calls.SelectMany(c => c.Values).Distinct())
            Declare(value.Storage);
    }

    private void Declare(Value owner)
    {
        if (context.Arguments.External.ContainsKey(owner) || !_declared.Add(owner))
            return;
        long step = context.Steps is not null && context.Steps.TryGetValue(owner, out long found) ? found : 0;
        string address = Plan.Single.Contains(owner)
            ? Literals.Plus("arena", Plan.Offsets[owner]) + CallText.Step(step) : OfAllSamples(owner, step);
        string declaration = owner.Shape.IsInts ? $"int* {owner.Name} = (int*)({address})" : $"float* {owner.Name} = {address}";
        writer.Line($"{declaration}; // {owner.Shape} as {owner.Layout}");
    }

    /// <summary>Where a value lies of which all samples are kept.</summary>
    private string OfAllSamples(Value owner, long step)
    {
        string address = Plan.PerSampleLength > 0 ? Literals.Plus("arena", Plan.PerSampleLength) : "arena";
        long offset = Plan.Offsets[owner];
        if (step != 0 && offset == 0)
            address += $" + {CallText.Repeat} * {Literals.Int(step)}L * capacity";
        else if (step != 0)
            address += $" + ({Literals.Int(offset)}L{CallText.Step(step)}) * capacity";
        else if (offset > 0)
            address += $" + {Literals.Int(offset)}{(offset * KernelFileEmitter.MostRows > int.MaxValue ? "L" : "")} * capacity";
        if (!context.HasFirst)
            return address;
        return $"{address} + {Start(owner)}";
    }

    private static string Times(string positions, int stride) => stride == 1 ? positions : $"{positions} * {Literals.Int(stride)}L";

    /// <summary>Floats in front of a value's first sample, in methods that take its number.</summary>
    private string Start(Value owner)
    {
        if (owner.Shape.Axis is { } axis)
            return Times(At(Axis(axis), "0"), owner.Layout.PositionStride);
        string first = owner.Layout.Kind == LayoutKind.Samples ? "first / 16" : "first";
        return $"{first} * {Literals.Int(owner.Layout.SampleStride)}L";
    }

    /// <summary>A group of calls, or several that come several times.</summary>
    /// <param name="Inner">The calls of the group.</param>
    /// <param name="Repeated">They as one of their times; the group is theirs then.</param>
    private sealed record GroupStretch(CallGroup Group, IReadOnlyList<CallStretch> Inner, RepeatedCalls? Repeated);

    /// <summary>Neighbouring calls of a method.</summary>
    /// <param name="Repeated">They as one of their times, where they come several times.</param>
    private sealed record CallStretch(IReadOnlyList<KernelCall> Calls, RepeatedCalls? Repeated);
}
