using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NetGen;
using NetGen.Serving;
using NetGen.Serving.Registration;
using NetGen.Serving.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds networks to an application. Each brings, as singletons, the network, its <see cref="IPredictor{TNetwork}"/>, which puts the
/// requests of concurrent callers into batches, and its <see cref="SessionPool{TNetwork}"/>. A host loads the model before it starts, and
/// answers what waits before it ends.
/// </summary>
public static class NetGenServiceCollectionExtensions
{
    /// <summary>Adds a network whose options are set in code.</summary>
    /// <typeparam name="TNetwork">The network's class.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="load">Reads the network from <see cref="ServingOptions.Model"/>: the class's own <c>Load</c>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The network is there already.</exception>
    /// <example>
    /// <code>builder.Services.AddNetGen(DigitNet.Load, options => options.Model = "digits.safetensors");</code>
    /// </example>
    public static IServiceCollection AddNetGen<TNetwork>(
        this IServiceCollection services, Func<string, TNetwork> load, Action<ServingOptions> configure)
        where TNetwork : class, INetwork
        => Add(services, null, load ?? throw new ArgumentNullException(nameof(load)), null,
            configure ?? throw new ArgumentNullException(nameof(configure)));

    /// <summary>Adds a network whose options are in the application's configuration.</summary>
    /// <typeparam name="TNetwork">The network's class.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="load">Reads the network from <see cref="ServingOptions.Model"/>: the class's own <c>Load</c>.</param>
    /// <param name="configuration">A section whose keys are the names of the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The network is there already.</exception>
    /// <example>
    /// <code>builder.Services.AddNetGen(DigitNet.Load, builder.Configuration.GetSection("Digits"));</code>
    /// </example>
    public static IServiceCollection AddNetGen<TNetwork>(
        this IServiceCollection services, Func<string, TNetwork> load, IConfiguration configuration)
        where TNetwork : class, INetwork
        => Add(services, null, load ?? throw new ArgumentNullException(nameof(load)), null,
            Reads(configuration, typeof(TNetwork).Name));

    /// <summary>Adds one of several models of a class, by a name, with options that are set in code.</summary>
    /// <typeparam name="TNetwork">The network's class.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of its services (<c>[FromKeyedServices(name)]</c>), and its name in logs and meters.</param>
    /// <param name="load">Reads the network from <see cref="ServingOptions.Model"/>: the class's own <c>Load</c>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">A network of the class and name is there already.</exception>
    public static IServiceCollection AddNetGen<TNetwork>(
        this IServiceCollection services, string name, Func<string, TNetwork> load, Action<ServingOptions> configure)
        where TNetwork : class, INetwork
        => Add(services, Named(name), load ?? throw new ArgumentNullException(nameof(load)), null,
            configure ?? throw new ArgumentNullException(nameof(configure)));

    /// <summary>Adds one of several models of a class, by a name, with options in the application's configuration.</summary>
    /// <typeparam name="TNetwork">The network's class.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of its services (<c>[FromKeyedServices(name)]</c>), and its name in logs and meters.</param>
    /// <param name="load">Reads the network from <see cref="ServingOptions.Model"/>: the class's own <c>Load</c>.</param>
    /// <param name="configuration">A section whose keys are the names of the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">A network of the class and name is there already.</exception>
    public static IServiceCollection AddNetGen<TNetwork>(
        this IServiceCollection services, string name, Func<string, TNetwork> load, IConfiguration configuration)
        where TNetwork : class, INetwork
        => Add(services, Named(name), load ?? throw new ArgumentNullException(nameof(load)), null, Reads(configuration, name));

    /// <summary>
    /// Adds a network that is there, such as one that was just trained; <see cref="ServingOptions.Model"/> is not looked at.
    /// </summary>
    /// <typeparam name="TNetwork">The network's class.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="network">The network.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">A network of the class is there already.</exception>
    public static IServiceCollection AddNetGen<TNetwork>(
        this IServiceCollection services, TNetwork network, Action<ServingOptions>? configure = null)
        where TNetwork : class, INetwork
        => Add(services, null, null, network ?? throw new ArgumentNullException(nameof(network)), configure ?? (_ => { }));

    private static IServiceCollection Add<TNetwork>(
        IServiceCollection services, string? name, Func<string, TNetwork>? load, TNetwork? network, Action<ServingOptions> configure)
        where TNetwork : class, INetwork
    {
        ArgumentNullException.ThrowIfNull(services);
        string shown = name ?? typeof(TNetwork).Name, optionsName = $"{typeof(TNetwork).FullName}/{name}";
        if (services.Any(service => service.ServiceType == typeof(Predictor<TNetwork>) && Equals(service.ServiceKey, name)))
            throw new InvalidOperationException($"{shown} is there already: AddNetGen takes a class once without a name, and once for "
                + "each name. Several models of a class need names.");
        services.AddOptions<ServingOptions>(optionsName)
            .Configure(options => options.IsModelNeeded = network is null)
            .Configure(configure);
        services.AddSingleton<IValidateOptions<ServingOptions>>(new ServingOptionsValidator(optionsName, shown));
        services.TryAddSingleton(provider => ServingMetrics.Of(provider.GetService<IMeterFactory>()));

        Registered.Add(services, name, provider => network ?? Load(provider, load!, Options(provider), shown));
        Registered.Add(services, name, provider => new SessionPool<TNetwork>(Registered.Get<TNetwork>(provider, name),
            Options(provider).MaxBatch, Options(provider).ForSessions(), Options(provider).ActualWorkers));
        Registered.Add(services, name, provider => new Predictor<TNetwork>(Registered.Get<TNetwork>(provider, name),
            Registered.Get<SessionPool<TNetwork>>(provider, name), Options(provider), shown, provider.GetService<ILoggerFactory>(),
            provider.GetRequiredService<ServingMetrics>()));
        Registered.Add<IPredictor<TNetwork>>(services, name, provider => Registered.Get<Predictor<TNetwork>>(provider, name));
        services.AddSingleton<IHostedService>(
            provider => new PredictorLifetime<TNetwork>(() => Registered.Get<Predictor<TNetwork>>(provider, name)));
        return services;

        ServingOptions Options(IServiceProvider provider)
            => provider.GetRequiredService<IOptionsMonitor<ServingOptions>>().Get(optionsName);
    }

    private static TNetwork Load<TNetwork>(
        IServiceProvider services, Func<string, TNetwork> load, ServingOptions options, string shown)
        where TNetwork : class, INetwork
    {
        string path = services.GetService<IHostEnvironment>() is { ContentRootPath: { Length: > 0 } root }
            ? Path.GetFullPath(options.Model, Path.GetFullPath(root)) : Path.GetFullPath(options.Model);
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new FileNotFoundException($"{shown}: there is no model at {path}, where {nameof(ServingOptions)}."
                + $"{nameof(ServingOptions.Model)}, '{options.Model}', leads; expected a safetensors file, or a folder with an "
                + "index.", path);
        long begin = Stopwatch.GetTimestamp();
        TNetwork network = load(path)
            ?? throw new InvalidOperationException($"{shown}: the delegate that loads it gave null; expected the network of {path}.");
        services.GetService<ILoggerFactory>()?.CreateLogger("NetGen.Serving")
            .Loaded(shown, path, (long)Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        return network;
    }

    private static Action<ServingOptions> Reads(IConfiguration configuration, string name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return options => ServingConfiguration.Read(options, configuration, name);
    }

    private static string Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name;
    }
}
