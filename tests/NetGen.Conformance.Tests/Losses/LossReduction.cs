namespace NetGen.Conformance.Tests.Losses;

/// <summary>How the losses of a batch become one number.</summary>
internal enum LossReduction
{
    /// <summary>Divided by what the loss counts: elements, samples, or the weights of the labels.</summary>
    Mean,

    Sum,

    /// <summary>Divided by the number of samples only.</summary>
    BatchMean,
}
