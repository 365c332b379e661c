using System.Globalization;
using NetGen.Data;
using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>Trains the autoencoder and the variational one on the same images.</summary>
internal sealed class AutoencoderLesson : Lesson
{
    private readonly TrainingOptions _options;
    private readonly Autoencoder _plain;
    private readonly VariationalAutoencoder _variational;
    private readonly Autoencoder.Trainer _plainTrainer;
    private readonly VariationalAutoencoder.Trainer _variationalTrainer;
    private readonly AutoencoderPictures _pictures;
    private readonly Ports _values, _gradients;
    private readonly float[] _noise;
    private double _plainLoss, _pictureLoss, _divergence;

    public AutoencoderLesson(TrainingOptions options, FashionData data)
    {
        _options = options;
        _plain = new Autoencoder(options.Seed);
        _variational = new VariationalAutoencoder(options.Seed + 1);
        var trainers = new TrainerOptions { Threads = options.Threads, VectorWidth = options.Width };
        _plainTrainer = _plain.CreateTrainer(options.Batch, new Adam(options.LearningRate), trainers);
        _variationalTrainer = _variational.CreateTrainer(options.Batch, new Adam(options.LearningRate), trainers);
        _pictures = new AutoencoderPictures(_plain, _variational, data,
            new SessionOptions { Threads = options.Threads, VectorWidth = options.Width });
        (_values, _gradients) = (new Ports(options.Batch), new Ports(options.Batch));
        _noise = new float[options.Batch * VariationalAutoencoder.NoiseSize];
    }

    public override IReadOnlyList<TrainerFile> Files =>
    [
        new("plain", _plainTrainer.SaveCheckpoint, _plainTrainer.LoadCheckpoint),
        new("variational", _variationalTrainer.SaveCheckpoint, _variationalTrainer.LoadCheckpoint),
    ];

    public override string Description => $"{Autoencoder.Summary}\n{VariationalAutoencoder.Summary}";

    public override double Step(Batch batch, long step)
    {
        _plainLoss = _plainTrainer.Step(batch.Input, batch.Input);

        new Noise(_options.Seed, 0, step).Normal(_noise);
        _variationalTrainer.Forward(batch.Input, _noise, _values.Mu, _values.Sigma, _values.Picture);
        _pictureLoss = VariationalLoss.Picture(_values.Picture, batch.Input, batch.Count, _gradients.Picture);
        _divergence = VariationalLoss.Divergence(_values.Mu, _values.Sigma, batch.Count, _gradients.Mu, _gradients.Sigma);
        _variationalTrainer.BackwardFromOutput(_gradients.Mu, _gradients.Sigma, _gradients.Picture, default, default);
        _variationalTrainer.Update();
        return _pictureLoss + _divergence;
    }

    public override void Log(SummaryWriter log, long step)
    {
        log.AddScalar("loss/autoencoder", _plainLoss, step);
        log.AddScalar("loss/variational", _pictureLoss + _divergence, step);
        log.AddScalar("loss/divergence", _divergence, step);
    }

    public override string EndEpoch(SummaryWriter log, long step)
    {
        Show(log, step);
        return string.Create(CultureInfo.InvariantCulture, $" (divergence {_divergence:F2})   autoencoder {_plainLoss:F4}");
    }

    public override void End(SummaryWriter log, long step)
        => Console.WriteLine($"{_options.Picture} shows test images, what {Autoencoder.Numbers} numbers and 2 numbers keep of them, and the "
            + "plane of the 2 numbers.");

    /// <summary>Writes the parameters of the variational one.</summary>
    public override void Save(string path) => _variational.Save(path);

    public override void Dispose()
    {
        _plainTrainer.Dispose();
        _variationalTrainer.Dispose();
    }

    private void Show(SummaryWriter log, long step)
    {
        var canvas = _pictures.Draw();
        canvas.Save(_options.Picture);
        log.AddImage("pictures", canvas.Width, canvas.Height, 3, canvas.Pixels, step);
    }

    /// <summary>Room for what the variational autoencoder gives.</summary>
    private sealed class Ports(int samples)
    {
        public float[] Mu { get; } = new float[samples * VariationalAutoencoder.MuSize];

        public float[] Sigma { get; } = new float[samples * VariationalAutoencoder.SigmaSize];

        public float[] Picture { get; } = new float[samples * VariationalAutoencoder.PictureSize];
    }
}
