namespace NetGen.Generator.Ir;

/// <summary>The gradient of a tensor that several layers use: the sum of what each of them gives.</summary>
/// <param name="Uses">How many they are.</param>
internal sealed record ParameterGradientSumOp(int Uses) : ParameterGradientOp;
