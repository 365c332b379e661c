using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Contenders;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// <c>-- start</c>: from process start to the first prediction of MnistConvNet, parameters loaded from a file, and the
/// size of what has to be deployed for that.
/// </summary>
internal static class StartCommand
{
    private const int DefaultRounds = 11;

    public static void Run(Options options)
    {
        var report = new MarkdownReport(options.MarkdownFile);
        using var peers = new PeerInstallation(options);
        report.Heading("Process start to first prediction, MnistConvNet, one image");
        MachineDescription.Write(report, options.VectorBits);
        report.Line($"- ONNX Runtime: {peers.OnnxRuntimeStatus}");
        report.Line($"- PyTorch: {peers.PyTorchStatus}");

        string work = Directory.CreateDirectory(Path.Combine(PeerInstallation.RepositoryRoot(), "artifacts", "start")).FullName;
        List<Starter> starters = Prepare(work, peers, report);
        report.Line();
        if (starters.Count == 0)
        {
            report.Line("Nothing could be published, so there is nothing to time.");
            return;
        }

        string? expected = null;
        foreach (Starter starter in starters)
        {
            starter.Start(); // brings the files into the page cache
            if (expected is not null && starter.Prediction != expected)
                throw new DisagreementException($"{starter.Name} predicts class {starter.Prediction}, {starters[0].Name} {expected}.");
            expected = starter.Prediction;
        }

        int rounds = options.Rounds ?? DefaultRounds;
        var milliseconds = starters.ToDictionary(starter => starter, _ => new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            foreach (Starter starter in starters)
                milliseconds[starter].Add(starter.Start());
        }

        var rows = starters.Select(starter => new[]
        {
            starter.Name,
            Format.Time(1e6 * options.Summary.Of(milliseconds[starter])),
            Format.Megabytes(starter.DeployedBytes),
            starter.Needs,
        }).ToList();
        report.Table(["", options.Summary.Name, "deployed", "and needs on the machine"], rows, rightAligned: 1);
        report.Line();
        report.Line(
            string.Create(
            CultureInfo.InvariantCulture, $"Whole processes in {rounds} rounds, taking turns, files in the page cache; timed from "
            + $"Process.Start to the line with the class. Deployed: program, libraries and parameters."));
        report.Save();
    }

    private static List<Starter> Prepare(string work, PeerInstallation peers, MarkdownReport report)
    {
        Workload workload = Workload.MnistConvNet;
        string parameters = peers.ParameterFile(workload) ?? Path.Combine(work, "MnistConvNet.safetensors");
        if (!File.Exists(parameters))
            new Networks.MnistConvNet(seed: 1).Save(parameters);
        string image = Path.Combine(work, "image.f32");
        File.WriteAllBytes(image, workload.Samples(1).Bytes);

        string sources = Path.Combine(PeerInstallation.RepositoryRoot(), "tests", "NetGen.Benchmarks", "start");
        string start = Path.Combine(sources, "NetGen.Start", "NetGen.Start.csproj");
        string runtimeIdentifier = RuntimeInformation.RuntimeIdentifier is var id && OperatingSystem.IsLinux()
            && !id.Contains("musl", StringComparison.Ordinal)
            ? "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()
            : id;
        string executableSuffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var starters = new List<Starter>();

        if (Publish(start, Path.Combine(work, "netgen-jit"), report, "-f", "net10.0") is { } jit)
        {
            starters.Add(new Starter("NetGen, JIT (.NET 10)", "dotnet", [Path.Combine(jit, "NetGen.Start.dll"), parameters, image],
                Size(jit) + Size(parameters), ".NET runtime"));
        }

        if (Publish(start, Path.Combine(work, "netgen-aot"), report, "-f", "net9.0", "-r",
            runtimeIdentifier, "-p:NetGenInstructionSet=native") is { } aot)
        {
            starters.Add(
                new Starter("NetGen, NativeAOT (.NET 9)", Path.Combine(aot, "NetGen.Start" + executableSuffix), [parameters, image],
                Size(aot) + Size(parameters), "nothing"));
        }

        string model = Path.Combine(peers.ModelFolder, workload.Name + ".onnx");
        if (peers.OnnxRuntime is not null)
        {
            string host = Path.Combine(sources, "OnnxRuntime.Start", "OnnxRuntime.Start.csproj");
            if (Publish(host, Path.Combine(work, "onnxruntime-aot"), report, "-r", runtimeIdentifier) is { } native)
            {
                starters.Add(new Starter("ONNX Runtime, C API from NativeAOT", Path.Combine(native, "OnnxRuntime.Start" + executableSuffix),
                    [peers.OnnxRuntimeLibrary, model, image], Size(native) + Size(peers.OnnxRuntimeLibrary) + Size(model), "nothing"));
            }
        }

        if (Directory.Exists(peers.NodeBinaries) && File.Exists(model))
        {
            // Of the npm packages only what this platform loads.
            long modules = Size(peers.NodeBinaries)
                + Size(Path.Combine(peers.NodeModules, "onnxruntime-node", "dist"))
                + Size(Path.Combine(peers.NodeModules, "onnxruntime-common", "dist", "cjs"));
            starters.Add(
                new Starter("ONNX Runtime, Node.js", "node",
                [Path.Combine(sources, "onnxruntime_start.js"), peers.NodeModules, model, image],
                modules + Size(model), "Node.js"));
        }

        if (peers.HasPyTorch)
        {
            string[] arguments = [Path.Combine(sources, "pytorch_start.py"), PeerInstallation.Scripts, parameters, image];
            var pyTorch = new Starter("PyTorch", peers.Python, arguments, Size(parameters), "Python");
            pyTorch.AddLibraries("--size");
            starters.Add(pyTorch);
        }

        starters.RemoveAll(starter => !starter.CanStart(report));
        return starters;
    }

    /// <summary>
    /// Publishes a project; null, with a line in the report, where that fails (a pack that cannot be had, no native linker).
    /// </summary>
    private static string? Publish(string project, string output, MarkdownReport report, params string[] options)
    {
        Console.Error.WriteLine($"… publishing {Path.GetFileNameWithoutExtension(project)} to {output}");
        if (Directory.Exists(output))
            Directory.Delete(output, recursive: true);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["publish", project, "-c", "Release", "-o", output, "-v", "q", "--nologo", .. options])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
            return output;
        string reason =
            (text + errors.Result).Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))
            ?? $"exit code {process.ExitCode}";
        report.Line($"- {Path.GetFileNameWithoutExtension(project)} {string.Join(' ', options)} cannot be published here: {reason.Trim()}");
        return null;
    }

    private static long Size(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".dbg", StringComparison.Ordinal))
            .Sum(file => new FileInfo(file).Length)
        : new FileInfo(path).Length;

    /// <summary>A program that prints the predicted class as its first line.</summary>
    private sealed class Starter(string name, string program, string[] arguments, long deployedBytes, string needs)
    {
        public string Name => name;

        public string Needs => needs;

        public long DeployedBytes { get; private set; } = deployedBytes;

        public string? Prediction { get; private set; }

        /// <summary>Runs the program; milliseconds until the prediction.</summary>
        public double Start()
        {
            (Prediction, double milliseconds, _) = Execute([]);
            return milliseconds;
        }

        /// <summary>Adds the size of what the program loads, which it prints as its second line when given this argument.</summary>
        public void AddLibraries(string argument) =>
            DeployedBytes += long.Parse(Execute([argument]).More.Trim(), CultureInfo.InvariantCulture);

        /// <summary>Whether the program is there (Node.js may not be); reported if not.</summary>
        public bool CanStart(MarkdownReport report)
        {
            try
            {
                Start();
                return true;
            }
            catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                report.Line($"- {name} is left out: {exception.Message}");
                return false;
            }
        }

        private (string Prediction, double Milliseconds, string More) Execute(string[] more)
        {
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in (string[])[.. arguments, .. more])
                start.ArgumentList.Add(argument);
            start.Environment["OMP_NUM_THREADS"] = "1";
            start.Environment["OPENBLAS_NUM_THREADS"] = "1";
            long begin = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string? line = process.StandardOutput.ReadLine();
            double milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            string rest = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0 || line is null)
                throw new InvalidOperationException($"exit code {process.ExitCode}: {errors.Result.Trim()}");
            return (line, milliseconds, rest);
        }
    }
}
