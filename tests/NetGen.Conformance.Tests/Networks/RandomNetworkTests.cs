using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Random networks, compiled in memory and compared with the reference interpreter forward and backward on every width.
/// The same networks in every run: <c>NETGEN_RANDOM_NETWORKS</c> sets how many (default 60 chains, 40 graphs,
/// 40 with several inputs and outputs), <c>NETGEN_RANDOM_SEED</c>
/// which.
/// </summary>
public sealed class RandomNetworkTests
{
    private const int PerCompilation = 20, DefaultCount = 60, DefaultGraphCount = 40;
    private static readonly int[] Counts = [1, 3, 16, 19];

    private static ulong Seed => Setting("NETGEN_RANDOM_SEED", 20240229);

    public static TheoryData<int> Batches => new(Enumerable.Range(0, NumberOfBatches(DefaultCount)));

    [Theory]
    [MemberData(nameof(Batches))]
    public void Agree_with_the_reference(int batch) => Check(RandomNetworks.Networks, "Random", batch, DefaultCount);

    public static TheoryData<int> GraphBatches => new(Enumerable.Range(0, NumberOfBatches(DefaultGraphCount)));

    /// <summary>Layers that read values by name: drawn from all that the tests know of, by seeds of their own.</summary>
    [Theory]
    [MemberData(nameof(GraphBatches))]
    public void Graphs_agree_with_the_reference(int batch) => Check(RandomNetworks.Graphs, "Graph", batch, DefaultGraphCount);

    /// <summary>Several inputs, outputs and losses, and blocks that share their parameters.</summary>
    [Theory]
    [MemberData(nameof(GraphBatches))]
    public void Networks_of_several_ports_agree_with_the_reference(int batch) =>
        Check(RandomNetworks.Ports, "Ports", batch, DefaultGraphCount);

    private static void Check(Gen<Stack> networks, string name, int batch, int usualCount)
    {
        int remaining = (int)Setting("NETGEN_RANDOM_NETWORKS", (ulong)usualCount) - batch * PerCompilation;
        Stack[] stacks = Gen.Sample(networks, Math.Min(PerCompilation, remaining), new Rnd(Seed, (ulong)(2 * batch + 1)), 50)
            .Select((s, i) => s with { Name = string.Create(CultureInfo.InvariantCulture, $"{name}{batch}_{i}") }).ToArray();
        var compiled = new CompiledNetworks.Group(stacks);
        var failures = new List<string>();
        foreach (Stack stack in stacks)
        {
            if (Failure(stack, consumer => compiled[stack.Name, consumer]) is not { } failure)
                continue;
            Stack shrunk = Shrink(stack);
            string declaration = DeclarationWriter.Write(shrunk);
            failures.Add($"{failure}\n\nsmallest that fails:\n{Failure(shrunk, consumer => Compile(shrunk, consumer))}\n{declaration}");
        }
        Assert.True(failures.Count == 0, string.Create(CultureInfo.InvariantCulture,
            $"{failures.Count} of {stacks.Length} networks of batch {batch}, NETGEN_RANDOM_SEED={Seed}:\n\n{string.Join("\n\n", failures)}"));
    }

    private static ICompiledNetwork Compile(Stack stack, Consumer consumer) =>
        NetworkCompiler.Compile([stack], consumer, s => (int)(Numbers.Hash(5, (uint)s.Text.Length) >> 1)).Networks[stack.Name];

    private static string? Failure(Stack stack, Func<Consumer, ICompiledNetwork> compile)
    {
        try
        {
            NetworkChecker.Check(compile, stack, 3, Counts);
            return null;
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }

    /// <summary>Leaves out words, one after the other, as long as what remains is a network that fails; for at most a while.</summary>
    private static Stack Shrink(Stack stack)
    {
        var clock = Stopwatch.StartNew();
        for (bool smaller = true; smaller && clock.Elapsed < TimeSpan.FromSeconds(15);)
        {
            smaller = false;
            string[] words = stack.Text.Split(' ');
            for (int i = words.Length - 1; i > 0 && clock.Elapsed < TimeSpan.FromSeconds(15); i--)
            {
                if (words[i] is "]" or "|" || words[i].Contains('['))
                    continue;
                Stack candidate;
                try
                {
                    candidate = Stack.Parse(string.Join(' ', words.Where((_, j) => j != i)), stack.Name);
                    if (candidate.Layers.Count == 0)
                        continue;
                }
                catch (Exception invalid) when (invalid is FormatException or ArgumentException or InvalidOperationException)
                {
                    continue;
                }
                if (Failure(candidate, consumer => Compile(candidate, consumer)) is not null)
                {
                    stack = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return stack;
    }

    private static int NumberOfBatches(int usualCount) =>
        ((int)Setting("NETGEN_RANDOM_NETWORKS", (ulong)usualCount) + PerCompilation - 1) / PerCompilation;

    private static ulong Setting(string name, ulong otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    [Fact]
    public void Generator_covers_the_layers()
    {
        var words = new StringBuilder();
        foreach (Stack stack in Gen.Sample(RandomNetworks.Networks, 600, new Rnd(Seed, 1), 50))
        {
            words.Append(stack.Text).Append(' ');
            // What the layers say of themselves says it all: read again, it is the same network.
            Assert.Equal(DeclarationWriter.Write(stack), DeclarationWriter.Write(Stack.Parse(stack.Print())));
        }
        foreach (string kind in new[] { "conv:", "linear:", "max:", "avg:", "aavg:", "amax:", ",by", ",d2", "relu", "sigmoid", "tanh",
            "gelu ", "gelutanh", "softmax", "flatten", "res[", ",ceil", ",nopad", ",nobias", " ce ", " mse ", "prob", ",sum ", " cosine:",
            " bcelogits", " huber",
            "convt:", "up:o", "up:1", ",align", "unflatten:", "flatten:", "identity", "seq[", "unpool:", " bce:", ":w=", ",w=", ",p=",
            "prelu:", "logsoftmax", "layernorm:", "rmsnorm:", "groupnorm:", "instancenorm:", "bn", "zeropad:", "reflectionpad:",
            "replicationpad:", "leakyrelu", "selu" })
            Assert.Contains(kind, words.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_cover_every_layer_and_read_values_by_name()
    {
        Stack[] stacks = Gen.Sample(RandomNetworks.Graphs, 1000, new Rnd(Seed, 1), 50).ToArray();
        IEnumerable<Node> All(IEnumerable<Node> nodes) =>
            nodes.SelectMany(node => node.Scopes.SelectMany(scope => All(scope.Layers)).Prepend(node));
        HashSet<string> drawn = [.. stacks.SelectMany(stack => All(stack.Layers)).Select(node => node.Layer.Kind)];
        // Dropout has masks and tests of its own, and ports a generator of their own.
        Assert.Empty(Registry.LayerKinds.Except(["drop", "drop2d", "alphadrop", "in", "out"]).Except(drawn));
        // A second reader of a value beside the chain, in one network of three at least.
        Assert.True(stacks.Count(stack => All(stack.Layers).Any(node => node.Layer is Operation { Reads.Count: > 0 })) > stacks.Length / 3);
        Assert.All(stacks, stack => Assert.Equal(DeclarationWriter.Write(stack), DeclarationWriter.Write(Stack.Parse(stack.Print()))));
    }
}
