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

    /// <summary>The name to write for that of the attribute in which the diagnostic lies, e.g. <c>Conv2d</c>.</summary>
    public const string LayerName = "NetGen.LayerName";

    /// <summary>Name and sign to write for those of the argument in which the diagnostic lies, e.g. <c>Padding =</c>.</summary>
    public const string Option = "NetGen.Option";

    /// <summary>An option to add to the attribute in which the diagnostic lies, e.g. <c>Unbiased = false</c>.</summary>
    public const string AddOption = "NetGen.AddOption";

    /// <summary>What to take away: <see cref="Argument"/> or <see cref="Layer"/>, that in which the diagnostic lies.</summary>
    public const string Remove = "NetGen.Remove";

    /// <summary>A value of <see cref="Remove"/>.</summary>
    public const string Argument = "argument", Layer = "layer";

    /// <summary>The layer to insert behind the attribute in which the diagnostic lies.</summary>
    public const string InsertBehind = "NetGen.InsertBehind";

    /// <summary>What the first of the additional locations declares, which is to be changed there.</summary>
    public const string Declaration = "NetGen.Declaration";

    /// <summary>
    /// The <c>Flatten</c> in front of the diagnostic's attribute belongs in front of the first layer of vectors behind it.
    /// </summary>
    public const string MoveFlatten = "NetGen.MoveFlatten";
}
