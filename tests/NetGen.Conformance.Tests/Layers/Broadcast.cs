using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>PyTorch's broadcasting of samples of one rank: each extent is the other's or 1.</summary>
internal static class Broadcast
{
    public static bool Fits(Shape a, Shape b) =>
        a.Rank == b.Rank && a.Dimensions.Zip(b.Dimensions).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);

    public static Shape Join(Shape a, Shape b) => Fits(a, b)
        ? new Shape(a.Dimensions.Zip(b.Dimensions, Math.Max))
        : throw new FormatException($"{a} and {b} cannot be broadcast.");

    /// <summary>A shape of that rank with one element.</summary>
    public static Shape One(int rank) => new(Enumerable.Repeat(1, rank));

    /// <summary>For each element of the larger shape, the element of the smaller that meets it.</summary>
    public static int[] Places(Shape smaller, Shape larger)
    {
        var places = new int[larger.Size];
        for (int i = 0; i < places.Length; i++)
        {
            int rest = i, stride = 1;
            for (int d = larger.Rank - 1; d >= 0; d--)
            {
                int at = rest % larger.Dimensions[d];
                rest /= larger.Dimensions[d];
                places[i] += smaller.Dimensions[d] == 1 ? 0 : at * stride;
                stride *= smaller.Dimensions[d];
            }
        }
        return places;
    }
}
