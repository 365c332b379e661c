using Microsoft.Extensions.Logging;

namespace NetGen.Serving.Telemetry;

/// <summary>What is logged, under the category <c>NetGen.Serving</c>.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(1, LogLevel.Information, "{Network}: parameters of {Model} loaded in {Milliseconds} ms.")]
    public static partial void Loaded(this ILogger logger, string network, string model, long milliseconds);

    [LoggerMessage(2, LogLevel.Information,
        "{Network} is ready: {Parameters} parameters, {Workers} workers, batches of up to {MaxBatch} samples; {Schedule}")]
    public static partial void Ready(this ILogger logger, string network, long parameters, int workers, int maxBatch, string schedule);

    [LoggerMessage(3, LogLevel.Warning, "{Network}: the queue is full, {QueueLimit} requests wait; {Rejected} were rejected so far.")]
    public static partial void QueueFull(this ILogger logger, string network, int queueLimit, long rejected);

    [LoggerMessage(4, LogLevel.Error,
        "{Network}: a batch of {Requests} requests failed; of several each was then computed alone.")]
    public static partial void Failed(this ILogger logger, Exception exception, string network, int requests);

    [LoggerMessage(5, LogLevel.Information, "{Network} stops; {Waiting} requests that wait are computed first.")]
    public static partial void Stopping(this ILogger logger, string network, int waiting);

    [LoggerMessage(6, LogLevel.Information, "{Network} has stopped; all requests are answered.")]
    public static partial void Stopped(this ILogger logger, string network);

    [LoggerMessage(7, LogLevel.Warning, "{Network} has stopped before all requests were computed: {Failed} failed.")]
    public static partial void NotDrained(this ILogger logger, string network, int failed);
}
