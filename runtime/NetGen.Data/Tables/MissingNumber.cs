namespace NetGen.Data;

/// <summary>What becomes of a number that is missing.</summary>
public enum MissingNumber
{
    /// <summary>It is an error, which names row and column.</summary>
    Error,

    /// <summary>It is taken for the mean of the training rows.</summary>
    Mean,

    /// <summary>It is taken for the median of the training rows.</summary>
    Median,
}
