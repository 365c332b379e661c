using System.Diagnostics;
using System.Globalization;
using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;
using NetGen.Benchmarks.Reporting;

namespace NetGen.Benchmarks.Commands;

/// <summary>
/// <c>-- busy</c>: what several threads are worth on a machine that has other work. Training steps and single samples on one thread and on
/// more, in turns, beside threads that do nothing but take time from the cores.
/// </summary>
internal static class BusyCommand
{
    // Longer than the slices of time that threads get, many times over.
    private const int DefaultRounds = 5;
    private const double TurnSeconds = 1;

    private const double AllowedLoss = 0.1;

    public static void Run(Options options)
    {
        int cores = Environment.ProcessorCount;
        int[] loads = [0, cores, cores + cores / 2];
        var report = new MarkdownReport(options.MarkdownFile);
        report.Heading("One thread and more on a busy machine");
        MachineDescription.Write(report, options.VectorBits);
        report.Line();
        int many = options.Threads.Max();
        var rows = new List<string[]>();
        foreach (Workload workload in Workload.Peers.Where(w => options.Networks?.Contains(w.Name) ?? !w.IsDeep))
        {
            foreach (bool training in new[] { true, false })
            {
                if (options.Training is { } only && only != training)
                    continue;
                foreach (int load in loads)
                    rows.Add(Measure(workload, training, many, load, options));
            }
        }
        report.Table(["network", "what", "busy threads", "calls a second, 1 thread", $"{many} threads", "ratio"], rows, rightAligned: 2);
        report.Line();
        report.Line(
            string.Create(
            CultureInfo.InvariantCulture, $"Medians of {options.Rounds ?? DefaultRounds} turns of {TurnSeconds:0} s each. "
            + $"Wanted: {many} threads at most {AllowedLoss:P0} slower than one beside any load."));
        report.Save();
    }

    private static string[] Measure(Workload workload, bool training, int many, int load, Options options)
    {
        using Caller one = Caller.Of(workload, training, 1, options.VectorBits),
            several = Caller.Of(workload, training, many, options.VectorBits);
        Run(one, TurnSeconds / 2);
        Run(several, TurnSeconds / 2);
        int rounds = options.Rounds ?? DefaultRounds;
        var rates = new double[2][];
        rates[0] = new double[rounds];
        rates[1] = new double[rounds];
        using (new BusyThreads(load))
        {
            for (int round = 0; round < rounds; round++)
            {
                rates[0][round] = Run(one, TurnSeconds);
                rates[1][round] = Run(several, TurnSeconds);
            }
        }
        Array.Sort(rates[0]);
        Array.Sort(rates[1]);
        double alone = rates[0][rounds / 2], together = rates[1][rounds / 2];
        return
        [
            workload.Name,
            training ? $"training step of {workload.TrainingBatch}" : "single sample",
            load.ToString(CultureInfo.InvariantCulture),
            alone.ToString("N0", CultureInfo.InvariantCulture),
            together.ToString("N0", CultureInfo.InvariantCulture),
            (together / alone).ToString("0.00", CultureInfo.InvariantCulture),
        ];
    }

    // Calls a second.
    private static double Run(Caller caller, double seconds)
    {
        long begin = Stopwatch.GetTimestamp();
        int calls = 0;
        double elapsed;
        do
        {
            caller.Call();
            calls++;
            elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        while (elapsed < seconds);
        return calls / elapsed;
    }

    private sealed record Caller(Action Call, IDisposable Owner) : IDisposable
    {
        public static Caller Of(Workload workload, bool training, int threads, int vectorBits)
        {
            var network = new CompiledNetwork(workload.Type);
            int samples = training ? workload.TrainingBatch : 1;
            Samples input = workload.Samples(samples);
            if (training)
            {
                TrainerHandle trainer = network.CreateTrainer(samples, threads, vectorBits);
                Func<float> step = trainer.Step(input, workload.Labels(samples));
                return new Caller(() => step(), trainer);
            }
            SessionHandle session = network.CreateSession(samples, threads, vectorBits);
            return new Caller(session.Forward(input, new float[workload.OutputSize]), session);
        }

        public void Dispose() => Owner.Dispose();
    }

    private sealed class BusyThreads : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _stop;

        public BusyThreads(int count)
        {
            _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() =>
            {
                while (!_stop)
                    Thread.SpinWait(1000);
            }))];
            Array.ForEach(_threads, thread => thread.Start());
        }

        public void Dispose()
        {
            _stop = true;
            Array.ForEach(_threads, thread => thread.Join());
        }
    }
}
