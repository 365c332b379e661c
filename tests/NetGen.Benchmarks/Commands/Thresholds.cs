using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;
using static NetGen.Benchmarks.Commands.PeersCommand;

namespace NetGen.Benchmarks.Commands;

/// <summary>What the project promises of its speed, held against what was measured.</summary>
internal static class Thresholds
{
    private const double TrainingSpeedup = 1.7;
    private const double TwoThreadScaling = 1.7;
    private const double ConvNetPeakFraction = 0.65;
    private const double ConvNetInferenceSpeedup = 1.3;
    private const double LeNetInferenceSpeedup = 3;
    private const double DeepTrainingSpeedup = 1.5;
    private const double VggPeakFraction = 0.75;
    private const int MainBatch = 64;

    public static void Write(MarkdownReport report, IReadOnlyList<Cell> cells)
    {
        var rows = new List<string[]>();
        foreach (Cell cell in cells)
        {
            foreach ((string what, double found, double atLeast, Func<double, string> format) in Of(cell))
            {
                if (!double.IsNaN(found))
                    rows.Add([cell.Description, what, format(atLeast), format(found), found >= atLeast ? "met" : "**not met**"]);
            }

            if (cell.AllocatedBytes is { } bytes)
                rows.Add([cell.Description, "bytes allocated", "0", Format.Number(bytes, "F0"), bytes < 0.5 ? "met" : "**not met**"]);
        }

        if (rows.Count == 0)
            return;
        report.Line();
        report.Table(["row", "what", "wanted", "found", ""], rows, rightAligned: 5);
    }

    private static IEnumerable<(string What, double Found, double AtLeast, Func<double, string> Format)> Of(Cell cell)
    {
        if (cell.Workload.Goals is { } goals)
        {
            foreach (var goal in Of(cell, goals))
                yield return goal;
        }
        else if (cell.Training)
        {
            yield return ("vs PyTorch, 1 thread", cell.Speedup(Column.PyTorch, 1), cell.Workload.IsDeep
                || cell.Workload == Workload.CifarSequential ? DeepTrainingSpeedup : TrainingSpeedup, Format.Ratio);
        }
        else
        {
            double wanted = cell.Batch != MainBatch ? 1
                : cell.Workload == Workload.MnistConvNet ? ConvNetInferenceSpeedup
                : cell.Workload == Workload.LeNet ? LeNetInferenceSpeedup
                : 1;
            yield return ("vs ONNX Runtime, 1 thread", cell.Speedup(Column.OnnxRuntime, 1), wanted, Format.Ratio);
            if (cell.Workload == Workload.MnistConvNet && cell.Batch == MainBatch)
                yield return ("fraction of FMA peak, 1 thread", cell.PeakFraction(Column.NetGen, 1), ConvNetPeakFraction, Format.Percent);
        }

        if (!cell.Training && cell.Workload == Workload.Vgg16 && cell.Batch == 16)
            yield return ("fraction of FMA peak, 1 thread", cell.PeakFraction(Column.NetGen, 1), VggPeakFraction, Format.Percent);

        if (cell.Batch >= MainBatch)
            yield return ("2 threads vs 1", cell.Scaling(2), TwoThreadScaling, Format.Ratio);
    }

    private static IEnumerable<(string What, double Found, double AtLeast, Func<double, string> Format)> Of(Cell cell, SpeedGoals goals)
    {
        bool isLargest = cell.Batch == cell.Workload.InferenceBatches[^1];
        double? wanted = cell.Training
            ? cell.Batch == cell.Workload.TrainingBatch ? goals.Training : (double?)null
            : cell.Batch == 1 ? goals.Single : isLargest ? goals.Batched : null;
        if (wanted is { } speedup)
            yield return ("vs the fastest peer, 1 thread", cell.SpeedupOverPeers(1), speedup, Format.Ratio);
        if (!cell.Training && isLargest && goals.PeakFraction is { } fraction)
            yield return ("fraction of FMA peak, 1 thread", cell.PeakFraction(Column.NetGen, 1), fraction, Format.Percent);
    }
}
