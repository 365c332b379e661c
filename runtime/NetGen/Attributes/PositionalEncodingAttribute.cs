namespace NetGen;

/// <summary>
/// Sinusoidal positions (Vaswani et al., 2017), input and output (positions, features): adds sin(p · 10000^(−2i / features)) to feature 2i
/// of position p and the cosine of the same to feature 2i + 1. Has no parameters.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PositionalEncodingAttribute : LayerAttribute;
