using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace NetGen.Serving.Telemetry;

/// <summary>Logs that a queue is full: at the first rejection, and then not more often than every ten seconds.</summary>
internal sealed class RejectionLog(ILogger logger, string name, int queueLimit)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private long _logged, _rejected;

    /// <summary>Counts a rejection.</summary>
    public void Add()
    {
        long rejected = Interlocked.Increment(ref _rejected), logged = Volatile.Read(ref _logged), now = Stopwatch.GetTimestamp();
        if (logged != 0 && Stopwatch.GetElapsedTime(logged, now) < s_pause)
            return;
        if (Interlocked.CompareExchange(ref _logged, now, logged) == logged)
            logger.QueueFull(name, queueLimit, rejected);
    }
}
