using System.Globalization;
using System.Runtime.InteropServices;
using NetGen.Benchmarks.Measurement;

namespace NetGen.Benchmarks.Reporting;

/// <summary>What a reader must know of the machine to compare figures.</summary>
internal static class MachineDescription
{
    public static void Write(MarkdownReport report, int vectorBits)
    {
        report.Line($"- Processor: {Processor()}, {Environment.ProcessorCount} cores available");
        report.Line($"- System: {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}");
        report.Line($"- Vector width: {vectorBits} bits"
            + (vectorBits == FmaPeak.BestVectorBits ? "" : $" (the machine's best is {FmaPeak.BestVectorBits})"));
        if (LoadAverage() is { } load)
            report.Line(string.Create(CultureInfo.InvariantCulture, $"- Load average before the run: {load:F2}"));
    }

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        if (!File.Exists(CpuInfo))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var fields = new Dictionary<string, string>();
        foreach (string line in File.ReadLines(CpuInfo).TakeWhile(line => line.Length > 0)) // the first processor
        {
            string[] parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2)
                fields[parts[0]] = parts[1];
        }

        // Virtual machines often cut the name down to the brand; family and model tell the generation.
        string name = fields.GetValueOrDefault("model name", RuntimeInformation.ProcessArchitecture.ToString());
        return fields.TryGetValue("cpu family", out string? family)
            ? $"{name} (family {family}, model {fields.GetValueOrDefault("model", "?")})"
            : name;
    }

    private static double? LoadAverage()
    {
        const string LoadAverageFile = "/proc/loadavg";
        return File.Exists(LoadAverageFile)
            ? double.Parse(File.ReadAllText(LoadAverageFile).Split(' ')[0], CultureInfo.InvariantCulture)
            : null;
    }
}
