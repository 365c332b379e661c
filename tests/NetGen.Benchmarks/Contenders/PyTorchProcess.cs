using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;

namespace NetGen.Benchmarks.Contenders;

/// <summary>
/// A child process that runs peers/torch_peer.py, or peers/TorchSharp.Peer with the same protocol, with a fixed number of threads and
/// times what it is told to, so that PyTorch can take turns with contenders of this process.
/// </summary>
internal sealed class PyTorchProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="name">Column of the table.</param>
    /// <param name="program">Started with the arguments, the model folder and the thread count.</param>
    /// <exception cref="InvalidOperationException">The program or PyTorch cannot be run; the message holds what it said.</exception>
    public PyTorchProcess(string name, string program, IEnumerable<string> arguments, string modelFolder, int threads)
    {
        Name = name;
        Threads = threads;
        string count = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[.. arguments, modelFolder, count])
            start.ArgumentList.Add(argument);
        // OpenMP and OpenBLAS read their thread count when they are loaded.
        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["OPENBLAS_NUM_THREADS"] = count;
        start.Environment["MKL_NUM_THREADS"] = count;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _process.ErrorDataReceived += (_, line) => LastError = string.IsNullOrWhiteSpace(line.Data) ? LastError : line.Data;
        _process.BeginErrorReadLine();
        Version = Ask("version");
    }

    /// <summary>Column of the table.</summary>
    public string Name { get; }

    public int Threads { get; }

    public string Version { get; }

    private string LastError { get; set; } = "";

    /// <summary>Sends one command and gives its answer.</summary>
    /// <exception cref="InvalidOperationException">The process answered with an error or ended.</exception>
    public string Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        string? answer = _process.StandardOutput.ReadLine();
        if (answer is null)
        {
            _process.WaitForExit();
            throw new InvalidOperationException($"The {Name} process ended with exit code {_process.ExitCode} at "
                + $"'{command}': {LastError}");
        }

        const string Success = "ok ";
        if (!answer.StartsWith(Success, StringComparison.Ordinal))
            throw new InvalidOperationException($"The {Name} process answered '{command}' with: {answer}");
        return answer[Success.Length..];
    }

    /// <summary>Inference of samples by the network with the exported parameters.</summary>
    public float[] Infer(string network, Samples samples)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("samples", samples.Bytes);
        Ask($"output {network} {file}");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file + ".out")).ToArray();
    }

    /// <summary>Losses of the first training steps, from the exported parameters, all on the same batch.</summary>
    public float[] Losses(string network, int steps, Samples samples, ReadOnlySpan<int> labels)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("samples", samples.Bytes);
        folder.Write("samples.labels", MemoryMarshal.AsBytes(labels));
        string answer = Ask(string.Create(CultureInfo.InvariantCulture, $"losses {network} {steps} {file}"));
        return [.. answer.Split(' ').Select(loss => float.Parse(loss, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close(); // the script ends at the end of its input
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill();
        }

        _process.Dispose();
    }
}

/// <summary>A folder for what is handed to the child process; gone when disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("netgen-benchmark-").FullName;

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string file = Path.Combine(_path, name);
        File.WriteAllBytes(file, content);
        return file;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

/// <summary>What PyTorch is asked to run.</summary>
internal enum PyTorchMode
{
    /// <summary>The fastest of the process's ways: eager or TorchScript, frozen or not, channels_last or not.</summary>
    Inference,

    /// <summary>The training step as it is usually written, in the default memory format.</summary>
    Training,

    /// <summary>The training step with network and images in channels_last, which suits oneDNN's convolutions better.</summary>
    TrainingChannelsLast,
}

/// <summary>One network, batch and mode in a <see cref="PyTorchProcess"/>.</summary>
internal sealed class PyTorchContender : Contender
{
    private const string ChannelsLastSuffix = " channels_last";

    private readonly PyTorchProcess _process;
    private readonly string _target;
    private readonly List<double> _processorShares = [];

    public PyTorchContender(PyTorchProcess process, PyTorchMode mode, string network, int batch)
    {
        _process = process;
        string word = mode switch
        {
            PyTorchMode.Inference => "infer",
            PyTorchMode.Training => "train",
            _ => "train_channels_last",
        };
        _target = string.Create(CultureInfo.InvariantCulture, $"{word} {network} {batch}");
        Name = mode == PyTorchMode.TrainingChannelsLast ? process.Name + ChannelsLastSuffix : process.Name;
        Variant = _process.Ask($"prepare {_target}");
    }

    public override string Name { get; }

    /// <summary>The peer's name, whatever the memory format.</summary>
    public string PeerName => _process.Name;

    /// <summary>Whether this is the training step in the other memory format, which has no column of its own.</summary>
    public bool IsChannelsLast => Name != PeerName;

    public override string Variant { get; }

    /// <summary>Processor seconds of all its threads by second of wall time: shows that one thread was really one.</summary>
    public double ProcessorShare => Statistics.Median(_processorShares);

    public override double Time(int iterations)
    {
        string[] answer = _process.Ask(string.Create(CultureInfo.InvariantCulture, $"time {_target} {iterations}")).Split(' ');
        _processorShares.Add(double.Parse(answer[1], CultureInfo.InvariantCulture));
        return double.Parse(answer[0], CultureInfo.InvariantCulture);
    }
}
