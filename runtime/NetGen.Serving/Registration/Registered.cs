using Microsoft.Extensions.DependencyInjection;

namespace NetGen.Serving.Registration;

/// <summary>Services with a name or without.</summary>
internal static class Registered
{
    /// <summary>The service of a name, or the one that has none.</summary>
    /// <exception cref="InvalidOperationException">It is not registered.</exception>
    public static T Get<T>(IServiceProvider services, string? name)
        where T : notnull
        => name is null ? services.GetRequiredService<T>() : services.GetRequiredKeyedService<T>(name);

    /// <summary>Registers a singleton by a name, or without.</summary>
    public static void Add<T>(IServiceCollection services, string? name, Func<IServiceProvider, T> make)
        where T : class
    {
        if (name is null)
            services.AddSingleton(make);
        else
            services.AddKeyedSingleton(name, (provider, _) => make(provider));
    }
}
