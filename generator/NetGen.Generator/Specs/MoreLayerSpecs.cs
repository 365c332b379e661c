namespace NetGen.Generator.Specs;

/// <summary>PyTorch's <c>LayerNorm</c>, or <c>RMSNorm</c> where <paramref name="IsRms"/> is true.</summary>
/// <param name="NormalizedShape">The trailing dimensions that share statistics; null for all of a sample.</param>
/// <param name="Eps">Added to the variance or mean square.</param>
internal sealed record LayerNormSpec(string Name, bool IsRms, EquatableArray<int>? NormalizedShape, float Eps, bool Affine, bool Bias)
    : LayerSpec(Name);

/// <summary>PyTorch's <c>PReLU</c>: one learned slope, or one for each channel.</summary>
internal sealed record PReLUSpec(string Name, int Parameters, float Init) : LayerSpec(Name);

/// <summary>Logarithm of softmax over the features of a vector.</summary>
internal sealed record LogSoftmaxSpec(string Name) : LayerSpec(Name);

/// <summary>PyTorch's <c>AlphaDropout</c>.</summary>
internal sealed record AlphaDropoutSpec(string Name, float Probability) : LayerSpec(Name);

/// <summary>PyTorch's <c>Bilinear</c>, weight [out, in1, in2].</summary>
/// <param name="From">Name or path of the layer that gives the second input, as declared; null where none is given.</param>
internal sealed record BilinearSpec(string Name, int? In1Features, int? In2Features, int OutFeatures, bool Bias, string? From)
    : LayerSpec(Name);

/// <summary>PyTorch's <c>MaxUnpool2d</c>: values to where a pool's maxima came from.</summary>
/// <param name="Indices">The pool's name or path as declared; null where none is given.</param>
/// <param name="Kernel">The window as declared; null where the pool's is taken.</param>
/// <param name="Stride">Its step, if a window or a step is declared.</param>
/// <param name="Padding">Its padding, if a window or padding is declared.</param>
internal sealed record MaxUnpool2dSpec(string Name, string? Indices, Pair? Kernel, Pair? Stride, Pair? Padding) : LayerSpec(Name);

/// <summary>PyTorch's <c>GroupNorm</c>.</summary>
internal sealed record GroupNormSpec(string Name, int Groups, int? Channels, float Eps, bool Affine) : LayerSpec(Name);

/// <summary>PyTorch's <c>InstanceNorm1d</c> and <c>InstanceNorm2d</c>.</summary>
internal sealed record InstanceNormSpec(string Name, int Dimensions, int? Features, float Eps, bool Affine, bool TracksStatistics)
    : LayerSpec(Name);
