using System.Diagnostics;
using System.Globalization;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;
using NetGen.Data;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// <c>-- loader</c>: training steps of MnistConvNet fed with arrays of floats that lie ready, and by a <see cref="DataLoader"/> that makes
/// them from bytes, without and with random crop and flip. All feed one and the same trainer in turns.
/// </summary>
internal static class LoaderCommand
{
    private const int Batch = 64, Images = 20_000, DefaultRounds = 15;

    /// <summary>A turn holds many steps, so that batches prepared before it began do not count.</summary>
    private const double TurnFactor = 15;

    private const double AllowedLoss = 0.05;

    public static void Run(Options options)
    {
        var report = new MarkdownReport(options.MarkdownFile);
        report.Heading($"MnistConvNet, training steps of {Batch} with Adam: who feeds the trainer");
        MachineDescription.Write(report, options.VectorBits);
        report.Line();

        InMemoryImages images = MakeImages();
        var rows = new List<string[]>();
        foreach (int threads in options.Threads)
            rows.AddRange(Measure(images, threads, options));
        report.Table(
            ["fed by", "threads", "step, " + options.Summary.Name, "speed beside arrays", "trainer's share of the time", "a batch alone"],
            rows, rightAligned: 1);
        report.Line();
        report.Line(
            string.Create(
            CultureInfo.InvariantCulture, $"Wanted: a loss of at most {AllowedLoss:P0} of the trainer's speed. {Images:N0} images "
            + $"in memory, shuffled; augmentation is RandomCrop(28, padding: 2) and RandomHorizontalFlip."));
        report.Save();
    }

    private static IEnumerable<string[]> Measure(InMemoryImages images, int threads, Options options)
    {
        using var trainer =
            new MnistConvNet(seed: 1)
            .CreateTrainer(Batch, new Adam(1e-3f),
            new TrainerOptions { Threads = threads, VectorWidth = (VectorWidth)options.VectorBits });
        var plain = new Compose(new ToTensor(), new Normalize(0.1307f, 0.3081f));
        var augmented =
            new Compose(new RandomCrop(28, padding: 2), new RandomHorizontalFlip(), new ToTensor(), new Normalize(0.1307f, 0.3081f));
        Fed[] contenders =
        [
            new FromArrays(trainer, images, plain),
            new FromLoader(trainer, images, plain, "loader", 0),
            new FromLoader(trainer, images, plain, "loader", 1),
            new FromLoader(trainer, images, augmented, "loader, crop and flip", 0),
            new FromLoader(trainer, images, augmented, "loader, crop and flip", 1),
            new FromLoader(trainer, images, augmented, "loader, crop and flip", 2),
        ];
        try
        {
            Effort effort = options.Effort(DefaultRounds);
            (double[][] nanoseconds, _) =
                Tournament.Run(contenders, effort with { TurnMilliseconds = effort.TurnMilliseconds * TurnFactor });
            for (int i = 0; i < contenders.Length; i++)
            {
                double speed = options.Summary.Ratio(nanoseconds[0], nanoseconds[i]);
                yield return
                [
                    contenders[i].Name,
                    threads.ToString(CultureInfo.InvariantCulture),
                    Format.Time(options.Summary.Of(nanoseconds[i])),
                    i == 0 ? "" : speed.ToString("P1", CultureInfo.InvariantCulture),
                    contenders[i].Share.ToString("P1", CultureInfo.InvariantCulture),
                    contenders[i].BatchAlone() is { } alone ? Format.Time(alone) : Format.Missing,
                ];
            }
        }
        finally
        {
            foreach (Fed contender in contenders)
                contender.Dispose();
        }
    }

    private static InMemoryImages MakeImages()
    {
        var random = new Random(3);
        var pixels = new byte[Images * 28 * 28];
        random.NextBytes(pixels);
        return new InMemoryImages(pixels, new ImageShape(1, 28, 28), PixelLayout.Planar,
            [.. Enumerable.Range(0, Images).Select(_ => random.Next(10))]);
    }

    /// <summary>Feeds the trainer, and knows how much of the time the trainer worked.</summary>
    private abstract class Fed(MnistConvNet.Trainer trainer) : InProcessContender
    {
        private long _stepping, _all;

        public double Share => (double)_stepping / _all;

        /// <summary>
        /// Nanoseconds to prepare a batch on one thread with no trainer beside it; null where there is nothing to prepare.
        /// </summary>
        public virtual double? BatchAlone() => null;

        protected abstract void Next(out Batch batch);

        protected override void Run(int iterations)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < iterations; i++)
            {
                Next(out Batch batch);
                long step = Stopwatch.GetTimestamp();
                trainer.Step(batch.Input, batch.Labels);
                _stepping += Stopwatch.GetTimestamp() - step;
            }
            _all += Stopwatch.GetTimestamp() - begin;
        }
    }

    private sealed class FromArrays : Fed
    {
        private readonly float[] _inputs;
        private readonly int[] _labels;
        private int _next;

        public FromArrays(MnistConvNet.Trainer trainer, InMemoryImages images, Transform transform)
            : base(trainer)
        {
            var preprocessor = new Preprocessor(transform, images.Shape!.Value);
            int length = preprocessor.OutputShape.Length;
            _inputs = new float[images.Count * length];
            _labels = [.. Enumerable.Range(0, images.Count).Select(images.LabelOf)];
            var buffer = new ImageBuffer();
            for (int i = 0; i < images.Count; i++)
                preprocessor.Apply(images.Read(i, buffer), _inputs.AsSpan(i * length, length));
        }

        public override string Name => "arrays";

        protected override void Next(out Batch batch)
        {
            int length = _inputs.Length / _labels.Length;
            batch = new Batch(Batch, _inputs.AsSpan(_next * length, Batch * length), _labels.AsSpan(_next, Batch));
            _next = (_next + Batch) % (_labels.Length - Batch);
        }
    }

    private sealed class FromLoader : Fed
    {
        private readonly DataLoader _loader, _alone;
        private int _epoch;

        public FromLoader(MnistConvNet.Trainer trainer, InMemoryImages images, Transform transform, string name, int workers)
            : base(trainer)
        {
            var options = new DataLoaderOptions { Shuffle = true, DropLast = true, Seed = 1, Workers = workers, Transform = transform };
            _loader = new DataLoader(images, Batch, options);
            _alone = new DataLoader(images, Batch, options with { Workers = 0 });
            Name = string.Create(CultureInfo.InvariantCulture, $"{name}, {workers} worker{(workers == 1 ? "" : "s")}");
        }

        public override string Name { get; }

        public override double? BatchAlone()
        {
            var times = new List<double>();
            for (int epoch = 1; epoch <= 5; epoch++)
            {
                _alone.Start(epoch);
                while (true)
                {
                    long begin = Stopwatch.GetTimestamp();
                    if (!_alone.TryNext(out _))
                        break;
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalNanoseconds);
                }
            }
            return Statistics.Median(times);
        }

        public override void Dispose()
        {
            _loader.Dispose();
            _alone.Dispose();
        }

        protected override void Next(out Batch batch)
        {
            while (!_loader.TryNext(out batch))
                _loader.Start(++_epoch);
        }
    }
}
