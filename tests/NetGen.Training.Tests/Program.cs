namespace NetGen.Training.Tests;

/// <summary>
/// What the child processes of <see cref="KilledProcessTests"/> run: training with a checkpoint after every step, without end.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not ["train", var path])
        {
            Console.Error.WriteLine("Run the tests with dotnet test.");
            return 2;
        }
        using KilledTraining training = KilledTraining.Create();
        training.Trainer.Fit(training.Source, new FitOptions
        {
            Epochs = int.MaxValue,
            CheckpointPath = path,
            CheckpointSteps = 1,
            Resume = true,
            Scheduler = training.Scheduler,
            ScheduleByBatch = true,
            Metadata = new Dictionary<string, string> { ["who"] = "the child" },
            Callbacks = [new Announcement()],
        });
        return 0;
    }

    /// <summary>Says that the loop has begun.</summary>
    private sealed class Announcement : FitCallback
    {
        private bool _said;

        public override void OnStep(FitRun run)
        {
            if (_said)
                return;
            _said = true;
            Console.WriteLine("training");
        }
    }
}
