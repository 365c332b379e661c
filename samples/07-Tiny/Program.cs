using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using NetGen.Samples.Tiny;

const string Usage = """
    Swings a pendulum up with a network of 353 weights, and says how long a decision takes.

      --model FILE   parameters, as safetensors (controller.safetensors beside the program)
      --train FILE   learn by imitation first, and write the parameters there
      --seed N       seed of the learning (1)
    """;

string model = Path.Combine(AppContext.BaseDirectory, "controller.safetensors");
string? train = null;
ulong seed = 1;

// By hand, unlike the other samples: the library that they read their options with is half as large as this whole program.
for (int i = 0; i < args.Length; i++)
{
    if (args[i] is "--help" or "-h")
    {
        Console.WriteLine(Usage);
        return 0;
    }
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    bool understood = value is { Length: > 0 } && args[i] switch
    {
        "--model" => (model = value).Length > 0,
        "--train" => (train = value).Length > 0,
        "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        _ => false,
    };
    if (!understood)
    {
        Console.Error.WriteLine((value is null ? $"{args[i]}: a value is missing" : $"{args[i]} {value}: not understood") + $"\n\n{Usage}");
        return 2;
    }
    i++;
}

try
{
    if (train is not null)
    {
        Lessons.Learn(seed).Save(train);
        model = train;
    }
    Controller controller = Controller.Load(model);
    using Controller.Session session = controller.CreateSession(maxBatch: 1);
    (double share, double seconds) = Lessons.Examine(session, 1000, seed: 3);
    Console.WriteLine(
        string.Create(
        CultureInfo.InvariantCulture, $"{Controller.ParameterCount} weights: upright for good from {share:P1} of 1000 starts, "
        + $"after {seconds:F1} s in the mean"));
    (double median, double slowest) = Time(session);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"One decision: {median:F0} ns (median of 2000 runs of 100; {slowest:F0} ns in the slowest of 99% of "
            + $"them), {session.VectorWidth}, {(RuntimeFeature.IsDynamicCodeSupported ? "just in time" : "NativeAOT")}"));
    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// Nanoseconds of one Forward: the median and the 99th percentile over many short runs.
static (double Median, double Percentile99) Time(Controller.Session session)
{
    const int Runs = 2000, PerRun = 100;
    Span<float> input = [-1, 0, 0.25f], torque = [0];
    for (int i = 0; i < 100_000; i++)
        session.Forward(input, torque);
    var times = new double[Runs];
    for (int run = 0; run < Runs; run++)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < PerRun; i++)
            session.Forward(input, torque);
        times[run] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / PerRun;
    }
    Array.Sort(times);
    return (times[Runs / 2], times[Runs * 99 / 100]);
}
