namespace NetGen;

/// <summary>A part of a checkpoint that has tensors besides texts.</summary>
internal interface ITensorPart : IStateful
{
    /// <summary>The tensors, which loading a checkpoint sets.</summary>
    /// <param name="prefix">What stands in front of their names in the file.</param>
    IReadOnlyList<Parameter> Tensors(string prefix);
}
