namespace NetGen.CompilerServices;

/// <summary>
/// Decides whether a pool's threads share the work or the caller does it alone. On a machine that has other work a team can lose: the
/// operating system takes the core from one thread in the middle of its piece, and all others wait for that one, for milliseconds. So when
/// a thread has waited for long, both ways are tried, the quicker one is kept for a while, and then both are tried again.
/// </summary>
/// <remarks>
/// As long as no thread waits for long, nothing is measured. What is compared is the time of the same phases. Only the caller's thread
/// decides.
/// </remarks>
internal sealed class Pace(TimeProvider clock, bool alwaysTogether)
{
    /// <summary>The name of an <c>AppContext</c> switch by which a process keeps all pools together, whatever it costs.</summary>
    public const string AlwaysTogetherSwitch = "NetGen.AlwaysShareWork";

    // Phases of higher numbers share places: what they take is added up in the same way for both ways.
    private const int Phases = 64;

    // The quicker way is kept for ten trials at first, and each time it wins again for longer, up to a hundred.
    private const int ShortestHold = 10, LongestHold = 100;

    // A trial is longer than the slices of time that an operating system gives to threads (3 to 4 ms on Linux), and a whole cycle of
    // phases.
    private readonly long _trial = clock.TimestampFrequency / 100;
    private readonly Times _together = new(), _alone = new();
    private State _state;
    private int _firstPhase, _runs, _hold = ShortestHold;
    private bool _aloneWon;
    private long _began, _spent, _until;

    private enum State
    {
        // Nothing is measured.
        Together,
        TryingTogether,
        TryingAlone,

        // Until a certain time.
        Alone,
    }

    /// <summary>The pace of a new pool.</summary>
    public static Pace Create() => new(TimeProvider.System, AppContext.TryGetSwitch(AlwaysTogetherSwitch, out bool always) && always);

    /// <summary>Whether runs must be announced by <see cref="BeforeRun"/> and <see cref="AfterRun"/>.</summary>
    public bool Watches => _state != State.Together;

    /// <summary>Whether the caller works alone.</summary>
    public bool IsAlone => _state >= State.TryingAlone;

    /// <summary>Whether the caller works alone for some time to come, so that waking the others would be in vain.</summary>
    public bool StaysAlone => _state == State.Alone && clock.GetTimestamp() < _until;

    /// <summary>A thread has waited for long in a run.</summary>
    public void Stalled()
    {
        if (_state == State.Together && !alwaysTogether && clock.GetTimestamp() >= _until)
            Try(State.TryingTogether);
    }

    /// <summary>Before a run that is watched.</summary>
    /// <param name="phase">Which piece of work it is.</param>
    public void BeforeRun(int phase)
    {
        long now = clock.GetTimestamp();
        if (_state == State.Alone)
        {
            if (now < _until)
                return;
            Try(State.TryingTogether);
        }
        if (_runs == 0)
            _firstPhase = phase;
        else if (_spent >= _trial && (phase == _firstPhase || _runs >= 4 * Phases))
            Conclude(now, phase);
        _began = now;
    }

    /// <summary>After a run that is watched.</summary>
    /// <param name="phase">Which piece of work it was.</param>
    public void AfterRun(int phase)
    {
        if (_state is not (State.TryingTogether or State.TryingAlone))
            return;
        long time = clock.GetTimestamp() - _began;
        (IsAlone ? _alone : _together).Add(phase, time);
        _spent += time;
        _runs++;
    }

    private void Try(State state)
    {
        _state = state;
        (IsAlone ? _alone : _together).Clear();
        _spent = 0;
        _runs = 0;
    }

    private void Conclude(long now, int phase)
    {
        if (_state == State.TryingTogether)
        {
            Try(State.TryingAlone);
            _firstPhase = phase;
            return;
        }
        bool aloneWins = Times.FirstIsShorter(_alone, _together);
        _hold = aloneWins == _aloneWon ? Math.Min(2 * _hold, LongestHold) : ShortestHold;
        _aloneWon = aloneWins;
        _state = aloneWins ? State.Alone : State.Together;
        _until = now + _hold * Math.Max(_trial, _spent);
    }

    /// <summary>What each phase has taken.</summary>
    private sealed class Times
    {
        private readonly long[] _times = new long[Phases];
        private readonly int[] _runs = new int[Phases];

        public void Add(int phase, long time)
        {
            _times[phase % Phases] += time;
            _runs[phase % Phases]++;
        }

        public void Clear()
        {
            Array.Clear(_times);
            Array.Clear(_runs);
        }

        /// <summary>
        /// Whether the phases that were tried both ways take less time the first way, each as often as it ran the first way.
        /// </summary>
        public static bool FirstIsShorter(Times first, Times second)
        {
            double difference = 0;
            for (int i = 0; i < Phases; i++)
            {
                if (first._runs[i] > 0 && second._runs[i] > 0)
                    difference += first._times[i] - (double)second._times[i] / second._runs[i] * first._runs[i];
            }
            return difference < 0;
        }
    }
}
