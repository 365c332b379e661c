using NetGen.Samples;

namespace NetGen.Serving.Load;

/// <summary>A way to answer a request for one image.</summary>
internal abstract class Contender : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract ValueTask ForwardAsync(float[] image, float[] logits);

    public abstract ValueTask DisposeAsync();
}

/// <summary>Each request makes a session for itself.</summary>
internal sealed class NewSession(MnistConvNet network) : Contender
{
    public override string Name => "a new session for each request";

    public override async ValueTask ForwardAsync(float[] image, float[] logits)
    {
        // As a request comes: on a thread of the pool.
        await Task.Yield();
        using MnistConvNet.Session session = network.CreateSession();
        session.Forward(image, logits);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Each request takes a session from a pool, and gives it back.</summary>
internal sealed class PooledSession(MnistConvNet network) : Contender
{
    private readonly SessionPool<MnistConvNet> _sessions = new(network);

    public override string Name => "a session from a pool for each request";

    public override async ValueTask ForwardAsync(float[] image, float[] logits)
    {
        await Task.Yield();
        ISession session = _sessions.Get();
        try
        {
            session.Forward(image, logits);
        }
        finally
        {
            _sessions.Return(session);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Requests that wait are computed together.</summary>
internal sealed class Batched(MnistConvNet network, ServingOptions options) : Contender
{
    private readonly Predictor<MnistConvNet> _predictor = new(network, options);

    public override string Name { get; } =
        $"batches of up to {options.MaxBatch}{(options.Workers > 0 ? $", {options.Workers} worker of {options.Threads} threads" : "")}";

    public override ValueTask ForwardAsync(float[] image, float[] logits) => _predictor.ForwardAsync(image, logits);

    public override ValueTask DisposeAsync() => _predictor.DisposeAsync();
}
