namespace NetGen.Samples.Audio;

/// <summary>Learning from what the amplifier makes of a signal: windows from anywhere in it, their last parts to be matched.</summary>
internal static class Lesson
{
    private const int BatchSize = 32;

    /// <summary>Takes steps of training with windows from a signal.</summary>
    public static void Learn(ITrainer trainer, Optimizer optimizer, int steps, ulong seed)
    {
        float[] input = Signal.Strings(20, seed: 1), wanted = Signal.Amplify(input);
        var scheduler = new LearningRateScheduler(optimizer, new CosineAnnealingLR(steps));
        var random = new Random((int)seed);
        float[] windows = new float[BatchSize * RecurrentEffect.Window], targets = new float[windows.Length];
        double loss = 0;
        for (int step = 1; step <= steps; step++)
        {
            for (int i = 0; i < BatchSize; i++)
            {
                int start = random.Next(input.Length - RecurrentEffect.Window);
                input.AsSpan(start, RecurrentEffect.Window).CopyTo(windows.AsSpan(i * RecurrentEffect.Window));
                wanted.AsSpan(start, RecurrentEffect.Window).CopyTo(targets.AsSpan(i * RecurrentEffect.Window));
            }
            loss += trainer.Step(new Batch(BatchSize, windows, targets));
            scheduler.Step();
            if (step % (steps / 4) == 0)
            {
                Console.WriteLine($"  step {step}: loss {loss / (steps / 4):F6}");
                loss = 0;
            }
        }
    }

    /// <summary>How much of a signal's energy its copy misses.</summary>
    public static double ErrorToSignal(ReadOnlySpan<float> signal, ReadOnlySpan<float> copy)
    {
        double error = 0, energy = 0;
        for (int i = 0; i < signal.Length; i++)
        {
            error += (signal[i] - copy[i]) * (double)(signal[i] - copy[i]);
            energy += signal[i] * (double)signal[i];
        }
        return error / energy;
    }
}
