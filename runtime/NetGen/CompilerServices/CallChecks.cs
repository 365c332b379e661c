using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What generated sessions and trainers check of the spans of a call before it does anything.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallChecks
{
    /// <summary>Checks that a span has its values for each sample.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="size">Values for one sample.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    protected static void CheckLength(int length, int samples, int size, string name) => Guard.Length(length, samples, size, name);

    /// <summary>Checks further lengths of a call's samples.</summary>
    /// <param name="lengths">For each sample the number of its positions.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="most">Most positions that a sample may have.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">There are not as many as samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or above what a sample may have.</exception>
    protected static void CheckLengths(ReadOnlySpan<int> lengths, int samples, int most, out int positions, string name)
    {
        Guard.Length(lengths.Length, samples, 1, name);
        Guard.Lengths(lengths, samples, most, out positions, name);
    }

    /// <summary>Checks that a span has its values for each position of all samples.</summary>
    /// <param name="length">Length of the span.</param>
    /// <param name="positions">The positions of all samples.</param>
    /// <param name="size">Values for one position.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    protected static void CheckPositions(int length, int positions, int size, string name)
        => Guard.Positions(length, positions, size, name);

    /// <summary>Checks that all values of an input of ints are numbers of rows of the tables that they are looked up in.</summary>
    /// <param name="values">The values of all samples.</param>
    /// <param name="lengths">How many values each sample has.</param>
    /// <param name="rows">Rows of the smallest table.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or not below <paramref name="rows"/>.</exception>
    protected static void CheckIndices(ReadOnlySpan<int> values, ReadOnlySpan<int> lengths, int rows, string name)
        => Guard.Indices(values, lengths, rows, name);

    /// <summary>Checks that all values of an input of ints are numbers of rows of the tables that they are looked up in.</summary>
    /// <param name="values">The values of all samples.</param>
    /// <param name="size">Values of one sample.</param>
    /// <param name="rows">Rows of the smallest table.</param>
    /// <param name="name">Name of the span.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or not below <paramref name="rows"/>.</exception>
    protected static void CheckIndices(ReadOnlySpan<int> values, int size, int rows, string name)
        => Guard.Indices(values, size, rows, name);
}
