using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Random networks, compiled in memory and compared with the reference interpreter forward and backward: each on a width of its own, and
/// on every width where their number is given.
/// The same networks in every run: <c>NETGEN_RANDOM_NETWORKS</c> sets how many of each kind (60 chains, 20 graphs of one input and output,
/// 40 of sequences and 20 of sequences whose samples bring their lengths, 300 with several inputs, outputs and losses and shared
/// parameters, where it does not), <c>NETGEN_RANDOM_SEED</c> which.
/// </summary>
public sealed class RandomNetworkTests
{
    private const int PerCompilation = 20, DefaultCount = 60, DefaultGraphCount = 20, DefaultPortCount = 300, DefaultSequenceCount = 40, DefaultLengthCount = 20;
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

    public static TheoryData<int> PortBatches => new(Enumerable.Range(0, NumberOfBatches(DefaultPortCount)));

    /// <summary>
    /// Several inputs, outputs and losses, layers and blocks that share their parameters, with 1, 2 and 3 threads.
    /// </summary>
    [Theory]
    [MemberData(nameof(PortBatches))]
    public void Networks_of_several_ports_agree_with_the_reference(int batch) =>
        Check(RandomNetworks.Ports, "Ports", batch, DefaultPortCount, Configuration.EveryOf);

    public static TheoryData<int> SequenceBatches => new(Enumerable.Range(0, NumberOfBatches(DefaultSequenceCount)));

    /// <summary>Positions of features: recurrent layers and attention among layers that take each position by itself.</summary>
    [Theory]
    [MemberData(nameof(SequenceBatches))]
    public void Sequences_agree_with_the_reference(int batch) => Check(RandomSequences.Networks, "Sequence", batch, DefaultSequenceCount);

    public static TheoryData<int> LengthBatches => new(Enumerable.Range(0, NumberOfBatches(DefaultLengthCount)));

    /// <summary>The same with samples of different lengths.</summary>
    [Theory]
    [MemberData(nameof(LengthBatches))]
    public void Sequences_of_any_length_agree_with_the_reference(int batch) =>
        Check(RandomSequences.Lengths, "Length", batch, DefaultLengthCount);

    private static void Check(
        Gen<Stack> networks, string name, int batch, int usualCount,
        Func<IReadOnlyList<CodeForm>, IReadOnlyList<Configuration>>? configurationsOf = null)
    {
        int remaining = (int)Setting("NETGEN_RANDOM_NETWORKS", (ulong)usualCount) - batch * PerCompilation;
        Stack[] stacks = Gen.Sample(networks, Math.Min(PerCompilation, remaining), new Rnd(Seed, (ulong)(2 * batch + 1)), 50)
            .Select((s, i) => s with { Name = string.Create(CultureInfo.InvariantCulture, $"{name}{batch}_{i}") }).ToArray();
        var compiled = new CompiledNetworks.Assigned(stacks, stack => CodeForm.For(stack, onEveryWidth: IsNumberGiven));
        var failures = new List<string>();
        foreach (Stack stack in stacks)
        {
            IReadOnlyList<Configuration> configurations = (configurationsOf ?? Configuration.Of)(compiled.FormsOf(stack));
            if (Failure(stack, _ => compiled[stack], configurations) is not { } failure)
                continue;
            Stack shrunk = Shrink(stack, IsRefusal(failure), configurations);
            string declaration = DeclarationWriter.Write(shrunk);
            failures.Add($"{failure}\n\nsmallest that fails:\n{FailureAlone(shrunk, configurations)}\n{declaration}");
        }
        Assert.True(failures.Count == 0, string.Create(CultureInfo.InvariantCulture,
            $"{failures.Count} of {stacks.Length} networks of batch {batch}, NETGEN_RANDOM_SEED={Seed}:\n\n{string.Join("\n\n", failures)}"));
    }

    private static string? FailureAlone(Stack stack, IReadOnlyList<Configuration> configurations) =>
        Failure(stack, consumer => Compile(stack, consumer), configurations);

    private static ICompiledNetwork Compile(Stack stack, Consumer consumer) =>
        NetworkCompiler.Compile([stack], consumer, s => (int)(Numbers.Hash(5, (uint)s.Text.Length) >> 1)).Networks[stack.Name];

    private static string? Failure(
        Stack stack, Func<Consumer, ICompiledNetwork> compile, IReadOnlyList<Configuration> configurations)
    {
        try
        {
            NetworkChecker.Check(compile, stack, 3, Counts, configurations);
            return null;
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }

    /// <summary>The generator has refused the network.</summary>
    private static bool IsRefusal(string failure) => failure.Contains(NetworkCompiler.Refusal, StringComparison.Ordinal);

    /// <summary>Leaves out words, one after the other, as long as what remains is a network that fails; for at most a while.</summary>
    /// <param name="isRefused">It fails because the generator refuses it, which is another fault than a wrong result.</param>
    private static Stack Shrink(Stack stack, bool isRefused, IReadOnlyList<Configuration> configurations)
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
                if (FailureAlone(candidate, configurations) is { } failure && IsRefusal(failure) == isRefused)
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

    private static bool IsNumberGiven => Environment.GetEnvironmentVariable("NETGEN_RANDOM_NETWORKS") is { Length: > 0 };

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
        // Dropout has masks and tests of its own; ports, with tables that ints are looked up in, and sequences have their own generators.
        Assert.Empty(Registry.LayerKinds.Except(["drop", "drop2d", "alphadrop", "in", "out", "emb", "bag", .. RandomSequences.Kinds])
            .Except(Kinds(stacks)));
        Assert.True(stacks.Count(NamesValues) > stacks.Length / 3);
        Assert.All(stacks, stack => Assert.Equal(DeclarationWriter.Write(stack), DeclarationWriter.Write(Stack.Parse(stack.Print()))));
    }

    [Fact]
    public void Sequences_cover_their_layers()
    {
        Stack[] stacks = Gen.Sample(RandomSequences.Networks, 1000, new Rnd(Seed, 1), 50).ToArray();
        Assert.Empty(RandomSequences.Kinds.Append("linear").Append("emb").Append("conv").Except(Kinds(stacks)));
        Assert.True(stacks.Count(stack => stack.Text.Contains("attention", StringComparison.Ordinal)) > stacks.Length / 4);
    }

    [Fact]
    public void Networks_of_several_ports_cover_the_language()
    {
        Stack[] stacks = Gen.Sample(RandomNetworks.Ports, 2000, new Rnd(Seed, 1), 50).ToArray();
        Assert.Empty(Registry.LayerKinds.Except(["drop", "drop2d", "alphadrop", .. RandomSequences.Kinds]).Except(Kinds(stacks)));
        AtLeast(0.33, HasSecondUse, "a second use of a value");
        AtLeast(0.33, NamesValues, "a layer that reads a value by name");
        AtLeast(0.25, stack => stack.Operations.Any(node => node.Owner != node.Path && HasTensors(node)), "shared parameters");
        AtLeast(0.33, stack => stack.Inputs.Count > 1, "several inputs");
        AtLeast(0.33, stack => stack.Outputs.Count > 1, "several outputs");
        AtLeast(0.2, stack => stack.Losses.Count > 1, "several losses");
        AtLeast(0.15, stack => stack.Inputs.Count > 1 && stack.Outputs.Count > 1 && stack.Losses.Count > 1, "several of each");
        AtLeast(0.05, stack => stack.Losses.Count == 0, "no loss");
        AtLeast(0.1, stack => stack.HasBatchStatistics, "statistics of the batch");
        Assert.All(stacks, stack => Assert.Equal(DeclarationWriter.Write(stack), DeclarationWriter.Write(Stack.Parse(stack.Print()))));

        void AtLeast(double share, Func<Stack, bool> has, string what)
        {
            int count = stacks.Count(has);
            Assert.True(count >= share * stacks.Length, $"{count} of {stacks.Length} networks have {what}.");
        }
    }

    /// <summary>Some value is read by two layers, or by one twice, or by the caller and a layer.</summary>
    private static bool HasSecondUse(Stack stack) => stack.Operations.SelectMany(node => node.Inputs)
        .Concat(stack.Outputs.Select(port => port.Value)).GroupBy(value => value).Any(uses => uses.Count() > 1);

    /// <summary>A reader of a value beside the chain.</summary>
    private static bool NamesValues(Stack stack) => All(stack.Layers).Any(node => node.Layer is Operation { Reads.Count: > 0 });

    private static bool HasTensors(Node node) => ((Operation)node.Layer).Tensors(node.InputShapes).Any();

    private static HashSet<string> Kinds(IEnumerable<Stack> stacks) =>
        [.. stacks.SelectMany(stack => All(stack.Layers).Select(node => node.Layer.Kind).Concat(stack.Inputs.Select(_ => "in")))];

    private static IEnumerable<Node> All(IEnumerable<Node> nodes) =>
        nodes.SelectMany(node => node.Scopes.SelectMany(scope => All(scope.Layers)).Prepend(node));
}
