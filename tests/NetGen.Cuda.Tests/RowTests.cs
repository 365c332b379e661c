using System.Collections.Concurrent;
using System.Globalization;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>The networks of <see cref="NetworkTable"/>, group by group, in inference.</summary>
public sealed class RowTests
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, InferredNetwork>>> s_groups = new();

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach ((string group, _, string[] stacks) in NetworkTable.Groups)
            {
                foreach (string text in stacks.Distinct())
                    rows.Add(group, text);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Agrees_with_the_reference(string group, string text)
    {
        Stack stack = NetworkTable.Stacks(group).First(candidate => candidate.Text == text);
        InferredNetwork network = s_groups.GetOrAdd(group, name => new(() => DeclaredNetworks.Infer(NetworkTable.Stacks(name)))).Value[stack.Name];
        Refusals.Check(text, PlanChecker.Check(stack, network, seed: 11));
    }

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
