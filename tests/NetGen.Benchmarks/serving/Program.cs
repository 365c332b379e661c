using System.Diagnostics;
using System.Globalization;
using NetGen;
using NetGen.Benchmarks.Measurement;
using NetGen.Samples;
using NetGen.Serving;
using NetGen.Serving.Load;

// dotnet run -c Release --project tests/NetGen.Benchmarks/serving -- [--callers 64] [--rounds 9] [--turn MILLISECONDS]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int callers = Number("--callers", 64), rounds = Number("--rounds", 9);
double turn = Number("--turn", 1000) / 1000.0;

var network = new MnistConvNet(seed: 1);
Console.WriteLine($"MnistConvNet, {callers} callers that each ask again when they are answered, {Environment.ProcessorCount} processors, "
    + $"{rounds} rounds of {turn:0.0} s for each, in turns.");
Limit.Write(network, rounds);

Contender[] contenders =
[
    new PooledSession(network),
    new NewSession(network),
    new Batched(network, new()),
    new Batched(network, new() { MaxBatch = 64, Workers = 1, Threads = Environment.ProcessorCount }),
];
var results = new Result[contenders.Length][];
for (int i = 0; i < contenders.Length; i++)
{
    results[i] = new Result[rounds];
    await Callers.RunAsync(contenders[i], callers, turn / 2);
}
for (int round = 0; round < rounds; round++)
{
    for (int i = 0; i < contenders.Length; i++)
        results[i][round] = await Callers.RunAsync(contenders[i], callers, turn);
}
Console.WriteLine();
Console.WriteLine("| a request is answered by | requests a second | beside a pool | beside new sessions | p50 | p99 |");
Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
for (int i = 0; i < contenders.Length; i++)
{
    double[] Rates(int index) => [.. results[index].Select(result => result.Rate)];
    Console.WriteLine($"| {contenders[i].Name} | {Statistics.Median(Rates(i)):N0} | {Statistics.MedianRatio(Rates(i), Rates(0)):0.00} | "
        + $"{Statistics.MedianRatio(Rates(i), Rates(1)):0.00} | "
        + $"{Statistics.Median([.. results[i].Select(result => result.Median)]):0.00} ms | "
        + $"{Statistics.Median([.. results[i].Select(result => result.Slow)]):0.00} ms |");
}
Console.WriteLine();
await Callers.ShutDownAsync(network, callers);
foreach (Contender contender in contenders)
    await contender.DisposeAsync();

int Number(string name, int otherwise)
{
    int at = Array.IndexOf(args, name);
    return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
}
