using System.Globalization;
using NetGen;
using NetGen.Samples;
using NetGen.TensorBoard;

return new LeNetSample().Run(args);

/// <summary>
/// The published recipe: batches of 256, plain SGD with a rate of 0.9, ten epochs of 60,000 images or as many steps of fewer.
/// </summary>
internal sealed class LeNetSample : TrainingSample
{
    protected override string Purpose => "Trains LeNet on Fashion-MNIST or MNIST by the published recipe, and draws how it learned.";

    protected override TrainingOptions Defaults => new()
    {
        FullEpochs = 10,

        // Behind its sigmoids the network learns nothing for the first 300 to 500 steps. On a small set ten epochs would end before.
        LeastImages = 500_000,
        Batch = 256,
        LearningRate = 0.9f,
        Checkpoint = "lenet.checkpoint.safetensors",
        Logs = "runs/lenet",
        Picture = "lenet.png",
    };

    protected override string Summary => LeNet.Summary;

    protected override INetwork Create(ulong seed) => new LeNet(seed);

    protected override Optimizer CreateOptimizer(float learningRate) => new SGD(learningRate);

    protected override void Draw(INetwork net, FashionData data, FitResult result, ConfusionMatrix confusion, string path,
        SummaryWriter log)
    {
        var canvas =
            LearningCurves.Draw(string.Create(CultureInfo.InvariantCulture, $"LeNet, {data.Train.Count:N0} training images"), result,
            ["test accuracy", "test loss"]);
        canvas.Save(path);
        log.AddImage("learning", canvas.Width, canvas.Height, 3, canvas.Pixels, result.Steps);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Test accuracy {confusion.Value:F4}, best {result.Best:F4} after epoch {result.BestEpoch}. {path} shows how it learned."));
    }
}
