using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>When a pool's threads share the work, and when its caller works alone.</summary>
public class PaceTests
{
    private const long Millisecond = 1_000;

    // Microseconds, moved by hand.
    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000 * Millisecond;

        public override long GetTimestamp() => Now;
    }

    private sealed class Machine
    {
        private readonly Clock _clock = new();
        private readonly Pace _pace;

        public Machine(bool alwaysTogether = false)
        {
            _pace = new Pace(_clock, alwaysTogether);
            _clock.Now = 12_345;
        }

        /// <summary>What each of two phases takes, shared and alone.</summary>
        public (long Shared, long Alone)[] Phases { get; set; } = [(1_000, 2_000), (500, 1_000)];

        /// <summary>Whether a thread waits for long in a shared run.</summary>
        public bool Stalls { get; set; }

        public int SharedRuns { get; private set; }

        public int AloneRuns { get; private set; }

        public Pace Pace => _pace;

        /// <summary>As a pool does it.</summary>
        public void Run(int cycles)
        {
            for (int i = 0; i < cycles; i++)
            {
                for (int phase = 0; phase < Phases.Length; phase++)
                {
                    bool watched = _pace.Watches;
                    if (watched)
                        _pace.BeforeRun(phase);
                    bool alone = _pace.IsAlone;
                    _clock.Now += alone ? Phases[phase].Alone : Phases[phase].Shared;
                    if (alone)
                        AloneRuns++;
                    else
                        SharedRuns++;
                    if (!alone && Stalls)
                        _pace.Stalled();
                    if (watched)
                        _pace.AfterRun(phase);
                }
            }
        }

        public void Forget() => SharedRuns = AloneRuns = 0;
    }

    [Fact]
    public void Threads_that_never_wait_share_everything()
    {
        var machine = new Machine();
        machine.Run(10_000);
        Assert.Equal(0, machine.AloneRuns);
        Assert.False(machine.Pace.Watches);
    }

    [Fact]
    public void Where_sharing_is_quicker_all_the_same_it_goes_on()
    {
        var machine = new Machine { Stalls = true };
        machine.Run(20_000);
        // Trials alone take some hundredths at first, and then less than one.
        Assert.InRange(machine.AloneRuns, 1, machine.SharedRuns / 50);
        machine.Forget();
        machine.Run(20_000);
        Assert.InRange(machine.AloneRuns, 1, machine.SharedRuns / 100);
    }

    [Fact]
    public void Where_the_caller_alone_is_quicker_it_works_alone()
    {
        var machine = new Machine { Stalls = true, Phases = [(9_000, 2_000), (500, 1_000)] };
        machine.Run(1_000);
        machine.Forget();
        machine.Run(10_000);
        Assert.InRange(machine.SharedRuns, 1, machine.AloneRuns / 100);
        Assert.True(machine.Pace.StaysAlone || machine.Pace.Watches);
    }

    [Fact]
    public void When_the_machine_is_quiet_again_the_threads_come_back()
    {
        var machine = new Machine { Stalls = true, Phases = [(9_000, 2_000), (500, 1_000)] };
        machine.Run(2_000);
        Assert.True(machine.Pace.IsAlone);
        machine.Stalls = false;
        machine.Phases = [(1_000, 2_000), (500, 1_000)];
        // At most as long as the longest hold: a hundred trials of 10 ms.
        machine.Run(2_000);
        machine.Forget();
        machine.Run(2_000);
        Assert.Equal(0, machine.AloneRuns);
    }

    [Fact]
    public void A_process_may_keep_them_together()
    {
        var machine = new Machine(alwaysTogether: true) { Stalls = true, Phases = [(9_000, 2_000)] };
        machine.Run(1_000);
        Assert.Equal(0, machine.AloneRuns);
    }

    [Fact]
    public void Phases_that_come_once_are_compared_too()
    {
        // No cycle: the numbers only grow. Those that meet at the same place are compared.
        var clock = new Clock { Now = 5 };
        var pace = new Pace(clock, alwaysTogether: false);
        int alone = 0;
        for (int phase = 0; phase < 5_000; phase++)
        {
            bool watched = pace.Watches;
            if (watched)
                pace.BeforeRun(phase);
            alone += pace.IsAlone ? 1 : 0;
            clock.Now += pace.IsAlone ? 1_000 : 4_000;
            if (!pace.IsAlone)
                pace.Stalled();
            if (watched)
                pace.AfterRun(phase);
        }
        Assert.InRange(alone, 3_000, 4_999);
    }
}
