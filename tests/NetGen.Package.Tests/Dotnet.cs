using System.Diagnostics;
using System.Text;

namespace NetGen.Package.Tests;

/// <summary>The end of a process: its exit status and all it printed, errors among the rest.</summary>
public sealed record Outcome(string CommandLine, int ExitCode, string Output)
{
    /// <summary>This outcome, if the process succeeded; otherwise the test fails and shows the output.</summary>
    public Outcome Successful()
    {
        Assert.True(ExitCode == 0, $"{CommandLine}: exit status {ExitCode}\n{Output}");
        return this;
    }
}

/// <summary>Runs other processes as a user would from a shell.</summary>
public static class Dotnet
{
    /// <summary>Only what hangs takes so long: on a busy machine a build takes ten times as long as on a quiet one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);

    /// <summary>Runs the dotnet command in a folder.</summary>
    public static Task<Outcome> Run(string folder, params string[] arguments) => Start(DotnetPath, folder, arguments);

    /// <summary>Runs any program in a folder.</summary>
    public static Task<Outcome> Start(string program, string folder, params string[] arguments)
        => Start(program, folder, new Dictionary<string, string>(), arguments);

    /// <summary>Runs the dotnet command in a folder, with more in its environment.</summary>
    public static Task<Outcome> Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => Start(DotnetPath, folder, environment, arguments);

    private static async Task<Outcome> Start(string program, string folder, IReadOnlyDictionary<string, string> environment,
        string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // The test host hands down what its own MSBuild set; a build that inherits it would look for the wrong SDK.
        foreach (string name in start.Environment.Keys.Where(IsOfTheHost).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        string commandLine = string.Join(' ', [program, .. arguments]);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{commandLine}: not done after {Limit}.\n{output}");
        }

        return new Outcome(commandLine, process.ExitCode, output.ToString());

        void Collect(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }
    }

    private static string DotnetPath => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static bool IsOfTheHost(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name is "DOTNET_HOST_PATH" or "TargetFramework" or "Configuration";
}
