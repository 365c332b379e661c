namespace NetGen.Generator.Reading;

/// <summary>What a value that a layer names is called where the block around the layer is used.</summary>
/// <param name="IsHidden">A nearer layer is called the same there, so that the name would mean that one.</param>
internal readonly record struct ValueMeaning(string Name, bool IsHidden);
