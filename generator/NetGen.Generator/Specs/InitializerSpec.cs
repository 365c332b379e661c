namespace NetGen.Generator.Specs;

/// <summary>The schemes of <c>NetGen.Init</c>, by name and in its order.</summary>
internal enum InitScheme
{
    PyTorchDefault,
    Uniform,
    Normal,
    TruncatedNormal,
    Constant,
    XavierUniform,
    XavierNormal,
    KaimingUniform,
    KaimingNormal,
    Orthogonal,
}

/// <summary>One <c>[Initialize]</c>, of a network or of a block where it is used.</summary>
/// <param name="Place">Where its problems are shown, a name that no layer has.</param>
/// <param name="Scope">Path of the block with a dot behind it, e.g. <c>residual1.</c>; empty for the network itself.</param>
/// <param name="Paths">What is drawn, from the scope down; empty for all.</param>
/// <param name="Numbers">The scheme's numbers, in the order of the runtime's factory method.</param>
/// <param name="Mode">Name of the <c>FanMode</c> for the Kaiming schemes, otherwise empty.</param>
/// <param name="Nonlinearity">Name of the <c>Nonlinearity</c> for the Kaiming schemes, otherwise empty.</param>
internal sealed record InitializerSpec(
    string Place, string Scope, EquatableArray<string> Paths, InitScheme Scheme, EquatableArray<float> Numbers, string Mode,
    string Nonlinearity)
{
    /// <summary>The scheme works on matrices: tensors of two dimensions and more.</summary>
    public bool NeedsMatrix
        => Scheme is InitScheme.XavierUniform or InitScheme.XavierNormal or InitScheme.KaimingUniform or InitScheme.KaimingNormal
        or InitScheme.Orthogonal;

    /// <summary>The paths from the network down; one that is empty stands for the whole network.</summary>
    public IEnumerable<string> FullPaths => Paths.Count == 0 ? new[] { Scope.TrimEnd('.') } : Paths.Select(path => Scope + path);
}
