using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>The order in which samples of different lengths go through the steps of a recurrent layer.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class LengthOrder
{
    /// <summary>Sorts some samples by their lengths, the longest first, those of equal length in their own order.</summary>
    /// <param name="starts">Where the positions of each sample begin, and behind the last sample.</param>
    /// <param name="samples">Number of samples; few, as their number squared is what it costs at most.</param>
    /// <param name="origin">What places are counted from.</param>
    /// <param name="fromEnd">Places are those of the last positions, otherwise of the first.</param>
    /// <param name="lengths">Receives for each sample, in the new order, its length.</param>
    /// <param name="places">Receives for each its first or last position.</param>
    /// <param name="order">Receives for each its number in the old order; null where nobody asks for it.</param>
    public static void Sort(int* starts, int samples, int origin, bool fromEnd, int* lengths, int* places, int* order = null)
    {
        for (int n = 0; n < samples; n++)
        {
            int length = starts[n + 1] - starts[n], place = (fromEnd ? starts[n + 1] - 1 : starts[n]) - origin, row = n;
            for (; row > 0 && lengths[row - 1] < length; row--)
            {
                lengths[row] = lengths[row - 1];
                places[row] = places[row - 1];
                if (order != null)
                    order[row] = order[row - 1];
            }
            lengths[row] = length;
            places[row] = place;
            if (order != null)
                order[row] = n;
        }
    }
}
