using System.Globalization;
using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>
/// Two networks that learn from each other: the discriminator to tell images from made ones, the generator to make what it takes for images
/// (Goodfellow and others: Generative adversarial nets, 2014).
/// </summary>
internal sealed class GanLesson : Lesson
{
    private const int Rows = 8, Columns = 12;

    // Those of DCGAN.
    private const float Beta1 = 0.5f;

    // A little less than certain, so that the discriminator does not become sure of itself (Salimans and others, 2016).
    private const float Real = 0.9f;

    private readonly TrainingOptions _options;
    private readonly Generator _generator;
    private readonly Discriminator _discriminator;
    private readonly Generator.Trainer _maker;
    private readonly Discriminator.Trainer _judge;
    private readonly float[] _noise, _images, _targets, _real, _gradients, _fixedNoise;
    private double _judgeLoss, _makerLoss;

    public GanLesson(TrainingOptions options)
    {
        _options = options;
        _generator = new Generator(options.Seed);
        _discriminator = new Discriminator(options.Seed + 1);
        var trainers = new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = options.Seed };
        _maker = _generator.CreateTrainer(options.Batch, new Adam(options.LearningRate, Beta1), trainers);
        _judge = _discriminator.CreateTrainer(2 * options.Batch, new Adam(options.LearningRate, Beta1), trainers);
        _noise = new float[options.Batch * Generator.InputSize];
        // The real ones, and behind them the made ones.
        _images = new float[2 * options.Batch * Discriminator.InputSize];
        _targets = new float[2 * options.Batch];
        _targets.AsSpan(0, options.Batch).Fill(Real);
        _real = new float[options.Batch];
        _real.AsSpan().Fill(1);
        _gradients = new float[options.Batch * Discriminator.InputSize];
        _fixedNoise = new float[Rows * Columns * Generator.InputSize];
        new Noise(options.Seed, 1, 0).Normal(_fixedNoise);
    }

    public override IReadOnlyList<TrainerFile> Files =>
    [
        new("generator", _maker.SaveCheckpoint, _maker.LoadCheckpoint),
        new("discriminator", _judge.SaveCheckpoint, _judge.LoadCheckpoint),
    ];

    public override string Description
        => $"{Generator.Summary}\n{Discriminator.Summary}\n\nThe generator trains with {_maker.Schedule}\n\n"
            + $"The discriminator trains with {_judge.Schedule}";

    public override double Step(Batch batch, long step)
    {
        int half = batch.Count * Discriminator.InputSize;
        var made = _images.AsSpan(half);
        batch.Input.CopyTo(_images);
        new Noise(_options.Seed, 0, step).Normal(_noise);
        _maker.Forward(_noise, made);
        _judgeLoss = _judge.Step(_images, _targets);

        // How the made images would have to change to be taken for real ones goes back through the generator.
        _judge.Forward(made, default);
        _makerLoss = _judge.Backward(_real, _gradients);
        _maker.BackwardFromOutput(_gradients, default);
        _maker.Update();
        return _makerLoss;
    }

    public override void Log(SummaryWriter log, long step)
    {
        log.AddScalar("loss/generator", _makerLoss, step);
        log.AddScalar("loss/discriminator", _judgeLoss, step);
    }

    public override string EndEpoch(SummaryWriter log, long step)
    {
        var images = new float[Rows * Columns * Generator.OutputSize];
        using (var session = _generator.CreateSession(Rows * Columns,
            new SessionOptions { Threads = _options.Threads, VectorWidth = _options.Width }))
        {
            session.Forward(_fixedNoise, images);
        }

        var canvas = ImageSheet.Draw(images, 28, Columns);
        canvas.Save(_options.Picture);
        log.AddImage("samples", canvas.Width, canvas.Height, 3, canvas.Pixels, step);
        return string.Create(CultureInfo.InvariantCulture, $"   discriminator {_judgeLoss:F4}");
    }

    public override void End(SummaryWriter log, long step) => Console.WriteLine($"{_options.Picture} shows {Rows * Columns} made images.");

    public override void Save(string path) => _generator.Save(path);

    public override void Dispose()
    {
        _maker.Dispose();
        _judge.Dispose();
    }
}
