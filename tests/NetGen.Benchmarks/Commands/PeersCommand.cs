using System.Globalization;
using NetGen.Benchmarks.Contenders;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;

namespace NetGen.Benchmarks.Commands;

/// <summary><c>-- peers</c>: whole networks beside ONNX Runtime, PyTorch and libtorch, all taking turns in one run.</summary>
internal static class PeersCommand
{
    private const int DefaultRounds = 15;

    public static void Run(Options options)
    {
        var report = new MarkdownReport(options.MarkdownFile);
        using var peers = new PeerInstallation(options);
        List<Workload> workloads = Select(options.Networks);

        report.Heading("NetGen beside its peers");
        MachineDescription.Write(report, options.VectorBits);
        report.Line($"- ONNX Runtime: {peers.OnnxRuntimeStatus}");
        report.Line($"- PyTorch: {peers.PyTorchStatus}");
        report.Line($"- libtorch: {peers.LibTorchStatus}");
        report.Line();

        foreach (Workload workload in workloads)
        {
            Agreement.Verify(workload, peers, options, report);
            if (options.Training != false)
                Agreement.VerifyTraining(workload, peers, options, report);
        }

        var cells = new List<Cell>();
        foreach (Workload workload in workloads)
        {
            if (options.Training != true)
            {
                foreach (int batch in options.Batches ?? workload.InferenceBatches)
                    cells.Add(Cell.Measure(workload, training: false, batch, peers, options));
            }

            if (options.Training != false)
            {
                foreach (int batch in options.Batches ?? [workload.TrainingBatch])
                    cells.Add(Cell.Measure(workload, training: true, batch, peers, options));
            }
        }

        WriteTable(report, cells, options);
        Thresholds.Write(report, cells);
        WriteNotes(report, cells, options);
        report.Save();
    }

    private static List<Workload> Select(IReadOnlyList<string>? names)
    {
        if (names is null)
            return [.. Workload.Peers];
        return [.. names.Select(name =>
            Workload.Peers.FirstOrDefault(workload => workload.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"--networks knows {string.Join(", ", Workload.Peers.Select(workload => workload.Name))}, not "
                + $"'{name}'."))];
    }

    private static void WriteTable(MarkdownReport report, List<Cell> cells, Options options)
    {
        report.Line();
        var rows = new List<string[]>();
        foreach (Cell cell in cells)
        {
            foreach (int threads in options.Threads)
            {
                rows.Add([
                    cell.Workload.Name,
                    cell.Training ? "training step" : "inference",
                    cell.Batch.ToString(CultureInfo.InvariantCulture),
                    threads.ToString(CultureInfo.InvariantCulture),
                    cell.TimeAndPeak(Column.NetGen, threads),
                    cell.TimeAndPeak(Column.OnnxRuntime, threads),
                    cell.TimeAndPeak(Column.PyTorch, threads),
                    cell.TimeAndPeak(Column.LibTorch, threads),
                    Format.Ratio(cell.Speedup(Column.OnnxRuntime, threads)),
                    Format.Ratio(cell.Speedup(Column.PyTorch, threads)),
                    Format.Ratio(cell.Speedup(Column.LibTorch, threads)),
                    Format.Number(cell.GigaFlops(Column.NetGen, threads)),
                    Format.Number(cell.Peak(threads)),
                ]);
            }
        }

        report.Table(
            ["network", "what", "batch", "threads", "NetGen", "ONNX Runtime", "PyTorch", "libtorch", "vs ONNX Runtime", "vs PyTorch",
                "vs libtorch", "NetGen GFLOP/s", "FMA peak"],
            rows, rightAligned: 2);
    }

    private static void WriteNotes(MarkdownReport report, List<Cell> cells, Options options)
    {
        report.Line();
        int rounds = options.Effort(DefaultRounds).Rounds;
        report.Line(options.Summary.Best
            ? $"The fastest of {rounds} rounds in which all contenders of a network and batch take turns, on a machine with other work."
            : $"Medians of {rounds} rounds in which all contenders of a network and batch take turns; ratios are medians of the "
                + $"ratios within a round.");
        report.Line("In brackets the fraction of the FMA peak that was measured in the same rounds, counting the direct method's "
            + "multiply-adds (those on padding included, so skipping them counts as speed).");

        foreach (var group in cells.SelectMany(cell => cell.Variants()).GroupBy(way => (way.Peer, way.Variant), way => way.Row))
        {
            report.Line($"Of {group.Key.Peer}'s ways to infer, {group.Key.Variant} was the fastest for (network at batch on "
                + $"threads) {string.Join(", ", group)}.");
        }

        foreach (string line in cells.SelectMany(cell => cell.ChannelsLast()))
            report.Line(line);

        foreach (string line in cells.SelectMany(cell => cell.Remarks()))
            report.Line(line);
        if (options.Schedule)
        {
            foreach (string schedule in cells.SelectMany(cell => cell.Schedules()))
            {
                report.Line();
                report.Line(schedule);
            }
        }

        List<string> noisy = [.. cells.SelectMany(cell => cell.Noisy())];
        if (noisy.Count > 0 && !options.Summary.Best)
        {
            report.Line();
            report.Line($"Noisy, the quartiles more than {Format.Percent(Cell.NoisySpread)} of the median "
                + $"apart: {string.Join("; ", noisy)}.");
        }
    }

    /// <summary>Contenders' names as the table's columns have them.</summary>
    internal static class Column
    {
        public const string NetGen = "NetGen";
        public const string OnnxRuntime = "ONNX Runtime";
        public const string PyTorch = "PyTorch";

        public const string LibTorch = "libtorch";

        public const string Peak = "FMA peak";
    }

    /// <summary>One network, mode and batch: every contender at every thread count, measured in the same rounds.</summary>
    internal sealed class Cell
    {
        // Two threads that a contender was told not to use show as processor time above the wall time.
        private const double SingleThreadShare = 1.1;

        public const double NoisySpread = 0.15;

        private readonly List<Entry> _entries = [];

        private readonly Summary _summary;

        private Cell(Workload workload, bool training, int batch, Summary summary)
        {
            _summary = summary;
            Workload = workload;
            Training = training;
            Batch = batch;
        }

        public Workload Workload { get; }

        public bool Training { get; }

        public int Batch { get; }

        public string Description => $"{Workload.Name} {(Training ? "training step" : "inference")} at batch {Batch}";

        private double Flops => Workload.FlopsPerSample(Training) * Batch;

        public static Cell Measure(Workload workload, bool training, int batch, PeerInstallation peers, Options options)
        {
            var cell = new Cell(workload, training, batch, options.Summary);
            Console.Error.WriteLine($"… {cell.Description}");
            try
            {
                foreach (int threads in options.Threads)
                {
                    cell.Add(threads,
                        new NetGenContender(workload, training, batch, threads, options.VectorBits, peers.ParameterFile(workload)));
                    if (!training && peers.OnnxRuntime is not null)
                        cell.Add(threads, peers.CreateOnnxRuntime(workload, threads, batch));

                    foreach (PyTorchProcess process in peers.Processes(threads))
                    {
                        cell.Add(threads,
                            new PyTorchContender(process, training ? PyTorchMode.Training : PyTorchMode.Inference, workload.Name, batch));
                        if (training && workload.IsConvolutional)
                            cell.Add(threads, new PyTorchContender(process, PyTorchMode.TrainingChannelsLast, workload.Name, batch));
                    }

                    cell.Add(threads, new FmaPeak(options.VectorBits, threads));
                }

                (double[][] nanoseconds, _) =
                    Tournament.Run([.. cell._entries.Select(entry => entry.Contender)], options.Effort(DefaultRounds));
                for (int i = 0; i < nanoseconds.Length; i++)
                    cell._entries[i].Nanoseconds = nanoseconds[i];
                foreach (Entry entry in cell._entries)
                    entry.AllocatedBytes = (entry.Contender as NetGenContender)?.MeasureAllocations();
                return cell;
            }
            finally
            {
                foreach (Entry entry in cell._entries)
                    entry.Contender.Dispose();
            }
        }

        public double Time(string contender, int threads)
            => Find(contender, threads) is { } entry ? _summary.Of(entry.Nanoseconds) : double.NaN;

        /// <summary>How many times as fast as the peer NetGen is.</summary>
        public double Speedup(string peer, int threads) =>
            Find(peer, threads) is { } slow && Find(Column.NetGen, threads) is { } fast
                ? _summary.Ratio(slow.Nanoseconds, fast.Nanoseconds)
                : double.NaN;

        /// <summary>How many times as fast as the fastest peer NetGen is; NaN where none was measured.</summary>
        public double SpeedupOverPeers(int threads) =>
            ((string[])[Column.OnnxRuntime, Column.PyTorch, Column.LibTorch]).Select(peer => Speedup(peer, threads))
                .Where(speedup => !double.IsNaN(speedup)).DefaultIfEmpty(double.NaN).Min();

        /// <summary>How many times as fast NetGen is on more threads than on one.</summary>
        public double Scaling(int threads) =>
            Find(Column.NetGen, 1) is { } one && Find(Column.NetGen, threads) is { } more
                ? _summary.Ratio(one.Nanoseconds, more.Nanoseconds)
                : double.NaN;

        public double GigaFlops(string contender, int threads) => Flops / Time(contender, threads);

        /// <summary>GFLOP/s of the peak with this number of threads.</summary>
        public double Peak(int threads) => PeakEntry(threads).FlopsPerIteration / Time(Column.Peak, threads);

        /// <summary>Fraction of the peak, round by round, with the same number of threads.</summary>
        public double PeakFraction(string contender, int threads)
        {
            if (Find(contender, threads) is not { } entry)
                return double.NaN;
            // (Flops / time) / (peakFlops / peakTime) in each round.
            double scale = Flops / PeakEntry(threads).FlopsPerIteration;
            return scale * _summary.Ratio(Find(Column.Peak, threads)!.Nanoseconds, entry.Nanoseconds);
        }

        public string TimeAndPeak(string contender, int threads) => Find(contender, threads) is null
            ? Format.Missing
            : $"{Format.Time(Time(contender, threads))} ({Format.Percent(PeakFraction(contender, threads))})";

        /// <summary>Most bytes that one NetGen iteration allocates at any thread count.</summary>
        public double? AllocatedBytes => _entries.Max(entry => entry.AllocatedBytes);

        /// <summary>What NetGen's sessions and trainers say they run.</summary>
        public IEnumerable<string> Schedules() =>
            from entry in _entries
            where entry.Contender is NetGenContender
            select $"{Description}, {entry.Threads} thread(s): {entry.Contender.Variant}";

        /// <summary>Which of its ways to infer PyTorch or libtorch ran, and for which row.</summary>
        public IEnumerable<(string Peer, string Variant, string Row)> Variants() =>
            from entry in _entries
            where entry.Contender is PyTorchContender && !Training
            select (entry.Contender.Name, entry.Contender.Variant, Row: $"{Workload.Name} at {Batch} on {entry.Threads}");

        /// <summary>The training step of PyTorch and libtorch in the other memory format, measured in the same rounds.</summary>
        public IEnumerable<string> ChannelsLast() =>
            from entry in _entries
            where entry.Contender is PyTorchContender { IsChannelsLast: true }
            let contender = (PyTorchContender)entry.Contender
            let speedup = Speedup(contender.Name, entry.Threads)
            select $"{Description}, {entry.Threads} thread(s): {contender.PeerName} with channels_last "
                + $"takes {TimeAndPeak(contender.Name, entry.Threads)}"
                + (double.IsNaN(speedup) ? "." : $"; NetGen is {Format.Ratio(speedup)} as fast as that.");

        /// <summary>What a reader should know before trusting the row.</summary>
        public IEnumerable<string> Remarks() =>
            from entry in _entries
            where entry.Contender is PyTorchContender { ProcessorShare: > SingleThreadShare } && entry.Threads == 1
            select $"{Description}: {entry.Contender.Name} used more processor time than one thread has.";

        /// <summary>Contenders whose rounds differ much.</summary>
        public IEnumerable<string> Noisy() =>
            from entry in _entries
            let spread = Statistics.Spread(entry.Nanoseconds)
            where spread > NoisySpread
            select $"{Description}, {entry.Contender.Name} on {entry.Threads} ({Format.Percent(spread)})";

        private void Add(int threads, Contender contender) => _entries.Add(new Entry(contender, threads));

        private Entry? Find(string contender, int threads) =>
            _entries.FirstOrDefault(entry => entry.Contender.Name == contender && entry.Threads == threads);

        private FmaPeak PeakEntry(int threads) => (FmaPeak)(Find(Column.Peak, threads)
            ?? throw new InvalidOperationException($"The FMA peak was not measured with {threads} threads.")).Contender;

        private sealed class Entry(Contender contender, int threads)
        {
            public Contender Contender { get; } = contender;

            public int Threads { get; } = threads;

            public double[] Nanoseconds { get; set; } = [];

            public double? AllocatedBytes { get; set; }
        }
    }
}
