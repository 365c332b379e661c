namespace NetGen.CompilerServices;

/// <summary>
/// A range of the flat parameter buffer whose parameters belong to one group; the ranges follow each other without a gap.
/// </summary>
/// <param name="End">The float after the last.</param>
/// <param name="Group">
/// 0 for what no group takes, else the group's place in the list plus 1; <see cref="Unlearned"/> for what no optimiser may touch.
/// </param>
internal readonly record struct GroupRange(nint End, int Group)
{
    /// <summary>The number of what lies among learned parameters and is not: the running statistics of a part, say.</summary>
    public const int Unlearned = -1;

    /// <summary>The ranges of a network's parameters, in the order of the buffer.</summary>
    /// <param name="groups">In the order of their numbers.</param>
    /// <param name="parameters">Those that are learned.</param>
    /// <param name="all">Those too that are not.</param>
    /// <param name="count">Floats at the start of the buffer that are learned.</param>
    /// <exception cref="ArgumentException">A group takes no parameter, or one that another group takes too.</exception>
    public static GroupRange[] Of(
        IReadOnlyList<ParameterGroup> groups, IReadOnlyList<Parameter> parameters, IReadOnlyList<Parameter> all, nint count)
    {
        var groupOf = new int[parameters.Count];
        for (int g = 0; g < groups.Count; g++)
        {
            bool[] taken = groups[g].Select(parameters, all);
            for (int i = 0; i < taken.Length; i++)
            {
                if (!taken[i])
                    continue;
                if (groupOf[i] != 0)
                    throw new ArgumentException($"The parameter {parameters[i].Name} is in two groups, {groups[groupOf[i] - 1]} "
                        + $"and {groups[g]}; it can be in one.");
                groupOf[i] = g + 1;
            }
        }

        // A parameter's range goes up to the next parameter, so that what pads its last block is with it.
        (nint Offset, int Group)[] order =
        [
            .. parameters.Select((parameter, i) => (parameter.Offset, groupOf[i]))
                .Concat(all.Where(parameter => !parameter.IsLearned && parameter.Offset < count)
                    .Select(parameter => (parameter.Offset, Unlearned)))
                .OrderBy(start => start.Offset),
        ];
        var ranges = new List<GroupRange>();
        for (int i = 0; i < order.Length; i++)
        {
            var range = new GroupRange(i + 1 < order.Length ? order[i + 1].Offset : count, order[i].Group);
            if (ranges.Count > 0 && ranges[^1].Group == range.Group)
                ranges[^1] = range;
            else
                ranges.Add(range);
        }
        return order.Length == 0 ? [new GroupRange(count, 0)] : [.. ranges];
    }
}
