namespace NetGen;

/// <summary>How <see cref="OneCycleLR"/> goes from one rate to the next, PyTorch's <c>anneal_strategy</c>.</summary>
public enum AnnealStrategy
{
    /// <summary>Along half a wave of the cosine.</summary>
    Cosine,

    /// <summary>Along a straight line.</summary>
    Linear,
}
