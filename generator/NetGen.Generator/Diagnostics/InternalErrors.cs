using Microsoft.CodeAnalysis;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Diagnostics;

/// <summary>
/// Mistakes of the generator itself. An exception that left the generator would take all networks of the project with it
/// and show as a warning; as NG9999 it names the network, fails the build and asks to be reported.
/// </summary>
internal static class InternalErrors
{
    /// <summary>Runs an entry point of the generator. Cancellation is not an error and passes.</summary>
    public static T Guard<T>(Func<T> run, Func<Exception, T> onException)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return onException(exception);
        }
    }

    public static EquatableArray<Diagnostic> At(GeneratorAttributeSyntaxContext context, Exception exception)
        => new[] { Create(context.TargetSymbol.Locations.FirstOrDefault() ?? context.TargetNode.GetLocation(), context.TargetSymbol.Name,
            exception) }.ToEquatableArray();

    public static Diagnostic Create(Location location, string network, Exception exception)
        // Build logs cut a message at the first line break.
        => Diagnostic.Create(DiagnosticDescriptors.InternalError, location, network,
            exception.ToString().Replace("\r", "").Replace("\n", " | "));
}
