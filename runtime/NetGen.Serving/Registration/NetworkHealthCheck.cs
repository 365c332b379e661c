using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NetGen.Serving.Registration;

/// <summary>
/// Whether a network can answer: its parameters are loaded, a sample of zeros gives finite numbers, and its queue has room. The sample is
/// computed beside the queue, so that the check answers when that is full.
/// </summary>
/// <typeparam name="TNetwork">The network's class.</typeparam>
/// <param name="predictor">Its predictor.</param>
/// <param name="sessions">Its sessions.</param>
internal sealed class NetworkHealthCheck<TNetwork>(Predictor<TNetwork> predictor, SessionPool<TNetwork> sessions) : IHealthCheck
    where TNetwork : class, INetwork
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        int waiting = predictor.QueueLength;
        var data = new Dictionary<string, object>
        {
            ["network"] = predictor.Name,
            ["waiting"] = waiting,
            ["queueLimit"] = predictor.QueueLimit,
            ["sessions"] = sessions.Created,
        };
        string? problem = predictor.IsStopped ? "is stopped."
            : waiting >= predictor.QueueLimit ? $"has a full queue: {waiting.ToString(CultureInfo.InvariantCulture)} requests wait."
            : Probed();
        return Task.FromResult(problem is null
            ? HealthCheckResult.Healthy($"{predictor.Name} answers.", data)
            : new HealthCheckResult(context.Registration.FailureStatus, $"{predictor.Name} {problem}", data: data));
    }

    /// <summary>What is wrong with the output of a sample of zeros; null if nothing is.</summary>
    private string? Probed()
    {
        Memory<float>[] outputs = predictor.Warm();
        for (int i = 0; i < outputs.Length; i++)
        {
            Span<float> values = outputs[i].Span;
            for (int at = 0; at < values.Length; at++)
            {
                if (!float.IsFinite(values[at]))
                    return string.Create(CultureInfo.InvariantCulture,
                        $"gives {values[at]} at {at} of '{predictor.Ports.Outputs[i].Name}' for an input of zeros.");
            }
        }
        return null;
    }
}
