namespace NetGen;

/// <summary>Why a generation ended.</summary>
public enum StopReason
{
    /// <summary>One of <see cref="GenerationOptions.StopTokens"/> was drawn.</summary>
    StopToken,

    /// <summary>There are as many new tokens as <see cref="GenerationOptions.MaxNewTokens"/> allows.</summary>
    MaxNewTokens,

    /// <summary>The stream has taken as many tokens as it can, <see cref="ITokenStream.Capacity"/>.</summary>
    Capacity,
}
