using NetGen.CompilerServices;

namespace NetGen.Training.Tests;

/// <summary>How many threads a trainer has where nobody says.</summary>
public sealed class ThreadsTests
{
    /// <summary>Three multiply-adds for each weight and place, and four for each value.</summary>
    [Fact]
    public void WorkIsThatOfTheWeightsAtTheirPlaces()
    {
        double convolution = 3.0 * 16 * 3 * 9 * 64 + 3.0 * 16 * 16 * 9 * 64, head = 3.0 * 5 * 16 * 16;
        double work = StepWork.Of(new Branches(seed: 1));
        // The values of all layers are few beside that.
        Assert.InRange(work, convolution + head, 1.2 * (convolution + head));
        Assert.Equal(3 * (6 * 8 + 2 * 6) + 4 * (8 + 6 + 6 + 2 + 1), StepWork.Of(new Regression()));
    }

    [Fact]
    public void ASmallStepHasOneAndALargeOneAllCores()
    {
        using Regression.Trainer small = new Regression().CreateTrainer(64, new SGD(0.1f));
        Assert.Equal(1, small.Threads);
        using Branches.Trainer large = new Branches().CreateTrainer(256, new SGD(0.1f));
        Assert.Equal(Math.Min(Environment.ProcessorCount, (int)(StepWork.Of(new Branches()) * 256 / 1e6)), large.Threads);
        using Branches.Trainer one = new Branches().CreateTrainer(1, new SGD(0.1f));
        Assert.Equal(1, one.Threads);
        using Regression.Trainer asked = new Regression().CreateTrainer(64, new SGD(0.1f), new TrainerOptions { Threads = 3, Seed = 1 });
        Assert.Equal(3, asked.Threads);
        Assert.Equal(0, new TrainerOptions { Seed = 1 }.Threads);
        Assert.Equal(1, new SessionOptions().Threads);
    }
}
