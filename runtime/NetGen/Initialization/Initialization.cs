namespace NetGen;

/// <summary>How the parameters of a new network are drawn.</summary>
public abstract class Initialization
{
    private protected Initialization()
    {
    }

    /// <summary>PyTorch's default for Linear and Conv2d: weight and bias uniform in ±1/√fan_in.</summary>
    public static Initialization PyTorchDefault => throw new NotImplementedException();

    /// <summary>Sets all parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="seed">The seed.</param>
    public void Apply(IReadOnlyList<Parameter> parameters, ulong seed) => throw new NotImplementedException();
}
