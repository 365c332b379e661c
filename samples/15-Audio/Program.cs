using System.Diagnostics;
using System.Globalization;
using NetGen;
using NetGen.Samples.Audio;

const string Usage = """
    Learns the sound of an amplifier twice, with an LSTM and with dilated causal convolutions, and plays a signal through both, one sample
    after another as an effect does that somebody plays through.

      --steps N    steps of training, 4 or more (2000)
      --seed N     seed of the learning (1)
      --out DIR    where input.wav, amplifier.wav, recurrent.wav and convolutional.wav go (they are not written)
    """;

int steps = 2000;
ulong seed = 1;
string? folder = null;
for (int i = 0; i < args.Length; i += 2)
{
    if (args[i] is "--help" or "-h")
    {
        Console.WriteLine(Usage);
        return 0;
    }
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    bool understood = value is { Length: > 0 } && args[i] switch
    {
        "--steps" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out steps) && steps >= 4,
        "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        "--out" => (folder = value).Length > 0,
        _ => false,
    };
    if (!understood)
    {
        Console.Error.WriteLine((value is null ? $"{args[i]}: a value is missing" : $"{args[i]} {value}: not understood") + $"\n\n{Usage}");
        return 2;
    }
}

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
