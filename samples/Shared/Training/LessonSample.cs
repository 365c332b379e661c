using System.Diagnostics;
using System.Globalization;
using NetGen.Data;
using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>A sample whose steps are more than a call of <c>Step</c> with images and labels.</summary>
internal abstract class LessonSample : SampleProgram
{
    private const int LogEvery = 20;

    /// <summary>What becomes of the images' bytes; by default numbers from −1 to 1.</summary>
    protected virtual Transform Pixels => new Compose(new ToTensor(), new Normalize([0.5f], [0.5f]));

    /// <summary>Makes networks and trainers.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="data">The images.</param>
    /// <param name="steps">Steps of the whole training.</param>
    protected abstract Lesson Begin(TrainingOptions options, FashionData data, long steps);

    /// <inheritdoc/>
    protected override void Train(TrainingOptions options, FashionData data, int epochs, CancellationToken interrupted)
    {
        if (data.Train.Count < options.Batch)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"--batch {options.Batch}: there are {data.Train.Count:N0} training images, which is less than one batch."));
        }

        using var loader = new DataLoader(data.Train, options.Batch, new DataLoaderOptions
        {
            Shuffle = true,
            Seed = options.Seed,
            DropLast = true,
            Transform = Pixels,
        });

        using var lesson = Begin(options, data, (long)epochs * loader.BatchCount);
        Console.WriteLine($"\n{lesson.Description.TrimEnd()}\n");
        var files = new LessonFiles(lesson, loader, options.Checkpoint);
        var (done, batches) = options.Resume ? files.Load() : (0, 0);
        long step = (long)done * loader.BatchCount + batches;
        if (step > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Goes on in epoch {done + 1}, after {step:N0} steps."));
        }

        using var log = new SummaryWriter(options.Logs, step > 0 ? step + 1 : null);
        for (int epoch = done + 1; epoch <= epochs; epoch++, batches = 0)
        {
            long start = Stopwatch.GetTimestamp();
            var (count, loss) = ProgressBar.Show($"Epoch {epoch}/{epochs}", loader.BatchCount * options.Batch, report =>
            {
                int samples = 0;
                double sum = 0;
                foreach (Batch batch in loader.Epoch(epoch, batches))
                {
                    if (interrupted.IsCancellationRequested)
                    {
                        files.Save(epoch - 1, batches + samples / options.Batch);
                        throw new OperationCanceledException(interrupted);
                    }

                    sum += batch.Count * lesson.Step(batch, step++);
                    samples += batch.Count;
                    if (step % LogEvery == 0)
                    {
                        lesson.Log(log, step);
                    }

                    report(samples + batches * options.Batch, sum / samples);
                }

                return (samples, sum / samples);
            });
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            string words = lesson.EndEpoch(log, step);
            log.Flush();
            files.Save(epoch, 0);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Epoch {epoch}/{epochs}   loss {loss:F4}{words}   {count / seconds:N0} samples/s   {seconds:F1} s"));
        }

        if (done >= epochs)
        {
            // Nothing is left to do, but the pictures may be gone.
            lesson.EndEpoch(log, step);
        }

        lesson.End(log, step);
        Console.WriteLine($"Logs: tensorboard --logdir {options.Logs}");
        if (options.Save is { } path)
        {
            lesson.Save(path);
            Console.WriteLine($"Parameters: {path}");
        }
    }
}
