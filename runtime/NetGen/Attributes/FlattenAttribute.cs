namespace NetGen;

/// <summary>Turns an image (channels, height, width) into a vector of channels · height · width features, PyTorch's <c>Flatten</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class FlattenAttribute : LayerAttribute;
