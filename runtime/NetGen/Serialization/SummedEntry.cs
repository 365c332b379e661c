namespace NetGen;

/// <summary>An entry of a file, and the checksum of its data.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Data">CRC-32C of its data.</param>
internal sealed record SummedEntry(SafeTensorsEntry Entry, uint Data);
