namespace NetGen.Generator.Cpu;

/// <summary>A node whose weights are a convolution's: its passes, and those of its gradients, read them there.</summary>
internal interface IHasConvolution
{
    Convolution Convolution { get; }
}
