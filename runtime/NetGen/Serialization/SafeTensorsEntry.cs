namespace NetGen;

/// <summary>One tensor of a <c>safetensors</c> file, as its header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
public sealed record SafeTensorsEntry(string Name, SafeTensorsType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Number of elements: the product of the shape, 1 for a scalar.</summary>
    public long Length => (End - Begin) / SafeTensorsTypes.Size(Type);
}
