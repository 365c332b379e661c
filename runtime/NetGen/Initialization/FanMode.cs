namespace NetGen;

/// <summary>Which fan Kaiming's initialisation keeps the variance for, PyTorch's <c>mode</c>.</summary>
public enum FanMode
{
    /// <summary>The inputs of a layer: keeps the variance in the forward pass.</summary>
    FanIn,

    /// <summary>The outputs of a layer: keeps the variance in the backward pass.</summary>
    FanOut,
}
