using Microsoft.Extensions.Diagnostics.HealthChecks;
using NetGen;
using NetGen.Serving;
using NetGen.Serving.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of networks.</summary>
public static class NetGenHealthChecksBuilderExtensions
{
    /// <summary>
    /// Checks that a network can answer: its parameters are loaded, a sample of zeros gives finite numbers, its queue has room, and it is
    /// not stopped.
    /// </summary>
    /// <typeparam name="TNetwork">The network's class, registered by <c>AddNetGen</c>.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name that the network was registered by; null where it has none.</param>
    /// <param name="failureStatus">What a failure means; unhealthy by default.</param>
    /// <param name="tags">To select checks by.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddNetGen<TNetwork>(this IHealthChecksBuilder builder, string? name = null,
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        where TNetwork : class, INetwork
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name ?? typeof(TNetwork).Name,
            services => new NetworkHealthCheck<TNetwork>(
                Registered.Get<Predictor<TNetwork>>(services, name), Registered.Get<SessionPool<TNetwork>>(services, name)),
            failureStatus, tags));
    }
}
