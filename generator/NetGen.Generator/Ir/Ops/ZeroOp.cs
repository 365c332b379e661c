namespace NetGen.Generator.Ir;

/// <summary>Zeros, whatever the input is: the gradient of an output that no loss is of.</summary>
internal sealed record ZeroOp : GradientOp;
