using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Peer;

/// <summary>Executes the commands of torch_peer.py on TorchScript modules in the model folder.</summary>
internal sealed class Peer(string modelFolder)
{
    private readonly Dictionary<(string Mode, string Network, int Batch), IRunner> _prepared = [];

    /// <exception cref="ArgumentException">The command is unknown or incomplete.</exception>
    public string Execute(string[] words) => words switch
    {
        ["version"] => Version(),
        ["prepare", var mode, var network, var batch] => Prepare(mode, network, Number(batch)),
        ["time", var mode, var network, var batch, var iterations] => Time((mode, network, Number(batch)), Number(iterations)),
        ["output", var network, .. var path] => Output(network, string.Join(' ', path)),
        ["losses", var network, var steps, .. var path] => Losses(network, Number(steps), string.Join(' ', path)),
        _ => throw new ArgumentException($"unknown command {string.Join(' ', words)}"),
    };

    /// <summary>Versions of the packages: libtorch itself is not asked for its own through TorchSharp.</summary>
    private static string Version()
    {
        string torchSharp = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "?";
        return $"{__version__} (TorchSharp {torchSharp})";
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private string Prepare(string mode, string network, int batch)
    {
        var models = new NetworkFiles(modelFolder, network);
        IRunner runner = mode switch
        {
            "infer" => new Inference(models, batch),
            "train" or "train_channels_last" => new Training(
                models, channelsLast: mode == "train_channels_last", models.RandomSamples(batch), models.RandomLabels(batch)).Settle(),
            _ => throw new ArgumentException($"mode infer, train or train_channels_last expected, found {mode}"),
        };
        _prepared[(mode, network, batch)] = runner;
        return runner.Variant;
    }

    /// <summary>Nanoseconds of one iteration, and processor seconds of all threads by second of wall time.</summary>
    private string Time((string Mode, string Network, int Batch) target, int iterations)
    {
        IRunner runner = _prepared[target];
        using var process = Process.GetCurrentProcess();
        TimeSpan processor = process.TotalProcessorTime;
        long begin = Stopwatch.GetTimestamp();
        runner.Run(iterations);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
        process.Refresh();
        double share = (process.TotalProcessorTime - processor) / elapsed;
        return string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalNanoseconds / iterations:F1} {share:F3}");
    }

    private string Output(string network, string path)
    {
        var models = new NetworkFiles(modelFolder, network);
        using Tensor samples = models.ReadSamples(path);
        using var module = models.Load();
        module.eval();
        using var scope = no_grad();
        using Tensor output = module.forward(samples);
        using Tensor contiguous = output.contiguous();
        File.WriteAllBytes(path + ".out", contiguous.bytes.ToArray());
        return samples.shape[0].ToString(CultureInfo.InvariantCulture);
    }

    private string Losses(string network, int steps, string path)
    {
        var models = new NetworkFiles(modelFolder, network);
        using var training = new Training(models, channelsLast: false, models.ReadSamples(path), NetworkFiles.ReadLabels(path + ".labels"));
        var losses = new List<string>();
        for (int step = 0; step < steps; step++)
            losses.Add(training.Step().ToString("R", CultureInfo.InvariantCulture));
        return string.Join(' ', losses);
    }
}
