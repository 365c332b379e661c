namespace NetGen;

/// <summary>
/// A loss is NaN or infinite, so that further steps would learn nothing: thrown by <see cref="TrainingLoop.Fit"/>. The message says where,
/// which loss and which sample it is, and what to look at.
/// </summary>
/// <remarks>
/// The step that gave this loss has changed nothing: parameters, running statistics and what the optimiser remembers are what they were
/// before it (except where <see cref="Parameter"/> is not null: an update before made them so, or they were set so). Checkpoints are
/// those that were written before; none is written by the loop that ends.
/// </remarks>
public sealed class NonFiniteLossException : ArithmeticException
{
    internal NonFiniteLossException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>The number of the epoch, from 1.</summary>
    public int Epoch { get; internal init; }

    /// <summary>The number of the batch in the epoch, from 1.</summary>
    public int Batch { get; internal init; }

    /// <summary>Updates that were done before, of all epochs: what <see cref="FitRun.Steps"/> counts.</summary>
    public long Steps { get; internal init; }

    /// <summary>
    /// The loss: NaN or an infinity, or finite where the update by it made parameters that are not (<see cref="Parameter"/>).
    /// </summary>
    public double Loss { get; internal init; }

    /// <summary>The output that the loss is of, where the network has several losses; null where it has one.</summary>
    public string? Of { get; internal init; }

    /// <summary>The first sample of the batch, from 0, that has such a loss; null where none has, or it is not known.</summary>
    public int? Sample { get; internal init; }

    /// <summary>
    /// A parameter that is not finite, by name, as an update before this step has made it, so that the parameters are no use. Null where
    /// all are finite.
    /// </summary>
    public string? Parameter { get; internal init; }
}
