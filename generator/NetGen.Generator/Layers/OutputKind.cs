namespace NetGen.Generator.Layers;

/// <summary>What the elements of a layer's output can be.</summary>
internal enum OutputKind
{
    /// <summary>The layer alone does not tell.</summary>
    Anything,

    /// <summary>No probabilities and no logarithms of them.</summary>
    Scores,

    /// <summary>The same, none below 0: those are cut off.</summary>
    Rectified,

    /// <summary>From 0 to 1, by a function that reaches both.</summary>
    Fractions,

    /// <summary>Probabilities, by a function that squashes scores.</summary>
    Probabilities,
}
