using System.ComponentModel;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Commands;
using NetGen.Benchmarks.Networks;

namespace NetGen.Benchmarks.Contenders;

/// <summary>Where peers/install-peers.sh put the peers. A peer that is missing is reported and left out.</summary>
internal sealed class PeerInstallation : IDisposable
{
    private readonly Dictionary<(string Peer, int Threads), PyTorchProcess> _processes = [];
    private readonly string _folder;

    public PeerInstallation(Options options)
    {
        _folder = options.PeerFolder ?? Path.Combine(RepositoryRoot(), "artifacts", "peers");
        Python = options.Python ?? Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";
        if (options.Alone)
        {
            OnnxRuntimeStatus = PyTorchStatus = LibTorchStatus = "left out (--alone)";
            return;
        }

        (OnnxRuntime, OnnxRuntimeStatus) = FindOnnxRuntime();
        PyTorchStatus = FindProcess(PyTorch, $" ({Python})");
        LibTorchStatus = File.Exists(LibTorchProgram)
            ? FindProcess(LibTorch, "")
            : $"missing ({LibTorchProgram}; peers/install-peers.sh installs it)";
    }

    /// <summary>Null where ONNX Runtime is missing.</summary>
    public OnnxRuntimeApi? OnnxRuntime { get; }

    /// <summary>Version, or why it is missing.</summary>
    public string OnnxRuntimeStatus { get; }

    public bool HasPyTorch => _processes.ContainsKey((PeersCommand.Column.PyTorch, 1));

    /// <summary>Version, or why it is missing.</summary>
    public string PyTorchStatus { get; }

    public bool HasLibTorch => _processes.ContainsKey((PeersCommand.Column.LibTorch, 1));

    /// <summary>Version, or why it is missing.</summary>
    public string LibTorchStatus { get; }

    public string Python { get; }

    public string ModelFolder => Path.Combine(_folder, "models");

    public string NodeModules => Path.Combine(_folder, "node_modules");

    /// <summary>Folder of the native library within the npm package, which Node.js loads.</summary>
    public string NodeBinaries => Path.Combine(NodeModules, "onnxruntime-node", "bin", "napi-v6",
        OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    public string OnnxRuntimeLibrary => Path.Combine(_folder, "onnxruntime",
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so");

    /// <summary>peers/TorchSharp.Peer as published.</summary>
    private string LibTorchProgram =>
        Path.Combine(_folder, "libtorch", "TorchSharp.Peer" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    /// <summary>Folder of the scripts that came with this program.</summary>
    public static string Scripts => Path.Combine(AppContext.BaseDirectory, "peers");

    /// <summary>The network's parameters; null where the models were not exported.</summary>
    public string? ParameterFile(Workload workload)
    {
        string file = Path.Combine(ModelFolder, workload.Name + ".safetensors");
        return File.Exists(file) ? file : null;
    }

    public OnnxRuntimeInference CreateOnnxRuntime(Workload workload, int threads, int batch) =>
        new(OnnxRuntime ?? throw new InvalidOperationException("ONNX Runtime is not installed."),
            Path.Combine(ModelFolder, workload.Name + ".onnx"), threads, batch, workload);

    /// <summary>The process of Python's PyTorch for this thread count; started at the first call.</summary>
    public PyTorchProcess PyTorch(int threads) =>
        Process(PeersCommand.Column.PyTorch, Python, [Path.Combine(Scripts, "torch_peer.py")], threads);

    /// <summary>The process of libtorch for this thread count; started at the first call.</summary>
    public PyTorchProcess LibTorch(int threads) => Process(PeersCommand.Column.LibTorch, LibTorchProgram, [], threads);

    /// <summary>The processes of what is installed, for this thread count.</summary>
    public IEnumerable<PyTorchProcess> Processes(int threads)
    {
        if (HasPyTorch)
            yield return PyTorch(threads);
        if (HasLibTorch)
            yield return LibTorch(threads);
    }

    public void Dispose()
    {
        foreach (PyTorchProcess process in _processes.Values)
            process.Dispose();
        _processes.Clear();
    }

    /// <summary>The folder of the checkout this program was built from.</summary>
    public static string RepositoryRoot()
    {
        const string Marker = "Directory.Packages.props";
        for (DirectoryInfo? candidate = new(AppContext.BaseDirectory); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, Marker)))
                return candidate.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}; run the benchmark from its "
            + $"checkout, or give --peers.");
    }

    private (OnnxRuntimeApi?, string) FindOnnxRuntime()
    {
        if (!File.Exists(OnnxRuntimeLibrary))
            return (null, $"missing ({OnnxRuntimeLibrary}; peers/install-peers.sh installs it)");
        if (!Directory.Exists(ModelFolder))
            return (null, $"left out: no models in {ModelFolder} (peers/install-peers.sh writes them)");
        try
        {
            var api = OnnxRuntimeApi.Load(OnnxRuntimeLibrary);
            return (api, api.Version);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or NotSupportedException)
        {
            return (null, $"missing ({exception.Message})");
        }
    }

    private PyTorchProcess Process(string name, string program, string[] arguments, int threads)
    {
        if (!_processes.TryGetValue((name, threads), out PyTorchProcess? process))
        {
            process = new PyTorchProcess(name, program, arguments, ModelFolder, threads);
            _processes.Add((name, threads), process);
        }

        return process;
    }

    private string FindProcess(Func<int, PyTorchProcess> start, string remark)
    {
        if (!Directory.Exists(ModelFolder))
            return $"left out: no models in {ModelFolder} (peers/install-peers.sh writes them)";
        try
        {
            return start(1).Version + remark;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or IOException)
        {
            return $"missing ({exception.Message})";
        }
    }
}
