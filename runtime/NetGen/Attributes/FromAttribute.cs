namespace NetGen;

/// <summary>
/// The layers that follow go on from an earlier value. What precedes this attribute is left to those that read it by its name.
/// </summary>
/// <example>
/// Two branches of one input, joined again:
/// <code>
/// [Conv2d(16, 1, Name = "left"), From("input"), Conv2d(16, 3, Padding = 1), Concat("left")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class FromAttribute : LayerAttribute
{
    /// <summary>Goes on from an earlier value.</summary>
    /// <param name="value">
    /// The name of the layer that gives it; of one in a block the path to it, such as <c>encoder.conv1</c>. It is looked for beside this
    /// layer, then around the block that holds it; <c>input</c> is what the network, or the block, is given.
    /// </param>
    public FromAttribute(string value) => Value = value;

    /// <summary>The name of the value.</summary>
    public string Value { get; }
}
