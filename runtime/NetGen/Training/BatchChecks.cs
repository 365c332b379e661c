using System.Globalization;

namespace NetGen;

/// <summary>Whether a batch has what a network takes. The checks allocate nothing where it has.</summary>
internal static class BatchChecks
{
    /// <summary>As many inputs as the network has, each with its values for every sample.</summary>
    /// <param name="ports">What the network takes.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="parameterName">What the caller calls where the batch is from.</param>
    /// <exception cref="ArgumentException">Their number, a type or a length is another.</exception>
    public static void Inputs(NetworkPorts ports, in Batch batch, string parameterName)
    {
        IReadOnlyList<NetworkPort> inputs = ports.Inputs;
        if (batch.InputCount != inputs.Count)
            throw new ArgumentException($"Expected {Count(inputs.Count, "input")} in a batch, as the network has: "
                + $"{string.Join(", ", inputs)}; got {Number(batch.InputCount)}.", parameterName);
        for (int i = 0; i < inputs.Count; i++)
        {
            int ints = batch.GetIntInput(i).Length, given = ints > 0 ? ints : batch.GetInput(i).Length;
            if (given > 0 && ints > 0 != inputs[i].IsInts)
                throw new ArgumentException($"The source gives {Type(ints > 0)} for the network's input"
                    + $"{(inputs.Count == 1 ? "" : $" '{inputs[i].Name}'")}, which is {Type(inputs[i].IsInts)}.", parameterName);
            if (inputs[i].Lengths is { } lengths)
            {
                CheckPositions(ports, batch, i, given, lengths, parameterName);
                continue;
            }
            if (given != (long)batch.Count * inputs[i].Size)
                throw new ArgumentException($"Expected samples of {Number(inputs[i].Size)} values, the network's input"
                    + $"{(inputs.Count == 1 ? "" : $" '{inputs[i].Name}'")}, got {Each(given, batch.Count)}.", parameterName);
        }
    }

    /// <summary>An input whose samples have lengths of their own, which another input of the batch says.</summary>
    private static void CheckPositions(NetworkPorts ports, in Batch batch, int input, int given, string lengths, string parameterName)
    {
        long positions = Positions(ports, batch, lengths);
        NetworkPort port = ports.Inputs[input];
        int size = port.Size / port.Shape[0];
        if (given != positions * size)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected {positions * size} values of the network's "
                + $"input '{port.Name}' for the {positions} positions that '{lengths}' says, got {given}."), parameterName);
    }

    /// <summary>The positions of all samples of a batch.</summary>
    /// <param name="ports">What the network takes.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="lengths">The input that says them.</param>
    public static long Positions(NetworkPorts ports, in Batch batch, string lengths)
    {
        int index = 0;
        while (ports.Inputs[index].Name != lengths)
            index++;
        long positions = 0;
        foreach (int length in batch.GetIntInput(index))
            positions += length;
        return positions;
    }

    /// <summary>As many targets as the network's losses take, each in a form that its loss takes.</summary>
    /// <param name="ports">What the network takes.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="parameterName">What the caller calls where the batch is from.</param>
    /// <exception cref="ArgumentException">Their number, a form or a length is another.</exception>
    public static void Targets(NetworkPorts ports, in Batch batch, string parameterName)
    {
        IReadOnlyList<NetworkTarget> targets = ports.Targets;
        if (batch.TargetCount != targets.Count)
            throw new ArgumentException($"Expected {Count(targets.Count, "target")} in a batch, as the network's losses take"
                + $"{(targets.Count == 0 ? "" : ": " + string.Join(", ", targets.Select(target => target.Name)))}; got "
                + $"{Number(batch.TargetCount)}.", parameterName);
        for (int i = 0; i < targets.Count; i++)
        {
            NetworkTarget target = targets[i];
            int labels = batch.GetLabels(i).Length;
            (int given, int expected) = labels > 0 ? (labels, target.Labels) : (batch.GetValues(i).Length, target.Values);
            if (expected == 0)
                throw WrongForm(target, labels > 0, isOnly: targets.Count == 1, parameterName);
            if (target.Lengths is { } lengths)
            {
                if (given != Positions(ports, batch, lengths) * expected)
                    throw new ArgumentException($"Expected {Number(expected)} {Elements(labels > 0)} for each position that "
                        + $"'{lengths}' says, the loss's targets{(targets.Count == 1 ? "" : $" '{target.Name}'")}, got {Number(given)}.",
                        parameterName);
                continue;
            }
            if (given != (long)batch.Count * expected)
                throw new ArgumentException($"Expected {Number(expected)} {Elements(labels > 0)} for each sample, the loss's targets"
                    + $"{(targets.Count == 1 ? "" : $" '{target.Name}'")}, got {Each(given, batch.Count)}.", parameterName);
        }
    }

    /// <summary>Where the first of some ints stands that is the number of no row of the tables it is looked up in.</summary>
    /// <param name="port">The input that the ints are for.</param>
    /// <param name="values">The ints.</param>
    /// <returns>Null where all of them are.</returns>
    public static int? OutsideRows(NetworkPort port, ReadOnlySpan<int> values)
        => port.Rows is int rows && values.IndexOfAnyExceptInRange(0, rows - 1) is >= 0 and int at ? at : null;

    /// <summary>The error for such an int.</summary>
    public static ArgumentException NoRow(NetworkPort port, int value, int sample, int position, string parameterName) => new(
        string.Create(CultureInfo.InvariantCulture, $"{value} at position {position} of sample {sample} is the number of no row of the "
            + $"table that the network's input '{port.Name}' is looked up in: expected 0 to {port.Rows - 1}."), parameterName);

    /// <summary>Whether all class indices of a batch are classes of what they are compared with.</summary>
    /// <param name="ports">What the network takes.</param>
    /// <param name="batch">The batch, with as many targets as the network's.</param>
    /// <param name="parameterName">What the caller calls where the batch is from.</param>
    /// <exception cref="ArgumentException">One is none.</exception>
    public static void Classes(NetworkPorts ports, in Batch batch, string parameterName)
    {
        for (int i = 0; i < ports.Targets.Count; i++)
        {
            if (OutsideClasses(ports.Targets[i], batch.GetLabels(i)) is int at)
                throw NoClass(ports.Targets[i], batch.GetLabels(i)[at], string.Create(CultureInfo.InvariantCulture,
                    $"at {at} of the first batch's labels"), parameterName);
        }
    }

    /// <summary>Where the first of some labels stands that is no class; null where all of them are, or are ignored.</summary>
    /// <param name="target">What the labels are for.</param>
    /// <param name="labels">The labels.</param>
    public static int? OutsideClasses(NetworkTarget target, ReadOnlySpan<int> labels)
    {
        if (target.Classes is not int classes)
            return null;
        for (int start = 0; labels[start..].IndexOfAnyExceptInRange(0, classes - 1) is >= 0 and int at; start += at + 1)
        {
            if (labels[start + at] != target.IgnoreIndex)
                return start + at;
        }
        return null;
    }

    /// <summary>The error for such a label.</summary>
    public static ArgumentException NoClass(NetworkTarget target, int label, string where, string parameterName) => new(
        string.Create(CultureInfo.InvariantCulture, $"The label {label} {where} is no class of the network's output '{target.Output}': "
            + $"expected 0 to {target.Classes - 1}, or {target.IgnoreIndex} for what does not count."), parameterName);

    /// <summary>What there is for each sample, in words.</summary>
    /// <param name="all">What there is of all samples.</param>
    /// <param name="count">How many samples.</param>
    private static string Each(int all, int count) => all % count == 0
        ? Number(all / count)
        : string.Create(CultureInfo.InvariantCulture, $"{all} for {count} samples");

    private static ArgumentException WrongForm(NetworkTarget target, bool areLabels, bool isOnly, string parameterName) => new(
        $"The source gives {Elements(areLabels)}{(isOnly ? "" : $" for '{target.Name}'")}, but the "
        + $"{(isOnly ? "network's loss" : $"loss of '{target.Output}'")} takes {Elements(!areLabels)}.", parameterName);

    private static string Type(bool areInts) => areInts ? "ints" : "floats";

    private static string Elements(bool areLabels) => areLabels ? "class indices" : "values";

    private static string Count(int count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
