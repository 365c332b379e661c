namespace NetGen;

/// <summary>
/// Base of the attributes that add a layer to a network or block. The source order of the attributes is the order of the layers.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    /// <summary>
    /// The layer's name in parameter files and in the summary: <c>Name = "fc1"</c> names its weight <c>fc1.weight</c> and makes
    /// it <c>net.Fc1.Weight</c>. Null, the default, stands for kind and running number (<c>conv1</c>, <c>linear2</c>).
    /// Empty, on a layer that uses blocks, lets the layers of the block stand beside this one instead of under its name.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// The name of an earlier layer or block of the same kind, whose parameters this one uses instead of its own: what both send back is
    /// added in their gradients. A <see cref="LinearAttribute"/> without a bias may use the table of an <see cref="EmbeddingAttribute"/>,
    /// and the other way round. Files have them once, under the earlier name. Null, the default, stands for parameters of its own.
    /// </summary>
    public string? Shares { get; set; }

    /// <summary>
    /// The layer, or all that is in the block, is a fixed function, as a module of PyTorch after <c>requires_grad_(False)</c> and
    /// <c>eval()</c>: its parameters have no gradients and no optimiser changes them, batch normalisation goes by its running statistics
    /// and leaves them as they are, dropout drops nothing. What is sent back still goes through it, to what lies before. Nothing is
    /// computed or kept for what is frozen here; <see cref="ParameterGroup.Frozen"/> of an optimiser's group freezes for a while, at run
    /// time.
    /// </summary>
    public bool Frozen { get; set; }
}
