using System.Collections.Concurrent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>The networks of <see cref="NetworkTable"/>, group by group, in inference.</summary>
public abstract class RowTests
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, (Stack, InferredNetwork)>>> s_groups = new();

    /// <param name="part">Which of the parts that run side by side, from 0.</param>
    /// <param name="parts">How many there are.</param>
    protected static TheoryData<string, string> Rows(int part, int parts)
    {
        var rows = new TheoryData<string, string>();
        foreach ((string group, _, string[] stacks) in NetworkTable.Groups.Where((_, i) => i % parts == part))
        {
            foreach (string text in stacks.Distinct())
                rows.Add(group, text);
        }
        return rows;
    }

    protected static void Check(string group, string text)
    {
        (Stack stack, InferredNetwork network) = s_groups.GetOrAdd(group, name => new(() => Read(name))).Value[text];
        Refusals.Check(text, PlanChecker.Check(stack, network, seed: 11));
    }

    protected static void CheckTraining(string group, string text)
    {
        (Stack stack, InferredNetwork network) = s_groups.GetOrAdd(group, name => new(() => Read(name))).Value[text];
        Refusals.Check(text, PlanChecker.CheckTraining(stack, network, seed: 13));
    }

    /// <summary>The networks of a group by their words.</summary>
    private static Dictionary<string, (Stack, InferredNetwork)> Read(string group)
    {
        Stack[] stacks = [.. NetworkTable.Stacks(group).DistinctBy(stack => stack.Text)];
        IReadOnlyDictionary<string, InferredNetwork> networks = DeclaredNetworks.Infer(stacks);
        return stacks.ToDictionary(stack => stack.Text, stack => (stack, networks[stack.Name]));
    }
}

/// <summary>Every second group.</summary>
public sealed class EvenRowTests : RowTests
{
    public static TheoryData<string, string> Table => Rows(0, 2);

    [Theory]
    [MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string group, string text) => Check(group, text);

    [Theory]
    [MemberData(nameof(Table))]
    public void Trains_as_the_reference_does(string group, string text) => CheckTraining(group, text);
}

/// <summary>The others.</summary>
public sealed class OddRowTests : RowTests
{
    public static TheoryData<string, string> Table => Rows(1, 2);

    [Theory]
    [MemberData(nameof(Table))]
    public void Agrees_with_the_reference(string group, string text) => Check(group, text);

    [Theory]
    [MemberData(nameof(Table))]
    public void Trains_as_the_reference_does(string group, string text) => CheckTraining(group, text);
}

public sealed class RefusalTests
{
    [Fact]
    public void The_list_of_the_refused_is_sorted_and_has_no_others()
    {
        string[] lines = Refusals.Lines;
        Assert.Equal(lines.Order(StringComparer.Ordinal), lines);
        IEnumerable<string> known = NetworkTable.Groups.SelectMany(group => group.Stacks)
            .Concat(NetGen.Conformance.Tests.Golden.GoldenFile.Names);
        Assert.Empty(lines.Select(line => line.Split('\t')[1]).Except(known));
    }
}
