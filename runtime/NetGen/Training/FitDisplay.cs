namespace NetGen;

/// <summary>Where <see cref="TrainingLoop.Fit"/> shows how far it is.</summary>
/// <remarks>
/// On a console that somebody looks at it is one line that is rewritten in place, ten times a second at most, and a line for each epoch
/// that is done; elsewhere the lines of the epochs alone. Nothing is allocated for it from step to step.
/// </remarks>
public sealed class FitDisplay
{
    private readonly Kind _kind;
    private readonly TextWriter? _writer;
    private readonly Func<int>? _width;
    private readonly TimeProvider _clock = TimeProvider.System;

    private FitDisplay(Kind kind, TextWriter? writer = null) => (_kind, _writer) = (kind, writer);

    private FitDisplay(TextWriter writer, Func<int> width, TimeProvider clock)
        : this(Kind.Live, writer)
        => (_width, _clock) = (width, clock);

    private enum Kind
    {
        Automatic,
        Always,
        Never,
        Lines,
        Live,
    }

    /// <summary>
    /// The default: on the console where its output is not redirected to a file or another program, and nothing elsewhere, as in a browser.
    /// Nothing either where <see cref="FitOptions.Progress"/> is set, and while another training shows its line.
    /// </summary>
    public static FitDisplay Automatic { get; } = new(Kind.Automatic);

    /// <summary>
    /// The same, but where the console's output is redirected, or another training has its line there, a line for each epoch.
    /// </summary>
    public static FitDisplay Always { get; } = new(Kind.Always);

    /// <summary>Nothing.</summary>
    public static FitDisplay Never { get; } = new(Kind.Never);

    /// <summary>Lines of the epochs to a writer, a log file's for instance, which stays open.</summary>
    /// <param name="writer">The writer.</param>
    public static FitDisplay To(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new FitDisplay(Kind.Lines, writer);
    }

    /// <summary>The line that is rewritten too, on something that is no console.</summary>
    internal static FitDisplay Live(TextWriter writer, Func<int> width, TimeProvider clock) => new(writer, width, clock);

    /// <summary>Begins to show a training.</summary>
    /// <param name="run">The training.</param>
    /// <returns>Null where nothing is to be shown.</returns>
    internal FitReporter? Begin(FitRun run)
    {
        switch (_kind)
        {
            case Kind.Lines:
                return new FitReporter(run, _writer!, null, _clock);
            case Kind.Live:
                return new FitReporter(run, _writer!, _width, _clock);
            case Kind.Automatic or Kind.Always:
                bool isLive = FitConsole.IsInteractive && (_kind == Kind.Always || run.Options.Progress == null) && FitConsole.TryTake();
                if (isLive)
                    return new FitReporter(run, Console.Out, FitConsole.Width, _clock) { OwnsConsole = true };
                return _kind == Kind.Always ? new FitReporter(run, Console.Out, null, _clock) : null;
            default:
                return null;
        }
    }
}

/// <summary>The console, which one training at a time rewrites a line on.</summary>
internal static class FitConsole
{
    private const int DefaultWidth = 80;
    private static int s_taken;

    /// <summary>Somebody looks at the console, and a line on it can be rewritten.</summary>
    public static bool IsInteractive => !HasNoTerminal && !Console.IsOutputRedirected;

    private static bool HasNoTerminal => OperatingSystem.IsBrowser() || OperatingSystem.IsWasi() || OperatingSystem.IsAndroid()
        || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS();

    /// <summary>Takes the console, unless another training has it.</summary>
    public static bool TryTake() => Interlocked.CompareExchange(ref s_taken, 1, 0) == 0;

    /// <summary>Gives it back.</summary>
    public static void Return() => Volatile.Write(ref s_taken, 0);

    /// <summary>Characters of a line.</summary>
    public static int Width()
    {
        if (OperatingSystem.IsBrowser() || OperatingSystem.IsAndroid() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS())
            return DefaultWidth;
        try
        {
            int width = Console.WindowWidth;
            return width > 0 ? width : DefaultWidth;
        }
        catch (IOException)
        {
            // A terminal that does not tell its size.
            return DefaultWidth;
        }
    }
}
