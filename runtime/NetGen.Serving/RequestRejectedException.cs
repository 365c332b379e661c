namespace NetGen.Serving;

/// <summary>Why a request was not computed.</summary>
public enum RejectionReason
{
    /// <summary>As many requests wait as <see cref="ServingOptions.QueueLimit"/> allows: a later one may be taken.</summary>
    QueueFull,

    /// <summary>The predictor is stopped, or was stopped before the request's turn came.</summary>
    Stopped,
}

/// <summary>A request was refused and not computed; nothing was written to its output. Over HTTP that is a 503.</summary>
public sealed class RequestRejectedException : InvalidOperationException
{
    /// <summary>A rejection.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The same in words.</param>
    public RequestRejectedException(RejectionReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Why the request was refused.</summary>
    public RejectionReason Reason { get; }
}
