using System.Globalization;
using NetGen.Data;
using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>Trains both towers on images with captions.</summary>
internal sealed class ClipLesson : Lesson
{
    private const int TestBatch = 250;

    private readonly TrainingOptions _options;
    private readonly FashionData _data;
    private readonly Clip _net;
    private readonly Adam _optimizer;
    private readonly Clip.Trainer _trainer;
    private readonly DataLoader _test;
    private readonly LearningRateSchedule _rates;
    private readonly float[] _texts;
    private double _loss, _accuracy;

    public ClipLesson(TrainingOptions options, FashionData data, Transform pixels, long steps)
    {
        (_options, _data) = (options, data);
        _net = new Clip(options.Seed);
        _optimizer = new Adam(options.LearningRate);
        _trainer = _net.CreateTrainer(options.Batch, _optimizer,
            new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = options.Seed });
        _rates = new CosineAnnealingLR(steps);
        _test = new DataLoader(data.Test, TestBatch, new DataLoaderOptions { Transform = pixels });
        _texts = new float[options.Batch * Clip.TextSize];
    }

    public override IReadOnlyList<TrainerFile> Files => [new("", _trainer.SaveCheckpoint, _trainer.LoadCheckpoint)];

    public override string Description => $"{Clip.Summary}\n\nTrains with {_trainer.Schedule}.";

    public override double Step(Batch batch, long step)
    {
        var random = new Noise(_options.Seed, 0, step);
        for (int i = 0; i < batch.Count; i++)
        {
            string caption = Captions.Tell(_data.ClassNames[batch.Labels[i]], ref random);
            Captions.Encode(caption, _texts.AsSpan(i * Clip.TextSize, Clip.TextSize));
        }

        _optimizer.LearningRate = (float)_rates.RateAt(step, _options.LearningRate);
        return _loss = _trainer.Step(batch.Input, _texts);
    }

    public override void Log(SummaryWriter log, long step)
    {
        log.AddScalar("loss", _loss, step);
        log.AddScalar("learning rate", _optimizer.LearningRate, step);
    }

    public override string EndEpoch(SummaryWriter log, long step)
    {
        using var classifier = new ZeroShot(_net, _data.ClassNames,
            new SessionOptions { Threads = _options.Threads, VectorWidth = _options.Width });
        (_accuracy, double[,] similarities) = classifier.Classify(_test);
        log.AddScalar("zero-shot accuracy", _accuracy, step);
        var canvas = SimilarityMatrix.Draw(similarities, _data.Test);
        canvas.Save(_options.Picture);
        log.AddImage("similarities", canvas.Width, canvas.Height, 3, canvas.Pixels, step);
        return string.Create(CultureInfo.InvariantCulture, $"   zero-shot accuracy {_accuracy:F4}");
    }

    public override void End(SummaryWriter log, long step)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Zero-shot test accuracy {_accuracy:F4}. {_options.Picture} shows how near images (columns) lie to sentences (rows)."));

    public override void Save(string path) => _net.Save(path);

    public override void Dispose()
    {
        _trainer.Dispose();
        _test.Dispose();
    }
}
