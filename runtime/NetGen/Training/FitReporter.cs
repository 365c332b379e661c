using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Shows a training: what it is, a line for each epoch and, where lines can be rewritten, how far the epoch is.</summary>
/// <remarks>
/// After most steps it counts down and does nothing else; so many steps that they take some milliseconds later it looks at the clock, and
/// ten times a second at most it writes.
/// </remarks>
internal sealed class FitReporter : IDisposable
{
    private const int MostSteps = 1 << 16, LongestBar = 20, ShortestBar = 5;
    private static readonly object s_lock = new();
    private static readonly HashSet<Assembly> s_warned = [];

    private readonly FitRun _run;
    private readonly TextWriter _writer;
    private readonly Func<int>? _width;
    private readonly TimeProvider _clock;
    private readonly LineText _text = new();
    private readonly long _interval, _shortest, _longest;

    // Steps until the clock is looked at, and how many that are each time.
    private int _left = int.MaxValue, _stride = 1;
    private long _began, _looked, _shown;
    private int _samplesBefore, _length;
    private double _trainingSeconds, _epochSeconds;

    /// <summary>Begins to show a training.</summary>
    /// <param name="run">The training.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="width">The characters of a line that is rewritten; null where no line can be.</param>
    /// <param name="clock">What time it is.</param>
    public FitReporter(FitRun run, TextWriter writer, Func<int>? width, TimeProvider clock)
    {
        (_run, _writer, _width, _clock) = (run, writer, width, clock);
        (_interval, _shortest, _longest) = (clock.TimestampFrequency / 10, clock.TimestampFrequency / 200, clock.TimestampFrequency / 50);
    }

    /// <summary>The line is on the console, which is given back in the end.</summary>
    public bool OwnsConsole { get; init; }

    /// <summary>Says what is going to be trained, and by what.</summary>
    public void Start()
    {
        ITrainer trainer = _run.Trainer;
        Type network = trainer.Network.GetType();
        long parameters = trainer.Network.Parameters.Where(parameter => parameter.IsWeightOrBias).Sum(parameter => (long)parameter.Length);
        _writer.WriteLine(Invariant($"Training {network.Name}: {parameters:N0} parameters, {_run.Source.Count:N0} samples in batches of ")
            + Invariant($"{_run.Source.BatchSize}, {Where(trainer)}, {trainer.Optimizer.GetType().Name}"));
        if (_run.Steps > 0)
            _writer.WriteLine(Invariant($"Goes on in epoch {_run.Epoch}, after {_run.Steps:N0} steps"));
        if (_run.Options.WarnAboutDebugBuild && IsUnoptimized(network.Assembly) && IsFirst(network.Assembly))
        {
            _writer.WriteLine($"Warning: {network.Assembly.GetName().Name} was compiled without optimisation (a Debug build), and "
                + $"{network.Name} trains 9 to 14 times slower than it could. Run it as dotnet run -c Release, or set "
                + $"<Optimize>true</Optimize> in its project.");
        }
    }

    private static string Where(ITrainer trainer)
    {
        if (trainer is TrainerCore { Device: { IsCuda: true } device })
            return device.ToString();
        int bits = trainer.VectorWidth switch { VectorWidth.Vector512 => 512, VectorWidth.Vector256 => 256, _ => 128 };
        string threads = trainer.Threads == 1 ? "1 thread" : Invariant($"{trainer.Threads} threads");
        if (trainer is TrainerCore { ChoseThreads: true } && trainer.Threads < Environment.ProcessorCount)
            threads += Invariant($" (a step is too little work for {Environment.ProcessorCount})");
        return Invariant($"{threads}, {bits}-bit vectors");
    }

    /// <summary>An epoch begins, or what is left of it.</summary>
    public void StartEpoch()
    {
        _samplesBefore = _run.Samples;
        _began = _looked = _clock.GetTimestamp();
        _shown = _began - _interval;
        if (_width != null)
            _left = _stride = 1;
    }

    /// <summary>A step is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (--_left <= 0)
            Look();
    }

    /// <summary>All steps of the epoch are done, and its measuring begins.</summary>
    public void Measure()
    {
        _trainingSeconds = _clock.GetElapsedTime(_began).TotalSeconds;
        if (_width != null)
            Show(isMeasuring: true);
    }

    /// <summary>An epoch is done.</summary>
    public void EndEpoch(EpochResult result)
    {
        _epochSeconds = _clock.GetElapsedTime(_began).TotalSeconds;
        _text.Clear();
        Head(result.Epoch, result.Loss);
        IReadOnlyList<Metric> metrics = _run.Options.Metrics;
        for (int i = 0; i < metrics.Count; i++)
        {
            _text.Append(i == 0 ? "   validation " : ", ");
            _text.Append($"{metrics[i].Title} ");
            _text.AppendValue(result.Metrics[i]);
        }
        if (result.IsBest)
            _text.Append($" (best)");
        Tail(_trainingSeconds);
        _text.Append($"   ");
        _text.AppendTime(_epochSeconds);
        Write(isLast: true);
    }

    /// <summary>All is done.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="isRestored">The network has the parameters of the best epoch.</param>
    public void End(FitResult result, bool isRestored)
    {
        string best = result.BestEpoch == 0 ? "" : Invariant($"best after epoch {result.BestEpoch}");
        if (result.End == FitEnd.Patience)
            _writer.WriteLine(Invariant($"Ended: {_run.Options.Patience} epochs without improvement; {best}")
                + (isRestored ? ", whose parameters the network has now" : ""));
        else if (isRestored)
            _writer.WriteLine($"The network has the parameters that were {best}");
        _writer.Flush();
    }

    /// <summary>Ends a line that is under way, so that what comes next, an error for instance, has one of its own.</summary>
    public void Dispose()
    {
        if (_length > 0)
            _writer.WriteLine();
        _length = 0;
        if (OwnsConsole)
            FitConsole.Return();
    }

    private void Look()
    {
        long now = _clock.GetTimestamp(), elapsed = now - _looked;
        _looked = now;
        if (elapsed < _shortest)
            _stride = Math.Min(2 * _stride, MostSteps);
        else if (elapsed > _longest)
            _stride = (int)Math.Max(1, _stride * (double)_shortest / elapsed);
        _left = _stride;
        if (now - _shown >= _interval)
            Show(isMeasuring: false);
    }

    private void Show(bool isMeasuring)
    {
        _shown = _clock.GetTimestamp();
        double seconds = (_shown - _began) / (double)_clock.TimestampFrequency;
        double share = Math.Clamp(_run.Samples / (double)_run.Source.Count, 0, 1);
        Compose(seconds, share, LongestBar, isMeasuring);
        // The numbers say more than the bar.
        int tooLong = _text.Length - (_width!() - 1);
        if (tooLong > 0)
            Compose(seconds, share, LongestBar - tooLong, isMeasuring);
        Write(isLast: false);
    }

    private void Compose(double seconds, double share, int bar, bool isMeasuring)
    {
        _text.Clear();
        Head(_run.Epoch, _run.MeanLoss, share, bar);
        Tail(seconds);
        if (isMeasuring)
            _text.Append($"   measuring");
        else if (_run.Samples > _samplesBefore)
        {
            // Of what this process has done, so that a training that goes on from within an epoch does not seem quick.
            double whole = seconds * _run.Source.Count / (_run.Samples - _samplesBefore);
            double left = whole * (1 - share) + (_run.Options.Epochs - _run.Epoch) * Math.Max(whole, _epochSeconds);
            _text.Append($"   ");
            _text.AppendTime(left);
            _text.Append($" left");
        }
    }

    private void Head(int epoch, double loss, double? share = null, int bar = 0)
    {
        _text.Append($"Epoch {epoch}/{_run.Options.Epochs}");
        if (share is double done)
        {
            if (bar >= ShortestBar)
                Bar(bar, (int)(done * bar));
            _text.Append($" {(int)(100 * done),3}%");
        }
        _text.Append($"   loss ");
        _text.AppendValue(loss);
    }

    private void Bar(int length, int filled)
    {
        _text.Append($" [");
        for (int i = 0; i < length; i++)
            _text.Append(i < filled ? '=' : i == filled ? '>' : '.');
        _text.Append(']');
    }

    private void Tail(double seconds)
    {
        _text.Append($"   lr {_run.Trainer.Optimizer.LearningRate:G4}");
        if (seconds > 0)
            _text.Append($"   {(_run.Samples - _samplesBefore) / seconds:N0} samples/s");
    }

    // A line that is longer than the console's would become two, of which one would stay.
    private void Write(bool isLast)
    {
        if (_width == null)
        {
            _writer.WriteLine(_text.Text);
            return;
        }
        int length = _text.Length;
        if (!isLast)
        {
            length = Math.Min(length, Math.Max(_width() - 1, 1));
            _text.Cut(length);
        }
        _text.Pad(_length);
        _writer.Write('\r');
        _writer.Write(_text.Text);
        if (isLast)
            _writer.WriteLine();
        _writer.Flush();
        _length = isLast ? 0 : length;
    }

    /// <summary>
    /// The compiler was told not to optimise, so that the kernels are not either. Ahead-of-time compilers do as they are told themselves.
    /// </summary>
    private static bool IsUnoptimized(Assembly assembly) => RuntimeFeature.IsDynamicCodeCompiled
        && assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    private static bool IsFirst(Assembly assembly)
    {
        lock (s_lock)
        {
            return s_warned.Add(assembly);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
