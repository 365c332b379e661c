using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Measurement;

namespace NetGen.Benchmarks.Contenders;

/// <summary>
/// A child process that runs peers/torch_peer.py with a fixed number of threads and times what it is told to, so that
/// PyTorch can take turns with contenders of this process.
/// </summary>
internal sealed class PyTorchProcess : IDisposable
{
    private readonly Process _process;

    /// <exception cref="InvalidOperationException">Python or PyTorch cannot be run; the message holds what Python said.</exception>
    public PyTorchProcess(string python, string script, string modelFolder, int threads)
    {
        Threads = threads;
        string count = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { script, modelFolder, count },
        };
        // OpenMP and OpenBLAS read their thread count when they are loaded.
        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["OPENBLAS_NUM_THREADS"] = count;
        start.Environment["MKL_NUM_THREADS"] = count;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        _process.ErrorDataReceived += (_, line) => LastError = line.Data ?? LastError;
        _process.BeginErrorReadLine();
        Version = Ask("version");
    }

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
            throw new InvalidOperationException($"The PyTorch process ended with exit code {_process.ExitCode} at "
                + $"'{command}': {LastError}");
        }

        const string Success = "ok ";
        if (!answer.StartsWith(Success, StringComparison.Ordinal))
            throw new InvalidOperationException($"The PyTorch process answered '{command}' with: {answer}");
        return answer[Success.Length..];
    }

    /// <summary>Inference of float32 samples by the network with the exported parameters.</summary>
    public float[] Infer(string network, ReadOnlySpan<float> samples)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("samples", MemoryMarshal.AsBytes(samples));
        Ask($"output {network} {file}");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file + ".out")).ToArray();
    }

    /// <summary>Losses of the first training steps, from the exported parameters, all on the same batch.</summary>
    public float[] Losses(string network, int steps, ReadOnlySpan<float> samples, ReadOnlySpan<int> labels)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("samples", MemoryMarshal.AsBytes(samples));
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
    /// <summary>The fastest of eager, channels_last, jit.freeze and jit.optimize_for_inference.</summary>
    Inference,

    /// <summary>The training step as it is usually written, in the default memory format.</summary>
    Training,

    /// <summary>The training step with network and images in channels_last, which suits oneDNN's convolutions better.</summary>
    TrainingChannelsLast,
}

/// <summary>One network, batch and mode in a <see cref="PyTorchProcess"/>.</summary>
internal sealed class PyTorchContender : Contender
{
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
        Name = mode == PyTorchMode.TrainingChannelsLast ? "PyTorch channels_last" : "PyTorch";
        Variant = _process.Ask($"prepare {_target}");
    }

    public override string Name { get; }

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
