using System.Globalization;
using NetGen;
using NetGen.Samples;
using NetGen.TensorBoard;

return new FashionCnnSample().Run(args);

/// <summary>Adam, whose rate falls to a tenth after six epochs.</summary>
internal sealed class FashionCnnSample : TrainingSample
{
    protected override string Purpose
        => "Trains a small network with batch normalisation on Fashion-MNIST or MNIST, and draws what its convolutions see.";

    protected override TrainingOptions Defaults => new()
    {
        FullEpochs = 8,
        Batch = 128,
        LearningRate = 2e-3f,
        Checkpoint = "fashion-cnn.checkpoint.safetensors",
        Logs = "runs/fashion-cnn",
        Picture = "feature-maps.png",
    };

    protected override string Summary => FashionCnn.Summary;

    protected override INetwork Create(ulong seed) => new FashionCnn(seed);

    protected override Optimizer CreateOptimizer(float learningRate) => new Adam(learningRate);

    protected override LearningRateScheduler CreateScheduler(Optimizer optimizer) => new(optimizer, new StepLR(6));

    protected override void Draw(INetwork net, FashionData data, FitResult result, ConfusionMatrix confusion, string path,
        SummaryWriter log)
    {
        var first = FeatureMaps.Of(new FirstMaps(), net, FirstMaps.OutputShape);
        var second = FeatureMaps.Of(new SecondMaps(), net, SecondMaps.OutputShape);
        var canvas = FeatureMaps.Draw(data, [0, 1, 2], first, second);
        canvas.Save(path);
        log.AddImage("feature maps", canvas.Width, canvas.Height, 3, canvas.Pixels, result.Steps);

        string table = confusion.ToTable(data.ClassNames);
        log.AddText("confusion", $"Rows: what it is. Columns: what the network says.\n\n```\n{table}```", result.Steps);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nWhat the test images are (rows), and what the network says (columns):\n\n{table}\nTest accuracy {confusion.Value:F4}, "
                + $"best {result.Best:F4} after epoch {result.BestEpoch}. {path} shows the feature maps of both convolutions."));
    }
}
