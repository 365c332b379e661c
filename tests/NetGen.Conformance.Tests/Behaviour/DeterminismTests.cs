using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>The same seed gives the same bits, whatever the number of threads.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Table => new(
        "in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:120 sigmoid linear:84 sigmoid linear:10 ce",
        "in:1x14x14 conv:32,k7,p3 relu max:k2 conv:64,k5,p2 relu max:k2 drop2d:0.25 flatten linear:128 relu drop:0.5 linear:10 ce",
        "in:16x9x9 conv:32,k3,p1 relu res[ conv:32,k3,p1 relu conv:32,k5,p2 ] max:k3 drop2d:0.2 flatten linear:10 ce",
        "in:100 linear:64 relu drop:0.3 linear:10 ce",
        "in:3x9x9 conv:17,k3,p1 gelu res[ conv:17,k3,p1 relu conv:17,k3,p1 ] max:k3,s2 flatten linear:5 mse",
        "in:3x9x9 conv:17,k3,p1 relu conv:3,k1 bcelogits:p=2/1/3", "in:20 linear:5 ce:w=1/0.5/2/3/4,e=0.1,i=-1",
        "in:20 linear:33 ce:prob,e=0.1", "in:20 linear:35 tanh cosine:m=0.3",
        "in@a:3x8x8 conv:16,k3,p1 relu aavg:1 flatten linear:35 normalize out:x in@b:20 linear:35 normalize out:y linear:3 out:z "
            + "contrastive:of=x/y,t=0.1 mse:of=z",
        "in@a:20 linear@l:35 out:x in@b:20 linear:35,&l out:y in@c:20 linear:35,&l out:z triplet:of=x/y/z",
        // Several inputs, outputs and losses, shared parameters, statistics of the batch between them, a value with many readers.
        "in@a:3x8x8 seq[@t conv:20,k3,p1 bn relu max:k2 flatten drop:0.2 linear:17 ] out:u in@b:3x8x8 seq[:&t conv:20,k3,p1 bn relu "
            + "max:k2 flatten drop:0.2 linear:17 ] sub:t linear:3 out:same ce:of=same mse:of=u,factor=0.3",
        "in@image:3x9x9 conv:33,k3,p1 relu@m out:map aavg:1 flatten linear:17 tanh@seen in@position:5 linear:17 add:seen mul:seen "
            + "out:features linear:4 out:kind from:m conv:6,k3 out:mask ce:of=kind,e=0.1 bcelogits:of=mask,factor=0.5 l1:of=features,sum",
        "in:16x6x6 conv@a:16,k3,p1 relu conv:16,k3,p2,d2,&a relu@r conv:16,k3,p1,&a concat:r mean:2x3 linear:5 mse");

    [Theory]
    [MemberData(nameof(Table))]
    public void Training_gives_the_same_bits_at_every_thread_count(string text)
    {
        Stack stack = Stack.Parse(text);
        foreach (VectorWidth width in NetworkChecker.Widths)
        {
            (float[] Losses, float[][] Parameters) first = Train(stack, width, threads: 1);
            foreach (int threads in new[] { 1, 2, 3 })
            {
                (float[] losses, float[][] parameters) = Train(stack, width, threads);
                Assert.True(first.Losses.AsSpan().SequenceEqual(losses),
                    $"{text}, {width}: losses with {threads} threads [{string.Join(", ", losses)}], with one [{string.Join(", ", first.Losses)}].");
                for (int p = 0; p < parameters.Length; p++)
                {
                    int differing = parameters[p].Where((v, i) =>
                        BitConverter.SingleToInt32Bits(v) != BitConverter.SingleToInt32Bits(first.Parameters[p][i])).Count();
                    Assert.True(differing == 0,
                        $"{text}, {width}: {differing} of {parameters[p].Length} elements of {stack.Parameters[p].Name} differ between {threads} threads and one.");
                }
            }
        }
    }

    /// <summary>Four full batches and a short one.</summary>
    private static (float[] Losses, float[][] Parameters) Train(Stack stack, VectorWidth width, int threads)
    {
        const int Batch = 21, Short = 10;
        INetworkInstance net = CompiledNetworks.Of(stack).Create(42);
        using ITrainerAdapter trainer = net.CreateTrainer(Batch, new Adam(1e-2f),
            new TrainerOptions { VectorWidth = width, Threads = threads, Seed = 7 });
        var losses = new float[5];
        for (int step = 0; step < losses.Length; step++)
        {
            int n = step == losses.Length - 1 ? Short : Batch;
            IReadOnlyList<Target> targets = Target.All(stack, 90 + step, n);
            ReadOnlyMemory<float>[] inputs = [.. stack.Samples(50 + step, n)];
            losses[step] = trainer.Step(inputs, NetworkChecker.Labels(targets, n, stack), NetworkChecker.Values(targets, n, stack));
        }
        return (losses, net.LayerParameters.Select(p => p.ToArray()).ToArray());
    }

    [Fact]
    public void Inference_gives_the_same_bits_at_every_thread_count_and_batch()
    {
        Stack stack = Stack.Parse("in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:120 sigmoid linear:84 sigmoid linear:10 ce");
        const int Count = 33;
        float[] input = Numbers.Uniform(3, Count * stack.Input.Size);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(4);
        var first = new float[Count * stack.Output.Size];
        using (ISessionAdapter session = net.CreateSession(Count))
            session.Forward(input, first);
        foreach (int threads in new[] { 2, 3 })
        {
            var output = new float[first.Length];
            using ISessionAdapter session = net.CreateSession(Count, new SessionOptions { Threads = threads });
            session.Forward(input, output);
            Assert.Equal(first, output);
        }
    }

    public static TheoryData<string> Shared => new(
        "in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:120 sigmoid linear:84 sigmoid linear:10",
        "in:1x28x28 conv:32,k7,p3 relu max:k2 conv:64,k5,p2 relu max:k2 flatten linear:128 relu linear:10",
        "in:16x9x9 conv:48,k3,p1 gelu res[ conv:48,k3,p1 relu conv:48,k3,p1 ] conv:33,k3,s2 softplus max:k3,s1,p1 flatten linear:300 gelu linear:70 sigmoid linear:7 softmax",
        "in:32x20x20 conv:32,k3,p1 bn relu conv:64,k3,p1 bn relu conv:64,k3,p1,g4 relu avg:k20 flatten linear:10",
        "in:512x2x2 conv:512,k3,p1 relu conv:512,k3,p1 relu flatten linear:40", "in:784 linear:256 relu linear:128 tanh linear:10");

    [Theory]
    [MemberData(nameof(Shared))]
    public void Threads_that_share_a_sample_give_the_bits_that_one_gives(string text)
    {
        Stack stack = Stack.Parse(text);
        const int Count = 3;
        float[] input = Numbers.Uniform(3, Count * stack.Input.Size);
        INetworkInstance net = CompiledNetworks.Of(stack).Create(4);
        foreach (VectorWidth width in NetworkChecker.Widths)
        {
            var alone = new float[Count * stack.Output.Size];
            using (ISessionAdapter session = net.CreateSession(1, new SessionOptions { VectorWidth = width }))
            {
                for (int i = 0; i < Count; i++)
                    session.Forward(input.AsSpan(i * stack.Input.Size, stack.Input.Size),
                        alone.AsSpan(i * stack.Output.Size, stack.Output.Size));
            }
            foreach ((int threads, int count) in new[] { (2, 1), (3, 2), (4, 3), (7, 1) })
            {
                var together = new float[count * stack.Output.Size];
                using ISessionAdapter session = net.CreateSession(Count, new SessionOptions { VectorWidth = width, Threads = threads });
                session.Forward(input.AsSpan(0, count * stack.Input.Size), together);
                Assert.Contains("share each sample", session.Schedule);
                Assert.Equal(alone.AsSpan(0, together.Length).ToArray(), together);
            }
        }
    }

    [Fact]
    public void Seeds_decide_the_parameters()
    {
        Stack stack = Stack.Parse("in:16 linear:32 relu linear:4 ce");
        ICompiledNetwork compiled = CompiledNetworks.Of(stack);
        float[][] Values(INetworkInstance net) => net.LayerParameters.Select(p => p.ToArray()).ToArray();
        Assert.Equal(Values(compiled.Create(1)), Values(compiled.Create(1)));
        Assert.NotEqual(Values(compiled.Create(1)), Values(compiled.Create(2)));
        // PyTorch's default: U(±1/√fan in), weights and biases.
        foreach ((Parameter parameter, ParameterInfo info) in compiled.Create(3).LayerParameters.Zip(stack.Parameters))
        {
            double bound = 1 / Math.Sqrt(info.FanIn);
            Assert.All(parameter.ToArray(), v => Assert.InRange(v, -bound, bound));
            Assert.Contains(parameter.ToArray(), v => Math.Abs(v) > bound / 2);
        }
        // The others set biases to zero.
        Assert.All(compiled.Create(3, Initialization.XavierUniform).LayerParameters[1].ToArray(), v => Assert.Equal(0, v));
    }
}
