using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>
/// A part of the forward or backward pass of training: the samples between two kernels that read the whole batch, or one of those. Parts
/// that come several times in a row, for equal layers, are one with the number of the time as a parameter.
/// </summary>
/// <param name="Name">Of its method.</param>
/// <param name="Number">By which the trainer calls it; that of the first time.</param>
/// <param name="Segment">The number of the segment that it is, or behind which it stands.</param>
internal sealed record TrainPart(string Name, int Number, int Segment, bool IsBatch, IReadOnlyList<KernelParameter> Parameters,
    IReadOnlyList<KernelCall> Calls)
{
    /// <summary>How often it comes.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Numbers from one time to the next, and the first of the parts that come as often.</summary>
    public (int Period, int First) Repeats { get; init; }

    /// <summary>How far its values are from those of the next time; null for what comes once.</summary>
    public IReadOnlyDictionary<Value, long>? Steps { get; init; }

    public bool IsRepeated => Count > 1;

    /// <summary>Pairs worth a method of their own for several times.</summary>
    private const int MinSavedPairs = 3;

    /// <summary>All parts but the last of the forward pass.</summary>
    public static IReadOnlyList<TrainPart> OfForward(
        Segments segments, TrainingEntryPoints entries, CallTokens tokens, int firstNumber)
    {
        List<TrainPart[]> pairs = Enumerable.Range(0, segments.BatchCalls.Count).Select(i => new[]
        {
            Samples(segments, i, firstNumber + 2 * i, entries.OfTrainForward),
            Batch(segments, i, firstNumber + 2 * i + 1, entries.OfBatch),
        }).ToList();
        return Fold(pairs, tokens);
    }

    /// <summary>All parts but the first of the backward pass.</summary>
    public static IReadOnlyList<TrainPart> OfBackward(
        Segments segments, TrainingEntryPoints entries, CallTokens tokens, int firstNumber)
    {
        List<TrainPart[]> pairs = Enumerable.Range(0, segments.BatchCalls.Count).Select(i => new[]
        {
            Batch(segments, i, firstNumber + 2 * i, entries.OfBatch),
            Samples(segments, i + 1, firstNumber + 2 * i + 1, entries.OfBackward),
        }).ToList();
        return Fold(pairs, tokens);
    }

    private static TrainPart Samples(Segments segments, int segment, int number, IReadOnlyList<KernelParameter> parameters)
        => new(segments.NameOf(segment), number, segment, IsBatch: false, parameters, segments.Parts[segment]);

    private static TrainPart Batch(Segments segments, int segment, int number, IReadOnlyList<KernelParameter> parameters)
        => new(segments.NameOf(segment) + "Batch", number, segment, IsBatch: true, parameters, [segments.BatchCalls[segment]]);

    /// <summary>Pairs of parts, those that come several times as their first time.</summary>
    private static IReadOnlyList<TrainPart> Fold(IReadOnlyList<TrainPart[]> pairs, CallTokens tokens)
    {
        var parts = new List<TrainPart>();
        List<RepetitionToken> found = pairs.Select(pair => tokens.Of(pair.Select(part => part.Calls))).ToList();
        foreach (Repetition repetition in Repetition.Find(found, MinSavedPairs))
        {
            List<TrainPart> all = pairs.Skip(repetition.Start).Take(repetition.End - repetition.Start).SelectMany(pair => pair).ToList();
            parts.AddRange(repetition.Count > 1 && Repeated(all, repetition, tokens) is { } folded ? folded : all);
        }
        return parts;
    }

    private static IReadOnlyList<TrainPart>? Repeated(List<TrainPart> all, Repetition repetition, CallTokens tokens)
    {
        List<KernelCall> calls = all.SelectMany(part => part.Calls).ToList();
        if (RepeatedCalls.Of(calls, new Repetition(0, calls.Count / repetition.Count, repetition.Count), tokens) is not { } repeated)
            return null;
        var parts = new List<TrainPart>();
        int taken = 0, first = all[0].Number;
        foreach (TrainPart part in all.Take(2 * repetition.Period))
        {
            parts.Add(part with
            {
                Calls = repeated.Calls.Skip(taken).Take(part.Calls.Count).ToList(),
                Count = repetition.Count,
                Repeats = (2 * repetition.Period, first),
                Steps = repeated.Steps,
            });
            taken += part.Calls.Count;
        }
        return parts;
    }
}

/// <summary>Writes the method that runs a part by its number.</summary>
internal static class TrainPartDriver
{
    public static void Emit(SourceWriter writer, IReadOnlyList<TrainPart> parts, EntryPoint entry, string suffix)
    {
        bool repeats = parts.Any(part => part.IsRepeated);
        IReadOnlyList<IReadOnlyList<TrainPart>> stretches = DriverSections.Split(parts);
        var sections = new DriverSections(entry.Name, suffix, entry.Parameters);
        KernelParameter[] locals = repeats ? [KernelParameters.Int(CallText.Repeat)] : [];
        writer.Line();
        writer.Line("/// <summary>A part of the forward or backward pass, by number: for its samples, or for its share of what needs "
            + "the whole batch.</summary>");
        using (writer.UncheckedMethod($"internal static void {entry.Name}{suffix}({entry.Parameters.Declaration()})"))
        {
            if (repeats)
                EmitRepeats(writer, parts);
            if (stretches.Count == 1)
                EmitSwitch(writer, parts, suffix);
            for (int i = 0; stretches.Count > 1 && i < stretches.Count; i++)
            {
                IReadOnlyList<TrainPart> stretch = stretches[i];
                writer.Line(i < stretches.Count - 1
                    ? $"{(i == 0 ? "" : "else ")}if (part < {Literals.Int(stretches[i + 1][0].Number)})" : "else");
                using (writer.Indent())
                    writer.Line(sections.Add(locals, repeats: false, body => EmitSwitch(body, stretch, suffix)));
            }
        }
        sections.Emit(writer);
    }

    /// <summary>Parts that come several times become those of the first time, and the number of the time.</summary>
    private static void EmitRepeats(SourceWriter writer, IReadOnlyList<TrainPart> parts)
    {
        writer.Line($"int {CallText.Repeat} = 0;");
        string start = "if";
        foreach (IGrouping<(int Period, int First), TrainPart> group in parts.Where(part => part.IsRepeated).GroupBy(part => part.Repeats))
        {
            (int period, int first) = group.Key;
            int end = first + period * group.First().Count;
            writer.Line($"// {Literals.Int(group.First().Count)} times the same, for equal layers.");
            using (writer.Block($"{start} (part >= {Literals.Int(first)} && part < {Literals.Int(end)})"))
            {
                writer.Line($"{CallText.Repeat} = (part - {Literals.Int(first)}) / {Literals.Int(period)};");
                writer.Line($"part -= {CallText.Repeat} * {Literals.Int(period)};");
            }
            start = "else if";
        }
    }

    private static void EmitSwitch(SourceWriter writer, IReadOnlyList<TrainPart> parts, string suffix)
    {
        using (writer.Block("switch (part)"))
        {
            foreach (TrainPart part in parts)
            {
                writer.Line($"case {Literals.Int(part.Number)}:");
                using (writer.Indent())
                {
                    EmitCall(writer, part, suffix);
                    writer.Line("break;");
                }
            }
        }
    }

    private static void EmitCall(SourceWriter writer, TrainPart part, string suffix)
    {
        if (part.Calls.Count == 0)
            return;
        string repeat = part.IsRepeated ? ", " + CallText.Repeat : "";
        string call = $"{part.Name}{suffix}({string.Join(", ", part.Parameters.Select(parameter => parameter.Name))}{repeat});";
        if (part.IsBatch)
        {
            writer.Line(call);
            return;
        }
        writer.Line("if (count > 0)");
        using (writer.Indent())
            writer.Line(call);
    }
}
