namespace NetGen.Generator.Ir;

/// <summary>An op for which a stream has an end.</summary>
internal interface IEndsStream
{
    /// <summary>The most positions of a stream; null outside of one.</summary>
    int? MostPositions { get; }
}
