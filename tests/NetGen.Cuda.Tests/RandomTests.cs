using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>
/// Random networks, the same in every run: those that a GPU does are right, and the others are refused for a reason that some network of
/// the table is refused for.
/// </summary>
public sealed class RandomTests
{
    private const ulong Seed = 20240229;

    [Theory]
    [InlineData("Chains", 60)]
    [InlineData("Graphs", 60)]
    [InlineData("Ports", 80)]
    [InlineData("Sequences", 40)]
    [InlineData("Lengths", 20)]
    public void Agree_with_the_reference(string kind, int count)
    {
        Gen<Stack> networks = kind switch
        {
            "Chains" => RandomNetworks.Networks,
            "Graphs" => RandomNetworks.Graphs,
            "Ports" => RandomNetworks.Ports,
            "Sequences" => RandomSequences.Networks,
            _ => RandomSequences.Lengths,
        };
        Stack[] stacks = [.. Gen.Sample(networks, count, new Rnd(Seed, 3), 50)
            .Select((stack, i) => stack with { Name = string.Create(CultureInfo.InvariantCulture, $"{kind}{i}") })];
        IReadOnlyDictionary<string, InferredNetwork> inferred = DeclaredNetworks.Infer(stacks);
        var faults = new List<string>();
        foreach (Stack stack in stacks)
        {
            try
            {
                string? refused = PlanChecker.Check(stack, inferred[stack.Name], seed: 3)
                    ?? PlanChecker.CheckTraining(stack, inferred[stack.Name], seed: 5);
                if (refused is { } reason && reason.Split("; ").Except(Refusals.Reasons).Any())
                    faults.Add($"{stack} is refused: {reason}");
            }
            catch (Exception fault)
            {
                faults.Add($"{stack}\n{DeclarationWriter.Write(stack)}\n{fault}");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} of {stacks.Length}:\n{string.Join("\n\n", faults)}");
    }
}
