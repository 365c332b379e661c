using static TorchSharp.torch;

namespace TorchSharp.Peer;

/// <summary>One step: zero_grad, forward in training mode, cross-entropy, backward, Adam(1e-3).</summary>
internal sealed class Training : IRunner
{
    /// <summary>The TorchScript executor looks at types and shapes in its first runs and optimises after them.</summary>
    private const int ProfilingSteps = 3;

    private readonly jit.ScriptModule<Tensor, Tensor> _module;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _samples, _labels;

    /// <summary>Takes over the tensors.</summary>
    public Training(NetworkFiles models, bool channelsLast, Tensor samples, Tensor labels)
    {
        _module = models.Load(channelsLast: channelsLast);
        _module.train();
        _samples = channelsLast ? NetworkFiles.ToChannelsLast(samples) : samples;
        _labels = labels;
        _optimizer = optim.Adam(_module.parameters(), lr: 1e-3);
        Variant = channelsLast ? "TorchScript channels_last" : "TorchScript";
    }

    public string Variant { get; }

    /// <returns>The loss before the step.</returns>
    public float Step()
    {
        using Tensor loss = Advance();
        return loss.item<float>();
    }

    public void Run(int iterations)
    {
        for (int i = 0; i < iterations; i++)
            Advance().Dispose();
    }

    /// <summary>Lets the executor finish optimising, so that what is timed afterwards is what it settled on.</summary>
    public Training Settle()
    {
        Run(ProfilingSteps);
        return this;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _module.Dispose();
        _samples.Dispose();
        _labels.Dispose();
    }

    private Tensor Advance()
    {
        // The optimiser makes temporaries; without the scope they would wait for the garbage collector.
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor output = _module.forward(_samples);
        Tensor loss = nn.functional.cross_entropy(output, _labels);
        loss.backward();
        _optimizer.step();
        return loss.MoveToOuterDisposeScope();
    }
}
