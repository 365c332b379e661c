namespace NetGen.Generator.Layers.Losses;

/// <summary>What the sum of a batch's losses is divided by.</summary>
internal enum LossDivisor
{
    One,
    Samples,

    /// <summary>The batch's outputs.</summary>
    Outputs,

    /// <summary>The weights of the labels that are not ignored; their number, where classes have no weights.</summary>
    LabelWeights,
}
