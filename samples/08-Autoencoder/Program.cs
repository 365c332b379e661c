using NetGen.Data;
using NetGen.Samples;

return new AutoencoderSample().Run(args);

/// <summary>Adam for both networks.</summary>
internal sealed class AutoencoderSample : LessonSample
{
    protected override string Purpose
        => "Trains an autoencoder and a variational one on Fashion-MNIST, and draws what the points of the latter's plane look like.";

    protected override TrainingOptions Defaults => new()
    {
        FullEpochs = 6,
        LeastImages = 360_000,
        Batch = 128,
        LearningRate = 1e-3f,
        Checkpoint = "autoencoder.checkpoint.safetensors",
        Logs = "runs/autoencoder",
        Picture = "autoencoder.png",
    };

    /// <summary>From 0 to 1, as probabilities are.</summary>
    protected override Transform Pixels => new ToTensor();

    protected override Lesson Begin(TrainingOptions options, FashionData data, long steps) => new AutoencoderLesson(options, data);
}
