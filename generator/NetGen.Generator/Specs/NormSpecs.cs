namespace NetGen.Generator.Specs;

/// <summary>PyTorch's <c>LayerNorm</c>, or <c>RMSNorm</c> where <paramref name="IsRms"/> is true.</summary>
/// <param name="NormalizedShape">The trailing dimensions that share statistics; null for all of a sample.</param>
/// <param name="Eps">Added to the variance or mean square.</param>
internal sealed record LayerNormSpec(string Name, bool IsRms, EquatableArray<int>? NormalizedShape, float Eps, bool Affine, bool Bias) : LayerSpec(Name);

/// <summary>PyTorch's <c>GroupNorm</c>.</summary>
internal sealed record GroupNormSpec(string Name, int Groups, int? Channels, float Eps, bool Affine) : LayerSpec(Name);

/// <summary>PyTorch's <c>InstanceNorm1d</c> and <c>InstanceNorm2d</c>.</summary>
internal sealed record InstanceNormSpec(string Name, int Dimensions, int? Features, float Eps, bool Affine, bool TracksStatistics) : LayerSpec(Name);
