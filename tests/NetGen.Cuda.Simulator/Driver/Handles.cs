using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Driver;

/// <summary>A queue of operations, done in order.</summary>
internal sealed class Stream(int line)
{
    /// <summary>Its number among the lines of work.</summary>
    public int Line => line;

    /// <summary>What is to be done, and what the host knew to have ended when it asked for it.</summary>
    public Queue<(Work Work, Clock Host)> Pending { get; } = new();

    /// <summary>What has ended when its next operation begins.</summary>
    public Clock Known { get; } = new();

    /// <summary>How many operations it has done.</summary>
    public int Done { get; set; }

    /// <summary>The capture it takes part in, and its line there.</summary>
    public Capture? Capture { get; set; }

    public int CaptureLine { get; set; }
}

internal sealed class Event
{
    /// <summary>The last time it was recorded, or was to be.</summary>
    public EventRecord? Last { get; set; }

    /// <summary>The capture it was recorded in, if that was the last time.</summary>
    public Capture? Capture { get; set; }

    public CapturedRecord? Captured { get; set; }
}

internal sealed record Module(PtxModule Ptx);

internal sealed class Function(PtxKernel kernel)
{
    public PtxKernel Kernel => kernel;

    /// <summary>The most shared memory that launches may ask for.</summary>
    public int DynamicSharedLimit { get; set; } = 49152;
}

/// <summary>A capture under way.</summary>
internal sealed class Capture(Stream origin, int thread)
{
    public Stream Origin => origin;

    public int Thread => thread;

    public GraphTemplate Graph { get; } = new();

    /// <summary>The streams that take part, by line.</summary>
    public List<Stream> Streams { get; } = [origin];

    /// <summary>Why it cannot end well any more.</summary>
    public string? Invalid { get; set; }
}

internal sealed record Graph(GraphTemplate Template);

internal sealed record GraphExec(GraphTemplate Template);

/// <summary>The device's context, which a fault ends.</summary>
internal sealed class Context(int device)
{
    public int Device => device;

    public int Retained { get; set; }
}
