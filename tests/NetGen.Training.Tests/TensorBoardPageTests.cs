using System.Reflection;
using System.Text.RegularExpressions;
using NetGen.TensorBoard;

namespace NetGen.Training.Tests;

/// <summary>The snippets of docs/tensorboard.md: they stand here, compile and run.</summary>
[Collection(nameof(TensorBoardPageTests))]
public sealed partial class TensorBoardPageTests : IDisposable
{
    // The snippets write into the current directory, which is the whole process's.
    [CollectionDefinition(nameof(TensorBoardPageTests), DisableParallelization = true)]
    public sealed class Alone;

    private readonly TemporaryDirectory _directory = new();
    private readonly string _before = Environment.CurrentDirectory;

    public TensorBoardPageTests() => Environment.CurrentDirectory = _directory.File("");

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _directory.Dispose();
    }

    [Fact]
    public void TheFirstWritesAllKinds()
    {
        var net = new Branches(seed: 1);
        float[] images = [.. Enumerable.Range(0, 4 * Branches.InputSize).Select(i => i % 7 / 7f)];
        int[] labels = [0, 1, 2, 3];
        {
            using var trainer = net.CreateTrainer(batchSize: 64, new SGD(0.1f));
            using var log = new SummaryWriter("runs/first");
            log.AddGraph(net);
            for (int step = 1; step <= 100; step++)
            {
                float loss = trainer.Step(images, labels);
                log.AddScalar("loss/train", loss, step);
            }
            log.AddHistogram("conv1.weight", net.Stem.Weight.ToArray(), step: 100);
            log.AddImages("samples", images, channels: 3, height: 8, width: 8, step: 100);
            log.AddText("notes", "Trained on **noise**.");
        }
        Assert.Equal(1 + 1 + 100 + 3, EventFile.Events(Assert.Single(Directory.GetFiles("runs/first"))).Count);
    }

    [Fact]
    public void TheSecondLogsATraining()
    {
        var net = new Branches(seed: 1);
        float[] images = [.. Enumerable.Range(0, 200 * Branches.InputSize).Select(i => i % 7 / 7f)];
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 5)];
        {
            using var trainer = net.CreateTrainer(batchSize: 64, new Adam());
            var source = new ArrayBatches(images, labels, batchSize: 64, shuffleSeed: 1);
            var validation = new ArrayBatches(images, labels, batchSize: 250);
            using var log = new TensorBoardCallback("runs/second") { EveryBatches = 10 };
            trainer.Fit(source, new FitOptions { Epochs = 2, Validation = validation, Metrics = [new Accuracy()], Callbacks = [log] });
        }
        Assert.NotEmpty(EventFile.Events(Assert.Single(Directory.GetFiles("runs/second"))));
    }

    [Fact]
    public void TheThirdPrintsTheGraph()
    {
        TextWriter console = Console.Out;
        var printed = new StringWriter();
        Console.SetOut(printed);
        try
        {
            foreach (NetworkGraphNode node in Branches.Graph.Nodes)
                Console.WriteLine($"{node.Path}: {node.Operation}({string.Join(", ", node.Inputs)}) → [{string.Join(", ", node.Shape)}]");
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.Contains("stem: Conv2d(3, 16, 3, padding 1)(input) → [16, 8, 8]", printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheyAreThePages()
    {
        string root =
            typeof(TensorBoardPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot").Value!;
        string code =
            string.Concat(
            ((string[])["TensorBoardPageTests.cs", "Networks.cs"])
            .Select(file => Unindented(File.ReadAllText(Path.Combine(root, "tests", "NetGen.Training.Tests", file)))));
        string[] snippets =
            [.. Snippet().Matches(File.ReadAllText(Path.Combine(root, "docs", "tensorboard.md")).ReplaceLineEndings("\n"))
            .Select(match => match.Groups["code"].Value)];
        Assert.Equal(4, snippets.Length);
        Assert.All(snippets, snippet => Assert.Contains(Unindented(snippet), code, StringComparison.Ordinal));

        static string Unindented(string text)
            => string.Join('\n', text.ReplaceLineEndings("\n").Trim().Split('\n').Select(line => line.TrimStart()));
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();
}
