using Microsoft.Extensions.Hosting;

namespace NetGen.Serving.Registration;

/// <summary>
/// Ties a predictor to the host: the model is loaded and tried before any service of the application starts, a web server among them, and
/// requests are answered until all of them have stopped.
/// </summary>
/// <typeparam name="TNetwork">The network's class.</typeparam>
/// <param name="predictor">Makes the predictor, or fails.</param>
internal sealed class PredictorLifetime<TNetwork>(Func<Predictor<TNetwork>> predictor) : IHostedLifecycleService
    where TNetwork : class, INetwork
{
    private Predictor<TNetwork>? _predictor;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _predictor = predictor();
        _predictor.Warm();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => _predictor?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
