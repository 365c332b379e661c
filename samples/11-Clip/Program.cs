using NetGen.Samples;

return new ClipSample().Run(args);

/// <summary>Adam, whose rate falls along half a cosine.</summary>
internal sealed class ClipSample : LessonSample
{
    protected override string Purpose
        => "Trains a network to lay images and captions of Fashion-MNIST into one space, and classifies images by sentences.";

    protected override TrainingOptions Defaults => new()
    {
        FullEpochs = 3,
        LeastImages = 100_000,
        Batch = 128,
        LearningRate = 2e-3f,
        Checkpoint = "clip.checkpoint.safetensors",
        Logs = "runs/clip",
        Picture = "similarities.png",
    };

    protected override Lesson Begin(TrainingOptions options, FashionData data, long steps)
        => new ClipLesson(options, data, Pixels, steps);
}
