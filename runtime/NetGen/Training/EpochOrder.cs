using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Orders that are a function of a seed and an epoch's number and of nothing else.</summary>
internal static class EpochOrder
{
    /// <summary>Tells the numbers of a shuffle of samples from others that are drawn with the same seed.</summary>
    public const uint OfSamples = 0x53485546;

    /// <summary>The same of a shuffle of whole batches.</summary>
    public const uint OfBatches = 0x42415443;

    /// <summary>The same of a division into folds.</summary>
    public const uint OfFolds = 0x464F4C44;

    /// <summary>Numbers items in their order.</summary>
    /// <param name="order">Receives 0, 1, 2 and so on.</param>
    public static void Number(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
    }

    /// <summary>Shuffles items, as Fisher and Yates do.</summary>
    /// <param name="order">The items.</param>
    /// <param name="seed">What the order is drawn from.</param>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="what">Which shuffle of the epoch it is.</param>
    public static void Shuffle(Span<int> order, ulong seed, int epoch, uint what)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            Vector128<uint> random = Philox.Generate(seed, (uint)i, (uint)epoch, 0, what);
            int other = (int)Math.BigMul(random.AsUInt64()[0], (ulong)(i + 1), out _);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}
