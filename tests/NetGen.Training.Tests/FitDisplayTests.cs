using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace NetGen.Training.Tests;

/// <summary>What a training shows of itself.</summary>
public sealed class FitDisplayTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ALineForEachEpochAndOneForWhatIsTrained()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using Classifier.Trainer trainer = new Classifier(seed: 1).CreateTrainer(16, new Adam(1e-2f), new TrainerOptions { Threads = 2 });
        FitResult result = trainer.Fit(Samples.Shuffled(400, 16), new FitOptions
        {
            Epochs = 2,
            Validation = Samples.Validation(),
            Metrics = [new Accuracy(), new CrossEntropy()],
            Display = FitDisplay.To(writer),
            WarnAboutDebugBuild = false,
        });
        string[] lines = writer.ToString().Split('\n');
        int parameters = 8 * 16 + 2 * 16 + 16 * 4 + 4, bits = trainer.VectorWidth switch
        {
            VectorWidth.Vector512 => 512,
            VectorWidth.Vector256 => 256,
            _ => 128,
        };
        Assert.Equal($"Training Classifier: {parameters} parameters, 400 samples in batches of 16, 2 threads, {bits}-bit vectors, Adam",
            lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[3]);
        for (int i = 0; i < 2; i++)
        {
            EpochResult epoch = result.Epochs[i];
            string start = string.Create(CultureInfo.InvariantCulture, $"Epoch {i + 1}/2   loss {epoch.Loss:F4}   validation "
                + $"accuracy {epoch.Metrics[0]:F4}, loss {epoch.Metrics[1]:F4}{(epoch.IsBest ? " (best)" : "")}   lr 0.01   ");
            Assert.StartsWith(start, lines[i + 1], StringComparison.Ordinal);
            Assert.Matches(@"^[\d,]+ samples/s   0:\d\d$", lines[i + 1][start.Length..]);
        }
    }

    [Fact]
    public void TheLineIsRewrittenInPlaceAndTellsHowFarItIs()
    {
        var clock = new Clock();
        using var writer = new StringWriter { NewLine = "\n" };
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0.125f));
        // Ten steps an epoch, each of which takes a second.
        FitResult result = trainer.Fit(Samples.Values(100, 10), new FitOptions
        {
            Epochs = 2,
            Display = FitDisplay.Live(writer, () => 120, clock),
            Callbacks = [new Advance(clock, 1)],
        });
        string[] lines = writer.ToString().Split('\n');
        Assert.Equal(4, lines.Length);
        string[] shown = lines[1].Split('\r');
        // Nothing is in front of the first, which overwrites nothing; then ten, the one while it is measured, and the last.
        Assert.Equal("", shown[0]);
        Assert.Equal(13, shown.Length);
        Assert.Matches(@"^Epoch 1/2 \[==>\.{17}\]  10%   loss \d\.\d{4}   lr 0\.125   10 samples/s   0:19 left$", shown[1]);
        Assert.Matches(@"^Epoch 1/2 \[={14}>\.{5}\]  70%   loss \d\.\d{4}   lr 0\.125   10 samples/s   0:13 left *$", shown[7]);
        Assert.Matches(@"^Epoch 1/2 \[={20}\] 100%   loss \d\.\d{4}   lr 0\.125   10 samples/s   measuring *$", shown[11]);
        string last = string.Create(CultureInfo.InvariantCulture, $"Epoch 1/2   loss {result.Epochs[0].Loss:F4} (best)   lr 0.125   ");
        Assert.StartsWith(last + "10 samples/s   0:10", shown[12], StringComparison.Ordinal);
        // What is written over another line covers it.
        for (int i = 2; i < shown.Length; i++)
            Assert.True(shown[i].Length >= shown[i - 1].TrimEnd().Length, $"'{shown[i]}' does not cover '{shown[i - 1]}'");
    }

    [Fact]
    public void NoMoreThanTenTimesASecondAndNoLongerThanTheConsole()
    {
        var clock = new Clock();
        using var writer = new StringWriter { NewLine = "\n" };
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(1, new SGD(0.1f));
        // 3,000 steps of a millisecond.
        trainer.Fit(Samples.Values(3000, 1), new FitOptions
        {
            Display = FitDisplay.Live(writer, () => 40, clock),
            Callbacks = [new Advance(clock, 0.001)],
        });
        string[] shown = writer.ToString().Split('\n')[1].Split('\r')[1..^1];
        Assert.InRange(shown.Length, 20, 31);
        Assert.All(shown, line => Assert.InRange(line.Length, 1, 39));
        Assert.StartsWith("Epoch 1/1   3%   loss ", shown[1], StringComparison.Ordinal);
    }

    /// <summary>On a narrow console the bar is shorter, and the time that is left is there.</summary>
    [Fact]
    public void TheBarGivesWay()
    {
        var clock = new Clock();
        using var writer = new StringWriter { NewLine = "\n" };
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0.125f));
        trainer.Fit(Samples.Values(100, 10), new FitOptions
        {
            Display = FitDisplay.Live(writer, () => 80, clock),
            Callbacks = [new Advance(clock, 1)],
        });
        string[] shown = writer.ToString().Split('\n')[1].Split('\r');
        // 79 characters for 89.
        Assert.Matches(@"^Epoch 1/1 \[=>\.{8}\]  10%   loss \d\.\d{4}   lr 0\.125   10 samples/s   0:09 left$", shown[1]);
        Assert.Equal(79, shown[1].Length);
    }

    [Fact]
    public void AnErrorFindsALineOfItsOwn()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0.1f));
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Samples.Values(100, 10), new FitOptions
        {
            Display = FitDisplay.Live(writer, () => 120, new Clock()),
            Callbacks = [new Cancel(cancellation, 3)],
        }, cancellation.Token));
        Assert.EndsWith(" left\n", writer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Both trainings write as often: by the clock, which goes on by each.</summary>
    [Fact]
    public void ShowingAllocatesNothingPerBatch() => BatchAllocations.AssertNone(() =>
    {
        var clock = new Clock();
        return new FitOptions
        {
            Display = FitDisplay.Live(new Unwritten(), () => 120, clock),
            Callbacks = [new Advance(clock, 1)],
            WarnAboutDebugBuild = false,
        };
    });

    [Fact]
    public void ItTellsOfPatienceAndOfWhatIsRestored()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0));
        trainer.Fit(Samples.Values(50, 10), new FitOptions
        {
            Epochs = 9,
            Patience = 2,
            RestoreBest = true,
            Display = FitDisplay.To(writer),
        });
        Assert.EndsWith("\nEnded: 2 epochs without improvement; best after epoch 1, whose parameters the network has now\n",
            writer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The tests of a Debug build are told so, once; those of a Release build are not.</summary>
    [Fact]
    public void ADebugBuildIsWarnedOfOnce()
    {
        bool isDebug = typeof(Regression).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };
        using var writer = new StringWriter { NewLine = "\n" };
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0));
        for (int i = 0; i < 2; i++)
            trainer.Fit(Samples.Values(50, 10), new FitOptions { Display = FitDisplay.To(writer) });
        int warnings = writer.ToString().Split("compiled without optimisation (a Debug build)").Length - 1;
        // Another test may have been told before.
        Assert.InRange(warnings, 0, isDebug ? 1 : 0);
    }

    /// <summary>The output of tests is no terminal: nothing is shown by default, and lines where they are asked for.</summary>
    [Fact]
    public void WhereOutputIsRedirectedNothingIsShownByDefault()
    {
        using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0));
        if (!Console.IsOutputRedirected)
            return;
        TextWriter before = Console.Out;
        using var writer = new StringWriter { NewLine = "\n" };
        Console.SetOut(writer);
        try
        {
            trainer.Fit(Samples.Values(50, 10));
            trainer.Fit(Samples.Values(50, 10), new FitOptions { Display = FitDisplay.Never });
            Assert.DoesNotContain("Training Regression", writer.ToString(), StringComparison.Ordinal);
            trainer.Fit(Samples.Values(50, 10), new FitOptions { Display = FitDisplay.Always });
            Assert.Contains("Training Regression: ", writer.ToString(), StringComparison.Ordinal);
            Assert.Contains("Epoch 1/1   loss ", writer.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 10_000_000;

        public override long GetTimestamp() => Now;
    }

    private sealed class Advance(Clock clock, double seconds) : FitCallback
    {
        public override void OnStep(FitRun run) => clock.Now += (long)(seconds * clock.TimestampFrequency);
    }

    private sealed class Cancel(CancellationTokenSource cancellation, int after) : FitCallback
    {
        public override void OnStep(FitRun run)
        {
            if (run.Steps == after)
                cancellation.Cancel();
        }
    }

    private sealed class Unwritten : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value)
        {
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
        }

        public override void WriteLine(ReadOnlySpan<char> buffer)
        {
        }
    }
}
