using NetGen.Samples;

return new GanSample().Run(args);

/// <summary>Adam for both networks, with DCGAN's rate.</summary>
internal sealed class GanSample : LessonSample
{
    protected override string Purpose
        => "Trains a network to make images like those of Fashion-MNIST, and another one to tell them apart.";

    protected override TrainingOptions Defaults => new()
    {
        FullEpochs = 8,
        LeastImages = 480_000,
        Batch = 64,
        LearningRate = 2e-4f,
        Checkpoint = "gan.checkpoint.safetensors",
        Logs = "runs/gan",
        Picture = "samples.png",
    };

    protected override Lesson Begin(TrainingOptions options, FashionData data, long steps) => new GanLesson(options);
}
