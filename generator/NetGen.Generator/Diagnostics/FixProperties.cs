namespace NetGen.Generator.Diagnostics;

/// <summary>
/// Keys of <c>Diagnostic.Properties</c>: what a code fix needs to know and cannot see in the syntax. This file is compiled
/// into the code fixes as well, which refer to nothing else of the generator.
/// </summary>
internal static class FixProperties
{
    /// <summary>The expression that belongs where the diagnostic points, e.g. <c>7 * 7 * 64</c>.</summary>
    public const string Value = "NetGen.Value";

    /// <summary>The layer to insert in front of the attribute in which the diagnostic lies, e.g. <c>Flatten</c>.</summary>
    public const string InsertBefore = "NetGen.InsertBefore";

    /// <summary>
    /// The dimensions that the network's input should have, e.g. <c>3, 28, 28</c> where they are declared with the channels last.
    /// </summary>
    public const string InputShape = "NetGen.InputShape";
}
