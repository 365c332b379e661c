using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>
/// Trains the network to tell the noise that was put on an image (Ho, Jain, Abbeel: Denoising diffusion probabilistic models, 2020).
/// </summary>
internal sealed class DiffusionLesson : Lesson
{
    private const int Rows = 8, Side = 28, Frames = 11;

    private readonly TrainingOptions _options;
    private readonly FashionData _data;
    private readonly UNet _net;
    private readonly Adam _optimizer;
    private readonly UNet.Trainer _trainer;
    private readonly LearningRateSchedule _rates;
    private readonly float[] _labels, _times, _noise, _noisy;
    private double _loss;

    public DiffusionLesson(TrainingOptions options, FashionData data, long steps)
    {
        (_options, _data) = (options, data);
        _net = new UNet(options.Seed);
        _optimizer = new Adam(options.LearningRate);
        _trainer = _net.CreateTrainer(options.Batch, _optimizer,
            new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width, Seed = options.Seed, ClipGradientNorm = 1 });
        _rates = new OneCycleLR(options.LearningRate, steps, warmUpShare: 0.05, cycleMomentum: false);
        _labels = new float[options.Batch * UNet.LabelSize];
        _times = new float[options.Batch * UNet.TimeSize];
        _noise = new float[options.Batch * UNet.ImageSize];
        _noisy = new float[options.Batch * UNet.ImageSize];
    }

    public override IReadOnlyList<TrainerFile> Files => [new("", _trainer.SaveCheckpoint, _trainer.LoadCheckpoint)];

    public override string Description => $"{UNet.Summary}\n\nTrains with {_trainer.Schedule}.";

    public override double Step(Batch batch, long step)
    {
        var random = new Noise(_options.Seed, 0, step);
        random.Normal(_noise);
        Array.Clear(_labels);
        for (int i = 0; i < batch.Count; i++)
        {
            int time = 1 + random.Below(NoiseSchedule.Times), at = i * UNet.ImageSize;
            _labels[i * UNet.LabelSize + batch.Labels[i]] = 1;
            NoiseSchedule.Encode(time, _times.AsSpan(i * UNet.TimeSize, UNet.TimeSize));
            NoiseSchedule.Mix(batch.Input.Slice(at, UNet.ImageSize), _noise.AsSpan(at, UNet.ImageSize), time,
                _noisy.AsSpan(at, UNet.ImageSize));
        }

        _optimizer.LearningRate = (float)_rates.RateAt(step, _options.LearningRate);
        return _loss = _trainer.Step(_labels, _times, _noisy, _noise);
    }

    public override void Log(SummaryWriter log, long step)
    {
        log.AddScalar("loss", _loss, step);
        log.AddScalar("learning rate", _optimizer.LearningRate, step);
        log.AddScalar("gradient norm", _trainer.GradientNorm ?? 0, step);
    }

    public override string EndEpoch(SummaryWriter log, long step)
    {
        int classes = _data.ClassNames.Count;
        var images = CreateSampler().Draw([.. Enumerable.Range(0, Rows * classes).Select(i => i % classes)], _options.Seed);
        Show("samples", ImageSheet.Draw(images, Side, classes), _options.Picture, log, step);
        return "";
    }

    public override void End(SummaryWriter log, long step)
    {
        string strip = Path.ChangeExtension(_options.Picture, ".noising" + Path.GetExtension(_options.Picture));
        int label = _data.Test.LabelOf(0);
        float[] frames = [.. Noising(), .. CreateSampler().Trace(label, _options.Seed, Frames)];
        Show("noising", ImageSheet.Draw(frames, Side, Frames), strip, log, step);
        Console.WriteLine($"{_options.Picture} shows {Rows} made images of each class. {strip} shows how noise covers a test image, and how "
            + "the network makes one out of noise.");
    }

    public override void Save(string path) => _net.Save(path);

    public override void Dispose() => _trainer.Dispose();

    private static void Show(string name, Canvas canvas, string path, SummaryWriter log, long step)
    {
        canvas.Save(path);
        log.AddImage(name, canvas.Width, canvas.Height, 3, canvas.Pixels, step);
    }

    private Sampler CreateSampler() => new(_net, new SessionOptions { Threads = _options.Threads, VectorWidth = _options.Width });

    /// <summary>The first test image, with more and more noise on it.</summary>
    private float[] Noising()
    {
        float[] image = new float[UNet.ImageSize], noise = new float[UNet.ImageSize], frames = new float[Frames * UNet.ImageSize];
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = _data.Test[0][i] / 127.5f - 1;
        }

        new Noise(_options.Seed, 2, 0).Normal(noise);
        for (int frame = 0; frame < Frames; frame++)
        {
            NoiseSchedule.Mix(image, noise, frame * NoiseSchedule.Times / (Frames - 1),
                frames.AsSpan(frame * UNet.ImageSize, UNet.ImageSize));
        }

        return frames;
    }
}
