namespace NetGen;

/// <summary>Whether the parts of samples of different lengths fit together, and fit a network.</summary>
internal static class SequenceChecks
{
    /// <summary>How many samples there are, of which each part has as many.</summary>
    /// <exception cref="ArgumentException">They differ, or none has lengths, or one is null.</exception>
    public static int Count(SampleValues[] inputs, SampleValues[] targets)
    {
        foreach ((string name, SampleValues values) in Named(inputs, targets))
        {
            if (values is null)
                throw new ArgumentException("It is null.", name);
        }
        int first = Array.FindIndex(inputs, input => input.HasLengths);
        if (first < 0)
            throw new ArgumentException("Expected at least one input whose samples have lengths of their own. Samples that all have one "
                + $"size are for {nameof(ArrayBatches)}.", nameof(inputs));
        int count = inputs[first].Starts!.Length - 1;
        foreach ((string name, SampleValues values) in Named(inputs, targets))
        {
            if (values.Starts is { } starts && starts.Length - 1 != count)
                throw new ArgumentException(Text($"Expected {count} samples, as inputs[{first}] has, got {starts.Length - 1}."), name);
            if (!values.HasLengths && values.Values.Length % count != 0)
                throw new ArgumentException(
                    Text($"Expected as many values for each of {count} samples, got {values.Values.Length} in all."), name);
        }
        return count;
    }

    /// <summary>Whether parts have the lengths of others where they should.</summary>
    /// <exception cref="ArgumentException">They have not; the message names the sample.</exception>
    public static void Lengths(SampleValues[] inputs, SampleValues[] targets)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Like is not { } like)
                continue;
            int other = Array.IndexOf(inputs, like, 0, i);
            if (other < 0 || !like.HasLengths || !inputs[i].HasLengths)
                throw new ArgumentException($"Its {nameof(SampleValues.Like)} has to be one of the inputs before it, and both must have "
                    + "lengths.", Text($"{nameof(inputs)}[{i}]"));
            CheckAlike(inputs[i], like, Text($"{nameof(inputs)}[{other}]"), Text($"{nameof(inputs)}[{i}]"));
        }
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i].Like is not null)
                throw new ArgumentException($"{nameof(SampleValues.Like)} is of inputs: a target has the lengths of the output that it is "
                    + "for.", Text($"{nameof(targets)}[{i}]"));
            SampleValues[] withLengths = [.. inputs.Where(input => input.HasLengths)];
            if (targets[i].HasLengths && withLengths.All(input => targets[i].FirstUnlike(input) >= 0))
                CheckAlike(targets[i], withLengths[0], Text($"{nameof(inputs)}[{Array.IndexOf(inputs, withLengths[0])}]"),
                    Text($"{nameof(targets)}[{i}]"));
        }
    }

    /// <summary>The positions of each sample, of all inputs with lengths of their own.</summary>
    /// <exception cref="ArgumentException">A sample has more than a batch may have.</exception>
    public static int[] Positions(SampleValues[] inputs, int count, int? most)
    {
        int[] all = new int[count];
        foreach (SampleValues input in inputs.Where(input => input.HasLengths && input.Like is null))
        {
            for (int i = 0; i < count; i++)
            {
                long positions = (long)all[i] + input.LengthOf(i);
                if (positions > (most ?? int.MaxValue))
                {
                    throw new ArgumentException(
                        Text($"Sample {i} has {positions} positions or more, but a batch may have {most ?? int.MaxValue}."),
                        "maxPositions");
                }
                all[i] = (int)positions;
            }
        }
        return all;
    }

    /// <summary>The most samples that a batch may get: the shortest ones together.</summary>
    public static int MostSamples(int[] positions, int batchSize, int? maxPositions)
    {
        if (maxPositions is not int most)
            return batchSize;
        int[] sorted = (int[])positions.Clone();
        Array.Sort(sorted);
        int samples = 0;
        for (long sum = sorted[0]; samples < batchSize && sum <= most; sum += samples < sorted.Length ? sorted[samples] : 0)
            samples++;
        return samples;
    }

    /// <summary>Whether all samples fit a network, where its inputs and targets are as many as theirs.</summary>
    /// <exception cref="ArgumentException">One does not.</exception>
    public static void Fit(NetworkPorts ports, SampleValues[] inputs, SampleValues[] targets)
    {
        var lengths = new Dictionary<string, SampleValues>();
        int slot = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (slot >= ports.Inputs.Count)
                return;
            NetworkPort port = ports.Inputs[slot++];
            FitInput(port, inputs[i], Text($"{nameof(inputs)}[{i}]"));
            if (inputs[i].HasLengths && inputs[i].Like is null && port.Lengths is { } own)
            {
                if (slot >= ports.Inputs.Count || ports.Inputs[slot].Name != own)
                    throw new ArgumentException($"The network's input '{port.Name}' has the lengths of another: make its values with "
                        + $"{nameof(SampleValues.Like)}.", Text($"{nameof(inputs)}[{i}]"));
                lengths[own] = inputs[i];
                slot++;
            }
        }
        for (int i = 0; i < Math.Min(targets.Length, ports.Targets.Count); i++)
        {
            NetworkTarget target = ports.Targets[i];
            string name = Text($"{nameof(targets)}[{i}]");
            if (target.Lengths is null == targets[i].HasLengths)
                throw new ArgumentException($"The network's '{target.Name}' is of {Of(target.Lengths is not null)}, but the source gives "
                    + $"values of {Of(targets[i].HasLengths)}.", name);
            if (target.Lengths is { } of && lengths.TryGetValue(of, out SampleValues? input))
                CheckAlike(targets[i], input, $"what '{of}' says", name);
            ReadOnlySpan<int> labels = targets[i].Values.Labels.Span;
            if (BatchChecks.OutsideClasses(target, labels) is int at)
                throw BatchChecks.NoClass(target, labels[at], Place(targets[i], at, target.Labels), name);
        }
    }

    /// <summary>Where a value stands among those of all samples, in words.</summary>
    private static string Place(SampleValues values, int at, int perSample)
    {
        if (values.Starts is not { } starts)
            return Text($"of sample {at / perSample}");
        int position = at / values.Features, sample = 0;
        while (starts[sample + 1] <= position)
            sample++;
        return Text($"at position {position - starts[sample]} of sample {sample}");
    }

    private static void FitInput(NetworkPort port, SampleValues values, string name)
    {
        if (port.Lengths is null == values.HasLengths)
            throw new ArgumentException($"The network's input '{port.Name}' has samples of {Size(port.Lengths is not null)}, but the "
                + $"source gives such of {Size(values.HasLengths)}.", name);
        int count = values.HasLengths ? values.Starts!.Length - 1 : 0;
        for (int i = 0; i < count; i++)
        {
            if (values.LengthOf(i) > port.Shape[0])
                throw new ArgumentException(
                    Text($"Sample {i} has {values.LengthOf(i)} positions: the network's input '{port.Name}' takes up to {port.Shape[0]}."),
                    name);
        }
        ReadOnlySpan<int> ints = values.Values.Labels.Span;
        if (BatchChecks.OutsideRows(port, ints) is not int at)
            return;
        int position = at / Math.Max(1, values.Features), sample = 0;
        while (sample + 1 < count && values.Starts![sample + 1] <= position)
            sample++;
        if (values.HasLengths)
            throw BatchChecks.NoRow(port, ints[at], sample, position - values.Starts![sample], name);
        throw BatchChecks.NoRow(port, ints[at], at / port.Size, at % port.Size, name);
    }

    private static void CheckAlike(SampleValues values, SampleValues like, string likeName, string name)
    {
        int sample = values.FirstUnlike(like);
        if (sample >= 0)
            throw new ArgumentException(
                Text($"Sample {sample} has {values.LengthOf(sample)} positions, but {like.LengthOf(sample)} in {likeName}."), name);
    }

    private static string Of(bool positions) => positions ? "each position" : "whole samples";

    private static string Size(bool lengths) => lengths ? "lengths of their own" : "one size";

    private static IEnumerable<(string Name, SampleValues Values)> Named(SampleValues[] inputs, SampleValues[] targets)
        => inputs.Select((input, i) => (Text($"{nameof(inputs)}[{i}]"), input))
            .Concat(targets.Select((target, i) => (Text($"{nameof(targets)}[{i}]"), target)));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
