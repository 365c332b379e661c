using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>Once warm, nothing is allocated: not by the calling thread, and not by workers.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    // Alone: the process-wide counter counts what other tests allocate.
    [CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
    public sealed class Alone;

    private const int Batch = 17, WarmUp = 40, Attempts = 20;

    public static TheoryData<string, int> Table
    {
        get
        {
            var table = new TheoryData<string, int>();
            foreach (string stack in new[]
            {
                "in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:120 sigmoid linear:84 sigmoid linear:10 ce",
                "in:16 linear:32 relu linear:16 relu linear:4 ce",
                "in:16x8x8 conv:32,k3,p1 relu conv:16,k5,p2 flatten linear:4 ce",
                "in:3x8x8 conv:16,k3,p1 relu res[ conv:16,k3,p1 gelu ] max:k2 drop2d:0.2 flatten drop:0.5 linear:4 mse",
                "in:1x8x8 conv:6,k3 user:quickgelu avg:k2 flatten linear:17 user:smoothrelu linear:4 ce",
            })
            {
                foreach (int threads in new[] { 1, 2 })
                    table.Add(stack, threads);
            }
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_warm_session_and_trainer_allocate_nothing(string text, int threads)
    {
        Stack stack = Stack.Parse(text);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        float[] input = Numbers.Uniform(1, Batch * stack.Input.Size), output = new float[Batch * stack.Output.Size],
            inputGradient = new float[input.Length];
        float[] outputGradient = Numbers.Uniform(2, output.Length);
        Target target = Target.For(stack, 3, Batch);
        Target shorter = Target.For(stack, 3, 5);

        using ISessionAdapter session = net.CreateSession(Batch, new SessionOptions { Threads = threads });
        AssertAllocatesNothing("Forward", () => session.Forward(input, output));
        AssertAllocatesNothing("Forward of fewer samples",
            () => session.Forward(input.AsSpan(0, 5 * stack.Input.Size), output.AsSpan(0, 5 * stack.Output.Size)));

        foreach (Optimizer optimizer in new Optimizer[] { new SGD(1e-3f, momentum: 0.9f), new Adam(), new AdamW() })
        {
            using ITrainerAdapter trainer = net.CreateTrainer(Batch, optimizer, new TrainerOptions { Threads = threads });
            string name = optimizer.GetType().Name;
            AssertAllocatesNothing($"Step with {name}", () => trainer.Step(input, target.Labels, target.Values));
            AssertAllocatesNothing($"Step of fewer samples with {name}",
                () => trainer.Step(input.AsSpan(0, 5 * stack.Input.Size), shorter.Labels, shorter.Values));
            AssertAllocatesNothing($"Forward, Backward, Update with {name}", () =>
            {
                trainer.Forward(input, output);
                trainer.Backward(target.Labels, target.Values, inputGradient);
                trainer.Update();
            });
            trainer.AccumulateGradients = true;
            AssertAllocatesNothing($"Gradients of several passes with {name}", () =>
            {
                trainer.Forward(input, output);
                trainer.Backward(target.Labels, target.Values, inputGradient);
                trainer.Forward(input, output);
                trainer.BackwardFromOutput(outputGradient, inputGradient);
                trainer.Update();
            });
            trainer.AccumulateGradients = false;
            AssertAllocatesNothing($"BackwardFromOutput with {name}", () =>
            {
                trainer.Forward(input, output);
                trainer.BackwardFromOutput(outputGradient, inputGradient);
            });
        }
    }

    [Theory]
    [InlineData("in@a:9 linear:20 normalize out:x in@b:7 linear:20 normalize out:y contrastive:of=x/y,t=0.1")]
    [InlineData("in@a:9 linear@l:20 out:x in@b:9 linear:20,&l out:y in@c:9 linear:20,&l out:z triplet:of=x/y/z")]
    public void A_warm_trainer_of_several_outputs_allocates_nothing(string text)
    {
        Stack stack = Stack.Parse(text);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        ReadOnlyMemory<float>[] inputs = [.. stack.Inputs.Select(port => (ReadOnlyMemory<float>)Memory(port))];
        ReadOnlyMemory<float>[] fewer = [.. stack.Inputs.Select(port => (ReadOnlyMemory<float>)Memory(port)[..(5 * port.Shape.Size)])];
        Memory<float>[] outputs = [.. stack.Outputs.Select(Memory)], inputGradients = [.. stack.Inputs.Select(Memory)];
        Memory<float>[] fewerOutputs = [.. stack.Outputs.Select(port => Memory(port)[..(5 * port.Shape.Size)])];
        Memory<float>[] fewerGradients = [.. stack.Inputs.Select(port => Memory(port)[..(5 * port.Shape.Size)])];
        using ITrainerAdapter trainer = net.CreateTrainer(Batch, new Adam(), new TrainerOptions { Threads = 2 });
        AssertAllocatesNothing("Forward, Backward, Update", () =>
        {
            trainer.Forward(inputs, outputs);
            trainer.Backward([], [], inputGradients);
            trainer.Update();
        });
        AssertAllocatesNothing("Forward, Backward, Update with fewer samples", () =>
        {
            trainer.Forward(fewer, fewerOutputs);
            trainer.Backward([], [], fewerGradients);
            trainer.Update();
        });

        static Memory<float> Memory(Port port) => Numbers.Uniform(1, Batch * port.Shape.Size);
    }

    /// <summary>Recurrent layers, attention and convolutions, one step at a time and several.</summary>
    [Fact]
    public void A_stream_allocates_nothing()
    {
        foreach (Stack stack in StreamRows.Stacks.Where(stack => !stack.Inputs[0].IsInts))
        {
            using IStreamAdapter stream = CompiledNetworks.Streams[stack.Name].Create(1).CreateStream(), other = stream.Fork();
            ReadOnlyMemory<float>[] one = Inputs(1), some = Inputs(3);
            Memory<float>[] ofOne = Outputs(1), ofSome = Outputs(3);
            AssertAllocatesNothing(stack.Text, () =>
            {
                stream.Reset();
                stream.Step(one, ofOne);
                stream.Prefill(some, ofOne);
                stream.Prefill(one);
                stream.Reset();
                stream.Step(some, ofSome);
                other.CopyFrom(stream);
            });

            ReadOnlyMemory<float>[] Inputs(int steps)
                => [.. stream.InputSizes.Select(size => (ReadOnlyMemory<float>)Numbers.Uniform(1, steps * size))];

            Memory<float>[] Outputs(int steps) => [.. stream.OutputSizes.Select(size => new float[steps * size].AsMemory())];
        }
    }

    // Compiled code allocates nothing from the first call on: not even where threads sleep for the first time.
    [Theory, InlineData(1), InlineData(2)]
    public void A_new_session_and_trainer_of_a_warm_network_allocate_nothing_from_the_first_call(int threads)
    {
        Stack stack = Stack.Parse("in:3x8x8 conv:16,k3,p1 relu res[ conv:16,k3,p1 gelu ] max:k2 drop2d:0.2 flatten drop:0.5 linear:4 ce");
        INetworkInstance net = CompiledNetworks.Of(stack).Create(1);
        float[] input = Numbers.Uniform(1, Batch * stack.Input.Size), output = new float[Batch * stack.Output.Size];
        Target target = Target.For(stack, 3, Batch);
        long own = long.MaxValue, total = long.MaxValue;
        for (int attempt = 0; attempt < WarmUp + Attempts && (attempt < WarmUp || own > 0 || total > 0); attempt++)
        {
            using ISessionAdapter session = net.CreateSession(Batch, new SessionOptions { Threads = threads });
            using ITrainerAdapter trainer = net.CreateTrainer(Batch, new Adam(), new TrainerOptions { Threads = threads });
            long totalBefore = GC.GetTotalAllocatedBytes(precise: true), ownBefore = GC.GetAllocatedBytesForCurrentThread();
            session.Forward(input, output);
            trainer.Step(input, target.Labels, target.Values);
            // The others fall asleep.
            Thread.Sleep(1);
            session.Forward(input, output);
            trainer.Step(input, target.Labels, target.Values);
            long ownAfter = GC.GetAllocatedBytesForCurrentThread(), totalAfter = GC.GetTotalAllocatedBytes(precise: true);
            if (attempt < WarmUp)
                continue;
            own = Math.Min(own, ownAfter - ownBefore);
            total = Math.Min(total, totalAfter - totalBefore);
        }
        Assert.Equal((0, 0), (own, total));
    }

    private static void AssertAllocatesNothing(string what, Action action)
    {
        const int Repetitions = 5;
        for (int i = 0; i < WarmUp; i++)
            action();

        // The runtime itself allocates now and then, when it compiles in the background for one: one clean attempt is proof.
        long own = long.MaxValue, total = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && (own > 0 || total > 0); attempt++)
        {
            long totalBefore = GC.GetTotalAllocatedBytes(precise: true), ownBefore = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Repetitions; i++)
                action();
            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
            total = Math.Min(total, GC.GetTotalAllocatedBytes(precise: true) - totalBefore);
        }
        Assert.True(own == 0, $"{what}: {own} bytes allocated by the calling thread in {Repetitions} calls.");
        Assert.True(total == 0, $"{what}: {total} bytes allocated by all threads in {Repetitions} calls.");
    }
}
