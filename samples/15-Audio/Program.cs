using System.Diagnostics;
using System.Globalization;
using NetGen;
using NetGen.Samples;
using NetGen.Samples.Audio;

CommandLine<Options> commandLine = new CommandLine<Options>(
    "Learns the sound of an amplifier twice, with an LSTM and with dilated causal convolutions, and plays a signal through both, one "
        + "sample after another as an effect does that somebody plays through.")
    .Value("--steps", "N", "steps of training, 4 or more (2000)", ValueKind.Whole(4, int.MaxValue),
        static (known, value) => known with { Steps = value })
    .Value("--seed", "N", "seed of the learning (1)", ValueKind.Seed, static (known, value) => known with { Seed = value })
    .Value("--out", "DIR", "where input.wav, amplifier.wav, recurrent.wav and convolutional.wav go (they are not written)", ValueKind.Text,
        static (known, value) => known with { Folder = value });
if (!commandLine.TryRead(args, new Options(), out Options? options, out int exitCode))
    return exitCode;

(int steps, ulong seed, string? folder) = options;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    float[] input = Signal.Strings(5, seed: 2), wanted = Signal.Amplify(input);
    Save("input", input);
    Save("amplifier", wanted);

    var recurrent = new RecurrentEffect(seed);
    Console.WriteLine($"LSTM, {RecurrentEffect.ParameterCount} parameters");
    var optimizer = new Adam(5e-3f);
    using (RecurrentEffect.Trainer trainer = recurrent.CreateTrainer(32, optimizer))
        Lesson.Learn(trainer, optimizer, steps, seed);
    using (RecurrentEffect.Stream stream = recurrent.CreateStream())
        Play("recurrent", input, wanted, stream.Step, stream.Reset);

    var convolutional = new ConvolutionalEffect(seed);
    Console.WriteLine($"Convolutions, {ConvolutionalEffect.ParameterCount} parameters");
    optimizer = new Adam(5e-3f);
    using (ConvolutionalEffect.Trainer trainer = convolutional.CreateTrainer(32, optimizer))
        Lesson.Learn(trainer, optimizer, steps, seed);
    using (ConvolutionalEffect.Stream stream = convolutional.CreateStream())
        Play("convolutional", input, wanted, stream.Step, stream.Reset);
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// Plays the signal one sample at a time, and says how near the result is and how long a sample takes.
void Play(string name, float[] signal, float[] amplified, Step step, Action reset)
{
    const int Rounds = 3;
    var output = new float[signal.Length];
    double best = double.PositiveInfinity;
    for (int round = 0; round < Rounds; round++)
    {
        reset();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < signal.Length; i++)
            step(signal.AsSpan(i, 1), output.AsSpan(i, 1));
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
    double seconds = (double)signal.Length / Signal.Rate;
    Console.WriteLine($"  error to signal {Lesson.ErrorToSignal(amplified, output):F4}; {best / signal.Length * 1e9:F0} ns a sample, "
        + $"real-time factor {best / seconds:F4} ({seconds / best:F0} times as fast as it is heard)");
    Save(name, output);
}

void Save(string name, float[] signal)
{
    if (folder is null)
        return;
    Directory.CreateDirectory(folder);
    WaveFile.Write(Path.Combine(folder, name + ".wav"), signal);
}

/// <summary>A stream's <c>Step</c>.</summary>
internal delegate void Step(ReadOnlySpan<float> input, Span<float> output);

/// <summary>What the command line says.</summary>
internal sealed record Options(int Steps = 2000, ulong Seed = 1, string? Folder = null);
