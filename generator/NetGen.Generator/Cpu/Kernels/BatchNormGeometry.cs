namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What the kernels of a batch normalisation are told about it.</summary>
/// <param name="Stride">Floats of a run of coefficients, one for each channel.</param>
/// <param name="Affine">It has a weight and a bias.</param>
/// <param name="LaterUses">Layers behind it that share its count of batches, where they average.</param>
/// <param name="Momentum">Of the running statistics; null where they average all batches.</param>
internal sealed record BatchNormGeometry(int Stride, bool Affine, double Eps, double? Momentum, int LaterUses);
