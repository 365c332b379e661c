using System.Diagnostics;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// What several threads may do at once gives the bits of one thread, and what they may not is refused before anything happens: sessions of
/// one network run side by side, also while its parameters change; one session or trainer serves one caller.
/// </summary>
public sealed class ConcurrencyTests
{
    // Every form in which inference keeps weights: folded in place (transposed), folded, at Winograd's points, both, the samples' Winograd,
    // linear.
    private static readonly string[] s_prepared =
    [
        "in:3x6x6 convt:8,k2,s2 bn relu flatten linear:4 ce",
        "in:3x8x8 conv:6,k3,p1 bn relu flatten linear:4 ce",
        "in:16x8x8 conv:16,k3,p1 relu flatten linear:4 ce",
        "in:16x8x8 conv:32,k3,p1 bn relu conv:16,k5,p2 bn flatten linear:4 ce",
        "in:1x12x12 conv:6,k5,p2 sigmoid avg:k2 flatten linear:4 ce",
        "in:24 linear:20 bn relu linear:4 ce",
        // Deriving the weights takes longer than computing a sample, so that it meets many samples.
        "in:64x2x2 convt:64,k3,s2 bn relu conv:64,k3,p1 bn flatten linear:4 ce",
    ];

    public static TheoryData<string, int> Prepared
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string stack in s_prepared)
            {
                foreach (int threads in new[] { 1, 2 })
                    data.Add(stack, threads);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Prepared))]
    public void Sessions_that_start_together_compute_what_one_alone_computes(string text, int threads)
    {
        const int Callers = 4, Rounds = 60, Forwards = 6, Samples = 3;
        Stack stack = Stack.Parse(text);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        float[] input = Numbers.Uniform(1, Samples * stack.Input.Size);
        float[][][] sets = [Values(net, 2), Values(net, 3)];
        float[][] expected = [.. sets.Select(set => Alone(stack, set, input, Samples))];
        Assert.NotEqual(expected[0], expected[1]);

        var sessions = Enumerable.Range(0, Callers).Select(_ => net.CreateSession(Samples,
            new SessionOptions { Threads = threads })).ToArray();
        int wrong = 0;
        using var start = new Barrier(Callers, barrier => Set(net, sets[(int)(barrier.CurrentPhaseNumber % 2)]));
        Together(Callers, caller =>
        {
            var output = new float[Samples * stack.Output.Size];
            for (int round = 0; round < Rounds; round++)
            {
                // The last to arrive sets the parameters of this round; nobody computes while it does.
                start.SignalAndWait();
                for (int i = 0; i < Forwards; i++)
                {
                    sessions[caller].Forward(input, output);
                    if (!output.AsSpan().SequenceEqual(expected[round % 2]))
                        Interlocked.Increment(ref wrong);
                }
            }
        });
        Array.ForEach(sessions, session => session.Dispose());
        Assert.Equal(0, wrong);
    }

    [Theory, MemberData(nameof(Prepared))]
    public void Sessions_run_while_the_parameters_are_written(string text, int threads)
    {
        const int Callers = 3, Forwards = 300, Samples = 2;
        Stack stack = Stack.Parse(text);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        float[] input = Numbers.Uniform(1, Samples * stack.Input.Size);
        float[][] values = Values(net, 2);
        Set(net, values);
        float[] expected = Alone(stack, values, input, Samples);

        int wrong = 0, computing = Callers;
        Together(Callers + 1, caller =>
        {
            if (caller == Callers)
            {
                // The same values, so that every output is known; the version changes each time, under the sessions.
                while (Volatile.Read(ref computing) > 0)
                    net.LayerParameters[0].CopyFrom(values[0]);
                return;
            }
            var output = new float[Samples * stack.Output.Size];
            for (int i = 0; i < Forwards; i++)
            {
                // Now and then a session of its own age.
                using ISessionAdapter session = net.CreateSession(Samples, new SessionOptions { Threads = threads });
                for (int j = 0; j < 4; j++)
                {
                    session.Forward(input, output);
                    if (!output.AsSpan().SequenceEqual(expected))
                        Interlocked.Increment(ref wrong);
                }
            }
            Interlocked.Decrement(ref computing);
        });
        Assert.Equal(0, wrong);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_session_refuses_a_second_caller_and_serves_the_first(int threads)
    {
        const int Samples = 40, Callers = 3;
        Stack stack = Stack.Parse("in:3x16x16 conv:16,k3,p1 bn relu max:k2 flatten linear:32 relu linear:5 ce");
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        using ISessionAdapter session = net.CreateSession(Samples, new SessionOptions { Threads = threads });
        // A caller of few and callers of many samples: the fields of one must not reach the work of another.
        float[] input = Numbers.Uniform(1, Samples * stack.Input.Size);
        int[] counts = [Samples, 1, 17];
        float[][] expected = [.. counts.Select(n => Alone(stack, Values(net), input, n))];
        int wrong = 0, refused = 0, served = 0;
        Together(Callers, caller =>
        {
            int n = counts[caller];
            for (int i = 0; i < 20_000 && (i < 200 || Volatile.Read(ref refused) < 50); i++)
            {
                var output = new GuardedBuffer(n * stack.Output.Size);
                try
                {
                    session.Forward(input.AsSpan(0, n * stack.Input.Size), output.Span);
                    Interlocked.Increment(ref served);
                    if (!output.Span.SequenceEqual(expected[caller]))
                        Interlocked.Increment(ref wrong);
                }
                catch (InvalidOperationException refusal)
                {
                    Interlocked.Increment(ref refused);
                    if (!refusal.Message.Contains("A session serves one caller at a time", StringComparison.Ordinal) || !output.IsUntouched)
                        Interlocked.Increment(ref wrong);
                }
                output.CheckEdges($"caller {caller}");
            }
        });
        Assert.Equal(0, wrong);
        Assert.True(served > 0 && refused > 0, $"{served} served, {refused} refused");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_trainer_refuses_a_second_caller_and_steps_for_the_first(int threads)
    {
        const int Samples = 24, Callers = 3, Most = 2_000;
        Stack stack = Stack.Parse("in:3x8x8 conv:16,k3,p1 bn relu max:k2 flatten drop:0.2 linear:5 ce");
        float[] input = Numbers.Uniform(1, Samples * stack.Input.Size);
        Target target = Target.For(stack, 2, Samples);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        var options = new TrainerOptions { Threads = threads };
        int steps = 0, refused = 0, wrong = 0;
        using (ITrainerAdapter trainer = net.CreateTrainer(Samples, new Adam(1e-3f), options))
        {
            Together(Callers, caller =>
            {
                for (int i = 0; i < Most && (i < 50 || Volatile.Read(ref refused) < 20); i++)
                {
                    try
                    {
                        trainer.Step(input, target.Labels, target.Values);
                        Interlocked.Increment(ref steps);
                    }
                    catch (InvalidOperationException refusal)
                    {
                        Interlocked.Increment(ref refused);
                        if (!refusal.Message.Contains("A trainer serves one caller at a time", StringComparison.Ordinal))
                            Interlocked.Increment(ref wrong);
                    }
                }
            });
        }
        Assert.Equal(0, wrong);
        Assert.True(steps > 0 && refused > 0, $"{steps} steps, {refused} refused");

        // Refused calls have left no trace: as many steps of one caller give the same bits.
        INetworkInstance alone = CompiledNetworks.Of(stack).Create(1);
        using (ITrainerAdapter trainer = alone.CreateTrainer(Samples, new Adam(1e-3f), options))
        {
            for (int i = 0; i < steps; i++)
                trainer.Step(input, target.Labels, target.Values);
        }
        Assert.Equal(Values(alone), Values(net));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Disposal_under_a_running_call_waits_for_its_end(int threads)
    {
        const int Rounds = 150, Samples = 16;
        Stack stack = Stack.Parse("in:3x8x8 conv:16,k3,p1 bn relu max:k2 flatten drop:0.2 linear:5 ce");
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        float[] input = Numbers.Uniform(1, Samples * stack.Input.Size);
        Target target = Target.For(stack, 2, Samples);
        float[] expected = Alone(stack, Values(net), input, Samples);
        int wrong = 0;
        for (int round = 0; round < Rounds; round++)
        {
            ISessionAdapter session = net.CreateSession(Samples, new SessionOptions { Threads = threads });
            RunUntilDisposed(session, () =>
            {
                var output = new float[Samples * stack.Output.Size];
                session.Forward(input, output);
                if (!output.AsSpan().SequenceEqual(expected))
                    Interlocked.Increment(ref wrong);
            });
            INetworkInstance trained = CompiledNetworks.Of(stack).Create(1);
            ITrainerAdapter trainer = trained.CreateTrainer(Samples, new SGD(0.01f, momentum: 0.9f),
                new TrainerOptions { Threads = threads });
            RunUntilDisposed(trainer, () =>
            {
                trainer.Step(input, target.Labels, target.Values);
                // Gradients are read on the thread that steps, while another disposes of the trainer.
                _ = trainer.Gradients[0].ToArray();
            });
        }
        Assert.Equal(0, wrong);

        static void RunUntilDisposed(IDisposable disposable, Action call)
        {
            using var running = new ManualResetEventSlim();
            Together(2, caller =>
            {
                if (caller == 1)
                {
                    running.Wait();
                    disposable.Dispose();
                    return;
                }
                try
                {
                    while (true)
                    {
                        call();
                        running.Set();
                    }
                }
                catch (ObjectDisposedException)
                {
                    // What every call after the disposal must throw.
                }
            });
        }
    }

    public static TheoryData<string> Shared => new(
        "in:1x28x28 conv:8,k7,p3 relu max:k2 conv:16,k5,p2 relu max:k2 drop2d:0.25 flatten linear:32 relu drop:0.5 linear:10 ce",
        "in:16x8x8 conv:16,k3,p1 bn relu conv:16,k3,p1 bn relu flatten linear:4 ce",
        "in:1x12x12 conv:6,k5,p2 sigmoid avg:k2 flatten linear:30 sigmoid linear:4 ce");

    // With more threads than cores somebody always waits, so that both ways are tried again and again: within one training the work is
    // shared and not.
    [Theory, MemberData(nameof(Shared))]
    public void Bits_are_the_same_whether_threads_share_the_work_or_the_caller_does_it_alone(string text)
    {
        const int Samples = 20;
        int many = Environment.ProcessorCount + 1;
        Stack stack = Stack.Parse(text);
        float[] input = Numbers.Uniform(1, Samples * stack.Input.Size);
        Target target = Target.For(stack, 2, Samples);
        INetworkInstance[] nets = [CompiledNetworks.Of(stack).Create(1), CompiledNetworks.Of(stack).Create(1)];
        var outputs = new float[2][];
        int steps = 0;
        AppContext.SetSwitch("NetGen.AlwaysShareWork", false);
        try
        {
            using ITrainerAdapter trainer = nets[0].CreateTrainer(Samples, new Adam(1e-3f), new TrainerOptions { Threads = many });
            using ISessionAdapter session = nets[0].CreateSession(Samples, new SessionOptions { Threads = many });
            // Longer than a trial of each way, and the time that the first winner is kept.
            for (long begin = Stopwatch.GetTimestamp();
                steps < 50 || Stopwatch.GetElapsedTime(begin) < TimeSpan.FromMilliseconds(400);
                steps++)
                trainer.Step(input, target.Labels, target.Values);
            outputs[0] = new float[Samples * stack.Output.Size];
            for (int round = 0; round < 300; round++)
            {
                for (int i = 0; i < Samples; i++)
                    session.Forward(input.AsSpan(i * stack.Input.Size, stack.Input.Size),
                        outputs[0].AsSpan(i * stack.Output.Size, stack.Output.Size));
            }
        }
        finally
        {
            AppContext.SetSwitch("NetGen.AlwaysShareWork", true);
        }
        using (ITrainerAdapter trainer = nets[1].CreateTrainer(Samples, new Adam(1e-3f)))
        {
            for (int i = 0; i < steps; i++)
                trainer.Step(input, target.Labels, target.Values);
        }
        Assert.Equal(Values(nets[1]), Values(nets[0]));
        using ISessionAdapter one = nets[1].CreateSession();
        outputs[1] = new float[Samples * stack.Output.Size];
        for (int i = 0; i < Samples; i++)
            one.Forward(input.AsSpan(i * stack.Input.Size, stack.Input.Size), outputs[1].AsSpan(i * stack.Output.Size, stack.Output.Size));
        Assert.Equal(outputs[1], outputs[0]);
    }

    private static float[][] Values(INetworkInstance net) => [.. net.LayerParameters.Select(p => p.ToArray())];

    private static float[][] Values(INetworkInstance net, int seed)
        => [.. net.LayerParameters.Select((p, i) =>
            Numbers.Uniform(100 * seed + i, p.Length).Select(v => p.Kind == ParameterKind.Buffer ? Math.Abs(v) + 0.5f : v).ToArray())];

    private static void Set(INetworkInstance net, float[][] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (net.LayerParameters[i].Kind != ParameterKind.Counter)
                net.LayerParameters[i].CopyFrom(values[i]);
        }
    }

    private static float[] Alone(Stack stack, float[][] values, float[] input, int samples)
    {
        INetworkInstance net = CompiledNetworks.Of(stack).Create(9);
        Set(net, values);
        var output = new float[samples * stack.Output.Size];
        using ISessionAdapter session = net.CreateSession(samples);
        session.Forward(input.AsSpan(0, samples * stack.Input.Size), output);
        return output;
    }

    private static void Together(int callers, Action<int> work)
    {
        var failures = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(caller => new Thread(() =>
        {
            try
            {
                work(caller);
            }
            catch (Exception failure)
            {
                lock (failures)
                    failures.Add(failure);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }
}
