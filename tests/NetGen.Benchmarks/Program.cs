using System.Globalization;
using NetGen.Benchmarks.Commands;
using NetGen.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

#if DEBUG
Console.Error.WriteLine("This is a Debug build; its figures mean nothing. Run with -c Release.");
#endif

try
{
    var options = Options.Parse(args);
    Action<Options> command = options.Command switch
    {
        "peers" => PeersCommand.Run,
        "kernels" => KernelsCommand.Run,
        "tiny" => TinyCommand.Run,
        "start" => StartCommand.Run,
        "loader" => LoaderCommand.Run,
        "busy" => BusyCommand.Run,
        "streams" => StreamsCommand.Run,
        _ => throw new UsageException($"Unknown command '{options.Command}'."),
    };
    command(options);
    return 0;
}
catch (UsageException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
catch (DisagreementException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
