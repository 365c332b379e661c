using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>
/// What the trainers of all networks have in common, by a network of one weight: y = w · x, and half of the squared error as loss.
/// </summary>
public sealed class TrainerCoreTests
{
    private const int Batch = 20;
    private static readonly float[] Input = [.. Enumerable.Range(1, Batch).Select(i => 0.125f * i)];
    private static readonly float[] Target = [.. Enumerable.Range(1, Batch).Select(i => i % 3 - 1f)];

    [Theory, InlineData(1, 1), InlineData(3, 1), InlineData(2, 16)]
    public void A_step_is_forward_backward_and_update(int threads, int group)
    {
        using Scaled step = Create(threads, Plan(group)), parts = Create(threads, Plan(group));
        float loss = step.Step(Input, Target);
        var output = new float[Batch];
        parts.Forward(Input, output);
        Assert.Equal(Input.Select(x => 2 * x), output);
        var inputGradient = new float[Batch];
        Assert.Equal(loss, parts.Backward(Target, inputGradient));
        Assert.Equal(output.Zip(Target, (y, t) => (y - t) * (1f / Batch) * 2), inputGradient);
        parts.Update();
        Assert.Equal(step.Weight, parts.Weight);
        Assert.Equal(Batch, step.Losses.Length);
        Assert.Equal(step.Losses, parts.Losses);
        Assert.Equal(loss, (float)(step.Losses.Sum() / Batch));

        double gradient = Input.Zip(Target, (x, t) => (2 * x - t) * x).Sum() / Batch;
        Assert.Equal(2 - 0.1 * gradient, step.Weight, 1e-6);
        Assert.Equal(1u, step.Steps.Distinct().Single());
    }

    [Fact]
    public void Backward_from_a_gradient_of_the_caller_s()
    {
        using Scaled trainer = Create(2, Plan(1)), other = Create(2, Plan(1));
        var output = new float[Batch];
        trainer.Forward(Input, output);
        trainer.BackwardFromOutput([.. output.Zip(Target, (y, t) => (y - t) * (1f / Batch))]);
        trainer.Update();
        other.Step(Input, Target);
        Assert.Equal(other.Weight, trainer.Weight);
        Assert.Empty(trainer.Losses);
    }

    [Fact]
    public void Parts_run_in_front_of_the_forward_pass_and_behind_the_backward_pass()
    {
        TrainerPlan plan = Plan(1, forwardParts: 2, backwardParts: 4);
        using Scaled trainer = Create(1, plan);
        trainer.Step(Input, Target);
        string[] parts = ["backward", "part 2", "part 3", "part 4", "part 5", "weights"];
        Assert.Equal(["prepare", "part 0", "part 1", "forward", "loss", .. parts], trainer.Calls);
        trainer.Calls.Clear();
        trainer.Forward(Input, new float[Batch]);
        Assert.Equal(["prepare", "part 0", "part 1", "forward", "store"], trainer.Calls);
        trainer.Calls.Clear();
        trainer.Backward(Target, default);
        Assert.Equal(["prepare", "loss", .. parts], trainer.Calls);
        trainer.Calls.Clear();
        trainer.BackwardFromOutput(new float[Batch]);
        Assert.Equal(["prepare", "load", .. parts], trainer.Calls);
    }

    [Fact]
    public void Calls_come_in_their_order()
    {
        using Scaled trainer = Create(1, Plan(1));
        string early = Assert.Throws<InvalidOperationException>(() => trainer.Backward(Target, default)).Message;
        Assert.Equal("Backward needs a Forward before it.", early);
        Assert.Equal("Update needs a Backward before it.", Assert.Throws<InvalidOperationException>(trainer.Update).Message);
        trainer.Step(Input, Target);
        trainer.Update();
        trainer.Forward(Input, default);
        Assert.Throws<InvalidOperationException>(trainer.Update);
        trainer.Backward(Target, default);
        trainer.Update();
    }

    [Fact]
    public void Nothing_is_changed_where_the_output_is_refused()
    {
        using Scaled trainer = Create(2, Plan(1, requirement: "Outputs are below 8.")), other = Create(2, Plan(1));
        float[] tooLarge = [.. Input.Select((x, i) => i == 7 ? 10 : x)];
        string message = Assert.Throws<ArithmeticException>(() => trainer.Step(tooLarge, Target)).Message;
        Assert.Equal("Outputs are below 8. The output for sample 7 is not.", message);
        Assert.Equal(2, trainer.Weight);
        Assert.Throws<InvalidOperationException>(trainer.Update);
        Assert.Throws<InvalidOperationException>(() => trainer.Backward(Target, default));
        Assert.Equal(other.Step(Input, Target), trainer.Step(Input, Target));
        Assert.Equal(other.Weight, trainer.Weight);
    }

    [Fact]
    public void Batches_are_counted_and_one_sample_is_refused_where_a_normalisation_needs_more()
    {
        using Scaled trainer = Create(1, Plan(1, needsSeveral: "norm, BatchNorm1d(1)"));
        trainer.Step(Input, Target);
        trainer.Forward(Input.AsSpan(0, 2), default);
        Assert.Equal(2, trainer.Counter);
        var exception = Assert.Throws<ArgumentException>(() => trainer.Step(Input.AsSpan(0, 1), Target.AsSpan(0, 1)));
        Assert.Equal("input", exception.ParamName);
        Assert.StartsWith("norm, BatchNorm1d(1), needs more than one value", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, trainer.Counter);
    }

    [Fact]
    public void Training_goes_on_from_a_checkpoint()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("checkpoint");
        using Scaled first = Create(1, Plan(1)), second = Create(1, Plan(1));
        first.Step(Input, Target);
        first.SaveCheckpoint(path, new Dictionary<string, string> { ["epoch"] = "3" });
        Assert.Equal("3", second.LoadCheckpoint(path)["epoch"]);
        Assert.Throws<InvalidOperationException>(second.Update);
        Assert.Equal(first.Step(Input, Target), second.Step(Input, Target));
        Assert.Equal(first.Weight, second.Weight);
        Assert.Equal([2u], second.Steps);
    }

    [Fact]
    public void Serves_one_caller_and_none_after_its_disposal()
    {
        Scaled trainer = Create(2, Plan(1));
        trainer.DuringCall = () => Assert.Throws<InvalidOperationException>(trainer.Update);
        trainer.Step(Input, Target);
        trainer.DuringCall = trainer.Dispose;
        trainer.Step(Input, Target);
        Assert.Throws<ObjectDisposedException>(() => trainer.Step(Input, Target));
        Assert.Throws<ObjectDisposedException>(trainer.Update);
        trainer.Dispose();
    }

    private static TrainerPlan Plan(
        int group, int forwardParts = 0, int backwardParts = 0, string? requirement = null, string? needsSeveral = null) => new()
    {
        LearnedLength = 2,
        RowLength = 2,
        PreparedLength = 1,
        ScratchLength = 0,
        SamplesPerGroup = group,
        ForwardParts = forwardParts,
        BackwardParts = backwardParts,
        HasLoss = true,
        OutputRequirement = requirement,
        NeedsSeveralSamples = needsSeveral,
        BatchCounters = needsSeveral is null ? [] : [2],
        Schedule = "one weight",
    };

    private static Scaled Create(int threads, TrainerPlan plan)
    {
        var buffer = new AlignedBuffer(4);
        var one = new TensorLayout(new TensorDimension(1, 1, 1, 0));
        var weight = new Parameter("weight", [1], buffer, 0, one, ParameterKind.Weight, 1, 1);
        var counter = new Parameter("counter", [1], buffer, 2, one, ParameterKind.Counter, 1, 1);
        weight.Fill(2);
        return new Scaled(plan, buffer, weight, counter, threads);
    }

    private sealed unsafe class Scaled(TrainerPlan plan, AlignedBuffer buffer, Parameter weight, Parameter counter, int threads)
        : TrainerCore(plan, new OneWeight(), buffer, [weight, counter], Batch, new SGD(0.1f),
            new TrainerOptions { Threads = threads, VectorWidth = VectorWidth.Vector128 })
    {
        private float* _input, _output, _target, _outputGradient, _inputGradient;

        public List<string> Calls { get; } = [];

        public List<uint> Steps { get; } = [];

        public Action? DuringCall { get; set; }

        public float Weight => weight[0];

        public long Counter => counter.CounterValue;

        public double[] Losses => LossOfEachSample.ToArray();

        public float Step(ReadOnlySpan<float> input, ReadOnlySpan<float> target)
        {
            using Call call = Enter();
            DuringCall?.Invoke();
            fixed (float* inputs = input, targets = target)
            {
                _input = inputs;
                _target = targets;
                _inputGradient = null;
                return RunStep(input.Length, input.Length);
            }
        }

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            using Call call = Enter();
            fixed (float* inputs = input, outputs = output)
            {
                _input = inputs;
                _output = outputs;
                RunForward(input.Length);
            }
        }

        public float Backward(ReadOnlySpan<float> target, Span<float> inputGradient)
        {
            using Call call = Enter();
            int samples = SamplesOfForward();
            fixed (float* targets = target, result = inputGradient)
            {
                _target = targets;
                _inputGradient = result;
                return RunBackward(samples, result != null);
            }
        }

        public void BackwardFromOutput(ReadOnlySpan<float> outputGradient)
        {
            using Call call = Enter();
            SamplesOfForward();
            fixed (float* gradient = outputGradient)
            {
                _outputGradient = gradient;
                _inputGradient = null;
                RunBackwardFromOutput(wantsInputGradient: false);
            }
        }

        // The arena keeps the input, and behind those of all samples the output, which becomes its gradient.
        protected override void ComputeForward(in Share share)
        {
            Called("forward");
            lock (Steps)
                Steps.Add(share.Step);
            for (int i = share.First; i < share.First + share.Count; i++)
            {
                share.Arena[i] = _input[i];
                share.Arena[share.Capacity + i] = *share.Prepared * share.Arena[i];
            }
        }

        protected override void StoreOutput(in Share share)
        {
            Called("store");
            float* output = share.Of(_output, 1);
            for (int i = 0; output != null && i < share.Count; i++)
                output[i] = share.Arena[share.Capacity + share.First + i];
        }

        protected override void ComputeLoss(in Share share)
        {
            Called("loss");
            for (int i = 0; i < share.Count; i++)
            {
                float* output = share.Arena + share.Capacity + share.First + i;
                float difference = *output - share.Of(_target, 1)[i];
                share.Losses[i] = *output < 8 ? 0.5 * difference * difference : double.NegativeInfinity;
                *output = difference * share.Scale;
            }
        }

        protected override void LoadOutputGradient(in Share share)
        {
            Called("load");
            for (int i = 0; i < share.Count; i++)
                share.Arena[share.Capacity + share.First + i] = share.Of(_outputGradient, 1)[i];
        }

        protected override void ComputeBackward(in Share share)
        {
            Called("backward");
            float* result = share.Of(_inputGradient, 1);
            Assert.Equal(result != null, share.WantsInputGradient);
            for (int i = 0; result != null && i < share.Count; i++)
                result[i] = share.Arena[share.Capacity + share.First + i] * *share.Prepared;
        }

        protected override void ComputePart(int part, in Share share) => Called($"part {part}");

        protected override void ComputeWeightGradients(in Share share)
        {
            Called("weights");
            if (share.Worker > 0)
                return;
            double sum = 0;
            for (int i = 0; i < share.Samples; i++)
                sum += (double)share.Arena[share.Capacity + i] * share.Arena[i];
            share.Gradients[0] = (float)sum;
        }

        protected override void PrepareWeights(in Share share)
        {
            Called("prepare");
            if (share.Worker == 0)
                *share.Prepared = *share.Parameters;
        }

        private void Called(string what)
        {
            lock (Calls)
                Calls.Add(what);
        }
    }
}
