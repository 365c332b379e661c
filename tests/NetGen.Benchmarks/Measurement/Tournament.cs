namespace NetGen.Benchmarks.Measurement;

/// <summary>How long to measure.</summary>
/// <param name="Rounds">How often every contender has its turn; the figures are medians over the rounds.</param>
/// <param name="TurnMilliseconds">What one turn should last; the number of iterations in it is chosen to fit.</param>
internal sealed record Effort(int Rounds, double TurnMilliseconds);

/// <summary>Runs contenders in rounds: first, second, third, first, second, third, …</summary>
/// <remarks>
/// Machines that are shared drift in speed over seconds; contenders that take turns within milliseconds see the same
/// machine, and ratios within a round stay true.
/// </remarks>
internal static class Tournament
{
    /// <summary>Idle time before a turn, so that the worker threads the previous contender left spinning go to sleep.</summary>
    private const int PauseMilliseconds = 3;

    /// <summary>
    /// What every contender runs, at least, before anything counts: enough for the JIT's tiers and for lazily built state.
    /// </summary>
    private const double WarmUpMilliseconds = 400;

    private const int MaximumIterations = 10_000_000;

    /// <returns>Nanoseconds by contender and round, and the iterations of each contender's turn.</returns>
    public static (double[][] Nanoseconds, int[] Iterations) Run(IReadOnlyList<Contender> contenders, Effort effort)
    {
        int[] iterations = [.. contenders.Select(contender => Calibrate(contender, effort.TurnMilliseconds))];
        var nanoseconds = new double[contenders.Count][];
        for (int i = 0; i < contenders.Count; i++)
            nanoseconds[i] = new double[effort.Rounds];

        for (int round = 0; round < effort.Rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                Thread.Sleep(PauseMilliseconds);
                // Untimed: brings the contender's data back into the caches and wakes its threads.
                contenders[i].Time(Math.Max(1, iterations[i] / 8));
                nanoseconds[i][round] = contenders[i].Time(iterations[i]);
            }
        }

        return (nanoseconds, iterations);
    }

    /// <summary>Warms the contender up and finds how many iterations fill one turn.</summary>
    private static int Calibrate(Contender contender, double turnMilliseconds)
    {
        int iterations = 1;
        double spent = 0, best = double.PositiveInfinity;
        while (true)
        {
            double nanoseconds = contender.Time(iterations);
            best = Math.Min(best, nanoseconds);
            double turn = nanoseconds * iterations * 1e-6;
            spent += turn;
            if (spent >= WarmUpMilliseconds)
                return (int)Math.Clamp(turnMilliseconds * 1e6 / best, 1, MaximumIterations);
            if (turn < turnMilliseconds && iterations < MaximumIterations)
                iterations *= 2;
        }
    }
}
