using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>The trainer of <see cref="Scaling"/>, as the generator would write it.</summary>
internal sealed unsafe class ScalingTrainer(
    Scaling net, int batchSize, Optimizer optimizer, TrainerOptions options, bool hasKernels, bool refuses)
    : TrainerCore(Plan(net, hasKernels, refuses), net, net.Buffer, net.Parameters, batchSize, optimizer, options)
{
    private readonly int _features = net.Features;
    private float* _input, _output, _outputGradient, _inputGradient, _target;

    public Parameter Gradient(Parameter parameter) => parameter.In(GradientBuffer, parameter.Name);

    public int[] GradientBits
        => [.. Floats.Bits(Gradient(net.First).ToArray()), .. Floats.Bits(Gradient(net.Second).ToArray())];

    public double[] Losses => LossOfEachSample.ToArray();

    public float Step(ReadOnlySpan<float> input, ReadOnlySpan<float> target)
    {
        using Call call = Enter();
        fixed (float* inputs = input, targets = target)
        {
            Set(inputs, null, null, null, targets);
            return RunStep(SamplesOf(input.Length, _features), input.Length);
        }
    }

    public void Forward(ReadOnlySpan<float> input, Span<float> output)
    {
        using Call call = Enter();
        fixed (float* inputs = input, outputs = output)
        {
            Set(inputs, outputs, null, null, null);
            RunForward(SamplesOf(input.Length, _features));
        }
    }

    public float Backward(ReadOnlySpan<float> target, Span<float> inputGradient = default)
    {
        using Call call = Enter();
        int samples = SamplesOfForward();
        fixed (float* targets = target, gradient = inputGradient)
        {
            Set(null, null, null, gradient, targets);
            return RunBackward(samples * _features, gradient != null);
        }
    }

    public void BackwardFromOutput(ReadOnlySpan<float> outputGradient, Span<float> inputGradient = default)
    {
        using Call call = Enter();
        SamplesOfForward();
        fixed (float* outputs = outputGradient, gradient = inputGradient)
        {
            Set(null, null, outputs, gradient, null);
            RunBackwardFromOutput(gradient != null);
        }
    }

    public void Enqueue(ReadOnlySpan<float> input, ReadOnlySpan<float> target)
    {
        using Queueing queueing = Queue();
        Step(input, target);
    }

    protected override float StepBatch(in Batch batch) => Step(batch.Input, batch.Values);

    protected override void* AddressOf(int port) => port switch
    {
        0 => _input,
        1 => _output,
        2 => _outputGradient,
        3 => _inputGradient,
        _ => _target,
    };

    protected override void ComputePart(int part, in Share share)
    {
        if (share.Worker > 0)
            return;
        float* mean = share.Parameters + net.Mean.Offset;
        *mean = MathF.FusedMultiplyAdd(*mean, 0.5f, share.Step) + (uint)share.Seed;
    }

    protected override void ComputeForward(in Share share)
    {
        float* weights = Weights(share);
        for (int i = share.First * _features; i < (share.First + share.Count) * _features; i++)
        {
            share.Arena[i] = _input[i];
            share.Arena[share.Capacity * _features + i] = _input[i] * weights[i % _features];
        }
    }

    protected override void StoreOutput(in Share share)
    {
        for (int i = share.First * _features; _output != null && i < (share.First + share.Count) * _features; i++)
            _output[i] = share.Arena[share.Capacity * _features + i];
    }

    protected override void ComputeLoss(in Share share)
    {
        for (int s = 0; s < share.Count; s++)
        {
            double sum = 0;
            for (int i = (share.First + s) * _features; i < (share.First + s + 1) * _features; i++)
            {
                float y = share.Arena[share.Capacity * _features + i], difference = y - _target[i];
                sum += 0.5 * difference * difference;
                if (y >= Scaling.Limit)
                    sum = double.NegativeInfinity;
                share.Arena[2 * share.Capacity * _features + i] = difference * share.Scale;
            }
            share.Losses[s] = sum;
        }
    }

    protected override void LoadOutputGradient(in Share share)
    {
        for (int i = share.First * _features; i < (share.First + share.Count) * _features; i++)
            share.Arena[2 * share.Capacity * _features + i] = _outputGradient[i];
    }

    protected override void ComputeBackward(in Share share)
    {
        float* weights = Weights(share);
        for (int i = share.First * _features; _inputGradient != null && i < (share.First + share.Count) * _features; i++)
            _inputGradient[i] = share.Arena[2 * share.Capacity * _features + i] * weights[i % _features];
    }

    protected override void ComputeWeightGradients(in Share share)
    {
        if (share.Worker > 0)
            return;
        for (int i = 0; i < net.A + Scaling.B; i++)
        {
            float sum = 0;
            for (int s = 0; s < share.Samples; s++)
                sum = MathF.FusedMultiplyAdd(share.Arena[2 * share.Capacity * _features + s * _features + i],
                    share.Arena[s * _features + i], sum);
            int half = net.A / 2;
            share.Gradients[i < net.A ? i / half + 2 * (i % half) : net.Second.Offset + i - net.A] = sum;
        }
    }

    // In PyTorch's order.
    protected override void PrepareWeights(in Share share)
    {
        if (share.Worker > 0)
            return;
        float[] weights = [.. net.First.ToArray(), .. net.Second.ToArray(), .. net.Third.ToArray()];
        weights.CopyTo(new Span<float>(share.Prepared, _features));
    }

    private static float* Weights(in Share share) => share.Prepared;

    private void Set(float* input, float* output, float* outputGradient, float* inputGradient, float* target)
    {
        _input = input;
        _output = output;
        _outputGradient = outputGradient;
        _inputGradient = inputGradient;
        _target = target;
    }

    private static TrainerPlan Plan(Scaling net, bool hasKernels, bool refuses) => new()
    {
        LearnedLength = net.Learned,
        GradientLength = net.Learned,
        RowLength = 3 * net.Features,
        PreparedLength = net.Features,
        ScratchLength = 0,
        ForwardParts = 1,
        HasLoss = true,
        OutputRequirement = refuses ? "Outputs are below 10⁶." : null,
        BatchCounters = [net.Count.Offset],
        Schedule = "by hand",
        Device = hasKernels ? net.Kernels : null,
    };
}
