namespace NetGen;

/// <summary>What follows a layer, for the gain of its initialisation: PyTorch's <c>calculate_gain</c>.</summary>
public enum Nonlinearity
{
    /// <summary>Nothing: gain 1.</summary>
    Linear,

    /// <summary>Sigmoid: gain 1.</summary>
    Sigmoid,

    /// <summary>Tanh: gain 5/3.</summary>
    Tanh,

    /// <summary>ReLU: gain √2.</summary>
    ReLU,

    /// <summary>LeakyReLU: gain √(2 / (1 + slope²)).</summary>
    LeakyReLU,

    /// <summary>SELU: gain 3/4.</summary>
    SELU,
}
