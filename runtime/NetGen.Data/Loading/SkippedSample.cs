namespace NetGen.Data;

/// <summary>A sample that a loader left out because its file is damaged.</summary>
/// <param name="Index">Its number in the loader's set.</param>
/// <param name="Error">What is wrong, and where.</param>
public sealed record SkippedSample(int Index, ImageFileException Error);
