using NetGen.Samples;

return new DiffusionSample().Run(args);

internal sealed class DiffusionSample : LessonSample
{
    protected override string Purpose
        => "Trains a network to take noise off images of Fashion-MNIST, and lets it make new ones out of nothing but noise.";

    protected override TrainingOptions Defaults => new()
    {
        FullEpochs = 4,
        LeastImages = 240_000,
        Batch = 128,
        LearningRate = 2e-3f,
        Checkpoint = "diffusion.checkpoint.safetensors",
        Logs = "runs/diffusion",
        Picture = "samples.png",
    };

    protected override Lesson Begin(TrainingOptions options, FashionData data, long steps) => new DiffusionLesson(options, data, steps);
}
